//! Staging directory in which a store is assembled before publication.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::swap::recover;
use super::{Places, SUMS};
use crate::files;
use shopfront_diagnostics::error::{Context, Error};
use shopfront_site::artifact::{Artifact, Sink, Stream};
use shopfront_text::digest;

/// Store that is being assembled.
pub struct Staging {
    places: Places,
    /// SHA-256 and length by path.
    written: Mutex<BTreeMap<String, ([u8; 32], u64)>>,
    /// Locked until the store is published.
    _lock: File,
}

impl Staging {
    /// Creates an empty staging directory beside `places.target`, and removes leftovers of a killed
    /// run.
    ///
    /// # Errors
    /// Returns an error if another run publishes to the same place, or the directory cannot be
    /// created.
    pub fn begin(places: Places) -> Result<Staging, Error> {
        let parent = places.target.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(parent).with_context(|| format!("making {}", parent.display()))?;
        let lock = File::create(&places.lock)
            .with_context(|| format!("making {}", places.lock.display()))?;
        if !files::lock(&lock, &places.lock)? {
            return Err(Error::new(format!(
                "another run is publishing to {}",
                places.target.display()
            ))
            .help("wait for it to end"));
        }
        recover(&places)?;
        remove(&places.staging)?;
        fs::create_dir(&places.staging)
            .with_context(|| format!("making {}", places.staging.display()))?;
        Ok(Staging {
            places,
            written: Mutex::default(),
            _lock: lock,
        })
    }

    /// Writes [`SUMS`], and verifies that all written files are complete.
    ///
    /// # Errors
    /// Returns an error if they are not.
    pub fn finish(self) -> Result<Staged, Error> {
        let written =
            std::mem::take(&mut *self.written.lock().unwrap_or_else(PoisonError::into_inner));
        let is_broken = |(path, (_, length)): &(&String, &([u8; 32], u64))| {
            fs::metadata(self.places.staging.join(path))
                .map_or(true, |there| there.len() != *length)
        };
        if let Some((path, _)) = written.par_iter().find_any(is_broken) {
            return Err(Error::new(format!(
                "{path} was not written whole; nothing was published"
            )));
        }
        let sums = self
            .write_sums(&written)
            .with_context(|| format!("writing {SUMS}"))?;
        let bytes = written.values().map(|(_, length)| length).sum();
        Ok(Staged {
            places: self.places,
            files: written.len() + 1,
            bytes,
            sums,
            _lock: self._lock,
        })
    }

    /// Writes [`SUMS`] line by line, since it grows with the store. Returns its SHA-256.
    fn write_sums(&self, written: &BTreeMap<String, ([u8; 32], u64)>) -> io::Result<String> {
        let mut file =
            BufWriter::with_capacity(1 << 16, File::create_new(self.places.staging.join(SUMS))?);
        let mut hasher = Sha256::new();
        for (path, (sha256, _)) in written {
            let line = format!("{}  {path}\n", digest::hex(sha256));
            file.write_all(line.as_bytes())?;
            hasher.update(line.as_bytes());
        }
        file.flush()?;
        Ok(digest::hex(&hasher.finalize()))
    }

    fn record(&self, path: &str, sha256: [u8; 32], length: u64) -> Result<(), Error> {
        let mut written: MutexGuard<'_, _> =
            self.written.lock().unwrap_or_else(PoisonError::into_inner);
        match written.insert(path.to_owned(), (sha256, length)) {
            None => Ok(()),
            Some(_) => Err(Error::new(format!(
                "two outputs want to be `{path}`; nothing was published"
            ))),
        }
    }

    fn create(&self, path: &str) -> Result<File, Error> {
        let target = self.places.staging.join(checked(path)?);
        let opened = match File::create_new(&target) {
            Err(fault) if fault.kind() == ErrorKind::NotFound => {
                let folder = target.parent().unwrap_or(&self.places.staging);
                fs::create_dir_all(folder).and_then(|()| File::create_new(&target))
            }
            other => other,
        };
        opened.with_context(|| format!("writing {path}"))
    }
}

/// Complete store that is not published yet.
pub struct Staged {
    /// Staging directory and target.
    pub places: Places,
    /// Number of files.
    pub files: usize,
    /// Total size in bytes.
    pub bytes: u64,
    /// SHA-256 of [`SUMS`]. Two stores with the same value are identical.
    pub sums: String,
    _lock: File,
}

impl Sink for Staging {
    fn put(&self, artifact: Artifact) -> Result<(), Error> {
        let mut file = self.create(&artifact.path)?;
        file.write_all(&artifact.bytes)
            .with_context(|| format!("writing {}", artifact.path))?;
        let length = u64::try_from(artifact.bytes.len()).unwrap_or(u64::MAX);
        self.record(
            &artifact.path,
            Sha256::digest(&artifact.bytes).into(),
            length,
        )
    }

    fn stream(&self, path: &str) -> Result<Box<dyn Stream + '_>, Error> {
        let file = BufWriter::with_capacity(1 << 16, self.create(path)?);
        Ok(Box::new(Growing {
            staging: self,
            path: path.to_owned(),
            file,
            hasher: Sha256::new(),
            length: 0,
        }))
    }
}

struct Growing<'s> {
    staging: &'s Staging,
    path: String,
    file: BufWriter<File>,
    hasher: Sha256,
    length: u64,
}

impl Write for Growing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write_all(bytes)?;
        self.hasher.update(bytes);
        self.length += u64::try_from(bytes.len()).unwrap_or_default();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Stream for Growing<'_> {
    fn finish(mut self: Box<Self>) -> Result<(), Error> {
        self.file
            .flush()
            .with_context(|| format!("writing {}", self.path))?;
        let sha256 = self.hasher.finalize_reset().into();
        self.staging.record(&self.path, sha256, self.length)
    }
}

/// Returns a path that stays in its directory. All paths of this program do, but the additional
/// check costs nothing.
fn checked(path: &str) -> Result<PathBuf, Error> {
    let is_plain = |part: &str| {
        !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', '\0'])
    };
    if path.split('/').all(is_plain) && path != SUMS {
        return Ok(PathBuf::from(path));
    }
    Err(Error::new(format!(
        "`{path}` is no path to publish; nothing was published"
    )))
}

/// Removes a directory, if it exists.
pub(super) fn remove(folder: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(folder) {
        Err(fault) if fault.kind() != ErrorKind::NotFound => {
            Err(fault).with_context(|| format!("clearing {}", folder.display()))
        }
        _ => Ok(()),
    }
}
