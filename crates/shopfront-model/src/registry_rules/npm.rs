//! npm, and every registry with its protocol: one document per package.

use nodejs_semver::Range;

use super::RegistryRules;

/// Id in snippets and answers.
pub const ID: &str = "npm";

/// Public registry, the default.
const PUBLIC: &str = "https://registry.npmjs.org";

/// Public pages; part of every uid.
const PAGES: &str = "https://www.npmjs.com/package";

/// Maximum length of a package name.
const MAX_NAME: usize = 214;

/// Rules of the npm registry.
pub struct Npm;

impl RegistryRules for Npm {
    fn id(&self) -> &'static str {
        ID
    }

    fn is_name(&self, name: &str) -> bool {
        is_package(name)
    }

    /// Accepts `name@1.0`, `name@^2`, `name@latest`. `name@npm:other` and `name@owner/repository`
    /// are in another location.
    fn name_before_version(&self, text: &str) -> Option<String> {
        let at = text.rfind('@').filter(|at| *at > 0)?;
        let (name, version) = (&text[..at], &text[at + 1..]);
        let is_tag = version.starts_with(|first: char| first.is_ascii_alphabetic())
            && version
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
        (is_tag || Range::parse(version).is_ok()).then(|| name.to_owned())
    }

    fn normal_name(&self, name: &str) -> String {
        name.to_owned()
    }

    fn page(&self, name: &str) -> String {
        format!("{PAGES}/{name}")
    }

    fn default_address(&self) -> Option<&'static str> {
        Some(PUBLIC)
    }

    fn knows_packages_by_name(&self) -> bool {
        true
    }
}

/// Returns `true` if the registry allows `name` for new packages, with or without a scope.
///
/// A name becomes the path of a file and must therefore be safe there. A few early packages have
/// upper-case letters and are not accepted.
pub fn is_package(name: &str) -> bool {
    let is_part = |part: &str| {
        let is_plain = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b'.')
        };
        !part.is_empty() && !part.starts_with(['.', '_']) && part.bytes().all(is_plain)
    };
    let parts_are_plain = match name.strip_prefix('@') {
        Some(scoped) => scoped
            .split_once('/')
            .is_some_and(|(scope, name)| is_part(scope) && is_part(name)),
        None => is_part(name),
    };
    name.len() <= MAX_NAME && parts_are_plain
}

/// Returns the URL of a repository in the notations of `package.json`: `git+https://….git`,
/// `git://…`, `github:owner/name`, `owner/name`.
pub fn web_address(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches("git+");
    let on_github = |path: &str| format!("https://github.com/{}", path.trim_end_matches(".git"));
    if let Some(path) = text.strip_prefix("github:") {
        return Some(on_github(path));
    }
    if let Some(path) = text
        .strip_prefix("ssh://git@github.com/")
        .or_else(|| text.strip_prefix("git@github.com:"))
    {
        return Some(on_github(path));
    }
    if let Some(rest) = text.strip_prefix("git://") {
        return Some(format!("https://{}", rest.trim_end_matches(".git")));
    }
    if text.starts_with("https://") || text.starts_with("http://") {
        return Some(text.trim_end_matches(".git").to_owned());
    }
    let is_path = text.split('/').count() == 2 && !text.contains([':', ' ']);
    is_path.then(|| on_github(text))
}
