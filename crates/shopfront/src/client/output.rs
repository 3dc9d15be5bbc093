//! Rendering of plugins for people and programs. All text of a store is untrusted and is sanitized
//! before it reaches a terminal.

use jiff::Timestamp;

use super::listing::{Listing, Newest, Place, Row, StoreNote};
use shopfront_text::one_line;

/// Maximum length of a cell, in characters.
const CELL: usize = 40;

/// Renders the whole listing as JSON.
pub fn json(listing: &Listing) -> String {
    shopfront_text::workflow_commands::pretty_json(listing)
}

/// Renders the whole listing for people.
pub fn human(listing: &Listing) -> String {
    let mut text = place(&listing.environment);
    listing
        .stores
        .iter()
        .for_each(|note| text.push_str(&store(note)));
    text.push('\n');
    text + &rows_text(&listing.plugins)
}

/// Renders a table of plugins, with the problems below each.
pub fn rows_text(rows: &[Row]) -> String {
    let head = ["ID", "NEWEST", "", "INSTALLED", "", "STATUS"].map(str::to_owned);
    let lines: Vec<[String; 6]> = std::iter::once(head)
        .chain(rows.iter().map(cells))
        .collect();
    let width = |column: usize| {
        lines
            .iter()
            .map(|cells| cells[column].chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..6).map(width).collect();
    let mut text = String::new();
    for (index, cells) in lines.iter().enumerate() {
        let mut line = String::new();
        for (cell, width) in cells.iter().zip(&widths) {
            line.push_str(&format!("{cell:width$}  "));
        }
        text.push_str(&format!("  {}\n", line.trim_end()));
        let reason = index.checked_sub(1).and_then(|index| reason(&rows[index]));
        text.extend(reason.map(|reason| format!("      {reason}\n")));
    }
    if rows.is_empty() {
        text.push_str("  none\n");
    }
    text
}

fn place(place: &Place) -> String {
    let python = place
        .python
        .as_ref()
        .map(|version| format!(", Python {version}"))
        .unwrap_or_default();
    let host = match &place.version {
        Some(version) => format!("{} {}", place.project, one_line(version, CELL)),
        None => format!("{} is not installed", place.project),
    };
    format!(
        "{} ({}): {host}{python}, in {}\n",
        one_line(&place.title, 80),
        place.host,
        one_line(&place.folder, 400)
    )
}

fn store(note: &StoreNote) -> String {
    let title = note
        .title
        .as_ref()
        .map(|title| format!("{}, ", one_line(title, 80)))
        .unwrap_or_default();
    let built = note
        .generated_at
        .map(|at| format!(", built {at}"))
        .unwrap_or_default();
    let trouble = match (&note.trouble, note.checked_at, note.title.is_some()) {
        (None, ..) => String::new(),
        (Some(why), Some(at), true) => format!(
            "\n  it could not be read again, so this is its copy of {at}: {}",
            one_line(why, 300)
        ),
        (Some(why), ..) => format!(
            "\n  it could not be read, and there is no copy of it: {}",
            one_line(why, 300)
        ),
    };
    format!(
        "store: {title}{}{built}{trouble}\n",
        one_line(&note.address, 400)
    )
}

fn cells(row: &Row) -> [String; 6] {
    let cell = |text: &str| one_line(text, CELL);
    let newest = match &row.newest {
        Some(Newest {
            version,
            fits: Some(true),
            ..
        }) => cell(version),
        // The store has no data on compatibility: the version must not appear as compatible.
        Some(Newest { version, .. }) => format!("{}?", cell(version)),
        None => "-".to_owned(),
    };
    let released = date(row.newest.as_ref().and_then(|it| it.released_at));
    let installed = row
        .installed
        .as_deref()
        .map_or_else(|| "-".to_owned(), cell);
    [
        cell(&row.id),
        newest,
        released,
        installed,
        date(row.installed_at),
        status(row),
    ]
}

fn date(at: Option<Timestamp>) -> String {
    at.map(|at| at.to_string().chars().take(10).collect())
        .unwrap_or_default()
}

fn status(row: &Row) -> String {
    let state = match (
        &row.installed,
        row.enabled,
        row.status.as_ref().map(|it| it.outcome),
    ) {
        (None, ..) => row.lifecycle.clone().unwrap_or_default(),
        (Some(_), ..) if row.is_partial => "broken off".to_owned(),
        (Some(_), false, _) => "disabled".to_owned(),
        (Some(_), true, None) => "not tried".to_owned(),
        (Some(_), true, Some(outcome)) => outcome.to_owned(),
    };
    let more = [
        (row.has_update, "update"),
        (
            row.installed.is_some() && row.display_name.is_none(),
            "no longer listed",
        ),
    ];
    let more = more
        .into_iter()
        .filter(|(is_so, _)| *is_so)
        .map(|(_, word)| word.to_owned());
    std::iter::once(state)
        .filter(|it| !it.is_empty())
        .chain(more)
        .collect::<Vec<_>>()
        .join(", ")
}

fn reason(row: &Row) -> Option<String> {
    let reason = row
        .status
        .as_ref()
        .filter(|_| row.enabled)?
        .reason
        .as_ref()?;
    Some(one_line(reason, 400))
}
