//! New directories: existing contents, and creation of files without overwriting.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, absolute};

use crate::files;
use shopfront_diagnostics::error::{Context, Error};

/// Prefix of the directory in which files are written before they are moved to their places; see
/// [`files::is_leftover`].
const BEGUN: &str = ".shopfront-";

/// Returns the name of the directory, independent of the current directory. Empty for the root of a
/// file system.
///
/// # Errors
/// Returns an error if the current directory no longer exists.
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

/// Returns the sorted names of the directory's contents. Empty if the directory does not exist.
/// Skips leftovers of killed runs.
///
/// # Errors
/// Returns an error if the directory cannot be read.
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

/// Writes `files` into the directory without overwriting. If the run is killed meanwhile, either
/// all files are written or none. Removes leftovers of killed runs.
///
/// # Errors
/// Returns an error if one of the files exists, or cannot be written.
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

/// Returns `true` if a killed run of `init` created the directory `name`.
fn is_begun(folder: &Path, name: &str) -> bool {
    files::is_leftover(name) && fs::symlink_metadata(folder.join(name)).is_ok_and(|it| it.is_dir())
}
