//! Repositories on GitHub: their releases, else their tags, through the REST API.

use super::RegistryRules;

/// Its id in snippets and answers.
pub const ID: &str = "github";

/// The public API: asked where nobody names another.
pub const PUBLIC: &str = "https://api.github.com";

/// The public pages: part of every uid.
pub const PAGES: &str = "https://github.com";

/// The repositories of GitHub.
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

    /// Below the page of the repository, which everybody may read without asking the API.
    fn file_address(&self, base: Option<&str>, name: &str, kept: &str) -> Option<String> {
        let page = base.map_or_else(|| Some(self.page(name)), |base| self.page_at(base, name))?;
        Some(if is_absolute(kept) {
            kept.to_owned()
        } else {
            format!("{page}/{kept}")
        })
    }

    /// A server of one's own has its API below its pages.
    fn page_at(&self, base: &str, name: &str) -> Option<String> {
        let base = base.trim_end_matches('/');
        Some(format!(
            "{}/{name}",
            base.strip_suffix("/api/v3").unwrap_or(base)
        ))
    }
}

/// Returns `true` for an address with a scheme; others are below the page of the repository.
pub fn is_absolute(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}
