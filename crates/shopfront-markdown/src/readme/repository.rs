//! Where the relative links of a long description lead: into the repository that the listing names.

use shopfront_text::url_policy;

/// A repository on a forge whose addresses of files are known.
pub(super) struct Repository {
    /// With a slash at its end.
    files: String,
}

impl Repository {
    /// The repository at `address`; `None` on a forge of which nothing is known.
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

    /// The address of the file at `path`, as a link from the root of the repository says it; `None`
    /// for one that leaves it.
    pub(super) fn file(&self, path: &str) -> Option<String> {
        let is_elsewhere = path.contains(':') || path.starts_with("//") || path.contains('\\');
        let base = url::Url::parse(&self.files)
            .ok()
            .filter(|_| !is_elsewhere)?;
        let joined = base.join(path.trim_start_matches('/')).ok()?.to_string();
        (joined.starts_with(&self.files) && joined != self.files).then_some(joined)
    }
}
