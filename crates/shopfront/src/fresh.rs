//! The door to a new folder: what is in it already, and files that are written where none was.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, absolute};

use crate::error::{Doing, Error};

/// What the folder is called, wherever we stand; nothing for the root of a file system.
///
/// # Errors
/// When the current directory is gone.
pub fn name(folder: &Path) -> Result<String, Error> {
    let whole = folder.canonicalize().or_else(|_| absolute(folder)).doing(|| format!("finding the folder {}", folder.display()))?;
    Ok(whole.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default())
}

/// The names of what is in the folder, sorted; none when there is no such folder.
///
/// # Errors
/// When it can not be read.
pub fn names(folder: &Path) -> Result<Vec<String>, Error> {
    let what = || format!("opening the folder {}", folder.display());
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(cause).doing(what),
    };
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry.doing(what)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// Writes a file, and its folders; never over one that is there.
///
/// # Errors
/// When there is one, or it can not be written.
pub fn write(folder: &Path, path: &str, text: &str) -> Result<(), Error> {
    let target = folder.join(path);
    if let Some(parent) = target.parent() {
        fs::create_dir_all(parent).doing(|| format!("making the folder of {path}"))?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(target).doing(|| format!("writing {path}"))?;
    file.write_all(text.as_bytes()).doing(|| format!("writing {path}"))
}
