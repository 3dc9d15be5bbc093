//! Golden files: expected outputs, and the only mechanism to accept new ones.

use std::fs;
use std::path::Path;

/// Returns the difference between `actual` and the file at `path`, or accepts it if `UPDATE_GOLDEN`
/// is set.
///
/// An empty output has no file.
pub(crate) fn difference(path: &Path, actual: &str) -> Option<String> {
    let expected = fs::read_to_string(path).unwrap_or_default();
    if expected == actual {
        return None;
    }
    if is_updating() {
        if actual.is_empty() {
            fs::remove_file(path).unwrap();
        } else {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, actual).unwrap();
        }
        return None;
    }
    Some(format!(
        "--- {} (expected)\n{expected}\n--- actual\n{actual}\n",
        path.display()
    ))
}

/// Whether the person who runs the tests accepts new outputs.
pub(crate) fn is_updating() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some()
}

/// Fails with every difference, and with the command that accepts them.
pub(crate) fn assert_none(differences: &[String]) {
    assert!(
        differences.is_empty(),
        "{}\naccept with: UPDATE_GOLDEN=1 cargo test\n",
        differences.join("\n")
    );
}
