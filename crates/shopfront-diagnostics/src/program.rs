//! What this program is called here: `cargo xtask` in a checkout of its own, `shopfront` where it
//! was installed.

use std::sync::OnceLock;

static NAME: OnceLock<&'static str> = OnceLock::new();

/// The words with which a reader starts this program.
pub fn name() -> &'static str {
    NAME.get().copied().unwrap_or("cargo xtask")
}

/// Says once, at the start, that the program was installed; [`name`] is `cargo xtask` otherwise.
pub fn is_installed() {
    // A second call could only say the same.
    let _ = NAME.set("shopfront");
}
