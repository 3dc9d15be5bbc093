//! Untrusted texts in XML documents (feeds, drawings, descriptions for browsers) and in HTML.

use std::borrow::Cow;

/// Returns `raw` as escaped character data or attribute value. Omits hidden characters and those
/// that XML 1.0 cannot contain (<https://www.w3.org/TR/xml/#charsets>).
pub fn text(raw: &str) -> String {
    let mut escaped = String::with_capacity(raw.len() + 16);
    let visible = crate::replaced(raw, |it| {
        Some(if matches!(it.character, '\t' | '\n' | '\r') {
            " "
        } else {
            ""
        })
    });
    for character in visible.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            it => escaped.push(it),
        }
    }
    escaped
}

/// Escapes the five characters with a meaning in HTML and XML, and removes nothing: HTML may
/// contain any character.
pub fn escaped(text: &str) -> Cow<'_, str> {
    let is_special = |byte: u8| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'');
    if !text.bytes().any(is_special) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    let mut rest = text;
    // All five are ASCII: the text can be split before and after them.
    while let Some(at) = rest.bytes().position(is_special) {
        escaped.push_str(&rest[..at]);
        escaped.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        });
        rest = &rest[at + 1..];
    }
    escaped.push_str(rest);
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn nothing_but_characters_of_xml_is_left() {
        let every_control: String = (0..0xA0_u32)
            .filter_map(char::from_u32)
            .filter(|it| it.is_control())
            .collect();
        assert_eq!(text(&every_control), "   ");
        assert_eq!(
            text("a\u{fffe}b\u{ffff}c\u{202e}d\u{1f9ea}"),
            "abcd\u{1f9ea}"
        );
        assert_eq!(
            text("<b a='1' c=\"2\">&amp;]]></b>"),
            "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;amp;]]&gt;&lt;/b&gt;"
        );
    }
}
