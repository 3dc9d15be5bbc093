//! One file of JSON: from bytes to a value that keeps to its schema, or to the faults why it does
//! not.

use serde_json::Value;

use crate::checks;
use crate::schema::Schema;
use shopfront_diagnostics::fix::Fix;
use shopfront_diagnostics::{self as diagnostic, Diagnostic};
use shopfront_json::{self as json, Fault};
use shopfront_model::codes;

/// The largest snippet.
pub const MAX_SNIPPET: usize = 64 << 10;
/// The largest `host.json` and `store.json`.
pub const MAX_SETTINGS: usize = 256 << 10;
/// Maximum number of errors reported for one file: a file with more was not written by hand.
const MOST_OF_ONE_FILE: usize = 100;

/// The value in `bytes`, without a schema yet.
pub(super) fn parse<'b>(
    path: &str,
    bytes: &'b [u8],
    most: usize,
) -> Result<(&'b str, Value), Vec<Diagnostic>> {
    if bytes.len() > most {
        return Err(vec![checks::too_large::diagnostic(path, most)]);
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        let is_json = same_values(bytes).is_some();
        return Err(vec![
            checks::byte_order_mark::diagnostic(path).fix_if(is_json.then_some(Fix::Form)),
        ]);
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(fault) => {
            return Err(vec![checks::not_utf8::diagnostic(
                path,
                fault.valid_up_to(),
            )]);
        }
    };
    let node = match json::parse(text) {
        Ok(node) => node,
        Err(Fault::Syntax {
            span,
            message,
            help,
        }) => {
            return Err(vec![checks::not_json::diagnostic(
                path, span, &message, help,
            )]);
        }
        Err(Fault::TooDeep(span)) => return Err(vec![checks::too_deep::diagnostic(path, span)]),
    };
    node.into_unique_value()
        .map(|value| (text, value))
        .ok_or_else(|| few(repeated_keys(path, text)))
}

fn few(mut faults: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostic::keep_few(&mut faults, 0, MOST_OF_ONE_FILE);
    faults
}

/// The keys that stand twice in `text`. That is rare: the text is rather parsed once more than
/// every other one searched. Only where all of them say the same can the file be written without
/// asking anybody.
fn repeated_keys(path: &str, text: &str) -> Vec<Diagnostic> {
    let duplicates = json::parse(text)
        .map(|node| json::duplicates(&node))
        .unwrap_or_default();
    let fix = duplicates.iter().all(|it| it.is_same).then_some(Fix::Form);
    duplicates
        .iter()
        .map(|it| checks::duplicate_key::diagnostic(path, it).fix_if(fix.clone()))
        .collect()
}

/// The value in `bytes`, without their byte order mark; `None` where they are no JSON, or say two
/// things under one key.
pub(super) fn same_values(bytes: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).ok()?;
    let node = json::parse(text)
        .ok()
        .filter(|_| bytes.len() <= MAX_SETTINGS)?;
    json::duplicates(&node)
        .iter()
        .all(|it| it.is_same)
        .then(|| node.into_value())
}

/// The faults of a parsed document against its schema, and whether it is written in the canonical
/// form.
pub(super) fn check(
    path: &str,
    text: &str,
    value: &Value,
    schema: &Schema,
) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    let mut faults = schema.check(path, value);
    // In a text without a format, too: in a name that a pattern lets pass, in what a manifest says,
    // in a key.
    let is_plain = text.is_ascii() && !text.contains('\\');
    let unseen = if is_plain {
        Vec::new()
    } else {
        codes::hidden_characters(path, value)
    };
    let is_told = |it: &Diagnostic| {
        faults
            .iter()
            .any(|known| known.primary.place == it.primary.place)
    };
    let unseen: Vec<Diagnostic> = unseen.into_iter().filter(|it| !is_told(it)).collect();
    faults.extend(unseen);
    if !faults.is_empty() {
        return Err(few(faults));
    }
    if schema.is_canonical(value, text) {
        return Ok(Vec::new());
    }
    Ok(vec![checks::not_canonical::diagnostic(
        path,
        text,
        &schema.canonical(value),
    )])
}
