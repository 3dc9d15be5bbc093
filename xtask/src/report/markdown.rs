//! For job summaries and comments: the verdict first, then one table. What strangers wrote in it is inert.

use super::{Counts, Located};

/// A heading and a table, or one sentence when there is nothing to tell.
pub(super) fn text(found: &[Located<'_>]) -> String {
    let counts = found.iter().fold(Counts::default(), |mut counts, it| {
        match it.diagnostic.severity {
            crate::diagnostic::Severity::Error => counts.errors += 1,
            crate::diagnostic::Severity::Warning => counts.warnings += 1,
        }
        counts
    });
    if found.is_empty() {
        return "**Good.** No fault was found.\n".to_owned();
    }
    let verdict = if counts.errors > 0 { "Refused." } else { "Good, with warnings." };
    let mut out = format!("**{verdict}** {} of severity error, {} of severity warning.\n\n", counts.errors, counts.warnings);
    out.push_str("| | where | what | cure |\n|---|---|---|---|\n");
    for located in found {
        let diagnostic = located.diagnostic;
        out.push_str(&format!(
            "| {} `{}` | {}:{}:{} | {} | {} |\n",
            diagnostic.severity,
            diagnostic.code.name,
            inert(&diagnostic.primary.place.path),
            located.primary.start.line,
            located.primary.start.column,
            inert(&diagnostic.message),
            inert(diagnostic.help.as_deref().unwrap_or_default()),
        ));
    }
    out
}

/// Text that GitHub shows as it is: every character that Markdown or HTML reads is written as a reference, and a
/// mention or an issue number is broken up.
fn inert(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '`' | '*' | '_' | '[' | ']' | '(' | ')' | '<' | '>' | '&' | '|' | '\\' | '~' | '#' | '!' | '@' | ':' | '"' | '\'' | '{'
            | '}' | '$' | '/' | '.' => {
                out.push_str(&format!("&#{};", u32::from(character)));
            }
            it if it.is_control() || crate::text::is_bidirectional(it) => out.push(' '),
            it => out.push(it),
        }
    }
    out
}
