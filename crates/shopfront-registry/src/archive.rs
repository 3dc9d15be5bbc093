//! Remote package file: only the requested parts are transferred, if the server supports that.

use std::collections::BTreeMap;
use std::io::{self, Read, Seek, SeekFrom};

use super::RegistryError;
use super::integrity::Integrity;
use crate::web::{BodyRange, HttpClient, Request, Response};
use shopfront_text::digest;

/// Size in bytes of the first requested part: the directory of a zip file is at its end.
const TAIL: u64 = 256 << 10;
/// Minimum size in bytes of later parts.
const SMALLEST: u64 = 64 << 10;
/// Maximum size in bytes of a part. The size of consecutive parts doubles up to it.
const LARGEST: u64 = 4 << 20;
/// Maximum number of requested parts per file.
const MAX_PARTS: u32 = 500;

/// Location of a file with its known properties.
#[derive(Clone)]
pub(super) struct Remote<'w> {
    pub(super) web: &'w dyn HttpClient,
    pub(super) url: String,
    /// Size in bytes, from the index.
    pub(super) size: Option<u64>,
    /// SHA-256 in lower-case hexadecimal, from the index.
    pub(super) sha256: Option<String>,
    /// Integrity hash, from the index.
    pub(super) integrity: Option<Integrity>,
    /// Maximum number of bytes that are read.
    pub(super) max_bytes: u64,
}

/// Remote file with `Read` and `Seek`; reading requests missing parts from the index.
///
/// A partial file cannot be compared with its hash: callers that need verification use [the whole
/// file](super::RemoteFile::whole).
pub struct Archive<'w> {
    bytes: Bytes<'w>,
    position: u64,
}

enum Bytes<'w> {
    Whole(Vec<u8>),
    Parts(Parts<'w>),
}

/// Received parts of a file.
struct Parts<'w> {
    remote: Remote<'w>,
    length: u64,
    etag: Option<String>,
    /// Parts by their offset, without overlaps.
    pieces: BTreeMap<u64, Vec<u8>>,
    taken: u64,
    asked: u32,
    /// End and length of the last part.
    last: (u64, u64),
}

impl Remote<'_> {
    /// Returns the whole file, if it matches the data of the index.
    pub(super) fn whole(&self) -> Result<Vec<u8>, RegistryError> {
        if let Some(size) = self.size.filter(|size| *size > self.max_bytes) {
            return Err(RegistryError(format!(
                "the file has {size} bytes, and {} are allowed",
                self.max_bytes
            )));
        }
        let response = self
            .web
            .get(&Request::file(&self.url, BodyRange::File, self.max_bytes))
            .map_err(RegistryError)?;
        if response.status != 200 {
            return Err(RegistryError(format!(
                "the index names a file, and answers with status {} for it",
                response.status
            )));
        }
        self.checked(response.body)
    }

    fn checked(&self, body: Vec<u8>) -> Result<Vec<u8>, RegistryError> {
        let is_other = match (&self.sha256, &self.integrity, self.size) {
            (Some(sha256), _, _) => digest::sha256(&body) != *sha256,
            (None, Some(integrity), _) => !integrity.is_of(&body),
            (None, None, Some(size)) => body.len() as u64 != size,
            (None, None, None) => false,
        };
        if is_other {
            Err(RegistryError(
                "the file is not the one of which the index gives hash and size".to_owned(),
            ))
        } else {
            Ok(body)
        }
    }

    fn part(&self, part: BodyRange) -> Result<Response, String> {
        self.web
            .get(&Request::file(&self.url, part, self.max_bytes))
    }
}

impl<'w> Archive<'w> {
    /// Opens a file by its end. Falls back to the whole file if the server does not support
    /// parts, or sends invalid ones.
    pub(super) fn open(remote: Remote<'w>) -> Result<Archive<'w>, RegistryError> {
        // The reason of a failure is discarded: the request of the whole file succeeds, or fails
        // with a better reason.
        let bytes = match remote.part(BodyRange::Last(TAIL)) {
            Ok(response) if response.status == 200 => Bytes::Whole(remote.checked(response.body)?),
            Ok(response) => match tail(&response)
                .filter(|(_, length)| remote.size.is_none_or(|size| size == *length))
            {
                Some((0, _)) => Bytes::Whole(remote.checked(response.body)?),
                Some((first, length)) => Bytes::Parts(Parts {
                    length,
                    etag: response.etag,
                    taken: response.body.len() as u64,
                    asked: 1,
                    last: (length, 0),
                    pieces: BTreeMap::from([(first, response.body)]),
                    remote,
                }),
                None => Bytes::Whole(remote.whole()?),
            },
            Err(_) => Bytes::Whole(remote.whole()?),
        };
        Ok(Archive { bytes, position: 0 })
    }

    /// Returns the archive of a completely received file.
    pub(super) fn of_whole(bytes: Vec<u8>) -> Archive<'static> {
        Archive {
            bytes: Bytes::Whole(bytes),
            position: 0,
        }
    }

    /// Returns its length in bytes.
    pub fn length(&self) -> u64 {
        match &self.bytes {
            Bytes::Whole(bytes) => bytes.len() as u64,
            Bytes::Parts(parts) => parts.length,
        }
    }
}

impl Read for Archive<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.position >= self.length() || out.is_empty() {
            return Ok(0);
        }
        if let Bytes::Parts(parts) = &mut self.bytes
            && !parts.has(self.position)
            && let Some(whole) = parts.fetch(self.position)?
        {
            self.bytes = Bytes::Whole(whole);
        }
        let (begin, piece) = match &self.bytes {
            Bytes::Whole(bytes) => (0, bytes),
            Bytes::Parts(parts) => parts
                .before(self.position)
                .ok_or_else(|| odd("the index sent nothing"))?,
        };
        let from = usize::try_from(self.position - begin).unwrap_or(usize::MAX);
        let rest = piece.get(from..).unwrap_or_default();
        let count = rest.len().min(out.len());
        out[..count].copy_from_slice(&rest[..count]);
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for Archive<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length().checked_add_signed(by),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
        };
        self.position = target.ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::InvalidInput,
                "a place before the beginning of the file",
            )
        })?;
        Ok(self.position)
    }
}

impl Parts<'_> {
    /// Returns the last piece that begins at or before `position`.
    fn before(&self, position: u64) -> Option<(u64, &Vec<u8>)> {
        self.pieces
            .range(..=position)
            .next_back()
            .map(|(begin, piece)| (*begin, piece))
    }

    fn has(&self, position: u64) -> bool {
        self.before(position)
            .is_some_and(|(begin, piece)| position < begin + piece.len() as u64)
    }

    /// Requests a part that contains `position`; returns the whole file if the server sends that
    /// instead.
    fn fetch(&mut self, position: u64) -> io::Result<Option<Vec<u8>>> {
        let (first, end) = self.next_part(position);
        if self.asked >= MAX_PARTS || self.taken + (end - first) > self.remote.max_bytes {
            return Err(odd(&format!(
                "more than {} bytes or {MAX_PARTS} parts of the file would be needed",
                self.remote.max_bytes
            )));
        }
        let response = self
            .remote
            .part(BodyRange::Between(first, end - 1))
            .map_err(io::Error::other)?;
        if response.etag != self.etag {
            return Err(odd(CHANGED));
        }
        if response.status == 200 {
            let whole = self
                .remote
                .checked(response.body)
                .map_err(|RegistryError(why)| odd(&why))?;
            return if whole.len() as u64 == self.length {
                Ok(Some(whole))
            } else {
                Err(odd(CHANGED))
            };
        }
        match told_range(&response) {
            Some((_, _, length)) if length != self.length => return Err(odd(CHANGED)),
            Some(told)
                if told == (first, end, self.length)
                    && response.body.len() as u64 == end - first => {}
            _ => return Err(odd("the index sent other bytes than were asked for")),
        }
        self.asked += 1;
        self.taken += end - first;
        self.last = (end, end - first);
        self.pieces.insert(first, response.body);
        Ok(None)
    }

    /// Returns the range of the next part: around `position`, up to the existing pieces.
    fn next_part(&self, position: u64) -> (u64, u64) {
        let (last_end, last_size) = self.last;
        let known_end = self
            .before(position)
            .map_or(0, |(begin, piece)| begin + piece.len() as u64);
        let first = known_end.max(position - position % SMALLEST);
        let size = if first == last_end {
            (last_size * 2).clamp(SMALLEST, LARGEST)
        } else {
            SMALLEST
        };
        let next = self
            .pieces
            .range(position..)
            .next()
            .map_or(self.length, |(begin, _)| *begin);
        (first, (first + size).max(position + 1).min(next))
    }
}

const CHANGED: &str = "the file changed while it was read";

fn odd(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// Returns the start of a file's end, and the length of the file; `None` for a response that is
/// not the end of a file.
fn tail(response: &Response) -> Option<(u64, u64)> {
    let (first, end, length) = told_range(response)?;
    let is_tail = end == length
        && end - first == TAIL.min(length)
        && response.body.len() as u64 == end - first;
    is_tail.then_some((first, length))
}

/// Returns the contents of `Content-Range` (RFC 9110, section 14.4): the first byte, the byte
/// after the last, and the total length.
fn told_range(response: &Response) -> Option<(u64, u64, u64)> {
    if response.status != 206 || response.content_type.starts_with("multipart/") {
        return None;
    }
    let (range, length) = response
        .content_range
        .as_deref()?
        .trim()
        .strip_prefix("bytes ")?
        .split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (first, last, length) = (
        first.parse::<u64>().ok()?,
        last.parse::<u64>().ok()?,
        length.parse::<u64>().ok()?,
    );
    (first <= last && last < length).then_some((first, last + 1, length))
}
