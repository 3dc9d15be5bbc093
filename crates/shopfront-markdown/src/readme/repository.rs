//! Targets of the relative links of a long description: files in the repository of the listing.

use shopfront_text::url_policy;

/// Repository on a forge with known file URLs.
pub(super) struct Repository {
    /// Base URL of files, with a trailing slash.
    files: String,
}

impl Repository {
    /// Returns the repository at `address`; `None` on an unknown forge.
    pub(super) fn at(address: &str) -> Option<Repository> {
        let url = url::Url::parse(address)
            .ok()
            .filter(|_| url_policy::check_web_url(address).is_none())?;
        let mut parts = url.path_segments()?.filter(|part| !part.is_empty());
        let (owner, name) = (parts.next()?, parts.next()?.trim_end_matches(".git"));
        let between = match url.host_str()? {
            "github.com" => "blob/HEAD",
            "gitlab.com" => "-/blob/HEAD",
            _ => return None,
        };
        Some(Repository {
            files: format!("https://{}/{owner}/{name}/{between}/", url.host_str()?),
        })
    }

    /// Returns the URL of the file at `path`, relative to the root of the repository; `None` if
    /// it leaves the repository.
    pub(super) fn file(&self, path: &str) -> Option<String> {
        let is_elsewhere = path.contains(':') || path.starts_with("//") || path.contains('\\');
        let base = url::Url::parse(&self.files)
            .ok()
            .filter(|_| !is_elsewhere)?;
        let joined = base.join(path.trim_start_matches('/')).ok()?.to_string();
        (joined.starts_with(&self.files) && joined != self.files).then_some(joined)
    }
}
