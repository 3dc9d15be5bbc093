//! Comparison with an independent parser: if it differs, other tools may differ as well.

use std::io::{self, Read, Seek};

use ::zip::read::Config;
use ::zip::result::ZipError;
// This API of the crate is unstable. The stable one keeps the whole directory, and only one of
// two members with the same name.
use ::zip::unstable::read::ZipIterable;

use super::directory::Entry;
use crate::AnomalyKind::Ambiguous;
use crate::notes::AnomalyLog;
use crate::source::Source;

/// Reads the directory with the second parser, entry by entry, and records the first difference.
pub(super) fn compare<R: Read + Seek>(
    source: &mut Source<R>,
    entries: &[Entry],
    notes: &mut AnomalyLog,
) -> io::Result<()> {
    let difference = difference(source, entries);
    match difference {
        Ok(None) => {}
        Ok(Some(name)) => notes.member(
            Ambiguous,
            &name,
            "is another thing for other readers than for this one",
        ),
        Err(ZipError::Io(error)) if source.has_failed() => return Err(error),
        Err(_) => notes.whole(Ambiguous, "is refused by other readers"),
    }
    Ok(())
}

/// Returns the first member that the second parser reads differently.
fn difference<R: Read + Seek>(
    source: &mut Source<R>,
    entries: &[Entry],
) -> Result<Option<String>, ZipError> {
    let mut archive = ZipIterable::try_new(source, Config::default())?;
    let mut count = 0;
    for other in archive.files()? {
        let other = other?;
        let Some(entry) = entries.get(count) else {
            return Ok(Some(String::from_utf8_lossy(other.name_raw()).into_owned()));
        };
        count += 1;
        let there = (
            other.header_start(),
            other.compressed_size(),
            other.size(),
            other.crc32(),
        );
        if other.name_raw() != entry.name_bytes()
            || there != (entry.at, entry.packed, entry.size, entry.crc)
        {
            return Ok(Some(entry.name.clone()));
        }
    }
    Ok(entries.get(count).map(|entry| entry.name.clone()))
}
