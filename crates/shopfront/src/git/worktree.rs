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
use super::path::RepositoryPath;
use crate::files;
use shopfront_check::load::EntryKind;
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
    /// Those of the whole repository outside of a folder, as they are on disk; of a second folder only what is committed or
    /// about to be. Their paths are told from where the work tree begins.
    Outside(&'s str, &'s str),
}

impl Scope<'_> {
    fn includes(self, path: &RepositoryPath) -> bool {
        match self {
            Scope::Below(folder) => path.is_below(folder),
            Scope::Outside(folder, _) => !path.is_below(folder),
        }
    }

    fn reads_disk(self, path: &RepositoryPath) -> bool {
        !matches!(self, Scope::Outside(_, indexed) if path.is_below(indexed))
    }
}

struct Tracked {
    stored: Stored,
    /// `true` if a sparse checkout omits the file.
    is_left_out: bool,
}

impl Repository {
    /// The paths that differ between `commit` and what is there now: the files on disk, as far as git does not ignore them. A
    /// file that a sparse checkout leaves out is as the index has it. Outside of a folder, what the index has and no file
    /// shows differs as well: not every name can be checked out everywhere.
    ///
    /// # Errors
    /// Returns an error if git fails, or a file cannot be read.
    pub fn changed_since(&self, commit: &str, scope: Scope<'_>) -> Result<BTreeSet<String>, Error> {
        match (scope, self.root.strip_prefix(&self.top)) {
            (Scope::Outside(folder, indexed), Ok(store)) if store != Path::new("") => {
                // A store may be a folder of a repository: what is beside it is still none of the store.
                let from_top =
                    |folder: &str| store.join(folder).to_string_lossy().replace('\\', "/");
                self.whole().changed(
                    commit,
                    Scope::Outside(&from_top(folder), &from_top(indexed)),
                )
            }
            _ => self.changed(commit, scope),
        }
    }

    fn changed(&self, commit: &str, scope: Scope<'_>) -> Result<BTreeSet<String>, Error> {
        let folder = if let Scope::Below(folder) = scope {
            Some(folder)
        } else {
            None
        };
        let mut before = self.committed(commit, folder)?;
        before.retain(|path, _| scope.includes(path));
        let tracked: Vec<(RepositoryPath, Tracked)> = self
            .tracked(folder)?
            .into_iter()
            .filter(|(path, _)| scope.includes(path))
            .collect();
        let disk = Disk {
            root: &self.root,
            format: Format::of(commit),
        };
        let now = |(path, tracked): &(RepositoryPath, Tracked)| -> Result<Option<(RepositoryPath, Stored)>, Error> {
            let is_read = scope.reads_disk(path) && tracked.stored.kind() != EntryKind::Other;
            let on_disk = if is_read { disk.stored(path, Some(&tracked.stored))? } else { None };
            let is_as_stored = !is_read || tracked.is_left_out;
            Ok(on_disk.or_else(|| is_as_stored.then(|| tracked.stored.clone())).map(|stored| (path.clone(), stored)))
        };
        let now: Vec<Option<(RepositoryPath, Stored)>> =
            tracked.par_iter().map(now).collect::<Result<_, _>>()?;
        let mut after: BTreeMap<RepositoryPath, Stored> = now.into_iter().flatten().collect();
        if let Scope::Outside(..) = scope {
            let unseen = tracked
                .into_iter()
                .filter(|(path, _)| !before.contains_key(path) && !after.contains_key(path));
            let unseen: Vec<(RepositoryPath, Stored)> = unseen
                .map(|(path, tracked)| (path, tracked.stored))
                .collect();
            after.extend(unseen);
        }
        for path in self
            .untracked(folder)?
            .into_iter()
            .filter(|path| scope.includes(path) && scope.reads_disk(path))
        {
            if let Some(stored) = disk.stored(&path, before.get(&path))? {
                after.insert(path, stored);
            }
        }
        let paths: BTreeSet<&RepositoryPath> = before.keys().chain(after.keys()).collect();
        Ok(paths
            .into_iter()
            .filter(|path| before.get(*path) != after.get(*path))
            .map(RepositoryPath::told)
            .collect())
    }

    /// Returns the files below `folder` that a sparse checkout omits, from the index. Includes the
    /// bytes that this clone has.
    ///
    /// # Errors
    /// Returns an error if git fails, or the files exceed the size limit.
    pub fn left_out(&self, folder: &str) -> Result<super::Tree, Error> {
        let is_absent =
            |path: &RepositoryPath| fs::symlink_metadata(self.root.join(path.on_disk())).is_err();
        let is_left_out =
            |(path, tracked): &(RepositoryPath, Tracked)| tracked.is_left_out && is_absent(path);
        let left_out: Vec<(RepositoryPath, Tracked)> = self
            .tracked(Some(folder))?
            .into_iter()
            .filter(is_left_out)
            .collect();
        let files: Vec<_> = left_out
            .iter()
            .map(|(path, tracked)| path.entry(tracked.stored.kind()))
            .collect();
        let plain = files
            .iter()
            .zip(&left_out)
            .filter(|(file, _)| file.kind == EntryKind::File);
        let named =
            plain.map(|(file, (_, tracked))| (file.path.clone(), tracked.stored.object.clone()));
        let read = self.blobs(named.collect(), &|_, _| true);
        let (bytes, missing) =
            read.with_context(|| format!("reading what is not checked out of `{folder}/`"))?;
        Ok(super::Tree {
            files,
            bytes,
            missing,
        })
    }

    /// The index; of a file that waits to be merged, a blob that no file has.
    fn tracked(&self, folder: Option<&str>) -> Result<BTreeMap<RepositoryPath, Tracked>, Error> {
        let told = self.listed(&["ls-files", "-t", "--stage", "-z"], folder)?;
        Ok(told
            .split(|byte| *byte == 0)
            .filter_map(index_line)
            .collect())
    }

    /// The files that git neither tracks nor ignores, but for what killed runs left behind. Of another repository inside of this one, its folder with a slash.
    fn untracked(&self, folder: Option<&str>) -> Result<Vec<RepositoryPath>, Error> {
        let told = self.listed(
            &["ls-files", "--others", "--exclude-standard", "-z"],
            folder,
        )?;
        let is_leftover = |path: &RepositoryPath| {
            path.told()
                .rsplit('/')
                .next()
                .is_some_and(files::is_leftover)
        };
        let paths = told
            .split(|byte| *byte == 0)
            .filter(|path| !path.is_empty())
            .map(RepositoryPath::new);
        Ok(paths.filter(|path| !is_leftover(path)).collect())
    }

    fn listed(&self, arguments: &[&str], folder: Option<&str>) -> Result<Vec<u8>, Error> {
        let mut arguments = arguments.to_vec();
        arguments.extend(folder.iter().flat_map(|folder| ["--", *folder]));
        self.git.list(&arguments)?.map_err(|complaint| {
            Error::new(format!(
                "listing the files of the git repository: {complaint}"
            ))
        })
    }
}

/// `<tag> <mode> <object> <stage>\t<path>`: the tag `S` is of what a sparse checkout leaves out.
fn index_line(line: &[u8]) -> Option<(RepositoryPath, Tracked)> {
    let (facts, path) = RepositoryPath::behind_tab(line)?;
    let mut facts = facts.split_ascii_whitespace();
    let (tag, mode, object, stage) = (facts.next()?, facts.next()?, facts.next()?, facts.next()?);
    let object = if stage == "0" {
        object.to_owned()
    } else {
        String::new()
    };
    Some((
        path,
        Tracked {
            stored: Stored {
                mode: mode.to_owned(),
                object,
            },
            is_left_out: tag == "S",
        },
    ))
}

/// How a repository names its objects.
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
    /// The file at `path` as git would store it; `None` where none is. `known` is how git has it: whether it can be executed is
    /// taken from there, since not every file system can tell.
    fn stored(
        &self,
        path: &RepositoryPath,
        known: Option<&Stored>,
    ) -> Result<Option<Stored>, Error> {
        let below = path.on_disk();
        let place = self.root.join(&below);
        let doing = || format!("reading {}", path.told());
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
        if self.is_behind_link(&below) {
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

    /// Whether a folder on the way to `path` is a link: what is behind it is none of the repository's.
    fn is_behind_link(&self, path: &Path) -> bool {
        let mut folders = path
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
