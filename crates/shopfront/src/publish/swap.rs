//! The moment of publishing: one exchange of two folders where the system has it, else two renames
//! that the next start repairs when they were cut in two.

use std::fs;
use std::path::Path;

use super::staging::{Staged, remove};
use super::{Places, SUMS};
use shopfront_diagnostics::error::{Context, Error};

/// Puts `staged` where people see it. What was there before is gone afterwards.
///
/// # Errors
/// When the target is not one of ours, or the system refuses; then what was published stays.
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
    // Both now hold the old store, or nothing.
    remove(&places.staging)?;
    remove(&places.previous)
}

/// What stands for an exchange where the system has none.
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

/// Repairs what a run left that was killed between two renames: then the old store is seen again.
///
/// # Errors
/// When the system refuses.
pub(super) fn recover(places: &Places) -> Result<(), Error> {
    if !places.target.exists() && places.previous.join(SUMS).exists() {
        fs::rename(&places.previous, &places.target).with_context(|| {
            format!("putting the old store back to {}", places.target.display())
        })?;
    }
    Ok(())
}

/// A folder that holds something else is never replaced.
///
/// # Errors
/// When `target` is a file, or a folder with content that is not ours.
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

/// Exchanges two folders; `false` where the system, or this file system, can not do that.
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
        // There is no staging folder.
        let error = by_two_renames(&places).expect_err("nothing to publish");
        assert!(error.to_string().starts_with("publishing "), "{error}");
        assert!(places.target.join(SUMS).is_file() && !places.previous.exists());
    }
}
