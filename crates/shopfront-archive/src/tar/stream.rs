//! Counted and limited output of a file, or of its gzip stream (RFC 1952).

use std::io::{self, Read, Seek};

use flate2::bufread::GzDecoder;

use crate::source::Source;
use crate::{Form, Limits};

/// Reason why reading ended early.
pub(super) enum Stop {
    /// I/O error.
    World(io::Error),
    /// Corrupt stream, worded to follow "the archive".
    Corrupt(String),
    /// Limit exceeded, worded to follow "the archive".
    TooLarge(String),
}

/// Stream with or without gzip.
enum Inflated<'s, R> {
    Plain(&'s mut Source<R>),
    Gzip(Box<GzDecoder<&'s mut Source<R>>>),
}

impl<R: Read + Seek> Inflated<'_, R> {
    fn has_failed(&self) -> bool {
        match self {
            Inflated::Plain(source) => source.has_failed(),
            Inflated::Gzip(decoder) => decoder.get_ref().has_failed(),
        }
    }
}

impl<R: Read + Seek> Read for Inflated<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Inflated::Plain(source) => source.read(into),
            Inflated::Gzip(decoder) => decoder.read(into),
        }
    }
}

/// Unpacked stream.
pub(super) struct Stream<'s, R> {
    inflated: Inflated<'s, R>,
    limits: &'s Limits,
    packed: u64,
    /// Number of unpacked bytes.
    count: u64,
}

impl<'s, R: Read + Seek> Stream<'s, R> {
    pub(super) fn new(source: &'s mut Source<R>, form: Form, limits: &'s Limits) -> Stream<'s, R> {
        let packed = source.len();
        let inflated = if form == Form::Tar {
            Inflated::Plain(source)
        } else {
            Inflated::Gzip(Box::new(GzDecoder::new(source)))
        };
        Stream {
            inflated,
            limits,
            packed,
            count: 0,
        }
    }

    /// Fills `into`, or less of it at the end of the stream.
    pub(super) fn fill(&mut self, into: &mut [u8]) -> Result<usize, Stop> {
        self.announce(into.len() as u64)?;
        let mut filled = 0;
        while filled < into.len() {
            match self.inflated.read(&mut into[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if self.inflated.has_failed() => return Err(Stop::World(error)),
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    return Err(Stop::Corrupt("breaks off".to_owned()));
                }
                Err(_) => {
                    return Err(Stop::Corrupt(
                        "can not be unpacked, or does not have the checksum that it says"
                            .to_owned(),
                    ));
                }
            }
        }
        self.count += filled as u64;
        Ok(filled)
    }

    /// Returns an error if `count` more bytes would exceed the limits.
    pub(super) fn announce(&self, count: u64) -> Result<(), Stop> {
        // At the end of a valid archive, one block more than available is requested.
        let all = self.count.saturating_add(count);
        self.limits
            .refuse(all, self.packed)
            .map_or(Ok(()), |says| Err(Stop::TooLarge(says)))
    }

    /// Passes the next `count` bytes to `take` in pieces, and skips the padding of their last
    /// block.
    pub(super) fn body(&mut self, count: u64, mut take: impl FnMut(&[u8])) -> Result<(), Stop> {
        self.announce(count)?;
        let mut piece = vec![0; 64 << 10];
        let (mut left, mut left_with_fill) = (count, count.div_ceil(512).saturating_mul(512));
        while left_with_fill > 0 {
            let wanted = usize::try_from(left_with_fill)
                .unwrap_or(usize::MAX)
                .min(piece.len());
            if self.fill(&mut piece[..wanted])? < wanted {
                return Err(Stop::Corrupt("breaks off".to_owned()));
            }
            let own = usize::try_from(left).unwrap_or(usize::MAX).min(wanted);
            take(&piece[..own]);
            left -= own as u64;
            left_with_fill -= wanted as u64;
        }
        Ok(())
    }

    /// Reads to the end; returns `true` if all bytes are zero, like the padding of an archive.
    /// Stops at the first nonzero byte.
    pub(super) fn is_zero_to_its_end(&mut self) -> Result<bool, Stop> {
        let mut piece = vec![0; 16 << 10];
        loop {
            let count = self.fill(&mut piece)?;
            if count == 0 || piece[..count].iter().any(|byte| *byte != 0) {
                return Ok(count == 0);
            }
        }
    }
}
