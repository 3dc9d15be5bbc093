//! Cache of image cards: `.shopfront-cache/cards/` below the root of the store.
//!
//! The key of a card is a hash of all its inputs, so it never becomes stale. Git ignores the
//! directory. Without it, all cards are drawn again.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use crate::files;
use shopfront_check::load::WalkEntry;
use shopfront_diagnostics::error::Error;

/// Directory below [`files::CACHE`].
const FOLDER: &str = "cards";
/// Maximum size of a cached card, in bytes. Valid cards are far smaller.
const MAX_CARD: usize = 1 << 20;
/// Number of cards, used or not, up to which none is removed.
const ALWAYS_KEPT: usize = 1_000;
/// Maximum number of cards. A larger cache was not written by this program, and is not pruned.
const MOST: usize = 2_000_000;

/// Cache of image cards.
pub struct CardCache {
    root: PathBuf,
    used: Mutex<BTreeSet<String>>,
}

impl CardCache {
    /// Creates the cache of the store at `root`.
    pub fn new(root: impl Into<PathBuf>) -> CardCache {
        CardCache {
            root: root.into(),
            used: Mutex::default(),
        }
    }

    /// Returns the card cached under `key`, or else the one that `draw` returns, which is then
    /// cached.
    ///
    /// # Errors
    /// Returns an error if the card cannot be drawn. A cache that cannot be read or written is
    /// ignored.
    pub fn card(
        &self,
        key: &str,
        draw: impl FnOnce() -> Result<Vec<u8>, Error>,
    ) -> Result<Vec<u8>, Error> {
        let below = format!("{FOLDER}/{}/{key}.png", &key[..2]);
        let path = format!("{}/{below}", files::CACHE);
        let kept = files::read_plain(&self.root, &path, MAX_CARD)
            .ok()
            .flatten();
        let card = match kept.filter(|bytes| is_whole(bytes)) {
            Some(kept) => kept,
            None => {
                let drawn = draw()?;
                let _ = files::replace_cached(&self.root, &below, &drawn);
                drawn
            }
        };
        self.used
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(path);
        Ok(card)
    }

    /// Removes partially written files of killed runs. If more than half of the cards were not used
    /// since the cache was opened, removes those, too.
    pub fn prune(&self) {
        let folder = format!("{}/{FOLDER}", files::CACHE);
        files::clear_leftovers(&self.root, &folder);
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let Ok(all) = files::walk(&self.root, &folder, MOST) else {
            return;
        };
        if all.len() > MOST || all.len() <= ALWAYS_KEPT.max(used.len() * 2) {
            return;
        }
        for WalkEntry { path, .. } in all.iter().filter(|found| !used.contains(&found.path)) {
            let _ = files::remove(&self.root, path);
        }
    }
}

/// Returns `true` if a file begins and ends like a PNG file: a full disk leaves truncated files.
fn is_whole(bytes: &[u8]) -> bool {
    bytes.len() <= MAX_CARD
        && bytes.starts_with(b"\x89PNG\r\n\x1a\n")
        && bytes.ends_with(b"IEND\xaeB`\x82")
}
