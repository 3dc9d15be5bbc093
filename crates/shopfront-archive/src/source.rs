//! Buffered bytes of an archive, with few reads, because each read may be a request.

use std::io::{self, BufRead, Read, Seek, SeekFrom};
use std::ops::Range;

/// Default size of a read in bytes.
const PIECE: u64 = 64 << 10;

/// Part of the archive in memory.
#[derive(Default)]
struct Held {
    start: u64,
    bytes: Vec<u8>,
}

impl Held {
    fn from(&self, at: u64) -> Option<&[u8]> {
        let skipped = usize::try_from(at.checked_sub(self.start)?).ok()?;
        self.bytes.get(skipped..).filter(|rest| !rest.is_empty())
    }
}

/// Bytes of an archive. Its errors are I/O errors of the disk or the index with the archive.
pub(super) struct Source<R> {
    inner: R,
    len: u64,
    at: u64,
    tail: Held,
    piece: Held,
    failed: bool,
}

impl<R: Read + Seek> Source<R> {
    pub(super) fn new(mut inner: R) -> io::Result<Source<R>> {
        let len = inner.seek(SeekFrom::End(0))?;
        Ok(Source {
            inner,
            len,
            at: 0,
            tail: Held::default(),
            piece: Held::default(),
            failed: false,
        })
    }

    /// Returns the size of the archive in bytes.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// Returns `true` if an error came from the underlying reader, and not from a decompressor.
    pub(super) fn has_failed(&self) -> bool {
        self.failed
    }

    /// Reads the last `most` bytes at once and keeps them permanently; returns their offset and
    /// the bytes.
    pub(super) fn hold_tail(&mut self, most: u64) -> io::Result<(u64, &[u8])> {
        let start = self.len.saturating_sub(most);
        self.tail = self.load(start..self.len)?;
        Ok((self.tail.start, &self.tail.bytes))
    }

    /// Returns `true` if all of `range` is in memory.
    pub(super) fn holds(&self, range: &Range<u64>) -> bool {
        let is_held = |held: &Held| {
            range.start >= held.start && range.end <= held.start + held.bytes.len() as u64
        };
        is_held(&self.tail) || is_held(&self.piece)
    }

    /// Reads `range` at once, unless it is in memory, and keeps it until the next read.
    pub(super) fn hold(&mut self, range: Range<u64>) -> io::Result<()> {
        if !self.holds(&range) {
            self.piece = self.load(range)?;
        }
        Ok(())
    }

    /// Returns the `count` bytes at `at`; `None` if the archive is too short.
    pub(super) fn bytes(&mut self, at: u64, count: usize) -> io::Result<Option<Vec<u8>>> {
        if at
            .checked_add(count as u64)
            .is_none_or(|end| end > self.len)
        {
            return Ok(None);
        }
        let mut bytes = vec![0; count];
        self.at = at;
        match self.read_exact(&mut bytes) {
            Ok(()) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn load(&mut self, range: Range<u64>) -> io::Result<Held> {
        let loaded = self.load_from_below(range);
        self.failed |= loaded.is_err();
        loaded
    }

    fn load_from_below(&mut self, range: Range<u64>) -> io::Result<Held> {
        // Allocated at once: growing step by step would cause many small allocations.
        let mut bytes = vec![
            0;
            usize::try_from(range.end.min(self.len).saturating_sub(range.start))
                .unwrap_or(0)
        ];
        self.inner.seek(SeekFrom::Start(range.start))?;
        let mut filled = 0;
        while filled < bytes.len() {
            match self.inner.read(&mut bytes[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        bytes.truncate(filled);
        Ok(Held {
            start: range.start,
            bytes,
        })
    }
}

impl<R: Read + Seek> BufRead for Source<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.tail.from(self.at).is_none() && self.piece.from(self.at).is_none() {
            // Up to the tail: bytes in memory are not read again.
            let end = if self.at < self.tail.start {
                self.tail.start
            } else {
                self.len
            };
            self.piece = self.load(self.at..end.min(self.at.saturating_add(PIECE)))?;
        }
        Ok(self
            .tail
            .from(self.at)
            .or_else(|| self.piece.from(self.at))
            .unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        self.at += count as u64;
    }
}

impl<R: Read + Seek> Read for Source<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(into)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read + Seek> Seek for Source<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.len.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::InvalidInput,
                "a place in front of the archive",
            )
        })?;
        Ok(self.at)
    }
}
