//! npm, and every registry that speaks its protocol: one document for each package.

use nodejs_semver::Range;

use super::RegistryRules;

/// Its id in snippets and answers.
pub const ID: &str = "npm";

/// The public registry: asked where nobody names another.
const PUBLIC: &str = "https://registry.npmjs.org";

/// The public pages: part of every uid.
const PAGES: &str = "https://www.npmjs.com/package";

/// The longest name of a package.
const MAX_NAME: usize = 214;

/// The registry of Node packages.
pub struct Npm;

impl RegistryRules for Npm {
    fn id(&self) -> &'static str {
        ID
    }

    fn is_name(&self, name: &str) -> bool {
        is_package(name)
    }

    /// `name@1.0`, `name@^2`, `name@latest`; `name@npm:other` and `name@owner/repository` are of
    /// another place.
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

/// Whether `name` is one that the registry gives to new packages, with its scope or without.
///
/// A name becomes the path of a file, so it is held to what is safe there; a few packages of the
/// first years have capitals, and are left out.
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

/// A repository as people write it in `package.json`: `git+https://….git`, `git://…`, `github:owner/name`, `owner/name`.
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
