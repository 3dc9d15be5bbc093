//! Extensions before a member whose header is too small: long names of GNU, headers of pax
//! (POSIX.1-2017, pax, "extended header").

use tar::Header;

use crate::AnomalyKind::Ambiguous;
use crate::notes::AnomalyLog;

/// Extensions of the next member.
#[derive(Default)]
pub(super) struct Extended {
    pub(super) path: Option<Vec<u8>>,
    pub(super) link: Option<Vec<u8>>,
    pub(super) size: Option<u64>,
    pub(super) is_sparse: bool,
    /// `true` for a malformed header, or one with a duplicate record.
    pub(super) is_odd: bool,
}

impl Extended {
    /// Parses records `<length> <key>=<value>\n`.
    pub(super) fn pax(&mut self, text: &[u8]) {
        let mut rest = text;
        while !rest.is_empty() {
            let Some((record, after)) = record(rest) else {
                self.is_odd = true;
                return;
            };
            rest = after;
            let (key, value) = record;
            match key {
                b"path" => self.is_odd |= self.path.replace(value.to_vec()).is_some(),
                b"linkpath" => self.is_odd |= self.link.replace(value.to_vec()).is_some(),
                b"size" => {
                    let size = std::str::from_utf8(value)
                        .ok()
                        .and_then(|text| text.parse().ok());
                    self.is_odd |= size.is_none() || self.size.is_some();
                    self.size = size;
                }
                _ => self.is_sparse |= key.starts_with(b"GNU.sparse."),
            }
        }
    }

    /// Reads a GNU name, which ends with NUL.
    pub(super) fn gnu_name(&mut self, text: &[u8]) {
        self.is_odd |= has_nul_within(text) || self.path.replace(until_nul(text)).is_some();
    }

    /// Reads the target of a link in the same format.
    pub(super) fn gnu_link(&mut self, text: &[u8]) {
        self.is_odd |= has_nul_within(text) || self.link.replace(until_nul(text)).is_some();
    }

    /// Returns `true` if the extensions change the next member. Extensions of a whole archive
    /// (pax `g`) must not do so: half of the parsers ignore them.
    pub(super) fn says_something(&self) -> bool {
        self.path.is_some()
            || self.link.is_some()
            || self.size.is_some()
            || self.is_sparse
            || self.is_odd
    }

    /// Returns the name of the member with this header; records names that parsers interpret
    /// differently.
    pub(super) fn name(&self, header: &Header, notes: &mut AnomalyLog) -> String {
        let bytes = self
            .path
            .clone()
            .unwrap_or_else(|| header.path_bytes().into_owned());
        let name = String::from_utf8_lossy(&bytes).into_owned();
        if name.as_bytes() != bytes {
            notes.member(Ambiguous, &name, "has a name that is not UTF-8");
        }
        if self.is_odd {
            notes.member(
                Ambiguous,
                &name,
                "has an extended header that says a thing twice or breaks off",
            );
        }
        name
    }

    /// Returns the link target of the member with this header.
    pub(super) fn target(&self, header: &Header) -> String {
        let bytes = self
            .link
            .clone()
            .or_else(|| header.link_name_bytes().map(|it| it.into_owned()))
            .unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// Returns `true` for a NUL before the end: some parsers truncate there, others only at the end.
fn has_nul_within(text: &[u8]) -> bool {
    text.iter()
        .skip_while(|byte| **byte != 0)
        .any(|byte| *byte != 0)
}

fn until_nul(text: &[u8]) -> Vec<u8> {
    text.split(|byte| *byte == 0)
        .next()
        .unwrap_or_default()
        .to_vec()
}

/// Key with its value.
type Record<'t> = (&'t [u8], &'t [u8]);

/// Returns the first record of `text`, and the rest.
fn record(text: &[u8]) -> Option<(Record<'_>, &[u8])> {
    let blank = text.iter().position(|byte| *byte == b' ')?;
    let len: usize = std::str::from_utf8(&text[..blank]).ok()?.parse().ok()?;
    let (record, rest) = text.split_at_checked(len)?;
    let record = record.get(blank + 1..)?.strip_suffix(b"\n")?;
    let equals = record.iter().position(|byte| *byte == b'=')?;
    Some(((&record[..equals], &record[equals + 1..]), rest))
}
