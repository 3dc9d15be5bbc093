//! What comes out of one member: counted, hashed, kept where it is wanted, and never all in memory
//! otherwise.

use sha2::{Digest, Sha256};

use super::{Limits, ScanOptions};
use shopfront_text::digest;

/// How much of all that is kept may still be kept.
pub(super) struct KeepBudget<'l> {
    look: &'l ScanOptions<'l>,
    most: usize,
    left: usize,
}

impl<'l> KeepBudget<'l> {
    pub(super) fn new(limits: &Limits, look: &'l ScanOptions<'l>) -> KeepBudget<'l> {
        KeepBudget {
            look,
            most: limits.kept,
            left: limits.kept_in_all,
        }
    }

    /// Whether the member is wanted and fits; its place is taken then.
    pub(super) fn takes(&mut self, name: &str, size: u64) -> bool {
        let Ok(size) = usize::try_from(size) else {
            return false;
        };
        let takes = size <= self.most && size <= self.left && (self.look.keep)(name);
        if takes {
            self.left -= size;
        }
        takes
    }
}

/// Takes what comes out of a member.
pub(super) struct MemberSink {
    pub(super) size: u64,
    hash: Option<Sha256>,
    bytes: Option<Vec<u8>>,
}

impl MemberSink {
    /// Keeps what it takes, and hashes it.
    pub(super) fn keeping() -> MemberSink {
        MemberSink {
            size: 0,
            hash: Some(Sha256::new()),
            bytes: Some(Vec::new()),
        }
    }

    /// Hashes what it takes.
    pub(super) fn hashing() -> MemberSink {
        MemberSink {
            size: 0,
            hash: Some(Sha256::new()),
            bytes: None,
        }
    }

    /// Counts what it takes.
    pub(super) fn counting() -> MemberSink {
        MemberSink {
            size: 0,
            hash: None,
            bytes: None,
        }
    }

    pub(super) fn take(&mut self, piece: &[u8]) {
        self.size += piece.len() as u64;
        if let Some(hash) = &mut self.hash {
            hash.update(piece);
        }
        if let Some(bytes) = &mut self.bytes {
            bytes.extend_from_slice(piece);
        }
    }

    /// The SHA-256 of all, and all of it where it is kept.
    pub(super) fn finish(self) -> (Option<String>, Option<Vec<u8>>) {
        (
            self.hash.map(|hash| digest::hex(&hash.finalize())),
            self.bytes,
        )
    }
}
