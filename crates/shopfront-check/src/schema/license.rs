//! SPDX license expressions: what is wrong with a text, and which expressions it can stand for.

use std::borrow::Cow;

use spdx::identifiers::{EXCEPTIONS, LICENSES};
use spdx::{Expression, License, ParseMode};

/// The expressions that a text can stand for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Readings {
    /// The one with the same letters.
    pub(super) certain: Option<String>,
    /// All of them; none where the text gives no hint, or is a family of too many.
    pub(super) possible: Vec<String>,
}

/// The most identifiers that are offered for the name of a family.
const MAX_FAMILY: usize = 8;

/// The longest text that is taken apart, in bytes.
const MAX_TEXT: usize = 200;

/// Returns the problem of `value` as an SPDX expression.
pub(super) fn fault_of(value: &str) -> Option<String> {
    let lax_about_deprecated = ParseMode {
        allow_deprecated: true,
        ..ParseMode::STRICT
    };
    let fault = Expression::parse_mode(value, lax_about_deprecated).err()?;
    Some(fault.reason.to_string())
}

/// The expressions that `value`, which is not a valid one, can stand for.
pub(super) fn read(value: &str) -> Readings {
    if value.len() > MAX_TEXT {
        return Readings::default();
    }
    let is_valid = |expression: &String| fault_of(expression).is_none();
    if let Some(same) = rebuilt(value, &same_letters).filter(is_valid) {
        return Readings {
            possible: vec![same.clone()],
            certain: Some(same),
        };
    }
    let mut possible = rebuilt(value, &|phrase| {
        by_name(phrase).or_else(|| only(family(phrase)))
    })
    .into_iter()
    .collect::<Vec<_>>();
    if possible.is_empty() {
        possible = either(value)
            .or_else(|| Some(family(value)).filter(|all| !all.is_empty()))
            .unwrap_or_default();
    }
    if possible.is_empty() {
        possible = nearest(value);
    }
    possible.retain(is_valid);
    Readings {
        certain: None,
        possible,
    }
}

/// `value` with each identifier in it as `read` reads it, and its operators in capitals; `None`
/// where one of them gives nothing.
fn rebuilt(value: &str, read: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let spaced = value.replace('(', " ( ").replace(')', " ) ");
    let mut pieces: Vec<String> = Vec::new();
    let mut phrase: Vec<&str> = Vec::new();
    let operator = |word: &str| {
        ["AND", "OR", "WITH", "(", ")"]
            .into_iter()
            .find(|it| it.eq_ignore_ascii_case(word))
    };
    for word in spaced.split_whitespace().map(Some).chain([None]) {
        let here = word.map(operator);
        if let (Some(word), Some(None)) = (word, here) {
            phrase.push(word);
            continue;
        }
        if !phrase.is_empty() {
            let written = phrase.join(" ");
            let is_exception = pieces.last().is_some_and(|last| last == "WITH");
            pieces.push(if is_exception {
                exception(&written)?
            } else {
                read(&written)?
            });
            phrase.clear();
        }
        pieces.extend(here.flatten().map(str::to_owned));
    }
    Some(pieces.join(" ").replace("( ", "(").replace(" )", ")"))
}

/// The letters and digits of a text, and the `+` that means "or later".
fn letters(text: &str) -> String {
    text.chars()
        .filter(|it| it.is_ascii_alphanumeric() || *it == '+')
        .map(|it| it.to_ascii_lowercase())
        .collect()
}

/// The identifier with the same letters: `apache 2.0`.
fn same_letters(phrase: &str) -> Option<String> {
    // `GPL-2.0+` has a plus in its name, `Apache-2.0+` one behind it.
    let whole = letters(phrase);
    let found = |letters_of: &str| {
        LICENSES
            .iter()
            .find(|license| letters(license.name) == letters_of)
            .map(|license| license.name)
    };
    let with_plus = || Some(format!("{}+", found(whole.strip_suffix('+')?)?));
    let own_word = phrase.starts_with("LicenseRef-") || phrase.starts_with("DocumentRef-");
    if own_word {
        Some(phrase.to_owned())
    } else {
        found(&whole).map(str::to_owned).or_else(with_plus)
    }
}

fn exception(phrase: &str) -> Option<String> {
    EXCEPTIONS
        .iter()
        .find(|it| letters(it.name) == letters(phrase))
        .map(|it| it.name.to_owned())
}

/// The letters of a name without the words that say nothing: `The MIT License, version 1` is
/// `mit1`.
fn bare(phrase: &str) -> String {
    let words = phrase.split(|it: char| it.is_whitespace() || matches!(it, ',' | ':' | '"'));
    let says_something = |word: &&str| {
        ![
            "the", "license", "licence", "software", "public", "general", "gnu", "version", "v",
        ]
        .contains(word)
    };
    let words: Vec<String> = words.map(str::to_lowercase).collect();
    let kept: String = words
        .iter()
        .map(String::as_str)
        .filter(says_something)
        .map(letters)
        .collect();
    // `GPLv3`
    let digit_behind = |at: usize| kept.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit);
    kept.char_indices()
        .filter(|(at, it)| *it != 'v' || !digit_behind(*at))
        .map(|(_, it)| it)
        .collect()
}

fn usual() -> impl Iterator<Item = &'static License> {
    LICENSES
        .iter()
        .filter(|license| license.flags & spdx::flags::IS_DEPRECATED == 0)
}

/// The license with this name or identifier, but for words that say nothing.
fn by_name(phrase: &str) -> Option<String> {
    let bare_phrase = bare(phrase);
    let is_it = |license: &&License| {
        bare(license.name) == bare_phrase || bare(&full_name(license)) == bare_phrase
    };
    same_letters(phrase).or_else(|| {
        usual()
            .find(is_it)
            .filter(|_| !bare_phrase.is_empty())
            .map(|license| license.name.to_owned())
    })
}

/// The list quotes some names within the name.
fn full_name(license: &License) -> Cow<'_, str> {
    Cow::Borrowed(license.full_name.split(" (").next().unwrap_or_default())
}

/// The licenses that the Open Source Initiative approved and whose identifiers begin so: `BSD`,
/// `GPLv3`.
fn family(phrase: &str) -> Vec<String> {
    let bare_phrase = bare(phrase);
    let is_of_it = |license: &&License| {
        license.flags & spdx::flags::IS_OSI_APPROVED != 0
            && bare(license.name).starts_with(&bare_phrase)
    };
    let all: Vec<&License> = usual().filter(is_of_it).collect();
    // Those with one more word are variants: `BSD-3-Clause-LBNL`.
    let words = |license: &License| {
        license
            .name
            .trim_end_matches("-only")
            .trim_end_matches("-or-later")
            .split('-')
            .count()
    };
    let fewest = all.iter().map(|license| words(license)).min();
    let plain: Vec<String> = all
        .iter()
        .filter(|it| Some(words(it)) == fewest)
        .map(|license| license.name.to_owned())
        .collect();
    if bare_phrase.len() < 3 || plain.len() > MAX_FAMILY {
        Vec::new()
    } else {
        plain
    }
}

fn only(all: Vec<String>) -> Option<String> {
    let mut all = all.into_iter();
    all.next().filter(|_| all.next().is_none())
}

/// Two licenses with a slash, a comma or nothing between them: under either, or under both.
fn either(value: &str) -> Option<Vec<String>> {
    let mut parts = value.split(['/', ',']).map(str::trim).collect::<Vec<_>>();
    if parts.len() == 1 {
        parts = value.split_whitespace().collect();
    }
    let [left, right] = parts.as_slice() else {
        return None;
    };
    let (left, right) = (by_name(left)?, by_name(right)?);
    Some(vec![
        format!("{left} OR {right}"),
        format!("{left} AND {right}"),
    ])
}

/// The identifiers that are a letter away, or two in a long one, and none of which is nearer.
fn nearest(value: &str) -> Vec<String> {
    let written = letters(value);
    let allowed = if written.len() >= 8 {
        2
    } else {
        usize::from(written.len() >= 3)
    };
    let away = |license: &License| strsim::damerau_levenshtein(&written, &letters(license.name));
    let near: Vec<(usize, &str)> = usual()
        .map(|it| (away(it), it.name))
        .filter(|(distance, _)| *distance <= allowed)
        .collect();
    let least = near.iter().map(|(distance, _)| *distance).min();
    let all: Vec<String> = near
        .iter()
        .filter(|(distance, _)| Some(*distance) == least)
        .map(|(_, name)| (*name).to_owned())
        .collect();
    if all.len() > MAX_FAMILY {
        Vec::new()
    } else {
        all
    }
}
