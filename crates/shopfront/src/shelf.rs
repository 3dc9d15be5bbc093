//! The door to saved answers: `answers/` below the root of the store.

use std::collections::BTreeSet;
use std::path::PathBuf;

use rayon::prelude::*;

use crate::answers::{self, Answer, Ledger, ProjectKey};
use crate::error::{Doing, Error};
use crate::files::{self, Found, FoundKind};

/// The largest answer that is read: some projects have ten thousand files.
pub const MAX_ANSWER: usize = 32 << 20;
/// The largest long description that is kept.
pub const MAX_DESCRIPTION: usize = 1 << 20;

/// More files than any store keeps: beyond them, the list of answers is not whole.
const MAX_FILES: usize = 1_000_000;

const LEDGER: &str = "answers/ledger.json";

/// Where answers are kept.
pub struct Shelf {
    root: PathBuf,
}

impl Shelf {
    /// The shelf of the store at `root`.
    pub fn new(root: impl Into<PathBuf>) -> Shelf {
        Shelf { root: root.into() }
    }

    /// Whether nothing is kept at all, so that no answer need be looked for.
    pub fn is_empty(&self) -> bool {
        !files::is_folder(&self.root.join("answers"))
    }

    /// The saved answer for a project; `None` when there is none.
    ///
    /// # Errors
    /// When there is one and it can not be read.
    pub fn answer(&self, key: &ProjectKey) -> Result<Option<Answer>, Error> {
        let path = path_of(key);
        let Some(bytes) = files::read_if_there(&self.root, &path, MAX_ANSWER)? else {
            return Ok(None);
        };
        let answer = serde_json::from_slice(&bytes).doing(|| format!("reading {path}"));
        answer.map(Some).map_err(|fault| fault.help(format!("delete {path}, then run `{} resolve`", crate::program::name())))
    }

    /// Saves an answer; says whether anything changed.
    ///
    /// # Errors
    /// When it can not be written.
    pub fn save(&self, key: &ProjectKey, answer: &Answer) -> Result<bool, Error> {
        files::replace(&self.root, &path_of(key), answers::text(answer)?.as_bytes())
    }

    /// The long description with this SHA-256; `None` when it is not kept.
    ///
    /// # Errors
    /// When it can not be read.
    pub fn description(&self, sha256: &str) -> Result<Option<String>, Error> {
        let Some(path) = description_path(sha256) else { return Ok(None) };
        let bytes = files::read_if_there(&self.root, &path, MAX_DESCRIPTION)?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// Whether the long description with this SHA-256 is kept.
    pub fn has_description(&self, sha256: &str) -> bool {
        description_path(sha256).is_some_and(|path| files::is_file(&self.root.join(path)))
    }

    /// Keeps a long description under its SHA-256.
    ///
    /// # Errors
    /// When it can not be written.
    pub fn save_description(&self, sha256: &str, text: &str) -> Result<(), Error> {
        if let Some(path) = description_path(sha256) {
            files::replace(&self.root, &path, text.as_bytes())?;
        }
        Ok(())
    }

    /// Takes away every long description that no saved answer names any more, and says how many those were. None, where not
    /// every answer can be read: it may name any of them.
    ///
    /// Whoever saves an answer at this moment may lose its text; it is then asked for again.
    ///
    /// # Errors
    /// When a file can not be listed or taken away.
    pub fn prune_descriptions(&self) -> Result<usize, Error> {
        let mut listed = files::walk(&self.root, "answers", MAX_FILES)?;
        listed.retain(|found| found.kind == FoundKind::File);
        let (kept, saved): (Vec<Found>, Vec<Found>) = listed.into_iter().partition(|found| found.path.starts_with("answers/descriptions/"));
        let is_answer = |path: &str| path.ends_with(".json") && path != LEDGER && !path.starts_with("answers/upstreams/");
        let answers: Vec<&str> = saved.iter().map(|found| found.path.as_str()).filter(|path| is_answer(path)).collect();
        let named: Option<Vec<Option<String>>> = answers.par_iter().map(|path| self.named_description(path)).collect();
        let (Some(named), true) = (named, kept.len() + saved.len() <= MAX_FILES) else { return Ok(0) };
        let named: BTreeSet<String> = named.into_iter().flatten().collect();
        let old: Vec<&Found> = kept.iter().filter(|found| !named.contains(&found.path)).collect();
        old.iter().try_for_each(|found| files::remove(&self.root, &found.path))?;
        Ok(old.len())
    }

    /// Where the long description lies that the answer at `path` names, which may be none; `None` when nobody can say.
    fn named_description(&self, path: &str) -> Option<Option<String>> {
        let bytes = files::read_plain(&self.root, path, MAX_ANSWER).ok()??;
        let answer: Answer = serde_json::from_slice(&bytes).ok()?;
        let description = answer.project.and_then(|project| project.newest.description);
        Some(description.and_then(|it| description_path(&it.sha256)))
    }

    /// The past of the store; an empty one before the first build.
    ///
    /// # Errors
    /// When it is there and can not be read.
    pub fn ledger(&self) -> Result<Ledger, Error> {
        let Some(bytes) = files::read_if_there(&self.root, LEDGER, MAX_ANSWER * 4)? else {
            return Ok(Ledger::default());
        };
        let ledger = serde_json::from_slice(&bytes).doing(|| format!("reading {LEDGER}"));
        ledger.map_err(|fault| fault.help(format!("restore {LEDGER} from git: ids and dates of the store are in it")))
    }

    /// Saves the past of the store.
    ///
    /// # Errors
    /// When it can not be written.
    pub fn save_ledger(&self, ledger: &Ledger) -> Result<(), Error> {
        let mut text = serde_json::to_string_pretty(ledger).doing(|| format!("writing {LEDGER}"))?;
        text.push('\n');
        files::replace(&self.root, LEDGER, text.as_bytes()).map(drop)
    }

    /// The last good copy of an upstream store's `plugins.json`, as it was saved.
    ///
    /// # Errors
    /// When it is there and can not be read.
    pub fn upstream(&self, id: &str) -> Result<Option<Vec<u8>>, Error> {
        files::read_if_there(&self.root, &format!("answers/upstreams/{id}.json"), MAX_ANSWER * 4)
    }

    /// Saves a copy of an upstream store.
    ///
    /// # Errors
    /// When it can not be written.
    pub fn save_upstream(&self, id: &str, bytes: &[u8]) -> Result<(), Error> {
        files::replace(&self.root, &format!("answers/upstreams/{id}.json"), bytes).map(drop)
    }
}

/// Where the answer for a project lies, from the root of the store.
pub fn path_of(key: &ProjectKey) -> String {
    format!("answers/{}/{}.json", key.registry, key.name)
}

/// Hashes stand in files that others may have written: only a hash becomes a path.
fn description_path(sha256: &str) -> Option<String> {
    let is_hash = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then(|| format!("answers/descriptions/{}/{sha256}.txt", &sha256[..2]))
}
