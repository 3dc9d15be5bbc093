//! The door to image cards that were drawn before: `.shopfront-cache/cards/` below the root of the
//! store.
//!
//! A card lies there under a key of all that it shows, so it never gets old. Git ignores the
//! folder; without it, all cards are drawn again.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use crate::files;
use shopfront_check::load::WalkEntry;
use shopfront_diagnostics::error::Error;

/// Below [`files::CACHE`].
const FOLDER: &str = "cards";
/// The largest card that is taken over; ours are far smaller.
const MAX_CARD: usize = 1 << 20;
/// How many cards may lie there, used or not, before any is taken away.
const ALWAYS_KEPT: usize = 1_000;
/// A larger card_cache is not looked through: it is no card_cache of ours.
const MOST: usize = 2_000_000;

/// The cards that are kept.
pub struct CardCache {
    root: PathBuf,
    used: Mutex<BTreeSet<String>>,
}

impl CardCache {
    /// The card_cache of the store at `root`.
    pub fn new(root: impl Into<PathBuf>) -> CardCache {
        CardCache {
            root: root.into(),
            used: Mutex::default(),
        }
    }

    /// The card that is kept under `key`, or else the one that `draw` makes, which is then kept.
    ///
    /// # Errors
    /// When it can not be drawn. A card_cache that can not be read or written to is done without.
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

    /// Takes away what a run that was killed left half written, and what was not used since this
    /// card_cache was opened, once half of all that lies there is that.
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

/// Whether a file begins and ends as a PNG file does: a disk that was full leaves others.
fn is_whole(bytes: &[u8]) -> bool {
    bytes.len() <= MAX_CARD
        && bytes.starts_with(b"\x89PNG\r\n\x1a\n")
        && bytes.ends_with(b"IEND\xaeB`\x82")
}
