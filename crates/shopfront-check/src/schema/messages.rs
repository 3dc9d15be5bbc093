//! From what the schema engine reports to diagnostics in our words.

use std::collections::BTreeSet;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, ValidationError};
use serde_json::Value;

use super::{Schema, autofix, formats};
use crate::checks;
use shopfront_diagnostics::Diagnostic;
use shopfront_diagnostics::pointer::Pointer;
use shopfront_model::codes;
use shopfront_model::pasted;
use shopfront_text::names;

/// Maximum number of errors of one file for which fixes are computed.
const MOST_MENDED: usize = 100;

/// Every fault of `value`, none twice.
pub(super) fn diagnostics(schema: &Schema, path: &str, value: &Value) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let meant = misspelt_fields(schema, value);
    let mut of_format = BTreeSet::new();
    let mut too_short = Vec::new();
    for error in schema.validator().iter_errors(value) {
        let at = Pointer::new(error.instance_path().as_str());
        let told_before = found.len();
        match error.kind() {
            // `autor` for `author` is one fault, told where the letters are wrong.
            ValidationErrorKind::Required { property }
                if meant.contains(&at.key(property.as_str().unwrap_or_default())) => {}
            // A blank text breaks its format and its least length: one fault, told once.
            ValidationErrorKind::MinLength { .. } => too_short.push(at),
            ValidationErrorKind::Format { format } => {
                let text = error.instance().as_str().unwrap_or_default();
                found.push(
                    formats::diagnostic(format, path, &at, text)
                        .unwrap_or_else(|| malformed(path, &at, &error, format)),
                );
                of_format.insert(at);
            }
            _ => translate(schema, path, &at, &error, &mut found),
        }
        // A file with more faults than this was not written by hand.
        if found.len() < MOST_MENDED
            && found.len() > told_before
            && found[told_before].fix.is_none()
        {
            let of_value = autofix::of_value(
                schema,
                &Pointer::new(error.instance_path().as_str()),
                error.instance(),
            );
            found[told_before].fix = of_value.filter(|_| found.len() == told_before + 1);
        }
    }
    for at in too_short.iter().filter(|at| !of_format.contains(at)) {
        found.push(
            codes::blank_text::diagnostic(path, at).fix_if(autofix::of_value(
                schema,
                at,
                &Value::from(""),
            )),
        );
    }
    found
}

/// The fields that somebody meant who wrote an unknown one.
fn misspelt_fields(schema: &Schema, value: &Value) -> BTreeSet<Pointer> {
    let mut meant = BTreeSet::new();
    for error in schema.validator().iter_errors(value) {
        let ValidationErrorKind::AdditionalProperties { unexpected } = error.kind() else {
            continue;
        };
        let at = Pointer::new(error.instance_path().as_str());
        let known = known_fields(schema.at(&at), error.instance());
        meant.extend(
            unexpected
                .iter()
                .filter_map(|field| names::nearest(field, known.iter().copied()))
                .map(|field| at.key(field)),
        );
    }
    meant
}

fn translate(
    schema: &Schema,
    path: &str,
    at: &Pointer,
    error: &ValidationError<'_>,
    found: &mut Vec<Diagnostic>,
) {
    let instance = error.instance();
    let here = schema.at(at);
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            let field = property.as_str().unwrap_or_default();
            found.push(checks::missing_field::diagnostic(
                path,
                at,
                field,
                example(schema, &at.key(field)),
            ));
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let known = known_fields(here, instance);
            let free: Vec<&str> = known
                .iter()
                .copied()
                .filter(|field| instance.get(field).is_none())
                .collect();
            for field in unexpected {
                let fix = instance
                    .get(field)
                    .and_then(|value| autofix::of_field(schema, at, field, value, &free));
                found.push(
                    checks::unknown_field::diagnostic(path, at, field, &known)
                        .fix_if(fix.filter(|_| found.len() < MOST_MENDED)),
                );
            }
        }
        ValidationErrorKind::Type { kind } => {
            let expected = expected_types(kind);
            let help =
                example(schema, at).map(|example| format!("write, for example, `{example}`"));
            found.push(checks::wrong_type::diagnostic(
                path,
                at,
                &expected,
                type_of(instance),
                help,
            ));
        }
        ValidationErrorKind::Enum { options } => {
            let known: Vec<&str> = options
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            found.push(checks::unknown_value::diagnostic(
                path,
                at,
                &shown(instance),
                &known,
            ));
        }
        ValidationErrorKind::MaxLength { limit } => {
            let count = instance.as_str().unwrap_or_default().chars().count();
            found.push(checks::text_too_long::diagnostic(
                path,
                at,
                count,
                to_usize(*limit),
            ));
        }
        ValidationErrorKind::MaxItems { limit } => {
            let count = instance.as_array().map_or(0, Vec::len);
            found.push(checks::too_many_items::diagnostic(
                path,
                at,
                count,
                to_usize(*limit),
            ));
        }
        ValidationErrorKind::UniqueItems => found.extend(repeated_items(path, at, instance)),
        ValidationErrorKind::Minimum { limit } => found.push(checks::out_of_range::diagnostic(
            path,
            at,
            &shown(instance),
            &format!("at least {limit}"),
        )),
        ValidationErrorKind::Maximum { limit } => found.push(checks::out_of_range::diagnostic(
            path,
            at,
            &shown(instance),
            &format!("at most {limit}"),
        )),
        ValidationErrorKind::Pattern { pattern } => {
            let says = here
                .and_then(|it| it.get("x-shopfront-says"))
                .and_then(Value::as_str);
            let form =
                says.map_or_else(|| format!("a text that matches `{pattern}`"), str::to_owned);
            let offered = here
                .and_then(|here| pasted::help(formats::registry_of(here, at)?, instance.as_str()?));
            let usual =
                || example(schema, at).map(|example| format!("write, for example, `{example}`"));
            found.push(checks::malformed_value::diagnostic(
                path,
                at,
                &shown(instance),
                &form,
                offered.or_else(usual),
            ));
        }
        _ => found.push(malformed(path, at, error, "what the schema says")),
    }
}

fn malformed(path: &str, at: &Pointer, error: &ValidationError<'_>, form: &str) -> Diagnostic {
    checks::malformed_value::diagnostic(path, at, &shown(error.instance()), form, None)
}

/// Each item that equals an earlier one.
fn repeated_items(path: &str, at: &Pointer, instance: &Value) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let items = instance.as_array().map(Vec::as_slice).unwrap_or_default();
    for (second, item) in items.iter().enumerate() {
        if let Some(first) = items[..second].iter().position(|earlier| earlier == item) {
            found.push(checks::duplicate_item::diagnostic(path, at, first, second));
        }
    }
    found
}

/// The first example of the field at `at`, as JSON.
fn example(schema: &Schema, at: &Pointer) -> Option<String> {
    let example = schema.at(at)?.get("examples")?.get(0)?;
    Some(example.to_string())
}

/// The fields that the object may have and has not yet, first; all of them when it has everything.
fn known_fields<'s>(here: Option<&'s Value>, instance: &Value) -> Vec<&'s str> {
    let properties = here
        .and_then(|it| it.get("properties"))
        .and_then(Value::as_object);
    let all: Vec<&str> = properties
        .into_iter()
        .flatten()
        .map(|(key, _)| key.as_str())
        .collect();
    let free: Vec<&str> = all
        .iter()
        .copied()
        .filter(|key| instance.get(key).is_none() && !key.starts_with('$'))
        .collect();
    if free.is_empty() { all } else { free }
}

/// A value in a message: texts without their quotes, everything short.
fn shown(value: &Value) -> String {
    const MOST: usize = 60;
    let text = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    if text.chars().count() <= MOST {
        return text;
    }
    text.chars().take(MOST).chain(['…']).collect()
}

fn expected_types(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(single) => named(*single).to_owned(),
        TypeKind::Multiple(several) => several.iter().map(named).collect::<Vec<_>>().join(" or "),
    }
}

fn named(kind: JsonType) -> &'static str {
    match kind {
        JsonType::Null => "null",
        JsonType::Boolean => "true or false",
        JsonType::Integer => "a whole number",
        JsonType::Number => "a number",
        JsonType::String => "a text in double quotes",
        JsonType::Array => "a list in `[` and `]`",
        JsonType::Object => "an object in `{` and `}`",
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn to_usize(limit: u64) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}
