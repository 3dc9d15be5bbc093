//! A plugin that was withdrawn, and whose id or uid comes back as something else.

use std::collections::BTreeMap;

use super::{Check, HistoryContext, Rule};
use shopfront_diagnostics::{Code, Diagnostic, code};
use shopfront_model::catalogue::EntryKey;
use shopfront_model::catalogue::Snippet;

static CODE: Code = code!("revived-tombstone", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::History(run),
};

fn run(past: &HistoryContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut by_uid: BTreeMap<(&str, &str), &Snippet> = BTreeMap::new();
    for tombstone in past
        .before
        .catalogue
        .snippets
        .iter()
        .filter(|it| it.is_withdrawn())
    {
        by_uid.insert((tombstone.host.as_str(), &tombstone.uid.0), tombstone);
        let same_id = past.after.snippet(&EntryKey::of(tombstone));
        // The very same plugin may come back: `diff` asks a person about it.
        if let Some(other) = same_id.filter(|it| !it.is_withdrawn() && it.uid != tombstone.uid) {
            let message = format!(
                "`{}` was withdrawn, and comes back as another plugin",
                EntryKey::of(tombstone)
            );
            diagnostics.push(
                CODE.at(other.source_place(), "another plugin", message)
                    .help("leave the tombstone, and choose an id of its own"),
            );
        }
    }
    for snippet in past
        .after
        .catalogue
        .snippets
        .iter()
        .filter(|it| !it.is_withdrawn())
    {
        let Some(tombstone) = by_uid.get(&(snippet.host.as_str(), snippet.uid.0.as_str())) else {
            continue;
        };
        // Listed beside its tombstone before: that is settled.
        if tombstone.id != snippet.id
            && past
                .before
                .snippet(&EntryKey::of(snippet))
                .is_none_or(|before| before.uid != snippet.uid)
        {
            let message = format!(
                "`{}` is the plugin that was withdrawn as `{}`",
                EntryKey::of(snippet),
                tombstone.id
            );
            diagnostics.push(
                CODE.at(
                    snippet.source_place(),
                    "withdrawn under another id",
                    message,
                )
                .help(format!(
                    "list it as `{}` again, or ask the maintainers of the store",
                    tombstone.id
                )),
            );
        }
    }
}
