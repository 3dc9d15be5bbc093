//! The content of a fence.

use super::parse::ContentText;

/// The content that a fence with this information stands for.
///
/// # Errors
/// A malformed information or escape.
pub(super) fn fenced(info: &str, body: &[&str]) -> Result<ContentText, String> {
    let (language, has_escapes) = info
        .strip_suffix(" escapes")
        .map_or((info, false), |language| (language, true));
    if language.is_empty() || language.contains(' ') {
        return Err(format!(
            "expected a language behind the fence, found `{info}`"
        ));
    }
    let text = joined(body);
    let text = if has_escapes { unescaped(&text)? } else { text };
    if language == "report" {
        return Err("unexpected path above a report".to_owned());
    }
    if language == "diff" {
        Ok(ContentText::Diff(text.lines().map(str::to_owned).collect()))
    } else {
        Ok(ContentText::Whole(text))
    }
}

/// `text` with the character for each `\u{…}`.
fn unescaped(text: &str) -> Result<String, String> {
    let mut parts = text.split("\\u{");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_once('}').unwrap_or((part, ""));
        let character = u32::from_str_radix(digits, 16)
            .ok()
            .and_then(char::from_u32);
        whole.push(character.ok_or_else(|| format!("`\\u{{{digits}}}` is not a character"))?);
        whole.push_str(rest);
    }
    Ok(whole)
}

/// The lines as a text.
pub(super) fn joined(lines: &[&str]) -> String {
    lines.iter().flat_map(|line| [*line, "\n"]).collect()
}
