//! One file of output, and where outputs go.

use std::io::Write;

use shopfront_diagnostics::error::Error;

/// A file of output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Path below the published folder, with `/`.
    pub path: String,
    /// Content.
    pub bytes: Vec<u8>,
}

impl Artifact {
    /// A file at `path`.
    pub fn new(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Artifact {
        Artifact {
            path: path.into(),
            bytes: bytes.into(),
        }
    }
}

/// Takes outputs as they are made, from many threads, so that no stage holds more than one of them.
pub trait Sink: Sync {
    /// Takes a whole file.
    ///
    /// # Errors
    /// When it can not be kept.
    fn put(&self, artifact: Artifact) -> Result<(), Error>;

    /// Takes a file piece by piece, for one that grows with the store.
    ///
    /// # Errors
    /// When it can not be begun.
    fn stream(&self, path: &str) -> Result<Box<dyn Stream + '_>, Error>;
}

/// A file that is being written.
pub trait Stream: Write {
    /// Ends it; without this the file does not count.
    ///
    /// # Errors
    /// When its last bytes can not be kept.
    fn finish(self: Box<Self>) -> Result<(), Error>;
}
