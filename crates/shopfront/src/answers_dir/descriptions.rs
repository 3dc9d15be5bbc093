//! Long descriptions by hash. They are texts of third parties, which no repository tracks. Missing
//! ones are fetched again.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::cached::CachedAnswer;
use super::{AnswersDir, FOLDER, Occasion, cached_path};
use crate::files;
use shopfront_check::load::{EntryKind, WalkEntry};
use shopfront_diagnostics::error::Error;
use shopfront_model::answers::MAX_ANSWER;
use shopfront_model::answers::Project;
use shopfront_text::MAX_DESCRIPTION;
use shopfront_text::digest;

/// Maximum number of files. No store has more: beyond it, the list of answers is incomplete.
const MAX_FILES: usize = 1_000_000;

impl AnswersDir {
    /// Returns the long description with this SHA-256, or `None` if it is not saved. Removes a file
    /// with another text, so that it is fetched again.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read.
    pub fn description(&self, sha256: &str) -> Result<Option<String>, Error> {
        for path in description_paths(sha256).into_iter().flatten() {
            let Some(bytes) = files::read_plain(&self.root, &path, MAX_DESCRIPTION)? else {
                continue;
            };
            if digest::sha256(&bytes) == sha256 {
                return Ok(Some(String::from_utf8_lossy(&bytes).into_owned()));
            }
            self.set_aside(&path, "its text has another SHA-256");
            files::remove(&self.root, &path)?;
        }
        Ok(None)
    }

    /// Returns `true` if the long description with this SHA-256 is saved.
    pub fn has_description(&self, sha256: &str) -> bool {
        description_paths(sha256)
            .into_iter()
            .flatten()
            .any(|path| files::is_file(&self.root.join(path)))
    }

    /// Saves a long description under its SHA-256.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written.
    pub fn save_description(
        &self,
        occasion: Occasion,
        sha256: &str,
        text: &str,
    ) -> Result<(), Error> {
        let Some(path) = description_path(sha256) else {
            return Ok(());
        };
        match occasion == Occasion::Passing && self.is_layered() {
            true => files::replace_cached(&self.root, &path, text.as_bytes()).map(drop),
            false => files::replace(&self.root, &path, text.as_bytes()).map(drop),
        }
    }

    /// Deletes unreferenced long descriptions and returns the count. Deletes nothing if any answer
    /// is unreadable, since it may refer to any of them.
    ///
    /// If another process saves an answer concurrently, its text may be deleted. It is then fetched
    /// again.
    ///
    /// # Errors
    /// Returns an error if a file cannot be listed or deleted.
    pub fn prune_descriptions(&self) -> Result<usize, Error> {
        let cached = format!("{}/{FOLDER}", files::CACHE);
        let mut listed = files::walk(&self.root, FOLDER, MAX_FILES)?;
        listed.extend(files::walk(&self.root, &cached, MAX_FILES)?);
        listed.retain(|found| found.kind == EntryKind::File);
        let is_description = |path: &str| below_cache(path).starts_with("answers/descriptions/");
        let (kept, saved): (Vec<WalkEntry>, Vec<WalkEntry>) = listed
            .into_iter()
            .partition(|found| is_description(&found.path));
        // `answers/<registry>/<name>.json`. A name may contain a `/`, as npm names do.
        let is_answer = |path: &str| {
            let below = below_cache(path)
                .strip_prefix("answers/")
                .unwrap_or_default();
            below.ends_with(".json") && below.contains('/') && !below.starts_with("upstreams/")
        };
        let answers: Vec<&str> = saved
            .iter()
            .map(|found| found.path.as_str())
            .filter(|path| is_answer(path))
            .collect();
        let named: Option<Vec<Option<String>>> = answers
            .par_iter()
            .map(|path| self.named_description(path))
            .collect();
        let (Some(named), true) = (named, kept.len() + saved.len() <= MAX_FILES) else {
            return Ok(0);
        };
        let named: BTreeSet<String> = named.into_iter().flatten().collect();
        let old: Vec<&WalkEntry> = kept
            .iter()
            .filter(|found| !named.contains(below_cache(&found.path)))
            .collect();
        old.iter()
            .try_for_each(|found| files::remove(&self.root, &found.path))?;
        Ok(old.len())
    }

    /// Returns the path of the long description that the answer at `path` names, if it names one.
    /// Returns `None` if the answer is unreadable.
    fn named_description(&self, path: &str) -> Option<Option<String>> {
        let bytes = files::read_plain(&self.root, path, MAX_ANSWER).ok()??;
        let answer = match path.starts_with(files::CACHE) {
            true => CachedAnswer::parse(&bytes).ok()?.into_answer(),
            false => serde_json::from_slice(&bytes).ok()?,
        };
        let description = answer
            .project
            .and_then(|project: Project| project.newest.description);
        Some(description.and_then(|it| description_path(&it.sha256)))
    }
}

/// Returns the path for a hash. Hashes come from files that others may have written: only a valid
/// hash becomes a path.
fn description_path(sha256: &str) -> Option<String> {
    let is_hash = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then(|| format!("{FOLDER}/descriptions/{}/{sha256}.txt", &sha256[..2]))
}

/// Returns the path without the directory of the cache.
fn below_cache(path: &str) -> &str {
    path.strip_prefix(files::CACHE)
        .and_then(|below| below.strip_prefix('/'))
        .unwrap_or(path)
}

/// Returns the possible paths of a long description.
fn description_paths(sha256: &str) -> Option<[String; 2]> {
    description_path(sha256).map(|path| [cached_path(&path), path])
}
