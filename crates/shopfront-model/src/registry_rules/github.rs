//! Repositories on GitHub: their releases, otherwise their tags, through the REST API.

use url::Url;

use super::RegistryRules;
use shopfront_text::url_policy;

/// Id in snippets and answers.
pub const ID: &str = "github";

/// Public API, the default.
pub const PUBLIC: &str = "https://api.github.com";

/// Public pages; part of every uid.
pub const PAGES: &str = "https://github.com";

/// Rules of GitHub repositories.
pub struct GitHub;

impl RegistryRules for GitHub {
    fn id(&self) -> &'static str {
        ID
    }

    fn is_name(&self, name: &str) -> bool {
        let is_plain =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let is_part = |part: &str| {
            !part.is_empty()
                && !part.starts_with('.')
                && part.len() <= 100
                && part.bytes().all(is_plain)
        };
        name.split_once('/')
            .is_some_and(|(owner, name)| is_part(owner) && is_part(name))
    }

    fn normal_name(&self, name: &str) -> String {
        name.to_ascii_lowercase()
    }

    fn page(&self, name: &str) -> String {
        format!("{PAGES}/{name}")
    }

    fn default_address(&self) -> Option<&'static str> {
        Some(PUBLIC)
    }

    /// Returns a URL below the repository page, which is public without the API.
    fn file_address(&self, base: Option<&str>, name: &str, kept: &str) -> Option<String> {
        if !is_address(base, name, kept) {
            return None;
        }
        let page = base.map_or_else(|| Some(self.page(name)), |base| self.page_at(base, name))?;
        Some(if is_absolute(kept) {
            kept.to_owned()
        } else {
            format!("{page}/{kept}")
        })
    }

    /// A self-hosted server has its API below its pages.
    fn page_at(&self, base: &str, name: &str) -> Option<String> {
        let base = base.trim_end_matches('/');
        Some(format!(
            "{}/{name}",
            base.strip_suffix("/api/v3").unwrap_or(base)
        ))
    }
}

/// Returns `true` for the address of a file as answers keep it: a link that can be published, or
/// the rest of one below the page of the repository `name`. `base` is the address of the server
/// that was asked, where it is not the public one: of a private network, its word on where files
/// lie is the maintainer's own.
pub fn is_address(base: Option<&str>, name: &str, kept: &str) -> bool {
    const LONGEST: usize = 2_000;
    let is_link = |url: &str| url.len() <= LONGEST && url_policy::check_web_url(url).is_none();
    if is_absolute(kept) {
        let is_private = base
            .and_then(|base| Url::parse(base).ok())
            .is_some_and(|base| url_policy::is_private_index(&base));
        let is_plain = kept.len() <= LONGEST && url_policy::check_maintainer_url(kept).is_none();
        return is_link(kept) || is_private && is_plain;
    }
    let whole = format!("{PAGES}/{name}/{kept}");
    // A path that climbs out of the repository is another one as the URL standard writes it.
    is_link(&whole) && url_policy::normal(&whole) == whole
}

/// Returns `true` for an address with a scheme; others are below the page of the repository.
pub fn is_absolute(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}

#[cfg(test)]
mod tests {
    use super::is_address;

    #[test]
    fn an_address_of_a_file_can_be_published_and_stays_in_its_repository() {
        let good = [
            "releases/download/v1.0.0/tides-1.0.0.zip",
            "archive/refs/tags/v1.0.0.tar.gz",
            "releases/download/v1.0.0%2Brc/tides.zip",
            "https://files.example/tides.zip",
        ];
        let long = format!("https://files.example/{}", "a".repeat(3_000));
        let bad = [
            "../../evil/tides/releases/download/x.zip",
            "releases/%2e%2e/%2E%2E/%2e%2e/evil/x.zip",
            "releases/../../x.zip",
            "releases\\..\\..\\..\\x.zip",
            "releases/\u{202e}x.zip",
            "releases/x\n<script>.zip",
            "http://169.254.169.254/latest/meta-data",
            "https://user:password@evil.example/x.zip",
            "https://evil.example/\u{202e}x.zip",
            &long,
        ];
        assert!(
            good.into_iter()
                .all(|kept| is_address(None, "mira/tides", kept))
        );
        assert_eq!(
            bad.into_iter()
                .find(|kept| is_address(None, "mira/tides", kept)),
            None
        );
    }
}
