//! For terminals: the faults, then the change, then the verdict, which so stands where the eye ends.

use super::{Review, shown, verb, versions};
use crate::change::{EntryChange, FieldChange, Kind};
use crate::report::human::{self, inert};
use crate::report::{Look, counted};

pub(super) fn text(review: &Review<'_>, look: Look) -> String {
    let mut out = human::text(review.found, review.texts, look);
    let change = review.change;
    let since = &review.since[..review.since.len().min(12)];
    if change.is_empty() {
        out.push_str(&format!("nothing differs from {since}\n"));
    } else {
        out.push_str(&format!("what differs from {since}:\n"));
    }
    for entry in &change.entries {
        out.push_str(&lines_of(entry));
    }
    for settings in &change.settings {
        out.push_str(&format!("  changed  {}\n", inert(&settings.path)));
        out.push_str(&fields(&settings.fields));
    }
    out.extend(change.files.iter().map(|path| format!("  file     {}\n", inert(path))));
    if !change.outside.is_empty() {
        out.push_str(&format!("  and {} outside of the catalogue\n", counted(change.outside.len(), "file")));
    }
    out.push_str(&format!("\nverdict: {}\n", review.verdict.decision.words()));
    out.extend(review.verdict.reasons.iter().map(|reason| format!("  - {}\n", inert(reason))));
    out
}

fn lines_of(entry: &EntryChange) -> String {
    let mut out = format!("  {:<9}{}", verb(entry), entry.key);
    match (&entry.kind, &entry.brief) {
        (Kind::Added, Some(brief)) => {
            let version = brief.version.as_deref().map(|it| format!(" {it}")).unwrap_or_default();
            out.push_str(&inert(&format!(": {}{version} by {}", brief.display_name, brief.author)));
        }
        (Kind::Renamed { from }, _) => out.push_str(&format!(" (was {from})")),
        _ => {}
    }
    if !entry.sound && entry.kind != Kind::Removed {
        out.push_str(" (has faults)");
    }
    out.push('\n');
    if let (Some(former), Kind::Changed) = (&entry.former_path, &entry.kind) {
        out.push_str(&format!("             moved from {}\n", inert(former)));
    }
    out.push_str(&fields(&entry.fields));
    out.extend(versions(entry).map(|versions| format!("             version: {}\n", inert(&versions))));
    out
}

fn fields(fields: &[FieldChange]) -> String {
    let line = |field: &FieldChange| {
        let name = if field.pointer.is_empty() { "the whole file" } else { field.pointer.trim_start_matches('/') };
        format!("             {}: {} → {}\n", inert(&crate::text::one_line(name, 80)), inert(&shown(&field.from)), inert(&shown(&field.to)))
    };
    fields.iter().map(line).collect()
}
