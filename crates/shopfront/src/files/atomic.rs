//! Files that are replaced in one step, by way of a temporary file beside them; and what is left of
//! those of killed runs.
//!
//! Who writes a temporary file holds a lock on it. The system lets go of it when the process ends,
//! however it ends: a file that can be locked belongs to nobody any more.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use shopfront_diagnostics::error::{Context, Error};

/// How the names of temporary files begin.
const PREFIX: &str = ".shopfront-";
/// How many letters and digits follow.
const RANDOM: usize = 6;
/// How often a temporary file is made anew when another run took it for left behind, in the moment
/// before it was locked.
const MAX_ATTEMPTS: usize = 8;
/// Deeper folders are not searched; none of ours is so deep.
const MAX_FOLDERS: usize = 12;

/// Whether a file called `name` is, or was, on its way to replace another.
pub fn is_leftover(name: &str) -> bool {
    let random = name.strip_prefix(PREFIX);
    random.is_some_and(|random| {
        random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Writes a file so that a kill at any moment leaves the old one or the new one; says whether
/// anything changed.
///
/// # Errors
/// When it can not be written.
pub fn replace(root: &Path, path: &str, bytes: &[u8]) -> Result<bool, Error> {
    write(root, path, bytes, |_| Ok(()))
}

/// As [`replace`], of a file that can not be had again: a loss of power leaves the old one or the
/// new one, too.
///
/// # Errors
/// When it can not be written.
pub fn replace_synced(root: &Path, path: &str, bytes: &[u8]) -> Result<bool, Error> {
    let is_changed = write(root, path, bytes, File::sync_all)?;
    // The name is safe only when the folder is; not every system lets a folder be opened for that.
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

/// Removes what killed runs left half written below `folder`, as far as that can be told; it hurts
/// nobody where it stays.
pub fn clear_leftovers(root: &Path, folder: &str) {
    let mut folders = vec![(root.join(folder), 1)];
    while let Some((folder, depth)) = folders.pop() {
        let below = clear_leftovers_in(&folder)
            .into_iter()
            .filter(|_| depth < MAX_FOLDERS);
        folders.extend(below.map(|name| (folder.join(name), depth + 1)));
    }
}

/// As [`clear_leftovers`], in `folder` itself; returns the names of the folders in it.
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

/// Whether nobody writes the temporary file at `path` any more.
fn is_left(path: &Path) -> bool {
    // Some file systems lock only what may be written.
    OpenOptions::new()
        .read(true)
        .write(true)
        .open(path)
        .is_ok_and(|file| file.try_lock().is_ok())
}

/// Temporary files are private by default; what is written here is for everybody.
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
