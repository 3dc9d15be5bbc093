//! Committed objects of a repository: trees and blobs.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, Read};

use super::Repository;
use super::path::RepositoryPath;
use shopfront_check::load::{EntryKind, WalkEntry};
use shopfront_diagnostics::error::{Context, Error};

/// Maximum bytes of one revision in memory, ten times those of the largest catalogue.
const MAX_BYTES: u64 = 512 << 20;

/// Bytes of blobs by path.
type BlobsByPath = BTreeMap<String, Vec<u8>>;

/// Files below a directory at a revision.
#[derive(Default)]
pub struct Tree {
    /// All files, sorted by path.
    pub files: Vec<WalkEntry>,
    /// Bytes of the requested files that this clone has.
    pub bytes: BTreeMap<String, Vec<u8>>,
    /// Requested files that a partial clone lacks.
    pub missing: BTreeSet<String>,
}

/// File as git stores it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stored {
    /// `100644`, `100755`, `120000` for a symbolic link, `160000` for a submodule.
    pub(super) mode: String,
    /// Hash of its blob, or of the commit of a submodule.
    pub(super) object: String,
}

impl Stored {
    pub(super) fn kind(&self) -> EntryKind {
        match self.mode.as_str() {
            "100644" | "100755" => EntryKind::File,
            "120000" => EntryKind::Link,
            _ => EntryKind::Other,
        }
    }
}

impl Repository {
    /// Returns the files below `folder` at `commit`, with the bytes of those that `is_wanted`
    /// selects by path and length.
    ///
    /// # Errors
    /// Returns an error if git fails, or the selected files exceed the size limit.
    pub fn tree(
        &self,
        commit: &str,
        folder: &str,
        is_wanted: &dyn Fn(&str, u64) -> bool,
    ) -> Result<Tree, Error> {
        let listed = self.committed(commit, Some(folder))?;
        let files: Vec<WalkEntry> = listed
            .iter()
            .map(|(path, stored)| path.entry(stored.kind()))
            .collect();
        let plain = files
            .iter()
            .zip(listed.values())
            .filter(|(file, _)| file.kind == EntryKind::File);
        let read = self.blobs(
            plain
                .map(|(file, stored)| (file.path.clone(), stored.object.clone()))
                .collect(),
            is_wanted,
        );
        let (bytes, missing) = read.with_context(|| format!("reading `{folder}/` at {commit}"))?;
        Ok(Tree {
            files,
            bytes,
            missing,
        })
    }

    /// Returns the files of `commit` below `folder`, or below the root of the store, by relative
    /// path.
    pub(super) fn committed(
        &self,
        commit: &str,
        folder: Option<&str>,
    ) -> Result<BTreeMap<RepositoryPath, Stored>, Error> {
        let below = folder.map(|folder| format!("{folder}/"));
        let mut arguments = vec!["ls-tree", "-r", "-z", commit];
        arguments.extend(below.iter().flat_map(|below| ["--", below.as_str()]));
        let told = self
            .git
            .list(&arguments)?
            .map_err(|complaint| Error::new(format!("reading the commit {commit}: {complaint}")))?;
        Ok(told
            .split(|byte| *byte == 0)
            .filter_map(tree_line)
            .collect())
    }

    /// Returns the bytes of the blobs that `is_wanted` selects by path and length. Also returns the
    /// paths of selected blobs that this clone lacks.
    ///
    /// # Errors
    /// Returns an error if git fails, or the blobs exceed the size limit.
    pub(super) fn blobs(
        &self,
        named: Vec<(String, String)>,
        is_wanted: &dyn Fn(&str, u64) -> bool,
    ) -> Result<(BlobsByPath, BTreeSet<String>), Error> {
        let mut missing = BTreeSet::new();
        let mut wanted = Vec::new();
        let mut sum = 0;
        for ((path, object), length) in named.iter().zip(self.lengths(&named)?) {
            match length {
                // The length of a missing file is unknown.
                None if is_wanted(path, 0) => drop(missing.insert(path.clone())),
                Some(length) if is_wanted(path, length) => {
                    sum += length;
                    wanted.push((path.clone(), object.clone()));
                }
                _ => {}
            }
        }
        if sum > MAX_BYTES {
            return Err(Error::new(format!(
                "there are more than {} MiB of files",
                MAX_BYTES >> 20
            )));
        }
        if wanted.is_empty() {
            return Ok((BTreeMap::new(), missing));
        }
        let input = questions(&wanted);
        let read = |stream: &mut dyn BufRead| {
            wanted
                .into_iter()
                .map(|(path, _)| Ok((path, next_blob(stream)?)))
                .collect()
        };
        Ok((
            self.git.converse(&["cat-file", "--batch"], input, read)?,
            missing,
        ))
    }

    /// Returns the length of each blob, or `None` if this clone lacks it.
    fn lengths(&self, named: &[(String, String)]) -> Result<Vec<Option<u64>>, Error> {
        if named.is_empty() {
            return Ok(Vec::new());
        }
        let read =
            |stream: &mut dyn BufRead| named.iter().map(|_| Ok(next_head(stream)?.1)).collect();
        // In a partial clone, git before 2.44 tries to fetch missing objects. Since that is
        // forbidden, it exits.
        self.git
            .converse(&["cat-file", "--batch-check"], questions(named), read)
            .or_else(|_| self.lengths_of_stored(named))
    }

    /// Returns the same from the list of all objects in this clone, for which no version of git
    /// fetches anything.
    fn lengths_of_stored(&self, named: &[(String, String)]) -> Result<Vec<Option<u64>>, Error> {
        let mut lengths: BTreeMap<&str, Option<u64>> = named
            .iter()
            .map(|(_, object)| (object.as_str(), None))
            .collect();
        let read = |stream: &mut dyn BufRead| {
            while !stream
                .fill_buf()
                .with_context(|| "reading from git".to_owned())?
                .is_empty()
            {
                let (object, length) = next_head(stream)?;
                if let Some(known) = lengths.get_mut(object.as_str()) {
                    *known = length;
                }
            }
            Ok(())
        };
        self.git.converse(
            &[
                "cat-file",
                "--batch-check",
                "--batch-all-objects",
                "--unordered",
            ],
            Vec::new(),
            read,
        )?;
        Ok(named
            .iter()
            .map(|(_, object)| lengths[object.as_str()])
            .collect())
    }
}

fn questions(named: &[(String, String)]) -> Vec<u8> {
    named
        .iter()
        .flat_map(|(_, object)| [object.as_bytes(), b"\n"])
        .flatten()
        .copied()
        .collect()
}

/// `<mode> blob <object>\t<path>`
fn tree_line(line: &[u8]) -> Option<(RepositoryPath, Stored)> {
    let (facts, path) = RepositoryPath::behind_tab(line)?;
    let mut facts = facts.split_ascii_whitespace();
    let (mode, _, object) = (facts.next()?, facts.next()?, facts.next()?);
    Some((
        path,
        Stored {
            mode: mode.to_owned(),
            object: object.to_owned(),
        },
    ))
}

/// Reads `<object> blob <length>` or `<object> missing`, and a line break.
fn next_head(stream: &mut dyn BufRead) -> Result<(String, Option<u64>), Error> {
    let mut head = String::new();
    stream
        .take(256)
        .read_line(&mut head)
        .with_context(|| "reading from git".to_owned())?;
    let mut words = head.split_ascii_whitespace();
    let (object, kind, length) = (words.next(), words.next(), words.next());
    match (object, kind, length.and_then(|length| length.parse().ok())) {
        (Some(object), Some("missing"), _) => Ok((object.to_owned(), None)),
        (Some(object), Some(_), Some(length)) => Ok((object.to_owned(), Some(length))),
        _ => Err(Error::new(format!(
            "expected the length of an object from git, found `{}`",
            head.trim_end()
        ))),
    }
}

/// Reads the line of [`next_head`], the bytes, and a line break.
fn next_blob(stream: &mut dyn BufRead) -> Result<Vec<u8>, Error> {
    let (object, length) = next_head(stream)?;
    let length = length
        .filter(|length| *length <= MAX_BYTES)
        .ok_or_else(|| Error::new(format!("git has no object {object}")))?;
    let mut bytes = Vec::new();
    stream
        .take(length + 1)
        .read_to_end(&mut bytes)
        .with_context(|| "reading from git".to_owned())?;
    bytes.pop();
    Ok(bytes)
}
