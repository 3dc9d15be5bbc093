//! Words, as the index keeps them and as `site-template/search.js` makes them of a question:
//! without accents, in small letters, camel case taken apart. Both sides are held against
//! `site-template/tests/search/words.json`.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest word, in characters; of longer ones this is the beginning.
pub(super) const LONGEST: usize = 32;

/// Words that say nothing in a sentence. They are kept in names.
pub(super) const STOP: &[&str] = &[
    "a", "an", "and", "are", "as", "at", "be", "by", "can", "for", "from", "have", "in", "into",
    "is", "it", "its", "of", "on", "or", "that", "the", "their", "this", "to", "use", "used",
    "using", "via", "which", "with", "you", "your",
];

/// Every run of letters and digits, folded; of one in camel case the parts after it.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    each(text, &mut |word| words.push(word.to_owned()));
    words
}

/// Gives `take` what [`words`] gives, one after the other, so that who keeps few of them makes no
/// text of the others.
pub(super) fn each(text: &str, take: &mut dyn FnMut(&str)) {
    let mut folded = String::new();
    for run in runs(text) {
        fold(&run, &mut folded);
        take(cut(&folded));
        // What has no capital behind its first letter is no camel case.
        if run.chars().skip(1).any(char::is_uppercase) {
            let parts = parts(&run);
            for part in parts
                .iter()
                .filter(|part| parts.len() > 1 && part.chars().count() > 1)
            {
                fold(part, &mut folded);
                take(cut(&folded));
            }
        }
    }
}

/// The runs of `text`, folded, with nothing between them: two spellings of one name are the same.
pub(super) fn joined(text: &str) -> String {
    let (mut joined, mut folded) = (String::new(), String::new());
    for run in runs(text) {
        fold(&run, &mut folded);
        joined.push_str(&folded);
    }
    cut(&joined).to_owned()
}

/// Returns `true` for a stop word.
pub(super) fn is_stop(word: &str) -> bool {
    // Nearly every word is longer than the longest of them.
    word.len() <= 5 && STOP.binary_search(&word).is_ok()
}

/// Runs of letters and digits without accents, in the case they were written.
fn runs(text: &str) -> Vec<Cow<'_, str>> {
    if text.is_ascii() {
        // Nothing to take apart, which is dear.
        return text
            .split(|it: char| !it.is_ascii_alphanumeric())
            .filter(|run| !run.is_empty())
            .map(Cow::Borrowed)
            .collect();
    }
    let mut runs = Vec::new();
    let mut run = String::new();
    for character in text.nfkd().filter(|it| !is_combining_mark(*it)) {
        if character.is_alphanumeric() {
            run.push(character);
        } else if !run.is_empty() {
            runs.push(Cow::Owned(std::mem::take(&mut run)));
        }
    }
    if !run.is_empty() {
        runs.push(Cow::Owned(run));
    }
    runs
}

/// `GraphQLServer` as `Graph`, `QL`, `Server`.
fn parts(run: &str) -> Vec<String> {
    let characters: Vec<char> = run.chars().collect();
    let mut parts = vec![String::new()];
    for (index, character) in characters.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| characters[before]);
        let after = characters.get(index + 1);
        let begins = character.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || (before.is_uppercase() && after.is_some_and(|it| it.is_lowercase()))
            });
        if begins {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut() {
            part.push(*character);
        }
    }
    parts
}

/// Small letters, in the place of what `folded` held; those that no normal form takes apart are
/// written as people without that key write them.
fn fold(run: &str, folded: &mut String) {
    folded.clear();
    if run.is_ascii() {
        folded.push_str(run);
        folded.make_ascii_lowercase();
        return;
    }
    for character in run.to_lowercase().chars() {
        match character {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'þ' => folded.push_str("th"),
            'ı' => folded.push('i'),
            mark if is_combining_mark(mark) => {}
            other => folded.push(other),
        }
    }
}

fn cut(word: &str) -> &str {
    word.char_indices()
        .nth(LONGEST)
        .map_or(word, |(end, _)| &word[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_make_the_same_words() {
        let cases: Vec<serde_json::Value> = serde_json::from_str(include_str!(
            "../../../../site-template/tests/search/words.json"
        ))
        .expect("the examples are a list");
        assert!(cases.len() > 5);
        for case in &cases {
            let text = case["text"].as_str().expect("each example has a text");
            assert_eq!(serde_json::json!(words(text)), case["words"], "{text}");
            assert_eq!(serde_json::json!(joined(text)), case["joined"], "{text}");
        }
    }

    #[test]
    fn stop_words_are_sorted_and_short() {
        assert!(STOP.is_sorted());
        assert!(STOP.iter().all(|word| is_stop(word)));
    }
}
