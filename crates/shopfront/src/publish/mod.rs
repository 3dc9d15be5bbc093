//! Publication: outputs are staged beside the target, verified, and moved to its place.

mod limits;
mod staging;
mod swap;

pub use limits::warning;
pub use staging::Staging;
pub use swap::{publish, refuse_foreign};

use std::path::{Path, PathBuf};

use shopfront_diagnostics::error::Error;

/// File that lists all other files with their SHA-256. A directory that contains it was written by
/// this program.
pub const SUMS: &str = "SHA256SUMS";

/// Paths that publication uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// Published directory.
    pub target: PathBuf,
    /// Staging directory.
    pub staging: PathBuf,
    /// Previous directory, while two renames replace an atomic exchange.
    pub previous: PathBuf,
    /// Lock file. Held while one process publishes. The system releases it when the process ends in
    /// any manner.
    pub lock: PathBuf,
}

impl Places {
    /// Returns the paths for the target `out`.
    ///
    /// # Errors
    /// Returns an error if `out` cannot be a separate directory, such as `/` or `..`.
    pub fn of(out: &Path) -> Result<Places, Error> {
        let absolute = std::path::absolute(out)
            .map_err(|cause| Error::new(format!("--out {}: {cause}", out.display())))?;
        let real = real(&absolute);
        let Some((parent, name, target)) = real
            .as_ref()
            .and_then(|it| Some((it.parent()?, it.file_name()?, it)))
        else {
            return Err(Error::new(format!(
                "`{}` can not be the folder to publish into",
                out.display()
            ))
            .help("name a folder of its own with `--out`, such as `dist`"));
        };
        let beside = |what: &str| parent.join(format!(".{}.{what}", name.to_string_lossy()));
        Ok(Places {
            staging: beside("staging"),
            previous: beside("previous"),
            lock: beside("lock"),
            target: target.clone(),
        })
    }
}

/// Returns the real path of a directory that exists or will be created, with `a/..` and links
/// resolved.
fn real(path: &Path) -> Option<PathBuf> {
    if let Ok(real) = path.canonicalize() {
        return Some(real);
    }
    // The path does not exist, but its parent may. `..` below a missing directory is invalid.
    Some(real(path.parent()?)?.join(path.file_name()?))
}
