//! Tests of visible text and confusable names: tables of texts, and properties of all texts.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;
use shopfront_text::names;
use shopfront_text::{self as text, NotPlain};

use crate::scratch::fixtures;

fn table(name: &str) -> Vec<Value> {
    serde_json::from_str(&fs::read_to_string(fixtures().join("texts").join(name)).unwrap()).unwrap()
}

#[test]
fn every_text_of_the_table_hides_what_stands_beside_it() {
    let mut wrong = Vec::new();
    for row in table("visible.json") {
        let text = row["text"].as_str().unwrap();
        let expected: Vec<&str> = row["hidden"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it.as_str().unwrap())
            .collect();
        let hidden: Vec<String> = text::hidden(text)
            .map(|it| format!("{:?}", it.kind))
            .collect();
        let is_refused = matches!(
            text::not_plain(text),
            Some(NotPlain::Hidden(_) | NotPlain::Blank)
        );
        if hidden != expected || is_refused == expected.is_empty() {
            wrong.push(format!("{}: {hidden:?}", row["what"]));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_text_without_its_hidden_characters_has_none() {
    // All characters with a rule of their own, in pseudorandom order: the same in each run.
    let alphabet: Vec<char> = table("visible.json")
        .iter()
        .flat_map(|row| row["text"].as_str().unwrap().chars())
        .collect();
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed >> 33).unwrap() % below
    };
    for _ in 0..20_000 {
        let length = 1 + next(8);
        let text: String = (0..length)
            .map(|_| alphabet[next(alphabet.len())])
            .collect();
        let visible = text::visible(&text);
        assert_eq!(
            text::hidden(&visible).next(),
            None,
            "{text:?} as {visible:?}"
        );
        let line = text::one_line(&text, 1 + next(6));
        assert_eq!(text::hidden(&line).next(), None, "{text:?} as {line:?}");
        assert_eq!(
            text::strip_controls(&text).chars().count(),
            text.chars().count(),
            "{text:?}"
        );
        assert_eq!(
            text::hidden(&text).next().is_some(),
            text::strip_controls(&text).contains('\u{fffd}') && !text.contains('\u{fffd}')
        );
        assert_eq!(text::is_blank(&text), visible.trim().is_empty(), "{text:?}");
    }
}

#[test]
fn names_of_one_group_look_alike_and_those_of_two_do_not() {
    let mut group_of: BTreeMap<String, usize> = BTreeMap::new();
    for (group, row) in table("look-alikes.json").iter().enumerate() {
        for name in row["names"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it.as_str().unwrap())
        {
            let first = *group_of.entry(names::skeleton(name)).or_insert(group);
            assert_eq!(first, group, "{name} as {}", names::skeleton(name));
        }
    }
    assert_eq!(
        group_of.len(),
        table("look-alikes.json").len(),
        "{group_of:#?}"
    );
}

/// Nearly all names are ASCII, which has a faster implementation.
#[test]
fn a_name_in_ascii_looks_like_the_same_name_beside_other_letters() {
    for character in ' '..='~' {
        let alone = names::skeleton(&format!("abc{character}def"));
        let beside = names::skeleton(&format!("abc{character}def\u{e9}\u{430}"));
        assert_eq!(format!("{alone}ea"), beside, "{character:?}");
    }
}

#[test]
fn a_word_that_mixes_scripts_passes_for_latin_only_where_it_looks_so() {
    for (text, letter) in [
        ("Gr\u{430}phQL API", Some('\u{430}')),
        ("\u{421}harts", Some('\u{421}')),
        ("\u{1d406}raphs", Some('\u{1d406}')),
        ("Яндекс API", None),
        ("Caf\u{e9} Zürich", None),
        ("日本語 plugin", None),
        ("α-helix", None),
        ("\u{b5}Plot", None),
        ("Straße", None),
    ] {
        assert_eq!(names::imitation(text), letter, "{text}");
    }
}
