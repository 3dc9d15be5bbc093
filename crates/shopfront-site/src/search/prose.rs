//! The words of a long description that somebody could search for: of its sentences, not of its
//! code, tags and addresses.

use std::collections::BTreeSet;

use super::words;

/// Maximum number of different words of one long description in the index.
const MOST_WORDS: usize = 400;
/// Maximum number of bytes read of it.
const MOST_BYTES: usize = 64 * 1024;
/// The longest of these words: what is longer is a hash, or a line of a table.
const LONGEST: usize = 20;

/// The different words of `text`, sorted.
pub(super) fn words(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let text = &text[..text.floor_char_boundary(MOST_BYTES)];
    let mut is_code = false;
    for line in text.lines() {
        let start = line.trim_start();
        if start.starts_with("```") || start.starts_with("~~~") {
            is_code = !is_code;
            continue;
        }
        if is_code {
            continue;
        }
        words::each(&sentences(line), &mut |word| {
            if found.len() < MOST_WORDS && is_of_interest(word) && !found.contains(word) {
                found.insert(word.to_owned());
            }
        });
        if found.len() == MOST_WORDS {
            break;
        }
    }
    found
}

/// The line without tags, addresses and what stands between grave accents.
fn sentences(line: &str) -> String {
    let mut kept = String::with_capacity(line.len());
    let mut until = None;
    for piece in line.split_inclusive(|it: char| {
        it.is_whitespace() || matches!(it, '<' | '>' | '(' | ')' | '[' | ']' | '`')
    }) {
        let last = piece.chars().next_back();
        match until {
            Some(end) if last == Some(end) => until = None,
            Some(_) => {}
            None => {
                kept.push_str(if is_address(piece) { " " } else { piece });
                until = match last {
                    Some('<') => Some('>'),
                    Some('`') => Some('`'),
                    _ => None,
                };
            }
        }
    }
    kept
}

/// Returns `true` if it looks like the address of a page, a file or a person.
fn is_address(piece: &str) -> bool {
    let has = |wanted: u8| piece.bytes().any(|byte| byte == wanted);
    has(b'@') || has(b'/') && (has(b'.') || piece.contains("://"))
}

fn is_of_interest(word: &str) -> bool {
    let length = word.chars().count();
    let digits = word.chars().filter(char::is_ascii_digit).count();
    (3..=LONGEST).contains(&length) && digits * 2 < length && !words::is_stop(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_give_words_and_code_gives_none() {
        let text = "# Tide tables\n\n[![status](https://img.example/x.svg)](https://ci.example/x) Shows <b title=\"no\">high</b> water.\n\
            ```\nimport nothing_of_this\n```\nUse `pip install` with café owners, 4f3a9b21c0.\n";
        let found: Vec<String> = words(text).into_iter().collect();
        assert_eq!(
            found,
            [
                "cafe", "high", "owners", "shows", "status", "tables", "tide", "water"
            ]
        );
    }
}
