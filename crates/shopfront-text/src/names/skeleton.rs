//! What a reader sees of a name at a glance: which names look alike, by Unicode's own table (UTS
//! 39).

use icu_properties::CodePointMapData;
use icu_properties::props::Script;
use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection;

/// Below so many letters and digits, what stands around them is all that tells names apart: `C`,
/// `C++` and `C#`.
const FEW: usize = 3;

/// The form under which two names look alike: the skeleton of UTS 39, without case, accents,
/// blanks, punctuation and symbols, and with one letter for `1`, `l` and `i`. A name of few letters
/// keeps its symbols.
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

/// `look` without the name of its host, which half of the plugins begin with; both are skeletons.
pub fn without_host<'n>(look: &'n str, host: &str) -> &'n str {
    look.strip_prefix(host)
        .filter(|rest| !rest.is_empty())
        .unwrap_or(look)
}

/// The first letter of another script by which a word passes for one in Latin letters: the second
/// letter of `M\u{430}ps`.
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

/// [`unicode`] of a name in ASCII, as nearly all are.
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
    // Twice: a capital is looked up as the small letter that it becomes, too. Compatibility forms
    // are what they stand for. For `%` the table has three signs, one of which counts as a
    // digit.
    let plain: String = name.nfkd().filter(|it| *it != '%').collect();
    look(&look(&plain)).replace('i', "l")
}
