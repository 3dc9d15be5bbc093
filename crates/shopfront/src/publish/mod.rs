//! The door to what people see: outputs are staged beside the target, verified, and moved into its
//! place.

mod limits;
mod staging;
mod swap;

pub use limits::warning;
pub use staging::Staging;
pub use swap::{publish, refuse_foreign};

use std::path::{Path, PathBuf};

use shopfront_diagnostics::error::Error;

/// The file that lists every other one with its SHA-256; a folder that has it is one of ours.
pub const SUMS: &str = "SHA256SUMS";

/// The folders beside a target that publishing uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// What people see.
    pub target: PathBuf,
    /// What will be seen next.
    pub staging: PathBuf,
    /// What was seen before, while two renames stand for an exchange.
    pub previous: PathBuf,
    /// Held while one program publishes; the system lets go of it when that program ends, however
    /// it ends.
    pub lock: PathBuf,
}

impl Places {
    /// The places for the target `out`.
    ///
    /// # Errors
    /// When `out` can not be a folder of its own, such as `/` or `..`.
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

/// The folder that is really there, or will be: what `a/..` and links lead to.
fn real(path: &Path) -> Option<PathBuf> {
    if let Ok(real) = path.canonicalize() {
        return Some(real);
    }
    // Nothing is there yet: its parent may be. `..` below a folder that is not there leads nowhere.
    Some(real(path.parent()?)?.join(path.file_name()?))
}
