//! What can not be asked for again, or only of other stores: the ledger, and copies of what other
//! stores published.

use std::sync::atomic::Ordering;

use super::{AnswersDir, FOLDER, Occasion, cached_path};
use crate::files;
use shopfront_diagnostics::error::{Context, Error};
use shopfront_model::answers::Ledger;
use shopfront_model::answers::MAX_ANSWER;
use shopfront_text::digest;

const LEDGER: &str = "answers/ledger.json";
/// The largest ledger, and the largest copy of another store, that is read.
const MAX_LARGE: usize = MAX_ANSWER * 4;

impl AnswersDir {
    /// The past of the store; an empty one before the first build, and where none can be read.
    ///
    /// # Errors
    /// When a file is there and can not be read.
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

    /// Whether there is a ledger, and none that can be read.
    ///
    /// # Errors
    /// When a file is there and can not be read.
    pub fn has_broken_ledger(&self) -> Result<bool, Error> {
        let is_there = files::exists(&self.root.join(LEDGER));
        Ok(is_there
            && self.ledger_at(LEDGER)?.is_none()
            && self.ledger_at(&cached_path(LEDGER))?.is_none())
    }

    fn ledger_at(&self, path: &str) -> Result<Option<Ledger>, Error> {
        self.read(path, MAX_LARGE, &|bytes| parse(bytes))
    }

    /// Saves the past of the store: beside the answers that it was made of. A ledger that can not
    /// be read is kept beside the new one.
    ///
    /// # Errors
    /// When it can not be written.
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

    /// Writes `answers/ledger.json`, which has the bytes of `saved` now.
    fn keep_ledger(&self, saved: Option<Vec<u8>>, bytes: &[u8]) -> Result<(), Error> {
        if let Some(broken) = saved.filter(|saved| parse(saved).is_err()) {
            let beside = format!("{FOLDER}/ledger.broken-{}", &digest::sha256(&broken)[..8]);
            files::replace_synced(&self.root, &beside, &broken)?;
            self.set_aside(LEDGER, &format!("it is kept as {beside}"));
        }
        files::replace_synced(&self.root, LEDGER, bytes)?;
        files::remove(&self.root, &cached_path(LEDGER))
    }

    /// Saves the ledger of builds that learned something in passing as if it had been asked for.
    ///
    /// # Errors
    /// When it can not be read or written.
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

    /// What `parse` makes of the copies of the store `id` that are kept: of the one in `answers/`,
    /// and of one that was fetched in passing. One of which it says why it is none is set
    /// aside.
    ///
    /// # Errors
    /// When a file is there and can not be read.
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

    /// Saves a copy of the store `id`; `is_news` where it says more than the one in `answers/`.
    ///
    /// # Errors
    /// When it can not be written.
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

/// Whether a copy says more than the one in `answers/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// It does.
    Some,
    /// It is the same, or could not be had.
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

/// A ledger that can be published; or why it is none.
fn parse(bytes: &[u8]) -> Result<Ledger, String> {
    let ledger: Ledger = serde_json::from_slice(bytes).map_err(|cause| cause.to_string())?;
    ledger.fault().map_or(Ok(ledger), Err)
}
