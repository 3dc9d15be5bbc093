//! Differences between a commit and the files on disk. Git lists the tracked files. This module
//! reads and hashes the files, since git would run them through filters that the repository names.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use rayon::prelude::*;
use sha1::{Digest, Sha1};
use sha2::Sha256;

use super::Repository;
use super::objects::Stored;
use crate::files;
use shopfront_check::load::{EntryKind, WalkEntry};
use shopfront_diagnostics::error::{Context, Error};
use shopfront_text::digest;

/// Maximum size of a file whose line ends are converted, in bytes. Files that people edit on
/// systems with other line ends are smaller.
const MAX_TEXT: u64 = 8 << 20;

/// Files to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope<'s> {
    /// Files below a directory, as they are on disk.
    Below(&'s str),
    /// Files outside of a directory, as they are on disk. Below a second directory, the files in
    /// the index.
    Outside(&'s str, &'s str),
}

impl Scope<'_> {
    fn includes(self, path: &str) -> bool {
        match self {
            Scope::Below(folder) => is_below(path, folder),
            Scope::Outside(folder, _) => !is_below(path, folder),
        }
    }

    fn reads_disk(self, path: &str) -> bool {
        !matches!(self, Scope::Outside(_, indexed) if is_below(path, indexed))
    }
}

struct Tracked {
    stored: Stored,
    /// `true` if a sparse checkout omits the file.
    is_left_out: bool,
}

impl Repository {
    /// Returns the paths that differ between `commit` and the files on disk that git does not
    /// ignore. For files that a sparse checkout omits, uses the index.
    ///
    /// # Errors
    /// Returns an error if git fails, or a file cannot be read.
    pub fn changed_since(&self, commit: &str, scope: Scope<'_>) -> Result<BTreeSet<String>, Error> {
        let folder = if let Scope::Below(folder) = scope {
            Some(folder)
        } else {
            None
        };
        let mut before = self.committed(commit, folder)?;
        before.retain(|path, _| scope.includes(path));
        let tracked: Vec<(String, Tracked)> = self
            .tracked(folder)?
            .into_iter()
            .filter(|(path, _)| scope.includes(path))
            .collect();
        let disk = Disk {
            root: &self.root,
            format: Format::of(commit),
        };
        let now = |(path, tracked): &(String, Tracked)| -> Result<Option<(String, Stored)>, Error> {
            let is_read = scope.reads_disk(path) && tracked.stored.kind() != EntryKind::Other;
            let on_disk = if is_read {
                disk.stored(path, Some(&tracked.stored))?
            } else {
                None
            };
            let is_as_stored = !is_read || tracked.is_left_out;
            Ok(on_disk
                .or_else(|| is_as_stored.then(|| tracked.stored.clone()))
                .map(|stored| (path.clone(), stored)))
        };
        let now: Vec<Option<(String, Stored)>> =
            tracked.par_iter().map(now).collect::<Result<_, _>>()?;
        let mut after: BTreeMap<String, Stored> = now.into_iter().flatten().collect();
        for path in self
            .untracked(folder)?
            .into_iter()
            .filter(|path| scope.includes(path) && scope.reads_disk(path))
        {
            if let Some(stored) = disk.stored(&path, before.get(&path))? {
                after.insert(path, stored);
            }
        }
        let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        Ok(paths
            .into_iter()
            .filter(|path| before.get(*path) != after.get(*path))
            .cloned()
            .collect())
    }

    /// Returns the files below `folder` that a sparse checkout omits, from the index. Includes the
    /// bytes that this clone has.
    ///
    /// # Errors
    /// Returns an error if git fails, or the files exceed the size limit.
    pub fn left_out(&self, folder: &str) -> Result<super::Tree, Error> {
        let is_left_out = |(path, tracked): &(String, Tracked)| {
            tracked.is_left_out && fs::symlink_metadata(self.root.join(path)).is_err()
        };
        let left_out: Vec<(String, Tracked)> = self
            .tracked(Some(folder))?
            .into_iter()
            .filter(is_left_out)
            .collect();
        let files = left_out
            .iter()
            .map(|(path, tracked)| WalkEntry {
                path: path.clone(),
                kind: tracked.stored.kind(),
            })
            .collect();
        let plain = left_out
            .into_iter()
            .filter(|(_, tracked)| tracked.stored.kind() == EntryKind::File);
        let read = self.blobs(
            plain
                .map(|(path, tracked)| (path, tracked.stored.object))
                .collect(),
            &|_, _| true,
        );
        let (bytes, missing) =
            read.with_context(|| format!("reading what is not checked out of `{folder}/`"))?;
        Ok(super::Tree {
            files,
            bytes,
            missing,
        })
    }

    /// Returns the index. For an unmerged file, it contains a blob that equals no file.
    fn tracked(&self, folder: Option<&str>) -> Result<BTreeMap<String, Tracked>, Error> {
        let told = self.listed(&["ls-files", "-t", "--stage", "-z"], folder)?;
        Ok(told.split('\0').filter_map(index_line).collect())
    }

    /// Returns the files that git neither tracks nor ignores, except leftovers of killed runs. For
    /// a nested repository, returns its directory with a trailing slash.
    fn untracked(&self, folder: Option<&str>) -> Result<Vec<String>, Error> {
        let told = self.listed(
            &["ls-files", "--others", "--exclude-standard", "-z"],
            folder,
        )?;
        let is_leftover = |path: &&str| path.rsplit('/').next().is_some_and(files::is_leftover);
        Ok(told
            .split_terminator('\0')
            .filter(|path| !is_leftover(path))
            .map(str::to_owned)
            .collect())
    }

    fn listed(&self, arguments: &[&str], folder: Option<&str>) -> Result<String, Error> {
        let mut arguments = arguments.to_vec();
        arguments.extend(folder.iter().flat_map(|folder| ["--", *folder]));
        self.git.run(&arguments)?.map_err(|stderr| {
            Error::new(format!("listing the files of the git repository: {stderr}"))
        })
    }
}

/// Parses `<tag> <mode> <object> <stage>\t<path>`. The tag `S` marks files that a sparse checkout
/// omits.
fn index_line(line: &str) -> Option<(String, Tracked)> {
    let (facts, path) = line.split_once('\t')?;
    let mut facts = facts.split_ascii_whitespace();
    let (tag, mode, object, stage) = (facts.next()?, facts.next()?, facts.next()?, facts.next()?);
    let object = if stage == "0" {
        object.to_owned()
    } else {
        String::new()
    };
    Some((
        path.to_owned(),
        Tracked {
            stored: Stored {
                mode: mode.to_owned(),
                object,
            },
            is_left_out: tag == "S",
        },
    ))
}

fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Hash algorithm of a repository.
#[derive(Clone, Copy)]
enum Format {
    Sha1,
    Sha256,
}

impl Format {
    fn of(object: &str) -> Format {
        if object.len() == 64 {
            Format::Sha256
        } else {
            Format::Sha1
        }
    }

    /// Returns the name of the blob with the bytes of `content`. `length` is their number.
    fn name(self, length: u64, content: &mut dyn Read) -> io::Result<String> {
        match self {
            Format::Sha1 => name_by(Sha1::new(), length, content),
            Format::Sha256 => name_by(Sha256::new(), length, content),
        }
    }
}

fn name_by<D: Digest>(mut hasher: D, length: u64, content: &mut dyn Read) -> io::Result<String> {
    hasher.update(format!("blob {length}\0"));
    let mut piece = vec![0; 1 << 16];
    loop {
        match content.read(&mut piece)? {
            0 => return Ok(digest::hex(&hasher.finalize())),
            read => hasher.update(&piece[..read]),
        }
    }
}

/// Files on disk.
struct Disk<'d> {
    root: &'d Path,
    format: Format,
}

impl Disk<'_> {
    /// Returns the file at `path` as git would store it, or `None` if there is none. The executable
    /// bit comes from `known`, the tracked file, since not every file system has one.
    fn stored(&self, path: &str, known: Option<&Stored>) -> Result<Option<Stored>, Error> {
        let place = self.root.join(path);
        let doing = || format!("reading {path}");
        let is_gone = |cause: &io::Error| {
            matches!(
                cause.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            )
        };
        let kind = match fs::symlink_metadata(&place) {
            Ok(it) => it.file_type(),
            Err(cause) if is_gone(&cause) => return Ok(None),
            Err(cause) => return Err(cause).with_context(doing),
        };
        if self.is_behind_link(path) {
            return Ok(None);
        }
        if kind.is_symlink() {
            let target = fs::read_link(&place).with_context(doing)?;
            let target = target.as_os_str().as_encoded_bytes();
            let object = self
                .format
                .name(length(target), &mut &*target)
                .with_context(doing)?;
            return Ok(Some(Stored {
                mode: "120000".to_owned(),
                object,
            }));
        }
        if !kind.is_file() {
            // A directory in place of a file, a pipe, or a nested repository: equal to nothing that
            // git stores.
            return Ok(Some(Stored {
                mode: String::new(),
                object: String::new(),
            }));
        }
        let object = self.object(&place, known).with_context(doing)?;
        // On file systems without links, git writes the link target into a plain file.
        let mode = known.filter(|known| known.kind() == EntryKind::File || known.object == object);
        Ok(Some(Stored {
            mode: mode.map_or_else(|| "100644".to_owned(), |known| known.mode.clone()),
            object,
        }))
    }

    fn object(&self, place: &Path, known: Option<&Stored>) -> io::Result<String> {
        let mut file = File::open(place)?;
        let bytes = file.metadata()?.len();
        if bytes > MAX_TEXT {
            return self.format.name(bytes, &mut file);
        }
        let mut content = Vec::new();
        file.read_to_end(&mut content)?;
        let object = self
            .format
            .name(length(&content), &mut content.as_slice())?;
        if known.is_none_or(|known| known.object == object) {
            return Ok(object);
        }
        // A checkout on Windows has CRLF where git has LF.
        let Some(text) = with_plain_line_ends(&content) else {
            return Ok(object);
        };
        let plain = self.format.name(length(&text), &mut text.as_slice())?;
        Ok(if known.is_some_and(|known| known.object == plain) {
            plain
        } else {
            object
        })
    }

    /// Returns `true` if a parent directory of `path` is a link: files behind it do not belong to
    /// the repository.
    fn is_behind_link(&self, path: &str) -> bool {
        let mut folders = Path::new(path)
            .ancestors()
            .skip(1)
            .filter(|folder| !folder.as_os_str().is_empty());
        folders.any(|folder| {
            fs::symlink_metadata(self.root.join(folder)).is_ok_and(|it| it.is_symlink())
        })
    }
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// Returns `content` with LF for CRLF. Returns `None` if it has no CRLF or is not text.
fn with_plain_line_ends(content: &[u8]) -> Option<Vec<u8>> {
    if content.contains(&0) || !content.windows(2).any(|pair| pair == b"\r\n") {
        return None;
    }
    let mut plain = Vec::with_capacity(content.len());
    for (at, byte) in content.iter().enumerate() {
        if *byte != b'\r' || content.get(at + 1) != Some(&b'\n') {
            plain.push(*byte);
        }
    }
    Some(plain)
}
