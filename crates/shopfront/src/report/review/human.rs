//! Terminal review: diagnostics, change, verdict. The verdict is last, where it remains visible.

use super::{MOST, Review, shown, verb, versions};
use crate::change::{EntryChange, FieldChange, Kind};
use crate::report::RenderOptions;
use crate::report::human;
use shopfront_text::counted;
use shopfront_text::strip_controls;

pub(super) fn text(review: &Review<'_>, look: RenderOptions) -> String {
    let mut out = human::text(review.found, review.texts, look);
    let change = review.change;
    let since = &review.since[..review.since.len().min(12)];
    if change.is_empty() {
        out.push_str(&format!("nothing differs from {since}\n"));
    } else {
        out.push_str(&format!("what differs from {since}:\n"));
    }
    for entry in &change.entries {
        out.push_str(&lines_of(entry, look.columns));
    }
    for settings in &change.settings {
        out.push_str(&format!("  changed   {}\n", strip_controls(&settings.path)));
        out.push_str(&fields(&settings.fields, look.columns));
    }
    out.extend(
        change
            .files
            .iter()
            .map(|path| format!("  file      {}\n", strip_controls(path))),
    );
    if !change.outside.is_empty() {
        out.push_str(&format!(
            "  and {} outside of the catalogue\n",
            counted(change.outside.len(), "file")
        ));
    }
    out.push_str(&format!("\nverdict: {}\n", review.verdict.decision.label()));
    out.extend(
        review
            .verdict
            .reasons
            .iter()
            .map(|reason| format!("  - {}\n", strip_controls(reason))),
    );
    out
}

fn lines_of(entry: &EntryChange, columns: usize) -> String {
    let mut out = format!("  {:<10}{}", verb(entry), entry.key);
    match (&entry.kind, &entry.brief) {
        (Kind::Added, Some(brief)) => {
            let version = brief
                .version
                .as_deref()
                .map(|it| format!(" {it}"))
                .unwrap_or_default();
            out.push_str(&strip_controls(&format!(
                ": {}{version} by {}",
                brief.display_name, brief.author
            )));
        }
        (Kind::Renamed { from }, _) => out.push_str(&format!(" (was {from})")),
        _ => {}
    }
    if !entry.sound && entry.kind != Kind::Removed {
        out.push_str(" (has faults)");
    }
    out.push('\n');
    if let (Some(former), Kind::Changed) = (&entry.former_path, &entry.kind) {
        out.push_str(&format!(
            "            moved from {}\n",
            strip_controls(former)
        ));
    }
    if entry.is_only_of_form() {
        out.push_str("            only the form\n");
    }
    out.push_str(&fields(&entry.fields, columns));
    out.extend(
        versions(entry)
            .map(|versions| format!("            version: {}\n", strip_controls(&versions))),
    );
    out
}

/// Renders one line per field, or three if that would be too long.
fn fields(fields: &[FieldChange], columns: usize) -> String {
    let room = columns.saturating_sub(INDENT.len() + 4).max(20);
    let cut = |text: &str| shopfront_text::one_line(&shopfront_text::marked(text), room);
    let mut out = String::new();
    for field in fields {
        let name = if field.pointer.is_empty() {
            "the whole file"
        } else {
            field.pointer.trim_start_matches('/')
        };
        let (from, to) = shown(field, MOST);
        let line = format!("{INDENT}{name}: {from} → {to}");
        if line.chars().count() <= columns {
            out.push_str(&format!("{}\n", strip_controls(&line)));
            continue;
        }
        let (from, to) = shown(field, room.min(MOST));
        out.push_str(&format!(
            "{INDENT}{}\n{INDENT}  - {}\n{INDENT}  + {}\n",
            cut(name),
            cut(&from),
            cut(&to)
        ));
    }
    out
}

const INDENT: &str = "            ";
