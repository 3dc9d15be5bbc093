//! Saved answers: `answers/` below the root of the store, and later results in a cache that no
//! repository tracks.
//!
//! If git sees `answers/`, its files change only when a person runs `resolve` and a registry has
//! changes. Results of other commands, confirmations without changes, and failures of registries
//! are in [`files::CACHE`]. Both are read together. If git ignores `answers/`, or there is no
//! repository, all data is in `answers/`.
//!
//! Invalid files are set aside: they count as missing, and are reported at the end.

mod cached;
mod descriptions;
mod past;

pub use past::News;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::files;
use crate::git;
use cached::CachedAnswer;
use shopfront_diagnostics::error::Error;
use shopfront_model::answers::{self, Answer, MAX_ANSWER, ProjectKey};
use shopfront_text::one_line;

/// Directory of saved answers, below the root of the store and below [`files::CACHE`].
const FOLDER: &str = "answers";

/// Reason for saving, which decides the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// Explicit request to save the answers of registries: `resolve`.
    Asked,
    /// Query as part of another command.
    Passing,
}

/// Directory of answers.
pub struct AnswersDir {
    root: PathBuf,
    /// `true` if git sees `answers/`. Determined on first use.
    is_seen: OnceLock<bool>,
    /// `true` if an answer was read that `answers/` does not have.
    has_learned: AtomicBool,
    /// Messages about files that were set aside.
    notes: Mutex<BTreeSet<String>>,
}

impl AnswersDir {
    /// Creates the directory handle of the store at `root`.
    pub fn new(root: impl Into<PathBuf>) -> AnswersDir {
        AnswersDir {
            root: root.into(),
            is_seen: OnceLock::new(),
            has_learned: AtomicBool::new(false),
            notes: Mutex::default(),
        }
    }

    /// Returns `true` if no answer is saved at all, so that none need be looked up.
    pub fn is_empty(&self) -> bool {
        !files::is_folder(&self.root.join(FOLDER))
            && !files::is_folder(&self.root.join(files::CACHE).join(FOLDER))
    }

    /// Returns the messages about files that were set aside until now.
    pub fn told(&self) -> String {
        let notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        notes
            .iter()
            .map(|note| format!("warning: {note}\n"))
            .collect()
    }

    /// Returns the answer for a project, or `None` if there is none.
    ///
    /// # Errors
    /// Returns an error if a file exists and cannot be read.
    pub fn answer(&self, key: &ProjectKey) -> Result<Option<Answer>, Error> {
        let saved = self.saved(key)?;
        let Some(cached) = self.cached(key)? else {
            return Ok(saved);
        };
        if cached.is_news(saved.as_ref()) {
            self.has_learned.store(true, Ordering::Relaxed);
        }
        Ok(cached.over(saved))
    }

    /// Saves an explicitly requested answer. Returns `true` if anything changed.
    ///
    /// # Errors
    /// Returns an error if the answer cannot be written.
    pub fn save(&self, key: &ProjectKey, answer: &Answer) -> Result<bool, Error> {
        self.save_on(Occasion::Asked, key, answer)
    }

    /// Saves an answer. Returns `true` if anything changed.
    ///
    /// # Errors
    /// Returns an error if the answer cannot be written.
    pub fn save_on(
        &self,
        occasion: Occasion,
        key: &ProjectKey,
        answer: &Answer,
    ) -> Result<bool, Error> {
        let path = path_of(key);
        if !self.is_layered() {
            files::remove(&self.root, &cached_path(&path))?;
            return files::replace(&self.root, &path, answers::text(answer)?.as_bytes());
        }
        let mut saved = self.saved(key)?;
        let says_more = saved
            .as_ref()
            .is_none_or(|saved| saved.state != answer.state || saved.project != answer.project);
        let has_recovered =
            saved.as_ref().is_some_and(|saved| saved.trouble.is_some()) && answer.trouble.is_none();
        let mut is_changed = false;
        if occasion == Occasion::Asked && (says_more || has_recovered) {
            let good = Answer {
                trouble: None,
                ..answer.clone()
            };
            is_changed = files::replace(&self.root, &path, answers::text(&good)?.as_bytes())?;
            saved = Some(good);
        }
        if saved.as_ref() == Some(answer) {
            files::remove(&self.root, &cached_path(&path))?;
            return Ok(is_changed);
        }
        let text = CachedAnswer::of(saved.as_ref(), answer).text()?;
        Ok(files::replace_cached(&self.root, &path, text.as_bytes())? || is_changed)
    }

    /// Moves the cached answer for a project to the saved answers, as if it had been requested
    /// explicitly.
    ///
    /// # Errors
    /// Returns an error if the answer cannot be read or written.
    pub fn settle(&self, key: &ProjectKey) -> Result<(), Error> {
        let Some(cached) = self.cached(key)? else {
            return Ok(());
        };
        let saved = self.saved(key)?;
        match cached
            .is_news(saved.as_ref())
            .then(|| cached.over(saved))
            .flatten()
        {
            Some(answer) => self.save(key, &answer).map(drop),
            None => Ok(()),
        }
    }

    /// Returns `true` if git would show changes in `answers/`.
    fn is_layered(&self) -> bool {
        *self.is_seen.get_or_init(|| git::sees(&self.root, FOLDER))
    }

    /// Returns the answer in `answers/`.
    fn saved(&self, key: &ProjectKey) -> Result<Option<Answer>, Error> {
        let path = path_of(key);
        let read = |bytes: &[u8]| {
            let answer: Answer =
                serde_json::from_slice(bytes).map_err(|cause| cause.to_string())?;
            answers::fault_of(&answer, key).map_or(Ok(answer), Err)
        };
        self.read(&path, MAX_ANSWER, &read)
    }

    /// Returns the later answer in the cache.
    fn cached(&self, key: &ProjectKey) -> Result<Option<CachedAnswer>, Error> {
        let read = |bytes: &[u8]| {
            let cached = CachedAnswer::parse(bytes)?;
            answers::fault_of(cached.answer(), key).map_or(Ok(cached), Err)
        };
        self.read(&cached_path(&path_of(key)), MAX_ANSWER, &read)
    }

    /// Returns the result of `read` for the file at `path`. Returns `None` if the file does not
    /// exist, or if `read` fails and the file is set aside.
    fn read<T>(
        &self,
        path: &str,
        most: usize,
        read: &dyn Fn(&[u8]) -> Result<T, String>,
    ) -> Result<Option<T>, Error> {
        let Some(bytes) = files::read_plain(&self.root, path, most)? else {
            return Ok(None);
        };
        let found = if bytes.len() > most {
            Err(format!("it has more than {} MiB", most >> 20))
        } else {
            read(&bytes)
        };
        Ok(found.map_err(|why| self.set_aside(path, &why)).ok())
    }

    fn set_aside(&self, path: &str, why: &str) {
        let note = format!(
            "{path} is not what it should be, and is not used: {}",
            one_line(why, 200)
        );
        self.notes
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(note);
    }
}

/// Where the answer for a project lies, from the root of the store.
pub fn path_of(key: &ProjectKey) -> String {
    format!("{FOLDER}/{}/{}.json", key.registry, key.name)
}

/// Returns the path of the cached continuation of the file at `path`.
fn cached_path(path: &str) -> String {
    format!("{}/{path}", files::CACHE)
}
