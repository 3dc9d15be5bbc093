//! The rules that every answer keeps to, wherever it comes from: before it takes the place of the
//! last one, and when it is read.

use super::{Answer, ProjectKey};
use shopfront_text::{self as text, url_policy};

/// The longest text of an answer, in bytes: long descriptions are kept apart.
const MAX_TEXT: usize = 8 << 10;

/// The reason why `answer` is not one for `key` that can be published; `None` for a good one.
pub fn fault_of(answer: &Answer, key: &ProjectKey) -> Option<String> {
    if answer.format != 1 {
        return Some(format!("expected format 1, found {}", answer.format));
    }
    if answer.registry != key.registry || answer.name != key.name {
        return Some(format!(
            "expected an answer for `{key}`, found one for `{}/{}`",
            answer.registry, answer.name
        ));
    }
    let newest = &answer.project.as_ref()?.newest;
    let links = newest.links.iter().map(|link| link.url.as_str());
    let mut addresses = links.chain(
        newest
            .vulnerabilities
            .iter()
            .filter_map(|it| it.url.as_deref()),
    );
    addresses
        .find(|url| url_policy::check_web_url(url).is_some())
        .map(|url| format!("`{url}` is not a valid web address"))
}

/// The reason why the answer that was [written](super::text()) as `written` contains more than
/// lines of visible text; `None` for a good one.
pub fn fault_of_texts(written: &str) -> Option<String> {
    // Controls are written as escapes, and what is beyond ASCII as itself.
    let is_plain = written.bytes().all(|byte| byte < 0x7f);
    let hidden = if is_plain {
        None
    } else {
        text::hidden(written).find(|it| !it.ends_or_indents())
    };
    if let Some(hidden) = hidden {
        return Some(format!(
            "it contains U+{:04X}, which readers cannot see",
            u32::from(hidden.character)
        ));
    }
    let mut rest = written;
    while let Some(start) = rest.find('"') {
        rest = &rest[start + 1..];
        let mut bytes = rest.bytes().enumerate();
        let end = loop {
            match bytes.next() {
                Some((at, b'"')) => break at,
                Some((_, b'\\')) if !matches!(bytes.next(), Some((_, b'"' | b'\\'))) => {
                    return Some("it contains a control character".to_owned());
                }
                Some(_) => {}
                None => return Some("it ends within a text".to_owned()),
            }
        };
        if end > MAX_TEXT {
            return Some(format!(
                "it contains a text of {end} bytes; {MAX_TEXT} is the most"
            ));
        }
        rest = &rest[end + 1..];
    }
    None
}

#[cfg(test)]
mod tests {
    use super::fault_of_texts;

    #[test]
    fn a_text_is_one_line_of_visible_characters() {
        for good in ["{\n  \"a\": \"b \\\"c\\\" \\\\ \u{e9}\"\n}\n", "{}", "\"\""] {
            assert_eq!(fault_of_texts(good), None, "{good}");
        }
        let long = format!("[\"{}\"]", "a".repeat(9_000));
        for bad in [
            "[\"a\\nb\"]",
            "[\"\\u001b[2J\"]",
            "[\"gpj.\u{202e}exe\"]",
            &long,
            "[\"a",
            "[\"a\\",
        ] {
            assert!(fault_of_texts(bad).is_some(), "{bad}");
        }
    }
}
