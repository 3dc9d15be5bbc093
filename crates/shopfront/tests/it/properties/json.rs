//! Properties of the JSON parser in comparison with serde: both accept the same texts, with the
//! same values, and all spans are correct.

use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};
use shopfront_diagnostics::Part;
use shopfront_diagnostics::pointer::Pointer;
use shopfront_json::{self as json, Fault, Kind, MAX_DEPTH, Node, Plain};

/// Limit of numbers that are too large for one parser and not yet for the other: serde rounds more
/// than once.
const NEARLY_TOO_LARGE: f64 = 1.797_693_134_862_31e308;

pub(super) fn holds(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    match (json::parse(text), serde_json::from_str::<RunOutput>(text)) {
        (Ok(node), Ok(told)) => {
            assert!(told.depth() <= MAX_DEPTH, "it nests {} deep", told.depth());
            same_tree(&node, &told);
            true_spans(&node, text, 0..text.len());
            pointers_lead_home(&node, text);
            duplicates_are_counted(&node, &told, text);
            same_value(&node.into_value(), &told);
            same_value(
                &serde_json::from_str::<Plain>(text)
                    .expect("serde took it before")
                    .0,
                &told,
            );
        }
        (Err(Fault::TooDeep(span)), _) => {
            assert!(
                matches!(&text[span.clone()], "[" | "{"),
                "{span:?} is no bracket"
            );
            assert_eq!(
                open_brackets(&text[..span.start]),
                MAX_DEPTH,
                "the bracket at {span:?} is not the first that goes too far"
            );
        }
        (Err(Fault::Syntax { span, message, .. }), Err(_)) => {
            assert!(
                is_sound(&span, text),
                "{span:?} of {} bytes cuts a character: {message}",
                text.len()
            );
            assert!(!message.is_empty());
        }
        (Err(Fault::Syntax { message, .. }), Ok(told)) => assert!(
            told.is_nearly_too_large(),
            "only serde takes it; ours: {message}"
        ),
        (Ok(node), Err(cause)) => {
            let is_too_large = cause.to_string().starts_with("number out of range")
                && is_nearly_too_large(&node.into_value());
            assert!(is_too_large, "only ours takes it; serde: {cause}");
        }
    }
}

/// Document as serde parses it, with repeated keys and without the key that serde_json reserves.
#[derive(Debug)]
enum RunOutput {
    Null,
    Bool(bool),
    Number(Number),
    String(String),
    Array(Vec<RunOutput>),
    Object(Vec<(String, RunOutput)>),
}

impl RunOutput {
    fn depth(&self) -> usize {
        let deepest = match self {
            RunOutput::Array(items) => items.iter().map(RunOutput::depth).max(),
            RunOutput::Object(members) => members.iter().map(|(_, value)| value.depth()).max(),
            _ => return 0,
        };
        1 + deepest.unwrap_or_default()
    }

    fn is_nearly_too_large(&self) -> bool {
        match self {
            RunOutput::Number(it) => it.as_f64().is_some_and(|it| it.abs() >= NEARLY_TOO_LARGE),
            RunOutput::Array(items) => items.iter().any(RunOutput::is_nearly_too_large),
            RunOutput::Object(members) => {
                members.iter().any(|(_, value)| value.is_nearly_too_large())
            }
            _ => false,
        }
    }
}

fn is_nearly_too_large(value: &Value) -> bool {
    match value {
        Value::Number(it) => it.as_f64().is_some_and(|it| it.abs() >= NEARLY_TOO_LARGE),
        Value::Array(items) => items.iter().any(is_nearly_too_large),
        Value::Object(members) => members.values().any(is_nearly_too_large),
        _ => false,
    }
}

fn same_tree(node: &Node, told: &RunOutput) {
    match (&node.kind, told) {
        (Kind::Null, RunOutput::Null) => {}
        (Kind::Bool(a), RunOutput::Bool(b)) => assert_eq!(a, b),
        (Kind::Number(a), RunOutput::Number(b)) => same_number(a, b),
        (Kind::String(a), RunOutput::String(b)) => assert_eq!(a, b),
        (Kind::Array(a), RunOutput::Array(b)) => {
            assert_eq!(a.len(), b.len());
            a.iter().zip(b).for_each(|(a, b)| same_tree(a, b));
        }
        (Kind::Object(a), RunOutput::Object(b)) => {
            assert_eq!(a.len(), b.len());
            for ((key, value), (name, told)) in a.iter().zip(b) {
                assert_eq!(&key.name, name);
                same_tree(value, told);
            }
        }
        (kind, told) => panic!("{kind:?} is not {told:?}"),
    }
}

/// Compares the plain values. Of a repeated key, the last one counts.
fn same_value(value: &Value, told: &RunOutput) {
    match (value, told) {
        (Value::Null, RunOutput::Null) => {}
        (Value::Bool(a), RunOutput::Bool(b)) => assert_eq!(a, b),
        (Value::Number(a), RunOutput::Number(b)) => same_number(a, b),
        (Value::String(a), RunOutput::String(b)) => assert_eq!(a, b),
        (Value::Array(a), RunOutput::Array(b)) => {
            assert_eq!(a.len(), b.len());
            a.iter().zip(b).for_each(|(a, b)| same_value(a, b));
        }
        (Value::Object(members), RunOutput::Object(told)) => {
            assert!(told.iter().all(|(name, _)| members.contains_key(name)));
            for (name, value) in members {
                let (_, last) = told
                    .iter()
                    .rev()
                    .find(|(known, _)| known == name)
                    .expect("no key comes from nowhere");
                same_value(value, last);
            }
        }
        (value, told) => panic!("{value:?} is not {told:?}"),
    }
}

/// Compares numbers. Integers must be equal. For others, serde rounds more than once, and this
/// parser only once.
fn same_number(ours: &Number, theirs: &Number) {
    const MOST_STEPS: i64 = 8;
    let (Some(a), Some(b), true, true) = (
        ours.as_f64(),
        theirs.as_f64(),
        ours.is_f64(),
        theirs.is_f64(),
    ) else {
        return assert_eq!(ours, theirs);
    };
    assert_eq!(
        a.is_sign_negative(),
        b.is_sign_negative(),
        "{ours} is not {theirs}"
    );
    // Adjacent floats of one sign have adjacent integer representations.
    let steps = a.to_bits().cast_signed() - b.to_bits().cast_signed();
    assert!(steps.abs() <= MOST_STEPS, "{ours} is not {theirs}");
}

/// Checks that the text at each span is the value of the node, within the span of its parent, in
/// text order.
fn true_spans(node: &Node, text: &str, within: Range<usize>) {
    let span = &node.span;
    assert!(
        is_sound(span, text) && within.start <= span.start && span.end <= within.end,
        "{span:?} is not in {within:?}"
    );
    same_tree(
        node,
        &serde_json::from_str(&text[span.clone()]).expect("a span holds a whole value"),
    );
    let mut from = span.start + 1;
    let inner_end = span.end - 1;
    match &node.kind {
        Kind::Array(items) => {
            for item in items {
                true_spans(item, text, from..inner_end);
                from = item.span.end;
            }
        }
        Kind::Object(members) => {
            for (key, value) in members {
                assert!(from <= key.span.start && key.span.end < value.span.start);
                assert_eq!(
                    serde_json::from_str::<String>(&text[key.span.clone()])
                        .expect("a key is a string"),
                    key.name
                );
                true_spans(value, text, key.span.end..inner_end);
                from = value.span.end;
            }
        }
        _ => {}
    }
}

fn pointers_lead_home(root: &Node, text: &str) {
    let mut open = vec![(Pointer::root(), root, true)];
    while let Some((pointer, node, is_last)) = open.pop() {
        let [value, opening, key] =
            [Part::Value, Part::Opening, Part::Key].map(|part| json::span(root, &pointer, part));
        assert!(
            is_sound(&value, text) && is_sound(&opening, text) && is_sound(&key, text),
            "at `{pointer}`"
        );
        // Pointers cannot refer to a member that a later key of the same name hides.
        if is_last {
            assert_eq!(value, node.span, "at `{pointer}`");
            assert!(
                opening.start == value.start && opening.end <= value.end,
                "at `{pointer}`"
            );
        }
        let nowhere = json::span(root, &pointer.key("\u{0}no such key"), Part::Value);
        assert!(
            is_sound(&nowhere, text) && !nowhere.is_empty(),
            "below `{pointer}`"
        );
        match &node.kind {
            Kind::Array(items) => {
                open.extend(
                    items
                        .iter()
                        .enumerate()
                        .map(|(index, item)| (pointer.index(index), item, is_last)),
                );
            }
            Kind::Object(members) => {
                for (index, (key, value)) in members.iter().enumerate() {
                    let is_last = is_last
                        && members[index + 1..]
                            .iter()
                            .all(|(later, _)| later.name != key.name);
                    let below = pointer.key(&key.name);
                    assert!(
                        !is_last || json::span(root, &below, Part::Key) == key.span,
                        "the key at `{below}`"
                    );
                    assert_eq!(below.last(), key.name);
                    open.push((below, value, is_last));
                }
            }
            _ => {}
        }
    }
}

fn duplicates_are_counted(node: &Node, told: &RunOutput, text: &str) {
    let found = json::duplicates(node);
    assert_eq!(found.len(), repeated_keys(told));
    for (index, duplicate) in found.iter().enumerate() {
        let [first, second] = [&duplicate.first, &duplicate.second]
            .map(|span| serde_json::from_str::<String>(&text[span.clone()]));
        assert_eq!(
            first.expect("a key is a string"),
            second.expect("a key is a string")
        );
        assert!(duplicate.first.end < duplicate.second.start);
        assert!(
            index == 0 || found[index - 1].second.end <= duplicate.second.start,
            "out of the order of the text"
        );
    }
}

fn repeated_keys(told: &RunOutput) -> usize {
    match told {
        RunOutput::Array(items) => items.iter().map(repeated_keys).sum(),
        RunOutput::Object(members) => {
            let is_repeated = |index: usize| {
                members[..index]
                    .iter()
                    .any(|(earlier, _)| *earlier == members[index].0)
            };
            let here = (0..members.len())
                .filter(|index| is_repeated(*index))
                .count();
            here + members
                .iter()
                .map(|(_, value)| repeated_keys(value))
                .sum::<usize>()
        }
        _ => 0,
    }
}

/// Returns the number of open brackets after `text`, the start of a valid document.
fn open_brackets(text: &str) -> usize {
    let (mut open, mut in_string, mut escaped) = (0, false, false);
    for byte in text.bytes() {
        match (in_string, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_string = !in_string,
            (false, b'[' | b'{') => open += 1,
            (false, b']' | b'}') => open -= 1,
            _ => {}
        }
    }
    open
}

fn is_sound(span: &Range<usize>, text: &str) -> bool {
    text.get(span.clone()).is_some()
}

impl<'de> Deserialize<'de> for RunOutput {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<RunOutput, D::Error> {
        deserializer.deserialize_any(Listener)
    }
}

struct Listener;

impl<'de> Visitor<'de> for Listener {
    type Value = RunOutput;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<RunOutput, E> {
        Ok(RunOutput::Null)
    }

    fn visit_bool<E>(self, it: bool) -> Result<RunOutput, E> {
        Ok(RunOutput::Bool(it))
    }

    fn visit_u64<E>(self, it: u64) -> Result<RunOutput, E> {
        Ok(RunOutput::Number(it.into()))
    }

    fn visit_i64<E>(self, it: i64) -> Result<RunOutput, E> {
        Ok(RunOutput::Number(it.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, it: f64) -> Result<RunOutput, E> {
        Number::from_f64(it)
            .map(RunOutput::Number)
            .ok_or_else(|| E::custom("a number that is none"))
    }

    fn visit_str<E>(self, it: &str) -> Result<RunOutput, E> {
        Ok(RunOutput::String(it.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<RunOutput, A::Error> {
        let mut all = Vec::new();
        while let Some(item) = items.next_element()? {
            all.push(item);
        }
        Ok(RunOutput::Array(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<RunOutput, A::Error> {
        let mut all = Vec::new();
        while let Some(member) = members.next_entry()? {
            all.push(member);
        }
        Ok(RunOutput::Object(all))
    }
}
