//! Data that cannot be queried again, or only from upstream stores: the ledger, and copies of
//! upstream stores.

use std::sync::atomic::Ordering;

use super::{AnswersDir, FOLDER, Occasion, cached_path};
use crate::files;
use shopfront_diagnostics::error::{Context, Error};
use shopfront_model::answers::Ledger;
use shopfront_model::answers::MAX_ANSWER;
use shopfront_text::digest;

const LEDGER: &str = "answers/ledger.json";
/// Maximum size of a ledger or of a copy of an upstream store, in bytes.
const MAX_LARGE: usize = MAX_ANSWER * 4;

impl AnswersDir {
    /// Returns the ledger of the store. It is empty before the first build, and if no ledger can be
    /// parsed.
    ///
    /// # Errors
    /// Returns an error if a file exists and cannot be read.
    pub fn ledger(&self) -> Result<Ledger, Error> {
        let (saved, cached) = (
            self.ledger_at(LEDGER)?,
            self.ledger_at(&cached_path(LEDGER))?,
        );
        let at = |ledger: &Option<Ledger>| ledger.as_ref().and_then(|ledger| ledger.last_change.at);
        Ok(if cached.is_some() && at(&cached) >= at(&saved) {
            cached
        } else {
            saved
        }
        .unwrap_or_default())
    }

    /// Returns `true` if a ledger exists, but no valid one.
    ///
    /// # Errors
    /// Returns an error if a file exists and cannot be read.
    pub fn has_broken_ledger(&self) -> Result<bool, Error> {
        let is_there = files::exists(&self.root.join(LEDGER));
        Ok(is_there
            && self.ledger_at(LEDGER)?.is_none()
            && self.ledger_at(&cached_path(LEDGER))?.is_none())
    }

    fn ledger_at(&self, path: &str) -> Result<Option<Ledger>, Error> {
        self.read(path, MAX_LARGE, &|bytes| parse(bytes))
    }

    /// Saves the ledger of the store beside the answers from which it was built. An invalid ledger
    /// is kept beside the new one.
    ///
    /// # Errors
    /// Returns an error if the ledger cannot be written.
    pub fn save_ledger(&self, occasion: Occasion, ledger: &Ledger) -> Result<(), Error> {
        let text = text(ledger)?;
        let cached = cached_path(LEDGER);
        let saved = files::read_plain(&self.root, LEDGER, MAX_LARGE)?;
        if saved.as_deref() == Some(text.as_bytes()) {
            return files::remove(&self.root, &cached);
        }
        let is_passing = occasion == Occasion::Passing
            || self.has_learned.load(Ordering::Relaxed)
            || files::exists(&self.root.join(&cached));
        if is_passing && self.is_layered() {
            return files::replace_cached(&self.root, LEDGER, text.as_bytes()).map(drop);
        }
        self.keep_ledger(saved, text.as_bytes())
    }

    /// Writes `answers/ledger.json`, whose current bytes are `saved`.
    fn keep_ledger(&self, saved: Option<Vec<u8>>, bytes: &[u8]) -> Result<(), Error> {
        if let Some(broken) = saved.filter(|saved| parse(saved).is_err()) {
            let beside = format!("{FOLDER}/ledger.broken-{}", &digest::sha256(&broken)[..8]);
            files::replace_synced(&self.root, &beside, &broken)?;
            self.set_aside(LEDGER, &format!("it is kept as {beside}"));
        }
        files::replace_synced(&self.root, LEDGER, bytes)?;
        files::remove(&self.root, &cached_path(LEDGER))
    }

    /// Moves the cached ledger to the saved answers, as if it had been requested explicitly.
    ///
    /// # Errors
    /// Returns an error if the ledger cannot be read or written.
    pub fn settle_ledger(&self) -> Result<(), Error> {
        let cached = cached_path(LEDGER);
        if self.ledger_at(&cached)?.is_none() {
            return Ok(());
        }
        self.keep_ledger(
            files::read_plain(&self.root, LEDGER, MAX_LARGE)?,
            text(&self.ledger()?)?.as_bytes(),
        )
    }

    /// Parses the copies of the upstream store `id`: the one in `answers/`, and the one in the
    /// cache. A copy that `parse` rejects is set aside.
    ///
    /// # Errors
    /// Returns an error if a file exists and cannot be read.
    pub fn upstream<T>(
        &self,
        id: &str,
        parse: &dyn Fn(&[u8]) -> Result<T, String>,
    ) -> Result<[Option<T>; 2], Error> {
        let path = upstream_path(id);
        Ok([
            self.read(&path, MAX_LARGE, parse)?,
            self.read(&cached_path(&path), MAX_LARGE, parse)?,
        ])
    }

    /// Saves a copy of the upstream store `id`. `is_news` states if it has changes over the one in
    /// `answers/`.
    ///
    /// # Errors
    /// Returns an error if the copy cannot be written.
    pub fn save_upstream(
        &self,
        occasion: Occasion,
        id: &str,
        bytes: &[u8],
        news: News,
    ) -> Result<(), Error> {
        let path = upstream_path(id);
        if self.is_layered() && (occasion == Occasion::Passing || news == News::None) {
            return files::replace_cached(&self.root, &path, bytes).map(drop);
        }
        files::replace(&self.root, &path, bytes)?;
        files::remove(&self.root, &cached_path(&path))
    }
}

/// Comparison of a copy with the one in `answers/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// The copy has changes.
    Some,
    /// The copy is the same, or could not be fetched.
    None,
}

fn upstream_path(id: &str) -> String {
    format!("{FOLDER}/upstreams/{id}.json")
}

fn text(ledger: &Ledger) -> Result<String, Error> {
    let mut text =
        serde_json::to_string_pretty(ledger).with_context(|| format!("writing {LEDGER}"))?;
    text.push('\n');
    Ok(text)
}

/// Parses a ledger. The error is the reason why it cannot be published.
fn parse(bytes: &[u8]) -> Result<Ledger, String> {
    let ledger: Ledger = serde_json::from_slice(bytes).map_err(|cause| cause.to_string())?;
    ledger.fault().map_or(Ok(ledger), Err)
}
