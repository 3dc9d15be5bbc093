//! Dates, sizes and escapes, as pages write them.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// "20 November 2026", in UTC: a fallback that everybody can read; a script puts it into the reader's own words.
pub(super) fn date(at: Timestamp) -> String {
    const MONTHS: [&str; 12] =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
    let date = at.to_zoned(TimeZone::UTC).date();
    let month = usize::try_from(date.month() - 1).ok().and_then(|index| MONTHS.get(index)).copied().unwrap_or_default();
    format!("{} {month} {}", date.day(), date.year())
}

/// "12.3 kB": powers of ten, as registries show sizes.
pub(super) fn size(bytes: u64) -> String {
    let units = ["kB", "MB", "GB"];
    if bytes < 1_000 {
        return format!("{bytes} B");
    }
    let mut value = bytes;
    let mut unit = 0;
    while value >= 1_000_000 && unit + 1 < units.len() {
        value /= 1_000;
        unit += 1;
    }
    format!("{}.{} {}", value / 1_000, value % 1_000 / 100, units[unit])
}

/// The text with the five characters escaped that mean something in HTML and XML.
pub(super) fn xml(text: &str) -> Cow<'_, str> {
    let is_special = |byte: u8| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'');
    if !text.bytes().any(is_special) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    let mut rest = text;
    // All five are ASCII: the text can be cut before and behind them.
    while let Some(at) = rest.bytes().position(is_special) {
        escaped.push_str(&rest[..at]);
        escaped.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        });
        rest = &rest[at + 1..];
    }
    escaped.push_str(rest);
    Cow::Owned(escaped)
}
