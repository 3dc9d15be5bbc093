//! One file of JSON: from bytes to a value that keeps to its schema, or to the faults why it does not.

use serde_json::Value;

use crate::checks;
use crate::diagnostic::Diagnostic;
use crate::json::{self, Fault};
use crate::schema::Schema;

/// The largest snippet.
pub(crate) const MAX_SNIPPET: usize = 64 << 10;
/// The largest `host.json` and `store.json`.
pub(crate) const MAX_SETTINGS: usize = 256 << 10;

/// The value in `bytes`, without a schema yet.
pub(super) fn parse<'b>(path: &str, bytes: &'b [u8], most: usize) -> Result<(&'b str, Value), Vec<Diagnostic>> {
    if bytes.len() > most {
        return Err(vec![checks::too_large::found(path, most)]);
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(vec![checks::byte_order_mark::found(path)]);
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(fault) => return Err(vec![checks::not_utf8::found(path, fault.valid_up_to())]),
    };
    let node = match json::parse(text) {
        Ok(node) => node,
        Err(Fault::Syntax { span, message, help }) => return Err(vec![checks::not_json::found(path, span, &message, help)]),
        Err(Fault::TooDeep(span)) => return Err(vec![checks::too_deep::found(path, span)]),
    };
    node.into_unique_value().map(|value| (text, value)).ok_or_else(|| repeated(path, text))
}

/// The keys that stand twice in `text`. That is rare: the text is rather parsed once more than every other one searched.
fn repeated(path: &str, text: &str) -> Vec<Diagnostic> {
    let duplicates = json::parse(text).map(|node| json::duplicates(&node)).unwrap_or_default();
    duplicates.iter().map(|it| checks::duplicate_key::found(path, it)).collect()
}

/// The faults of a parsed document against its schema, and whether it is written in the canonical form.
pub(super) fn check(path: &str, text: &str, value: &Value, schema: &Schema) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    let faults = schema.check(path, value);
    if !faults.is_empty() {
        return Err(faults);
    }
    if schema.is_canonical(value, text) {
        return Ok(Vec::new());
    }
    Ok(vec![checks::not_canonical::found(path, text, &schema.canonical(value))])
}
