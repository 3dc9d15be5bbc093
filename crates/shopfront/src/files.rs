//! File system access: reading the store, and small atomic writes. Publication is in
//! [`crate::publish`].

mod atomic;

pub use atomic::{clear_leftovers, clear_leftovers_in, is_leftover, replace, replace_synced};

use std::collections::BTreeMap;
use std::fs::{self, TryLockError};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use shopfront_check::load::{EntryKind, WalkEntry};
use shopfront_diagnostics::error::{Context, Error};
use shopfront_model::catalogue::INSTALLED;

fn kind_of(kind: fs::FileType) -> EntryKind {
    match (kind.is_symlink(), kind.is_file()) {
        (true, _) => EntryKind::Link,
        (false, true) => EntryKind::File,
        _ => EntryKind::Other,
    }
}

/// Initial buffer size, in bytes. Snippets are smaller, and larger files grow the buffer.
const USUAL_FILE: usize = 8 << 10;

/// Maximum depth of directories. Deeper ones are a mistake or an attack.
const MAX_FOLDERS: usize = 12;

/// Directory of caches and of results of queries in other commands. Nothing in it is ever
/// committed.
pub const CACHE: &str = ".shopfront-cache";

/// Returns `path` from the root of the file system, without following links. Returns `None` if the
/// current directory is unknown.
pub fn absolute(path: &Path) -> Option<PathBuf> {
    std::path::absolute(path).ok()
}

/// Writes a file below [`CACHE`] like [`replace`]. Git ignores that directory, independently of the
/// ignore rules of the store.
///
/// # Errors
/// Returns an error if the file cannot be written.
pub fn replace_cached(root: &Path, path: &str, bytes: &[u8]) -> Result<bool, Error> {
    let ignored = format!("{CACHE}/.gitignore");
    if !exists(&root.join(&ignored)) {
        replace(root, &ignored, b"*\n")?;
    }
    replace(root, &format!("{CACHE}/{path}"), bytes)
}

/// Everything below `folder`, sorted by path; nothing, when there is no such folder. Stops after `most` files. What a run
/// that was killed left half written is passed over, and nothing else: git lists the same.
///
/// # Errors
/// Returns an error if a directory cannot be read.
pub fn walk(root: &Path, folder: &str, most: usize) -> Result<Vec<WalkEntry>, Error> {
    walk_but(root, folder, &[], most)
}

/// As [`walk`], without what is called like one of `passed_over`.
fn walk_but(
    root: &Path,
    folder: &str,
    passed_over: &[&str],
    most: usize,
) -> Result<Vec<WalkEntry>, Error> {
    let mut all = Vec::new();
    if link_before(root, folder).is_some() {
        return Ok(all);
    }
    // The folders still to be listed, each with its path as it is told, and how deep it lies.
    let mut folders = match fs::symlink_metadata(root.join(folder)) {
        Ok(it) if it.is_dir() => vec![(root.join(folder), folder.to_owned(), 1)],
        Ok(it) => {
            return Ok(vec![WalkEntry {
                path: folder.to_owned(),
                kind: kind_of(it.file_type()),
            }]);
        }
        Err(cause) if is_absent(&cause) => return Ok(all),
        Err(cause) => return Err(cause).with_context(|| format!("listing {folder}")),
    };
    'folders: while let Some((place, told, depth)) = folders.pop() {
        for entry in fs::read_dir(&place).with_context(|| format!("listing {told}"))? {
            let entry = entry.with_context(|| format!("listing {told}"))?;
            let (name, kind) = (
                entry.file_name(),
                entry
                    .file_type()
                    .with_context(|| format!("listing {told}"))?,
            );
            if passed_over.iter().any(|other| name == *other) {
                continue;
            }
            let path = format!("{told}/{}", name.to_string_lossy());
            let is_text = name.to_str().is_some();
            if kind.is_file() && name.to_str().is_some_and(is_leftover) {
                continue;
            }
            if is_text && kind.is_dir() && depth < MAX_FOLDERS {
                folders.push((entry.path(), path, depth + 1));
                continue;
            }
            all.push(WalkEntry {
                path,
                kind: if is_text {
                    kind_of(kind)
                } else {
                    EntryKind::Other
                },
            });
            if all.len() > most {
                break 'folders;
            }
        }
    }
    all.par_sort_unstable();
    Ok(all)
}

/// Returns `true` if `path` exists. Follows links.
pub fn exists(path: &Path) -> bool {
    path.exists()
}

/// Returns `true` if `path` is a regular file. Follows links.
pub fn is_file(path: &Path) -> bool {
    path.is_file()
}

/// Returns `true` if `path` is a directory. Follows links.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

fn is_absent(cause: &io::Error) -> bool {
    matches!(cause.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// Locks `file`, which is at `path`, until it is closed. Returns `false` if another process has
/// locked it.
///
/// # Errors
/// Returns an error if the file system does not support locks.
pub fn lock(file: &fs::File, path: &Path) -> Result<bool, Error> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(cause)) => {
            Err(cause).with_context(|| format!("locking {}", path.display()))
        }
    }
}

/// Returns the bytes of a file below `root`: at most `most` plus one, so that the caller can detect
/// a larger file.
///
/// # Errors
/// Returns an error if the file cannot be read.
pub fn read(root: &Path, path: &str, most: usize) -> Result<Vec<u8>, Error> {
    read_optional(root, path, most)?
        .ok_or_else(|| Error::new(format!("reading {path}: there is no such file")))
}

/// Returns the bytes like [`read`], or `None` if the file does not exist.
///
/// # Errors
/// Returns an error if the file exists and cannot be read.
pub fn read_optional(root: &Path, path: &str, most: usize) -> Result<Option<Vec<u8>>, Error> {
    let file = match fs::File::open(root.join(path)) {
        Ok(file) => file,
        Err(cause) if is_absent(&cause) => return Ok(None),
        Err(cause) => return Err(cause).with_context(|| format!("reading {path}")),
    };
    // Nearly every file of a store fits. Querying the length first would cost as much as reading
    // the file.
    let mut bytes = Vec::with_capacity(USUAL_FILE.min(most) + 1);
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    file.take(limit)
        .read_to_end(&mut bytes)
        .with_context(|| format!("reading {path}"))?;
    Ok(Some(bytes))
}

/// The first folder on the way from `root` to `path` that is a link, which may lead out of the store. A path from the root of the
/// file system is one that a person chose.
fn link_before(root: &Path, path: &str) -> Option<PathBuf> {
    let folders: Vec<&Path> = Path::new(path)
        .ancestors()
        .skip(1)
        .filter(|folder| !folder.as_os_str().is_empty())
        .collect();
    let is_link =
        |folder: &&Path| fs::symlink_metadata(root.join(folder)).is_ok_and(|it| it.is_symlink());
    folders
        .into_iter()
        .rev()
        .filter(|folder| folder.is_relative())
        .find(is_link)
        .map(Path::to_path_buf)
}

/// Refuses to change what is behind a link below `root`: a repository may hold one that leads anywhere.
fn refuse_link(root: &Path, path: &str) -> Result<(), Error> {
    let Some(link) = link_before(root, path) else {
        return Ok(());
    };
    Err(Error::new(format!(
        "`{}` is a link, and what is behind it is not changed",
        link.display()
    ))
    .help("put a folder in its place: whatever is written for a store lies in it"))
}

/// As [`read_if_there`], but of a plain file only: never through a link, which may lead out of the store.
///
/// # Errors
/// Returns an error if the file exists and cannot be read.
pub fn read_plain(root: &Path, path: &str, most: usize) -> Result<Option<Vec<u8>>, Error> {
    let is_plain = link_before(root, path).is_none()
        && fs::symlink_metadata(root.join(path)).is_ok_and(|it| it.is_file());
    if is_plain {
        read_optional(root, path, most)
    } else {
        Ok(None)
    }
}

/// Returns the bytes of a file that the user named, relative to the current directory. At most
/// `most` bytes.
///
/// # Errors
/// Returns an error if the file cannot be read, or is larger.
pub fn read_named(path: &Path, most: usize) -> Result<Vec<u8>, Error> {
    let bytes = read(Path::new(""), &path.to_string_lossy(), most)?;
    if bytes.len() > most {
        return Err(Error::new(format!(
            "{} has more than {most} bytes",
            path.display()
        )));
    }
    Ok(bytes)
}

/// Writes a file that the user named, relative to the current directory.
///
/// # Errors
/// Returns an error if the file cannot be written.
pub fn write_named(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    fs::write(path, bytes).with_context(|| format!("writing {}", path.display()))
}

/// Opens a package file that the user named, relative to the current directory.
///
/// # Errors
/// Returns an error if it is not a regular file, or cannot be opened.
pub fn open_package(path: &Path) -> Result<fs::File, Error> {
    let shown = || format!("opening {}", path.display());
    let file = fs::File::open(path).with_context(shown)?;
    if !file.metadata().with_context(shown)?.is_file() {
        return Err(Error::new(format!("{} is no file", path.display()))
            .help("name a wheel or a source distribution, as in `dist/*.whl`"));
    }
    Ok(file)
}

/// Returns all text files below `folder` by their relative path. Omits links and binary files.
///
/// # Errors
/// Returns an error if a directory or a file cannot be read.
pub fn texts(root: &Path, folder: &str) -> Result<BTreeMap<String, String>, Error> {
    const MOST_FILES: usize = 1_000;
    const MOST_BYTES: usize = 1 << 20;
    let mut texts = BTreeMap::new();
    // What a package manager puts beside the templates is thousands of files and none of ours.
    for found in walk_but(root, folder, &[INSTALLED], MOST_FILES)? {
        if found.kind != EntryKind::File {
            continue;
        }
        let Ok(text) = String::from_utf8(read(root, &found.path, MOST_BYTES)?) else {
            continue;
        };
        texts.insert(found.path[folder.len() + 1..].to_owned(), text);
    }
    Ok(texts)
}

/// Removes a regular file, and its directory if that becomes empty.
///
/// # Errors
/// Returns an error if the file exists and cannot be removed.
pub fn remove(root: &Path, path: &str) -> Result<(), Error> {
    refuse_link(root, path)?;
    let target = root.join(path);
    match fs::remove_file(&target) {
        Err(cause) if !is_absent(&cause) => {
            return Err(cause).with_context(|| format!("removing {path}"));
        }
        _ => {}
    }
    if let Some(folder) = target.parent() {
        // Fails for a directory that is not empty, as intended.
        let _ = fs::remove_dir(folder);
    }
    Ok(())
}

/// Returns the absolute path of the directory that the user named.
///
/// # Errors
/// Returns an error if the directory does not exist.
pub fn root(folder: &Path) -> Result<PathBuf, Error> {
    folder
        .canonicalize()
        .with_context(|| format!("opening the folder {}", folder.display()))
}
