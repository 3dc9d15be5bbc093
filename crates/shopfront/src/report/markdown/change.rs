//! Change as a table, with the card of each new or changed entry.

use super::bounded_text::{BoundedText, EIGHTH};
use super::inert::{code, words};
use crate::change::{Change, EntryChange, EntryPreview, FieldChange, Kind};
use crate::report::review::{MOST, Review, shown, verb, versions};

pub(super) fn sections(review: &Review<'_>, room: &mut BoundedText) {
    let change = review.change;
    if change.is_empty() {
        return;
    }
    room.put("\n### What changes\n");
    room.list(
        "\n| | entry | field | before | after |\n|---|---|---|---|---|\n",
        &rows(change),
        "more rows",
        EIGHTH,
    );
    let other: Vec<String> = change
        .files
        .iter()
        .chain(&change.outside)
        .map(|path| format!("- {}\n", code(path)))
        .collect();
    room.list("\nOther files:\n\n", &other, "more files", EIGHTH);
    for entry in &change.entries {
        let Some(brief) = &entry.brief else { continue };
        if !room.put(&card(entry, brief)) {
            break;
        }
    }
}

fn rows(change: &Change) -> Vec<String> {
    let mut rows = Vec::new();
    for entry in &change.entries {
        rows.extend(rows_of_entry(entry));
    }
    for settings in &change.settings {
        rows.extend(below(
            &format!("changed | {}", code(&settings.path)),
            settings.fields.iter().map(field).collect(),
        ));
    }
    rows
}

/// Returns the rows of an entry. The first row has the name of the entry and the first changed
/// field, and further rows have the other fields.
fn rows_of_entry(entry: &EntryChange) -> Vec<String> {
    let faults = if entry.sound || entry.kind == Kind::Removed {
        ""
    } else {
        ", has faults"
    };
    let mut cells = Vec::new();
    if let Kind::Renamed { from } = &entry.kind {
        cells.push(format!("id | {} | {}", code(from), code(&entry.key.id)));
    }
    if let (Some(former), Kind::Changed) = (&entry.former_path, &entry.kind) {
        cells.push(format!("file | {} | {}", code(former), code(&entry.path)));
    }
    if entry.is_only_of_form() {
        cells.push("only the form | | ".to_owned());
    }
    cells.extend(entry.fields.iter().map(field));
    if versions(entry).is_some() {
        let version = |it: &Option<String>| it.as_deref().map_or_else(|| "none".to_owned(), code);
        cells.push(format!(
            "newest release | {} | {}",
            version(&entry.version.from),
            version(&entry.version.to)
        ));
    }
    below(
        &format!("{}{faults} | {}", verb(entry), code(&entry.key.to_string())),
        cells,
    )
}

/// Returns a row for each of `cells`, the first one after `head`.
fn below(head: &str, cells: Vec<String>) -> Vec<String> {
    let none = if cells.is_empty() {
        vec![" | | ".to_owned()]
    } else {
        Vec::new()
    };
    let row = |(index, cells): (usize, String)| {
        format!("| {} | {cells} |\n", if index == 0 { head } else { " | " })
    };
    cells.into_iter().chain(none).enumerate().map(row).collect()
}

/// Returns the name of the field, its old value and its new value.
fn field(field: &FieldChange) -> String {
    let name = if field.pointer.is_empty() {
        "the whole file".to_owned()
    } else {
        code(&field.pointer[1..])
    };
    let (from, to) = shown(field, MOST);
    let value =
        |value: &serde_json::Value, text: String| if value.is_null() { text } else { code(&text) };
    format!(
        "{name} | {} | {}",
        value(&field.from, from),
        value(&field.to, to)
    )
}

fn card(entry: &EntryChange, brief: &EntryPreview) -> String {
    let version = match (&brief.version, &brief.released_at) {
        (Some(version), Some(at)) => {
            format!("{}, released {}", code(version), &at.to_string()[..10])
        }
        (Some(version), None) => code(version),
        (None, _) => "not known yet".to_owned(),
    };
    let mut rows = vec![
        ("name", code(&brief.display_name)),
        ("what it does", code(&brief.display_description)),
        ("author", code(&brief.author)),
        ("newest release", version),
        (
            "licence",
            brief
                .license
                .as_deref()
                .map_or_else(|| "not stated".to_owned(), code),
        ),
        ("package", code(&brief.source)),
    ];
    rows.extend(brief.links.iter().map(|(field, url)| (*field, code(url))));
    let mut lines: Vec<String> = rows
        .into_iter()
        .map(|(name, value)| format!("| {name} | {value} |\n"))
        .collect();
    // GitHub renders no table without a header.
    lines.insert(1, "|---|---|\n".to_owned());
    format!(
        "\n#### {}\n\n{}",
        words(&format!("`{}`", entry.key)),
        lines.concat()
    )
}
