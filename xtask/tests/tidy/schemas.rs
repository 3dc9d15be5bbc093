//! Schemas teach a format to people's editors: each says enough, says it rightly, and has words for
//! its faults.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use shopfront_check::schema::Schemas;
use shopfront_hosts as kinds;

/// Every keyword that may stand in a schema of ours. An engine ignores one that is misspelt.
const KEYWORDS: &[&str] = &[
    "$schema",
    "$id",
    "$ref",
    "$defs",
    "$comment",
    "title",
    "description",
    "examples",
    "default",
    "type",
    "enum",
    "const",
    "format",
    "properties",
    "required",
    "additionalProperties",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "items",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "anyOf",
    "x-shopfront-says",
];

/// Of these, the ones that `schema::words` can not tell in words of its own: not for what people
/// write.
const WITHOUT_WORDS: &[&str] = &[
    "propertyNames",
    "minProperties",
    "maxProperties",
    "minItems",
    "anyOf",
];

/// Keywords whose members are named by the author, each a schema.
const NAMED_SCHEMAS: &[&str] = &["properties", "$defs"];
/// Keywords that hold a schema.
const ONE_SCHEMA: &[&str] = &["items", "additionalProperties", "propertyNames"];

type Members = Map<String, Value>;

fn documents() -> Vec<(&'static str, Value)> {
    shopfront_check::schema::embedded::schemas()
        .iter()
        .map(|(name, text)| (*name, serde_json::from_str(text).unwrap()))
        .collect()
}

/// What people write; all others are published.
fn is_written(name: &str) -> bool {
    ["plugin", "host", "store"]
        .iter()
        .any(|what| name.starts_with(what))
}

/// Every schema within `schema`, itself first, each with its pointer.
fn schemas_within<'s>(pointer: &str, schema: &'s Value, all: &mut Vec<(String, &'s Members)>) {
    let Some(members) = schema.as_object() else {
        return;
    };
    all.push((pointer.to_owned(), members));
    for (keyword, value) in members {
        if NAMED_SCHEMAS.contains(&keyword.as_str()) {
            for (name, schema) in value.as_object().unwrap() {
                schemas_within(&format!("{pointer}/{keyword}/{name}"), schema, all);
            }
        } else if ONE_SCHEMA.contains(&keyword.as_str()) {
            schemas_within(&format!("{pointer}/{keyword}"), value, all);
        } else if keyword == "anyOf" {
            for (index, schema) in value.as_array().unwrap().iter().enumerate() {
                schemas_within(&format!("{pointer}/{keyword}/{index}"), schema, all);
            }
        }
    }
}

/// Fails with all that `rule` says of the schemas within every file.
fn assert_all(rule: impl Fn(&str, &str, &Members) -> Vec<String>) {
    let mut faults = Vec::new();
    for (name, document) in documents() {
        let mut all = Vec::new();
        schemas_within("", &document, &mut all);
        for (pointer, members) in all {
            faults.extend(
                rule(name, &pointer, members)
                    .into_iter()
                    .map(|fault| format!("{name}#{pointer}: {fault}")),
            );
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What a `$ref` points at, or the schema itself.
fn resolved(name: &str, members: &Members) -> Value {
    let Some(reference) = members.get("$ref").and_then(Value::as_str) else {
        return Value::Object(members.clone());
    };
    let (file, pointer) = reference.split_once('#').unwrap();
    let file = if file.is_empty() { name } else { file };
    let document = documents()
        .into_iter()
        .find(|(known, _)| *known == file)
        .unwrap()
        .1;
    let target = document
        .pointer(pointer)
        .unwrap_or_else(|| panic!("{name}: `{reference}` points at nothing"));
    resolved(file, target.as_object().unwrap())
}

#[test]
fn keywords_are_spelt_as_the_engine_knows_them() {
    assert_all(|name, pointer, members| {
        // A host is read with the schema of its kind: there, another kind is not met.
        let lacks_words = |keyword: &str| {
            WITHOUT_WORDS.contains(&keyword) || keyword == "const" && pointer != "/properties/kind"
        };
        let is_unknown = |keyword: &&String| {
            !KEYWORDS.contains(&keyword.as_str()) || is_written(name) && lacks_words(keyword)
        };
        members
            .keys()
            .filter(is_unknown)
            .map(|keyword| format!("`{keyword}` is no keyword here"))
            .collect()
    });
}

#[test]
fn every_schema_says_its_dialect_first_and_no_address() {
    for (name, document) in documents() {
        let first = document.as_object().unwrap().iter().next().unwrap();
        assert_eq!(
            first,
            (
                &"$schema".to_owned(),
                &"https://json-schema.org/draft/2020-12/schema".into()
            ),
            "{name}"
        );
        // Where it lies is known when a store publishes it.
        assert!(document.get("$id").is_none(), "{name} has an `$id`");
    }
}

#[test]
fn a_published_schema_is_found_at_its_id() {
    let schemas = Schemas::new(&shopfront_text::embedded::overlaid(
        &shopfront_check::schema::embedded::schemas(),
        BTreeMap::new(),
    ))
    .unwrap();
    for (name, document) in schemas.published("https://plugins.example/store/") {
        assert_eq!(
            document["$id"],
            format!("https://plugins.example/store/schema/{name}")
        );
    }
}

#[test]
fn every_property_is_described_and_shown() {
    assert_all(|name, pointer, members| {
        if pointer.rsplit('/').nth(1) != Some("properties") {
            return Vec::new();
        }
        let schema = resolved(name, members);
        let has_text = schema["description"]
            .as_str()
            .is_some_and(|text| !text.trim().is_empty());
        let has_example = schema["examples"]
            .as_array()
            .is_some_and(|examples| !examples.is_empty());
        let lacks = [
            (has_text, "has no description"),
            (has_example, "has no example"),
        ]
        .into_iter()
        .filter(|(has, _)| !has);
        lacks.map(|(_, fault)| fault.to_owned()).collect()
    });
}

#[test]
fn every_example_keeps_to_its_schema() {
    let schemas = Schemas::new(&shopfront_text::embedded::overlaid(
        &shopfront_check::schema::embedded::schemas(),
        BTreeMap::new(),
    ))
    .unwrap();
    assert_all(|name, pointer, members| {
        let Some(examples) = members.get("examples").and_then(Value::as_array) else {
            return Vec::new();
        };
        let part = schemas.get(name).unwrap().part(pointer).unwrap();
        examples
            .iter()
            .filter_map(|example| part.assert("the example", example).err())
            .map(|fault| fault.to_string())
            .collect()
    });
}

#[test]
fn what_is_required_is_a_property_and_nothing_else_is_let_in_by_chance() {
    assert_all(|name, _, members| {
        let Some(properties) = members.get("properties").and_then(Value::as_object) else {
            return Vec::new();
        };
        let required = members
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        let unknown = required.filter(|field| !properties.contains_key(*field));
        let mut found: Vec<String> = unknown
            .map(|field| format!("`{field}` is required and unknown"))
            .collect();
        // Each kind has more fields than all kinds together.
        if !members.contains_key("additionalProperties") && name != "host.schema.json" {
            found.push("does not say whether it has other fields".to_owned());
        }
        found
    });
}

fn fields(file: &str) -> Vec<String> {
    let document = documents()
        .into_iter()
        .find(|(name, _)| *name == file)
        .unwrap_or_else(|| panic!("there is no {file}"))
        .1;
    document["properties"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect()
}

#[test]
fn every_kind_has_the_fields_that_all_kinds_have_first_and_in_their_order() {
    for kind in kinds::ALL {
        for (own, shared) in [
            (kind.snippet_schema, "plugin.schema.json"),
            (kind.host_schema, "host.schema.json"),
        ] {
            let own_fields = fields(own);
            // What is no module of Python has none.
            let is_own = |field: &String| field != "module_name" || own_fields.contains(field);
            let shared: Vec<String> = fields(shared).into_iter().filter(is_own).collect();
            assert_eq!(own_fields[..shared.len()], shared, "{own}");
        }
    }
}
