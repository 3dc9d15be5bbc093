//! Name of this program: `cargo xtask` in a checkout, `shopfront` if installed.

use std::sync::OnceLock;

static NAME: OnceLock<&'static str> = OnceLock::new();

/// Returns the command that starts this program.
pub fn name() -> &'static str {
    NAME.get().copied().unwrap_or("cargo xtask")
}

/// Records once, at the start, that the program is installed; otherwise [`name`] is `cargo
/// xtask`.
pub fn is_installed() {
    // A second call could only set the same value.
    let _ = NAME.set("shopfront");
}
