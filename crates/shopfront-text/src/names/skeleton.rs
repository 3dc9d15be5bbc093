//! Visual similarity of names, by Unicode's own table (UTS 39).

use icu_properties::CodePointMapData;
use icu_properties::props::Script;
use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection;

/// Minimum number of letters and digits at which symbols are ignored. Below it, only symbols
/// distinguish names: `C`, `C++` and `C#`.
const FEW: usize = 3;

/// Returns the form that lookalike names share: the skeleton of UTS 39. It has no case, accents,
/// whitespace, punctuation or symbols, and one letter for `1`, `l` and `i`. A name with few
/// letters keeps its symbols.
pub fn skeleton(name: &str) -> String {
    let look = if name.is_ascii() {
        ascii(name)
    } else {
        unicode(name)
    };
    let letters: String = look.chars().filter(|it| it.is_alphanumeric()).collect();
    if letters.chars().count() >= FEW {
        return letters;
    }
    let rest: String = look
        .chars()
        .filter(|it| !it.is_whitespace() && !matches!(it, '-' | '_' | '.'))
        .collect();
    if rest.is_empty() { look } else { rest }
}

/// Returns `look` without the name of its host, with which half of the plugins begin; both are
/// skeletons.
pub fn without_host<'n>(look: &'n str, host: &str) -> &'n str {
    look.strip_prefix(host)
        .filter(|rest| !rest.is_empty())
        .unwrap_or(look)
}

/// Returns the first letter of another script that makes a word resemble one in Latin letters:
/// the second letter of `M\u{430}ps`.
pub fn imitation(text: &str) -> Option<char> {
    let words = text
        .split(|it: char| !it.is_alphanumeric())
        .filter(|word| !word.is_ascii());
    words.into_iter().find_map(|word| {
        let is_mixed = word.bytes().any(|byte| byte.is_ascii_alphabetic());
        word.chars().find(|it| is_mixed && passes_for_latin(*it))
    })
}

fn passes_for_latin(character: char) -> bool {
    let is_latin = CodePointMapData::<Script>::new().get(character) == Script::Latin;
    let mut look =
        confusable_detection::skeleton(character.encode_utf8(&mut [0; 4])).collect::<String>();
    look.retain(|it| it.is_alphanumeric());
    !character.is_ascii()
        && character.is_alphabetic()
        && !is_latin
        && !look.is_empty()
        && look.is_ascii()
}

/// Returns the [`unicode`] of a name in ASCII, as nearly all are.
fn ascii(name: &str) -> String {
    let mut look = String::with_capacity(name.len());
    for character in name.chars() {
        match character.to_ascii_lowercase() {
            '0' => look.push('o'),
            '1' | 'i' | '|' => look.push('l'),
            'm' => look.push_str("rn"),
            '%' => {}
            other => look.push(other),
        }
    }
    look
}

fn unicode(name: &str) -> String {
    let look = |text: &str| {
        confusable_detection::skeleton(text)
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    // Twice: a capital is also looked up as its lower-case letter. Compatibility forms are
    // decomposed. The table maps `%` to three signs, one of which counts as a digit.
    let plain: String = name.nfkd().filter(|it| *it != '%').collect();
    look(&look(&plain)).replace('i', "l")
}
