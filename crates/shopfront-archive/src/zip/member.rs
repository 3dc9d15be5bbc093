//! Member of a zip, unpacked piece by piece and never beyond its declared size.

use std::io::{self, BufRead, Read, Seek, SeekFrom};
use std::ops::Range;

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::directory::Entry;
use crate::AnomalyKind::{Ambiguous, Corrupt};
use crate::notes::AnomalyLog;
use crate::source::Source;
use crate::unpack::MemberSink;

/// Number of bytes that are unpacked at once.
const PIECE: usize = 64 << 10;

/// Output of a member, with its checksum.
struct Outlet<'b> {
    basin: &'b mut MemberSink,
    crc: Crc,
}

impl Outlet<'_> {
    fn take(&mut self, piece: &[u8]) {
        self.crc.update(piece);
        self.basin.take(piece);
    }
}

/// Decompressor for consecutive members: its window and its buffer are allocated once.
pub(super) struct Inflater {
    stream: Decompress,
    out: Vec<u8>,
}

impl Default for Inflater {
    fn default() -> Inflater {
        Inflater {
            stream: Decompress::new(false),
            out: vec![0; PIECE],
        }
    }
}

impl Inflater {
    /// Unpacks the member with the packed bytes `data` into `basin`; returns `true` if the output
    /// matches the directory.
    pub(super) fn unpack<R: Read + Seek>(
        &mut self,
        source: &mut Source<R>,
        entry: &Entry,
        data: Range<u64>,
        basin: &mut MemberSink,
        notes: &mut AnomalyLog,
    ) -> io::Result<bool> {
        source.seek(SeekFrom::Start(data.start))?;
        let mut outlet = Outlet {
            basin,
            crc: Crc::new(),
        };
        let fault = match entry.method {
            0 => copy(source, entry.packed, &mut outlet)?,
            _ => self.inflate(source, entry, &mut outlet)?,
        };
        match fault {
            Some(Fault::Corrupt(says)) => notes.member(Corrupt, &entry.name, says),
            Some(Fault::Behind(count)) => notes.member(
                Ambiguous,
                &entry.name,
                format!("has {count} bytes behind its packed data"),
            ),
            None if outlet.crc.sum() != entry.crc => {
                notes.member(
                    Corrupt,
                    &entry.name,
                    "does not have the checksum that the directory says",
                );
            }
            None => return Ok(true),
        }
        Ok(false)
    }

    /// Inflates (RFC 1951), and stops at the first byte beyond the declared size.
    fn inflate<R: Read + Seek>(
        &mut self,
        source: &mut Source<R>,
        entry: &Entry,
        outlet: &mut Outlet<'_>,
    ) -> io::Result<Option<Fault>> {
        let Inflater { stream, out } = self;
        stream.reset(false);
        let mut left = entry.packed;
        loop {
            let piece = source.fill_buf()?;
            let given = piece.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            let (taken_before, came_before) = (stream.total_in(), stream.total_out());
            let Ok(status) = stream.decompress(&piece[..given], out, FlushDecompress::None) else {
                return Ok(Some(Fault::Corrupt("can not be unpacked".to_owned())));
            };
            let taken = stream.total_in() - taken_before;
            let came = (stream.total_out() - came_before) as usize;
            source.consume(taken as usize);
            left -= taken;
            if stream.total_out() > entry.size {
                return Ok(Some(Fault::Corrupt(format!(
                    "holds more than the {} bytes that the directory says",
                    entry.size
                ))));
            }
            outlet.take(&out[..came]);
            if status == Status::StreamEnd {
                break;
            }
            if taken == 0 && came == 0 {
                return Ok(Some(Fault::Corrupt(BREAKS_OFF.to_owned())));
            }
        }
        let size = stream.total_out();
        if size < entry.size {
            return Ok(Some(Fault::Corrupt(format!(
                "holds {size} bytes, and the directory says {}",
                entry.size
            ))));
        }
        Ok((left > 0).then_some(Fault::Behind(left)))
    }
}

/// Problem of packed data.
enum Fault {
    Corrupt(String),
    /// Number of bytes after the end of the stream.
    Behind(u64),
}

const BREAKS_OFF: &str = "breaks off";

fn copy<R: Read + Seek>(
    source: &mut Source<R>,
    count: u64,
    outlet: &mut Outlet<'_>,
) -> io::Result<Option<Fault>> {
    let mut left = count;
    while left > 0 {
        let piece = source.fill_buf()?;
        let taken = piece.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        if taken == 0 {
            return Ok(Some(Fault::Corrupt(BREAKS_OFF.to_owned())));
        }
        outlet.take(&piece[..taken]);
        source.consume(taken);
        left -= taken as u64;
    }
    Ok(None)
}
