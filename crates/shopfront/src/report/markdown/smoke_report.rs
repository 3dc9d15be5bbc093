//! Smoke test results as Markdown: failures first, and all text of plugins as code.

use super::bounded_text::{BoundedText, MOST};
use super::inert::code;
use crate::client::{SmokeReport, SmokeResult, SmokeTest};

/// Renders the counts, then a table.
pub(in crate::report) fn tried(tried: &SmokeReport) -> String {
    let mut text = "# Plugins, tried\n\n".to_owned();
    for result in SmokeResult::ALL.into_iter().rev() {
        text.push_str(&format!("- {}: {}\n", result.words(), tried.count(result)));
    }
    let mut rows: Vec<&SmokeTest> = tried.tries.iter().collect();
    // A stable sort: tests with the same result keep their order.
    rows.sort_by_key(|it| it.result);
    let rows: Vec<String> = rows.into_iter().map(row).collect();
    let mut room = BoundedText::before(String::new(), String::new());
    room.put(&text);
    room.list(
        "\n| plugin | release | with | result | why |\n|---|---|---|---|---|\n",
        &rows,
        "more",
        MOST,
    );
    room.finish()
}

fn row(it: &SmokeTest) -> String {
    let entry = code(&format!("{}/{}", it.host, it.id));
    let version = it.version.as_deref().map_or_else(|| "—".to_owned(), code);
    let python = it
        .python
        .as_ref()
        .map(|python| format!(", Python {python}"))
        .unwrap_or_default();
    let why = it.reason.as_deref().map_or_else(String::new, code);
    format!(
        "| {entry} | {version} | {} | {} | {why} |\n",
        code(&format!("{}{python}", it.with)),
        it.result.words()
    )
}
