//! Lower bound on the cost of a build: reads every input and writes files of the same lengths, and
//! nothing else.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use shopfront_diagnostics::error::{Context, Error};
use walkdir::WalkDir;

/// Inputs and outputs of a build.
pub(crate) struct Floor {
    inputs: Vec<PathBuf>,
    /// Path below the target, and length.
    outputs: Vec<(PathBuf, usize)>,
    target: PathBuf,
}

impl Floor {
    /// Returns the lower bound of the build that read `root` and published `published`.
    pub(crate) fn under(root: &Path, published: &Path, target: PathBuf) -> Result<Floor, Error> {
        let mut inputs = Vec::new();
        for folder in ["catalogue", "answers"] {
            inputs.extend(files(&root.join(folder))?.into_iter().map(|(path, _)| path));
        }
        let below = |(path, length): (PathBuf, usize)| {
            (
                path.strip_prefix(published).unwrap_or(&path).to_path_buf(),
                length,
            )
        };
        let outputs = files(published)?.into_iter().map(below).collect();
        Ok(Floor {
            inputs,
            outputs,
            target,
        })
    }

    /// Returns a line such as "20,034 files read, 30,123 files of 210.4 MB written".
    pub(crate) fn describe(&self) -> String {
        let bytes: usize = self.outputs.iter().map(|(_, length)| length).sum();
        format!(
            "{} files read, {} files of {}.{} MB written",
            self.inputs.len(),
            self.outputs.len(),
            bytes / 1_000_000,
            bytes % 1_000_000 / 100_000
        )
    }

    /// Removes the output of the last run.
    pub(crate) fn clear(&self) -> Result<(), Error> {
        match fs::remove_dir_all(&self.target) {
            Err(fault) if fault.kind() != ErrorKind::NotFound => {
                Err(fault).with_context(|| format!("clearing {}", self.target.display()))
            }
            _ => Ok(()),
        }
    }

    /// Reads and writes with as many threads as the program itself uses.
    pub(crate) fn run(&self) -> Result<(), Error> {
        let read = |path: &PathBuf| {
            fs::read(path)
                .map(drop)
                .with_context(|| format!("reading {}", path.display()))
        };
        self.inputs.par_iter().try_for_each(read)?;
        let longest = self
            .outputs
            .iter()
            .map(|(_, length)| *length)
            .max()
            .unwrap_or_default();
        let bytes: Vec<u8> = (b' '..=b'~').cycle().take(longest).collect();
        self.outputs.par_iter().try_for_each(|(path, length)| {
            write(&self.target.join(path), &bytes[..*length])
                .with_context(|| format!("writing {}", path.display()))
        })
    }
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = match fs::File::create_new(path) {
        Err(fault) if fault.kind() == ErrorKind::NotFound => {
            fs::create_dir_all(path.parent().unwrap_or(path))?;
            fs::File::create_new(path)?
        }
        other => other?,
    };
    file.write_all(bytes)
}

/// Returns every file below `folder` with its length.
pub(crate) fn files(folder: &Path) -> Result<Vec<(PathBuf, usize)>, Error> {
    let mut all = Vec::new();
    for entry in WalkDir::new(folder) {
        let entry = entry.with_context(|| format!("listing {}", folder.display()))?;
        if entry.file_type().is_file() {
            let length = entry
                .metadata()
                .with_context(|| format!("listing {}", folder.display()))?
                .len();
            all.push((
                entry.into_path(),
                usize::try_from(length).unwrap_or(usize::MAX),
            ));
        }
    }
    Ok(all)
}
