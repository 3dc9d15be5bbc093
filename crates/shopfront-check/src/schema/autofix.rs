//! Values that break their schema and can mean one thing only: what they should be.

use serde_json::Value;

use super::{Schema, compile, formats};
use shopfront_diagnostics::fix::{Edit, Fix};
use shopfront_diagnostics::pointer::Pointer;
use shopfront_text::names::distance;

/// Returns the only safe fix of `value` at `at`: the same meaning in a valid form.
///
/// A `source` decides whose plugin is listed: there, only the form of a value is fixed,
/// no field is taken away or renamed.
pub(super) fn of_value(schema: &Schema, at: &Pointer, value: &Value) -> Option<Fix> {
    let is_nothing = value.is_null() || value.as_str().is_some_and(shopfront_text::is_blank);
    if is_nothing {
        return (is_optional(schema, at) && !is_of_source(at))
            .then(|| Fix::Edit(Edit::Remove(at.clone())));
    }
    let here = schema.at(at)?;
    let text = value.as_str()?;
    let validator = compile("a part", here).ok()?.validator;
    let meant = candidates(here, at, text)
        .into_iter()
        .find(|candidate| candidate != value && validator.is_valid(candidate))?;
    Some(Fix::Edit(Edit::Set(at.clone(), meant)))
}

/// The field that somebody meant who wrote the unknown `field` in the object at `at`: one letter
/// off, two in a long name, no other as near, and the value would do.
pub(super) fn of_field(
    schema: &Schema,
    at: &Pointer,
    field: &str,
    value: &Value,
    free: &[&str],
) -> Option<Fix> {
    if is_of_source(&at.key(field)) {
        return None;
    }
    let written = field.to_lowercase().replace(['-', ' '], "_");
    let allowed = if written.len() >= 8 {
        2
    } else {
        usize::from(written.len() >= 4)
    };
    let mut near: Vec<(usize, &str)> = free
        .iter()
        .filter_map(|known| Some((distance(&written, known)?, *known)))
        .collect();
    near.sort_unstable();
    let (least, name) = *near.first()?;
    let is_alone = near.get(1).is_none_or(|(second, _)| *second > least);
    if least > allowed || !is_alone {
        return None;
    }
    let here = schema.at(&at.key(name))?;
    let validator = compile("a part", here).ok()?.validator;
    // What is mended in the next round does as well.
    let meant = value
        .as_str()
        .map(|text| candidates(here, &at.key(name), text))
        .unwrap_or_default();
    let fits =
        validator.is_valid(value) || meant.iter().any(|candidate| validator.is_valid(candidate));
    fits.then(|| Fix::Edit(Edit::Rename(at.key(field), name.to_owned())))
}

/// Returns `true` if `at` is below the `source` of a snippet.
fn is_of_source(at: &Pointer) -> bool {
    at.steps().count() > 1 && at.steps().next().is_some_and(|first| first == "source")
}

/// Returns `true` if the object or the list that contains `at` is valid without it.
fn is_optional(schema: &Schema, at: &Pointer) -> bool {
    let Some(around) = schema.at(&at.parent()) else {
        return false;
    };
    if around.get("items").is_some() {
        return around.get("minItems").is_none();
    }
    let required = around.get("required").and_then(Value::as_array);
    let is_known = around
        .get("properties")
        .is_some_and(|it| it.get(at.last()).is_some());
    is_known
        && required.is_none_or(|fields| {
            fields
                .iter()
                .all(|field| field.as_str() != Some(&at.last()))
        })
}

/// Returns the possible meanings of `text`, the most conservative first; the caller keeps what the
/// schema takes.
fn candidates(here: &Value, at: &Pointer, text: &str) -> Vec<Value> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let options = here
        .get("enum")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let mut all: Vec<Value> = options
        .filter(|option| {
            option
                .as_str()
                .is_some_and(|option| option.eq_ignore_ascii_case(&line))
        })
        .cloned()
        .collect();
    all.push(line.clone().into());
    all.push(without_references(&line).into());
    all.extend(formats::meant(here, at, &line).map(Value::from));
    if at.steps().any(|step| step == "maintainers") {
        all.extend(line.strip_prefix('@').map(Value::from));
    }
    // Ids have no capital letters.
    let is_id = |part: &Value| {
        part.get("pattern")
            .and_then(Value::as_str)
            .is_some_and(|it| it.starts_with("^[a-z0-9]+("))
    };
    if is_id(here) {
        all.push(line.to_lowercase().into());
    }
    // One word where a list of words belongs; of several nobody knows where one ends.
    let is_word = line
        .chars()
        .all(|it| it.is_alphanumeric() || matches!(it, '-' | '_' | '.'));
    if here.get("type").and_then(Value::as_str) == Some("array") && is_word {
        let is_list_of_ids = here.get("items").is_some_and(is_id);
        all.push(Value::Array(vec![
            if is_list_of_ids {
                line.to_lowercase()
            } else {
                line
            }
            .into(),
        ]));
    }
    all
}

/// The references of HTML that people write in plain text, as the characters that they stand for.
fn without_references(text: &str) -> String {
    let plain = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&apos;", "'");
    plain.replace("&nbsp;", " ").replace("&amp;", "&")
}
