//! The door to the file system: reading the store, and small safe writes. Publishing is in
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

fn kind_of(kind: fs::FileType) -> EntryKind {
    match (kind.is_symlink(), kind.is_file()) {
        (true, _) => EntryKind::Link,
        (false, true) => EntryKind::File,
        _ => EntryKind::Other,
    }
}

/// Snippets are smaller; what is larger grows the buffer.
const USUAL_FILE: usize = 8 << 10;

/// How deep folders are followed; deeper ones can only be a mistake or a trap.
const MAX_FOLDERS: usize = 12;

/// The folder of what is kept to be quick, and of what is learned in passing: nothing of it is ever
/// committed.
pub const CACHE: &str = ".shopfront-cache";

/// Returns `path` from the root of the file system, without following links; `None` if the current
/// directory is unknown.
pub fn absolute(path: &Path) -> Option<PathBuf> {
    std::path::absolute(path).ok()
}

/// Writes a file below [`CACHE`] as [`replace`] does. Git ignores that folder, whatever the store
/// tells it to ignore.
///
/// # Errors
/// When it can not be written.
pub fn replace_cached(root: &Path, path: &str, bytes: &[u8]) -> Result<bool, Error> {
    let ignored = format!("{CACHE}/.gitignore");
    if !exists(&root.join(&ignored)) {
        replace(root, &ignored, b"*\n")?;
    }
    replace(root, &format!("{CACHE}/{path}"), bytes)
}

/// Everything below `folder`, sorted by path; nothing, when there is no such folder. Stops after
/// `most` files. What a run that was killed left half written is passed over.
///
/// # Errors
/// When a folder can not be read.
pub fn walk(root: &Path, folder: &str, most: usize) -> Result<Vec<WalkEntry>, Error> {
    let mut all = Vec::new();
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
            // What a package manager puts beside the templates is thousands of files and none of
            // ours.
            if name == "node_modules" {
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

/// Whether something is at `path`, behind links too.
pub fn exists(path: &Path) -> bool {
    path.exists()
}

/// Whether a plain file is at `path`, behind links too.
pub fn is_file(path: &Path) -> bool {
    path.is_file()
}

/// Whether a folder is at `path`, behind links too.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

fn is_absent(cause: &io::Error) -> bool {
    matches!(cause.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// Locks `file`, which lies at `path`, for as long as it is open; `false` where another process has
/// it locked.
///
/// # Errors
/// When the file system has no locks.
pub fn lock(file: &fs::File, path: &Path) -> Result<bool, Error> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(cause)) => {
            Err(cause).with_context(|| format!("locking {}", path.display()))
        }
    }
}

/// The bytes of a file below `root`, at most `most` and one more, so that the caller sees that
/// there are too many.
///
/// # Errors
/// When it can not be read.
pub fn read(root: &Path, path: &str, most: usize) -> Result<Vec<u8>, Error> {
    read_optional(root, path, most)?
        .ok_or_else(|| Error::new(format!("reading {path}: there is no such file")))
}

/// As [`read`]; `None` when there is no such file.
///
/// # Errors
/// When it is there and can not be read.
pub fn read_optional(root: &Path, path: &str, most: usize) -> Result<Option<Vec<u8>>, Error> {
    let file = match fs::File::open(root.join(path)) {
        Ok(file) => file,
        Err(cause) if is_absent(&cause) => return Ok(None),
        Err(cause) => return Err(cause).with_context(|| format!("reading {path}")),
    };
    // Nearly every file of a store fits: asking for its length first would cost as much as reading
    // it.
    let mut bytes = Vec::with_capacity(USUAL_FILE.min(most) + 1);
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    file.take(limit)
        .read_to_end(&mut bytes)
        .with_context(|| format!("reading {path}"))?;
    Ok(Some(bytes))
}

/// As [`read_optional`], but of a plain file only: never through a link, which may lead out of the
/// store.
///
/// # Errors
/// When it is there and can not be read.
pub fn read_plain(root: &Path, path: &str, most: usize) -> Result<Option<Vec<u8>>, Error> {
    let is_plain = fs::symlink_metadata(root.join(path)).is_ok_and(|it| it.is_file());
    if is_plain {
        read_optional(root, path, most)
    } else {
        Ok(None)
    }
}

/// The bytes of a file that a person named, from the current directory as they see it; at most
/// `most`.
///
/// # Errors
/// When it can not be read, or is larger.
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

/// Writes a file that a person named, from the current directory as they see it.
///
/// # Errors
/// When it can not be written.
pub fn write_named(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    fs::write(path, bytes).with_context(|| format!("writing {}", path.display()))
}

/// Opens a package file that a person named, from the current directory as they see it.
///
/// # Errors
/// When it is no plain file, or can not be opened.
pub fn open_package(path: &Path) -> Result<fs::File, Error> {
    let shown = || format!("opening {}", path.display());
    let file = fs::File::open(path).with_context(shown)?;
    if !file.metadata().with_context(shown)?.is_file() {
        return Err(Error::new(format!("{} is no file", path.display()))
            .help("name a wheel or a source distribution, as in `dist/*.whl`"));
    }
    Ok(file)
}

/// Every text below `folder` by its path below it; links and files that are no text are left out.
///
/// # Errors
/// When a folder or a file can not be read.
pub fn texts(root: &Path, folder: &str) -> Result<BTreeMap<String, String>, Error> {
    const MOST_FILES: usize = 1_000;
    const MOST_BYTES: usize = 1 << 20;
    let mut texts = BTreeMap::new();
    for found in walk(root, folder, MOST_FILES)? {
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

/// Takes a plain file away, and its folder when that is empty then.
///
/// # Errors
/// When it is there and can not be taken away.
pub fn remove(root: &Path, path: &str) -> Result<(), Error> {
    let target = root.join(path);
    match fs::remove_file(&target) {
        Err(cause) if !is_absent(&cause) => {
            return Err(cause).with_context(|| format!("removing {path}"));
        }
        _ => {}
    }
    if let Some(folder) = target.parent() {
        // It fails for a folder that holds something, which is as it should be.
        let _ = fs::remove_dir(folder);
    }
    Ok(())
}

/// The absolute form of the folder that a person named.
///
/// # Errors
/// When there is no such folder.
pub fn root(folder: &Path) -> Result<PathBuf, Error> {
    folder
        .canonicalize()
        .with_context(|| format!("opening the folder {}", folder.display()))
}
