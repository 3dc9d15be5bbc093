//! Table of diagnostics: errors first, each with its page and its line.

use super::bounded_text::{BoundedText, HALF};
use super::inert::{code, destination, words};
use crate::report::{Links, Located, Range};
use shopfront_diagnostics::Severity;

pub(super) fn table(found: &[Located<'_>], links: &Links, room: &mut BoundedText) {
    let mut rows = Vec::new();
    for severity in [Severity::Error, Severity::Warning] {
        rows.extend(
            found
                .iter()
                .filter(|it| it.diagnostic.severity == severity)
                .map(|it| row(it, links)),
        );
    }
    room.list(
        "\n| | where | what | cure |\n|---|---|---|---|\n",
        &rows,
        "more faults",
        HALF,
    );
}

fn row(located: &Located<'_>, links: &Links) -> String {
    let diagnostic = located.diagnostic;
    let cure: Vec<String> = diagnostic
        .help
        .iter()
        .map(|help| words(help))
        .chain(diagnostic.command().map(|command| code(&command)))
        .collect();
    format!(
        "| {} {} | {} | {} | {} |\n",
        diagnostic.severity,
        page(diagnostic.code.name, links),
        place(&diagnostic.primary.place.path, &located.primary, links),
        words(&diagnostic.message),
        cure.join("; "),
    )
}

/// Returns the code, with a link to its page if the store is published.
fn page(name: &str, links: &Links) -> String {
    match &links.store {
        Some(store) => format!(
            "[`{name}`](<{}>)",
            destination(store, &format!("errors/{name}/"))
        ),
        None => format!("`{name}`"),
    }
}

/// Returns the location, with a link to its lines if the URL of the files is known.
fn place(path: &str, range: &Range, links: &Links) -> String {
    let shown = code(&format!(
        "{path}:{}:{}",
        range.start.line, range.start.column
    ));
    let Some(files) = &links.files else {
        return shown;
    };
    let lines = match range.end.line > range.start.line {
        true => format!("#L{}-L{}", range.start.line, range.end.line),
        false => format!("#L{}", range.start.line),
    };
    format!("[{shown}](<{}{lines}>)", destination(files, path))
}
