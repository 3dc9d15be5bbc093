//! Output of one member: counted, hashed, kept if needed, and otherwise never completely in
//! memory.

use sha2::{Digest, Sha256};

use super::{Limits, ScanOptions};
use shopfront_text::digest;

/// Remaining budget for kept members.
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

    /// Returns `true` if the member is needed and fits; reserves its size.
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

/// Consumer of a member's output.
pub(super) struct MemberSink {
    pub(super) size: u64,
    hash: Option<Sha256>,
    bytes: Option<Vec<u8>>,
}

impl MemberSink {
    /// Returns a sink that keeps and hashes its input.
    pub(super) fn keeping() -> MemberSink {
        MemberSink {
            size: 0,
            hash: Some(Sha256::new()),
            bytes: Some(Vec::new()),
        }
    }

    /// Returns a sink that hashes its input.
    pub(super) fn hashing() -> MemberSink {
        MemberSink {
            size: 0,
            hash: Some(Sha256::new()),
            bytes: None,
        }
    }

    /// Returns a sink that counts its input.
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

    /// Returns the SHA-256 of the input, and the input itself if it is kept.
    pub(super) fn finish(self) -> (Option<String>, Option<Vec<u8>>) {
        (
            self.hash.map(|hash| digest::hex(&hash.finalize())),
            self.bytes,
        )
    }
}
