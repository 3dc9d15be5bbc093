//! An id that was taken and is free again: without a tombstone, and without an entry that was
//! called so formerly.

use super::{Check, HistoryContext, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Location, code};
use shopfront_model::catalogue::EntryKey;

static CODE: Code = code!("vanished-id", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::History(run),
};

fn run(past: &HistoryContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (key, path) in &past.before.entries {
        if is_taken(past, key) {
            continue;
        }
        let (message, help) = match past.before.is_withdrawn(key) {
            true => (
                format!("the tombstone of `{key}` is gone"),
                format!("put `{path}` back: nobody else may take the id"),
            ),
            false => (
                format!("the entry `{key}` is gone, and leaves nothing behind"),
                "put the file back, then run `remove`, or `rename` when it has another id now"
                    .to_owned(),
            ),
        };
        diagnostics.push(
            CODE.at(Location::whole(path), "was here", message)
                .help(help),
        );
    }
    for snippet in &past.before.catalogue.snippets {
        for former in &snippet.body.formerly {
            let key = EntryKey {
                host: snippet.host.clone(),
                id: former.clone(),
            };
            if is_taken(past, &key)
                || !past.after.entries.contains_key(&EntryKey::of(snippet))
                || is_unreadable(past, snippet)
            {
                continue;
            }
            let message = format!(
                "`{}` no longer says that it was called `{former}`",
                EntryKey::of(snippet)
            );
            diagnostics.push(
                CODE.at(
                    Location::value(&past.after.entries[&EntryKey::of(snippet)], "/formerly"),
                    "the old id is missing",
                    message,
                )
                .help(format!(
                    "put `{former}` back: pages and programs may still lead there"
                )),
            );
        }
    }
}

/// Returns `true` if an entry has this id, or had it before.
fn is_taken(past: &HistoryContext<'_>, key: &EntryKey) -> bool {
    past.after.entries.contains_key(key) || !past.after.renamed_to(key).is_empty()
}

/// The names in an invalid file are unknown.
fn is_unreadable(past: &HistoryContext<'_>, snippet: &shopfront_model::catalogue::Snippet) -> bool {
    let key = EntryKey::of(snippet);
    past.after.snippet(&key).is_none() && past.after.document(&key).is_none()
}
