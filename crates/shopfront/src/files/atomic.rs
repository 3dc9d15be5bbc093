//! Atomic replacement of files by means of a temporary file beside them, and removal of the
//! temporary files of killed runs.
//!
//! A process that writes a temporary file locks it. The system releases the lock whenever and
//! however the process ends: a file that can be locked has no owner any more.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use shopfront_diagnostics::error::{Context, Error};

/// Prefix of the names of temporary files.
const PREFIX: &str = ".shopfront-";
/// Number of random letters and digits after the prefix.
const RANDOM: usize = 6;
/// Maximum number of attempts to create a temporary file. Another run may remove it as a leftover
/// before it is locked.
const MAX_ATTEMPTS: usize = 8;
/// Maximum depth of the search. All directories of this program are less deep.
const MAX_FOLDERS: usize = 12;

/// Returns `true` if `name` is the name of a temporary file that replaces another file.
pub fn is_leftover(name: &str) -> bool {
    let random = name.strip_prefix(PREFIX);
    random.is_some_and(|random| {
        random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Writes a file so that a kill at any moment leaves either the old or the new one. Returns `true`
/// if anything changed.
///
/// # Errors
/// Returns an error if the file cannot be written.
pub fn replace(root: &Path, path: &str, bytes: &[u8]) -> Result<bool, Error> {
    write(root, path, bytes, |_| Ok(()))
}

/// Writes a file like [`replace`], if its data cannot be obtained again. A power loss also leaves
/// either the old or the new one.
///
/// # Errors
/// Returns an error if the file cannot be written.
pub fn replace_synced(root: &Path, path: &str, bytes: &[u8]) -> Result<bool, Error> {
    let is_changed = write(root, path, bytes, File::sync_all)?;
    // The name is durable only when the directory is. Not every system can open a directory for
    // that.
    if let Some(Ok(folder)) = root.join(path).parent().map(File::open) {
        let _ = folder.sync_all();
    }
    Ok(is_changed)
}

fn write(
    root: &Path,
    path: &str,
    bytes: &[u8],
    settle: fn(&File) -> io::Result<()>,
) -> Result<bool, Error> {
    super::refuse_link(root, path)?;
    let target = root.join(path);
    let doing = || format!("writing {path}");
    let has_length =
        |it: fs::Metadata| usize::try_from(it.len()).is_ok_and(|length| length == bytes.len());
    if fs::metadata(&target).is_ok_and(has_length)
        && fs::read(&target).is_ok_and(|old| old == bytes)
    {
        return Ok(false);
    }
    let folder = target.parent().unwrap_or(root);
    fs::create_dir_all(folder).with_context(|| format!("making the folder of {path}"))?;
    for _ in 0..MAX_ATTEMPTS {
        let mut temporary = tempfile::Builder::new()
            .prefix(PREFIX)
            .rand_bytes(RANDOM)
            .tempfile_in(folder)
            .with_context(doing)?;
        if matches!(
            temporary.as_file().try_lock(),
            Err(TryLockError::WouldBlock)
        ) {
            continue;
        }
        temporary
            .write_all(bytes)
            .and_then(|()| make_readable(temporary.as_file()))
            .and_then(|()| settle(temporary.as_file()))
            .with_context(doing)?;
        match temporary.persist(&target) {
            Ok(_) => return Ok(true),
            Err(fault) if fault.error.kind() == ErrorKind::NotFound && folder.is_dir() => {}
            Err(fault) => return Err(fault.error).with_context(doing),
        }
    }
    Err(Error::new(format!(
        "writing {path}: its temporary file is taken away again and again"
    )))
}

/// Removes partially written files of killed runs below `folder`, as far as they can be detected.
/// Files that remain are harmless.
pub fn clear_leftovers(root: &Path, folder: &str) {
    // Nothing behind a link is ours.
    if super::link_before(root, &format!("{folder}/x")).is_some() {
        return;
    }
    let mut folders = vec![(root.join(folder), 1)];
    while let Some((folder, depth)) = folders.pop() {
        let below = clear_leftovers_in(&folder)
            .into_iter()
            .filter(|_| depth < MAX_FOLDERS);
        folders.extend(below.map(|name| (folder.join(name), depth + 1)));
    }
}

/// Removes files like [`clear_leftovers`] in `folder` itself. Returns the names of its
/// subdirectories.
pub fn clear_leftovers_in(folder: &Path) -> Vec<std::ffi::OsString> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
    {
        let (name, Ok(kind)) = (entry.file_name(), entry.file_type()) else {
            continue;
        };
        if kind.is_dir() && name != "node_modules" {
            folders.push(name);
        } else if kind.is_file() && name.to_str().is_some_and(is_leftover) && is_left(&entry.path())
        {
            let _ = fs::remove_file(entry.path());
        }
    }
    folders
}

/// Returns `true` if no process writes the temporary file at `path` any more.
fn is_left(path: &Path) -> bool {
    // Some file systems lock only writable files.
    OpenOptions::new()
        .read(true)
        .write(true)
        .open(path)
        .is_ok_and(|file| file.try_lock().is_ok())
}

/// Makes the file readable for all users. Temporary files are private by default.
#[cfg(unix)]
fn make_readable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn make_readable(_file: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_temporary_file_of_a_run_that_goes_on_is_not_cleared_away() {
        let folder = tempfile::tempdir().expect("a folder");
        let (live, left) = (
            folder.path().join(".shopfront-Alive1"),
            folder.path().join(".shopfront-Left22"),
        );
        let file = File::create(&live).expect("a file");
        file.try_lock().expect("a lock");
        fs::write(&left, "{").expect("a file");
        for name in [
            ".shopfront-cache",
            ".shopfront.lock",
            ".shopfront-notes.json",
            ".shopfront-é1234",
            "a.json",
        ] {
            fs::write(folder.path().join(name), "").expect("a file");
        }
        clear_leftovers(folder.path(), "");
        assert!(live.exists() && !left.exists());
        drop(file);
        clear_leftovers(folder.path(), "");
        assert!(!live.exists());
        assert_eq!(
            fs::read_dir(folder.path()).expect("a folder").count(),
            5,
            "nothing else is taken away"
        );
    }

    #[cfg(unix)]
    #[test]
    fn nothing_behind_a_link_is_read_listed_changed_or_taken_away() {
        use crate::files::{read_plain, remove, walk};
        let (store, elsewhere) = (
            tempfile::tempdir().expect("a folder"),
            tempfile::tempdir().expect("a folder"),
        );
        for name in ["a.json", ".shopfront-Left22"] {
            fs::write(elsewhere.path().join(name), "old").expect("a file");
        }
        fs::create_dir(store.path().join("answers")).expect("a folder");
        for link in ["answers/pypi", "cache"] {
            std::os::unix::fs::symlink(elsewhere.path(), store.path().join(link)).expect("a link");
            let path = format!("{link}/a.json");
            for fault in [
                replace(store.path(), &path, b"new").map(drop),
                replace(store.path(), &format!("{link}/deep/b.json"), b"new").map(drop),
                replace_synced(store.path(), &path, b"old").map(drop),
                remove(store.path(), &path),
            ] {
                let fault = fault.expect_err("a link");
                assert!(
                    fault.to_string().contains(&format!("`{link}` is a link")),
                    "{fault}"
                );
            }
            assert_eq!(read_plain(store.path(), &path, 9).expect("no fault"), None);
            assert_eq!(
                walk(store.path(), &format!("{link}/x"), 9).expect("no fault"),
                Vec::new()
            );
            clear_leftovers(store.path(), link);
        }
        clear_leftovers(store.path(), "");
        assert_eq!(
            fs::read(elsewhere.path().join("a.json")).expect("a file"),
            b"old"
        );
        assert_eq!(fs::read_dir(elsewhere.path()).expect("a folder").count(), 2);
    }

    #[test]
    fn files_are_written_while_another_run_clears_away() {
        let folder = tempfile::tempdir().expect("a folder");
        let is_done = std::sync::atomic::AtomicBool::new(false);
        let written = std::thread::scope(|scope| {
            scope.spawn(|| {
                while !is_done.load(std::sync::atomic::Ordering::Relaxed) {
                    clear_leftovers(folder.path(), "");
                }
            });
            let mut numbers = 0..500;
            let written = numbers.try_for_each(|number| {
                replace(folder.path(), "a.json", format!("{number}").as_bytes()).map(drop)
            });
            is_done.store(true, std::sync::atomic::Ordering::Relaxed);
            written
        });
        written.expect("every time");
        assert_eq!(
            fs::read(folder.path().join("a.json")).expect("a file"),
            b"499"
        );
    }
}
