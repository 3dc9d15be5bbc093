//! PyPI, and every index with its JSON API or its simple pages.

use pep508_rs::VersionOrUrl;

use super::RegistryRules;
use shopfront_package::requirement::{self, Reading};
use shopfront_text::names;

/// Id in snippets and answers.
pub const ID: &str = "pypi";

/// Public index, the default; part of every uid.
const PUBLIC: &str = "https://pypi.org";

/// Rules of Python package indexes.
pub struct Pypi;

impl RegistryRules for Pypi {
    fn id(&self) -> &'static str {
        ID
    }

    fn is_name(&self, name: &str) -> bool {
        names::is_project(name)
    }

    /// Accepts PEP 508 without a URL, which would be another location.
    fn name_before_version(&self, text: &str) -> Option<String> {
        match requirement::read(text) {
            Reading::Valid(read) if !matches!(read.version_or_url, Some(VersionOrUrl::Url(_))) => {
                Some(read.name.to_string())
            }
            _ => None,
        }
    }

    fn normal_name(&self, name: &str) -> String {
        names::normal_project(name)
    }

    fn page(&self, name: &str) -> String {
        format!("{PUBLIC}/project/{name}/")
    }

    fn default_address(&self) -> Option<&'static str> {
        Some(PUBLIC)
    }

    /// Every index has simple pages.
    fn page_at(&self, base: &str, name: &str) -> Option<String> {
        Some(format!("{}{name}/", self.command_address(base)))
    }

    fn command_address(&self, base: &str) -> String {
        let base = base.trim_end_matches('/');
        if base.ends_with("/simple") {
            format!("{base}/")
        } else {
            format!("{base}/simple/")
        }
    }
}
