//! Paths as git stores them: bytes, of which nobody promised that they are text.

use std::path::PathBuf;

use shopfront_check::load::{EntryKind, WalkEntry};

/// A path from the folder where git was called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RepositoryPath(Vec<u8>);

impl RepositoryPath {
    /// The path with these bytes.
    pub(super) fn new(bytes: &[u8]) -> RepositoryPath {
        RepositoryPath(bytes.to_vec())
    }

    /// The facts that a line of a list begins with, and the path behind them.
    pub(super) fn behind_tab(line: &[u8]) -> Option<(&str, RepositoryPath)> {
        let tab = line.iter().position(|byte| *byte == b'\t')?;
        Some((
            std::str::from_utf8(&line[..tab]).ok()?,
            RepositoryPath::new(&line[tab + 1..]),
        ))
    }

    /// The path as people read it; two that are no text may read alike.
    pub(super) fn told(&self) -> String {
        String::from_utf8_lossy(&self.0).into_owned()
    }

    /// The path for the file system.
    pub(super) fn on_disk(&self) -> PathBuf {
        #[cfg(unix)]
        let name: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(&self.0);
        #[cfg(not(unix))]
        let name = self.told();
        PathBuf::from(name)
    }

    /// Whether it is `folder`, or lies below it.
    pub(super) fn is_below(&self, folder: &str) -> bool {
        self.0
            .strip_prefix(folder.as_bytes())
            .is_some_and(|rest| matches!(rest.first(), None | Some(b'/')))
    }

    /// The file as a walk through the folder lists it, if it is of this `kind`.
    pub(super) fn entry(&self, kind: EntryKind) -> WalkEntry {
        let is_text = std::str::from_utf8(&self.0).is_ok();
        WalkEntry {
            path: self.told(),
            kind: if is_text { kind } else { EntryKind::Other },
        }
    }
}
