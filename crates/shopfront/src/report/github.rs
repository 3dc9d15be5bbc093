//! Workflow commands of GitHub Actions: annotations beside the lines of a pull request.

use super::Located;
use shopfront_diagnostics::Severity;

/// Number of errors, and of warnings, that GitHub shows per step.
const MOST_SHOWN: usize = 10;

/// Renders one line per diagnostic, errors first, and counts those that GitHub would drop.
pub(super) fn text(found: &[Located<'_>]) -> String {
    let mut out = String::new();
    for severity in [Severity::Error, Severity::Warning] {
        let of_severity: Vec<&Located<'_>> = found
            .iter()
            .filter(|it| it.diagnostic.severity == severity)
            .collect();
        for located in of_severity.iter().take(MOST_SHOWN) {
            out.push_str(&command(located));
        }
        if of_severity.len() > MOST_SHOWN {
            let more = format!(
                "{} more of severity {severity} than GitHub shows",
                of_severity.len() - MOST_SHOWN
            );
            out.push_str(&notice(&format!(
                "{more}: `{} check` lists them all",
                shopfront_diagnostics::program::name()
            )));
        }
    }
    out
}

/// Renders a notice without a line.
pub(super) fn notice(message: &str) -> String {
    format!("::notice::{}\n", data(message))
}

fn command(located: &Located<'_>) -> String {
    let diagnostic = located.diagnostic;
    let range = &located.primary;
    let help = diagnostic
        .help
        .as_deref()
        .map(|help| format!("\nhelp: {help}"))
        .unwrap_or_default();
    let fix = diagnostic
        .command()
        .map(|command| format!("\nfix: {command}"))
        .unwrap_or_default();
    let others: String = diagnostic
        .secondary
        .iter()
        .zip(&located.secondary)
        .map(|(label, at)| {
            format!(
                "\n{}:{}:{}: {}",
                label.place.path, at.start.line, at.start.column, label.text
            )
        })
        .collect();
    format!(
        "::{severity} file={file},line={line},endLine={end_line},col={column},endColumn={end_column},title={title}::{message}\n",
        severity = diagnostic.severity,
        file = property(&diagnostic.primary.place.path),
        line = range.start.line,
        end_line = range.end.line,
        column = range.start.column,
        end_column = range.end.column,
        title = property(diagnostic.code.name),
        message = data(&cut(&format!("{}{others}{help}{fix}", diagnostic.message))),
    )
}

/// Truncates a message. An annotation shows little text, and GitHub refuses more than 64 KiB.
fn cut(text: &str) -> String {
    const MOST: usize = 4_000;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Escapes line breaks. The runner reads a command up to the end of the line, and untrusted text
/// must not begin another command.
fn data(text: &str) -> String {
    let inert = shopfront_text::replaced(text, |it| {
        (!matches!(it.character, '\n' | '\r')).then_some("\u{fffd}")
    });
    inert
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Escapes a property, which `:` and `,` would end.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
