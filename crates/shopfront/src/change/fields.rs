//! Comparison of the fields of two documents.

use serde::Serialize;
use serde_json::Value;

use shopfront_diagnostics::pointer::Pointer;

/// Field with a changed value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldChange {
    /// JSON pointer of the field: `/source/pypi`.
    pub pointer: String,
    /// Value before the change. Null if it was absent.
    pub from: Value,
    /// Value after the change. Null if it is absent.
    pub to: Value,
}

/// Returns every field in which `before` and `after` differ, in the order of the texts. A list is
/// one field.
pub fn fields(before: &Value, after: &Value) -> Vec<FieldChange> {
    let mut found = Vec::new();
    compare(&Pointer::root(), Some(before), Some(after), &mut found);
    found
}

fn compare(
    at: &Pointer,
    before: Option<&Value>,
    after: Option<&Value>,
    found: &mut Vec<FieldChange>,
) {
    if before == after {
        return;
    }
    let (Some(Value::Object(old)), Some(Value::Object(new))) = (before, after) else {
        let shown = |value: Option<&Value>| value.cloned().unwrap_or(Value::Null);
        found.push(FieldChange {
            pointer: at.to_string(),
            from: shown(before),
            to: shown(after),
        });
        return;
    };
    for (key, value) in old {
        compare(&at.key(key), Some(value), new.get(key), found);
    }
    for (key, value) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
        compare(&at.key(key), None, Some(value), found);
    }
}
