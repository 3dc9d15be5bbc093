//! Directories on a Bitcart server that result from the names and paths of a manifest at
//! installation.

use super::manifest::Kind;
use shopfront_text as text;

/// Returns the reason why `name`, the `author` or the `name` of a manifest, cannot name a
/// directory. The reason states the effect.
pub(super) fn fault_of_name(name: &str) -> Option<&'static str> {
    if text::is_blank(name) {
        return Some("is empty, and so means the folder of all others");
    }
    if text::first_hidden(name).is_some() {
        return Some("contains an invisible character");
    }
    if name.starts_with('/') {
        return Some("is an absolute path, and so leaves the folder of plugins");
    }
    if name.ends_with('/') {
        return Some("ends with `/`, and so means a folder that holds others");
    }
    if name.split('/').any(|part| matches!(part, "." | "..")) {
        return Some("has a part `.` or `..`, and so leaves its folder");
    }
    // The list of installed plugins is two levels deep: deeper directories can be neither seen
    // nor removed.
    name.contains('/')
        .then_some("has a `/` in it, and so is installed where the server never looks for it")
}

/// Returns the reason why `path`, the `path` of an install, is invalid. The reason states the
/// effect.
pub(super) fn fault_of_path(path: &str) -> Option<&'static str> {
    if text::is_blank(path) {
        return Some("is empty, and so moves the whole plugin away");
    }
    if text::first_hidden(path).is_some() {
        return Some("contains an invisible character");
    }
    if path.starts_with('/') {
        return Some("is an absolute path, and so moves a folder of the server");
    }
    if path.split('/').any(|part| part == "..") {
        return Some("climbs out of the plugin with `..`");
    }
    // Python's `shutil.unpack_archive` skips such names.
    if path.contains("..") {
        return Some("has `..` in it, and such members are never unpacked");
    }
    if path.ends_with('/') || path.split('/').next_back() == Some(".") {
        return Some(
            "ends without a name, and so replaces the folder of all plugins of its author",
        );
    }
    None
}

/// Returns the directory `path` in the notation of archive members: `./src//admin` is
/// `src/admin`.
pub(super) fn plain(path: &str) -> String {
    path.split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .collect::<Vec<_>>()
        .join("/")
}

/// Returns the last component of a path.
pub(super) fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// Returns the directory of the server that a part is moved to, below that of its kind. Existing
/// files there are deleted first.
pub(super) fn target(kind: Kind, author: &str, path: &str) -> String {
    let (author, last) = (author.to_lowercase(), last_part(path));
    match kind {
        Kind::Admin | Kind::Store => format!("@{author}/{last}"),
        Kind::Backend => format!("{author}/{last}"),
        // One directory for both: `a_b` of `c` and `b_c` of `a` are the same.
        Kind::Docker => format!("{author}_{last}"),
    }
}
