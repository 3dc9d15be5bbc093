//! An id that stands for another plugin than before.

use super::{Check, HistoryContext, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Location, code};
use shopfront_model::catalogue::EntryKey;
use shopfront_model::catalogue::Snippet;

static CODE: Code = code!("changed-uid", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::History(run),
};

fn run(past: &HistoryContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut snippets = past.before.catalogue.snippets.as_slice();
    while let Some(before) = snippets.first() {
        let key = EntryKey::of(before);
        // Of several files for one id, which `duplicate-id` refuses, all but one have to go: any may stay.
        let (of_key, others) =
            snippets.split_at(snippets.partition_point(|it| EntryKey::of(it) == key));
        snippets = others;
        let after = match past.after.snippet(&key) {
            Some(same_id) => Some(same_id),
            None if past.after.entries.contains_key(&key) => None,
            None => past
                .after
                .renamed_to(&key)
                .iter()
                .find_map(|heir| past.after.snippet(heir)),
        };
        let Some(after) = after.filter(|after| of_key.iter().all(|it| it.uid != after.uid)) else {
            continue;
        };
        // `revived-tombstone` says it better.
        if before.is_withdrawn() && !after.is_withdrawn() {
            continue;
        }
        diagnostics.push(report(before, after));
    }
}

fn report(before: &Snippet, after: &Snippet) -> Diagnostic {
    let key = EntryKey::of(before);
    let message = format!(
        "`{key}` was {}, and now is {}",
        plugin(before),
        plugin(after)
    );
    // A module of the same project is the smaller fault.
    let place = match before.source == after.source {
        true => Location::value(&after.path, "/module_name"),
        false => after.source_place(),
    };
    CODE.at(place, format!("its uid was {} and is {}", before.uid.0, after.uid.0), message)
        .help("list the other plugin under an id of its own, and `remove` this one with that as its successor")
}

/// "`fiab-plugin-ecmwf`, module `fiab_plugin_ecmwf`"
fn plugin(snippet: &Snippet) -> String {
    match &snippet.body.module_name {
        Some(module_name) => format!("module `{module_name}` of `{}`", snippet.source.name),
        None => format!("`{}`", snippet.source.name),
    }
}
