//! The door to a new folder: what is in it already, and files that are written where none was.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, absolute};

use crate::files;
use shopfront_diagnostics::error::{Context, Error};

/// How the folder is called in which files are written before they are moved to their places; see
/// [`files::is_leftover`].
const BEGUN: &str = ".shopfront-";

/// What the folder is called, wherever we stand; nothing for the root of a file system.
///
/// # Errors
/// When the current directory is gone.
pub fn name(folder: &Path) -> Result<String, Error> {
    let whole = folder
        .canonicalize()
        .or_else(|_| absolute(folder))
        .with_context(|| format!("finding the folder {}", folder.display()))?;
    Ok(whole
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default())
}

/// The names of what is in the folder, sorted; none when there is no such folder. What a run that
/// was killed began is passed over.
///
/// # Errors
/// When it can not be read.
pub fn names(folder: &Path) -> Result<Vec<String>, Error> {
    let mut names = names_of_all(folder)?;
    names.retain(|name| !is_begun(folder, name));
    Ok(names)
}

fn names_of_all(folder: &Path) -> Result<Vec<String>, Error> {
    let what = || format!("opening the folder {}", folder.display());
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(cause).with_context(what),
    };
    let mut names = Vec::new();
    for entry in entries {
        names.push(
            entry
                .with_context(what)?
                .file_name()
                .to_string_lossy()
                .into_owned(),
        );
    }
    names.sort();
    Ok(names)
}

/// Writes `files` into the folder, each where none is: all of them, or none when this run is killed
/// while it writes. What an earlier run that was killed left half written is removed.
///
/// # Errors
/// When one of them is there, or can not be written.
pub fn write(folder: &Path, files: &BTreeMap<String, String>) -> Result<(), Error> {
    fs::create_dir_all(folder)
        .with_context(|| format!("making the folder {}", folder.display()))?;
    for name in names_of_all(folder)?
        .iter()
        .filter(|name| is_begun(folder, name))
    {
        fs::remove_dir_all(folder.join(name)).with_context(|| format!("clearing {name}"))?;
    }
    let begun = tempfile::Builder::new()
        .prefix(BEGUN)
        .tempdir_in(folder)
        .with_context(|| format!("writing into {}", folder.display()))?;
    for (path, text) in files {
        let target = begun.path().join(path);
        let made = target.parent().map_or(Ok(()), fs::create_dir_all);
        made.and_then(|()| fs::write(&target, text))
            .with_context(|| format!("writing {path}"))?;
    }
    for name in names_of_all(begun.path())? {
        let target = folder.join(&name);
        if fs::symlink_metadata(&target).is_ok() {
            return Err(Error::new(format!("writing {name}: it is there already")));
        }
        fs::rename(begun.path().join(&name), target).with_context(|| format!("writing {name}"))?;
    }
    Ok(())
}

/// Whether a run of `init` that was killed began the folder called `name`.
fn is_begun(folder: &Path, name: &str) -> bool {
    files::is_leftover(name) && fs::symlink_metadata(folder.join(name)).is_ok_and(|it| it.is_dir())
}
