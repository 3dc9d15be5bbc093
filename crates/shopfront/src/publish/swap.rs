//! Final step of publication: an atomic exchange of two directories where the system supports it.
//! Else two renames, which the next start repairs if they were interrupted.

use std::fs;
use std::path::Path;

use super::staging::{Staged, remove};
use super::{Places, SUMS};
use shopfront_diagnostics::error::{Context, Error};

/// Publishes `staged`, and removes the previous store.
///
/// # Errors
/// Returns an error if this program did not write the target, or if the system refuses. The
/// previous store stays then.
pub fn publish(staged: Staged) -> Result<(), Error> {
    let places = &staged.places;
    refuse_foreign(&places.target)?;
    if !places.target.exists() {
        return fs::rename(&places.staging, &places.target)
            .with_context(|| format!("publishing {}", places.target.display()));
    }
    if !exchange(&places.staging, &places.target)? {
        by_two_renames(places)?;
    }
    // Each of the two contains the old store, or nothing.
    remove(&places.staging)?;
    remove(&places.previous)
}

/// Replaces the exchange on systems without it.
fn by_two_renames(places: &Places) -> Result<(), Error> {
    remove(&places.previous)?;
    fs::rename(&places.target, &places.previous)
        .with_context(|| format!("moving the old store out of {}", places.target.display()))?;
    let published = fs::rename(&places.staging, &places.target)
        .with_context(|| format!("publishing {}", places.target.display()));
    if published.is_err() {
        recover(places)?;
    }
    published
}

/// Repairs the state after a run that was killed between two renames: the old store is published
/// again.
///
/// # Errors
/// Returns an error if the system refuses.
pub(super) fn recover(places: &Places) -> Result<(), Error> {
    if !places.target.exists() && places.previous.join(SUMS).exists() {
        fs::rename(&places.previous, &places.target).with_context(|| {
            format!("putting the old store back to {}", places.target.display())
        })?;
    }
    Ok(())
}

/// Refuses to replace a directory with foreign contents.
///
/// # Errors
/// Returns an error if `target` is a file, or a directory that this program did not write.
pub fn refuse_foreign(target: &Path) -> Result<(), Error> {
    if !target.exists() || target.join(SUMS).is_file() {
        return Ok(());
    }
    let is_empty = fs::read_dir(target).is_ok_and(|mut entries| entries.next().is_none());
    if is_empty {
        return Ok(());
    }
    let message = format!(
        "{} holds something that is no published store",
        target.display()
    );
    Err(Error::new(message).help("name another folder with `--out`, or clear this one"))
}

/// Exchanges two directories. Returns `false` if the system, or this file system, does not support
/// it.
#[cfg(target_os = "linux")]
fn exchange(a: &Path, b: &Path) -> Result<bool, Error> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(Errno::NOSYS | Errno::INVAL | Errno::OPNOTSUPP) => Ok(false),
        Err(cause) => Err(cause).with_context(|| format!("publishing {}", b.display())),
    }
}

#[cfg(not(target_os = "linux"))]
fn exchange(_a: &Path, _b: &Path) -> Result<bool, Error> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_published_stays_when_the_second_rename_fails() {
        let folder = tempfile::tempdir().expect("a folder");
        let places = Places::of(&folder.path().join("dist")).expect("a place");
        fs::create_dir(&places.target).expect("a store");
        fs::write(places.target.join(SUMS), "").expect("its sums");
        // The staging directory does not exist.
        let error = by_two_renames(&places).expect_err("nothing to publish");
        assert!(error.to_string().starts_with("publishing "), "{error}");
        assert!(places.target.join(SUMS).is_file() && !places.previous.exists());
    }
}
