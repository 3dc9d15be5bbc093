//! JSON review for programs: `api-diff.schema.json`, version 1.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::Review;
use crate::change::{EntryChange, EntryPreview, FieldChange, Kind, Settings};
use crate::report::json::{Fault, fault};

pub(super) fn document(review: &Review<'_>) -> Value {
    let change = review.change;
    let of_kind = |is: fn(&Kind) -> bool| {
        change
            .entries
            .iter()
            .filter(|it| is(&it.kind))
            .map(row)
            .collect::<Vec<_>>()
    };
    let document = Document {
        format: 1,
        store: review.store.map(|it| StoreHead {
            id: &it.id,
            title: &it.title,
            url: &it.url,
        }),
        since: review.since,
        author: review.author,
        verdict: Judgement {
            value: review.verdict.decision.as_str(),
            reasons: &review.verdict.reasons,
        },
        auto_merge: review.store.is_some_and(|it| it.policy.auto_merge),
        added: of_kind(|kind| matches!(kind, Kind::Added)),
        changed: of_kind(|kind| matches!(kind, Kind::Changed)),
        renamed: of_kind(|kind| matches!(kind, Kind::Renamed { .. })),
        withdrawn: of_kind(|kind| matches!(kind, Kind::Withdrawn)),
        revived: of_kind(|kind| matches!(kind, Kind::Revived)),
        removed: of_kind(|kind| matches!(kind, Kind::Removed)),
        settings: change
            .settings
            .iter()
            .map(|Settings { path, fields }| SettingsRow { path, fields })
            .collect(),
        files: &change.files,
        outside: &change.outside,
        faults: review.found.iter().map(fault).collect(),
    };
    serde_json::to_value(document).expect("strings, numbers and lists can be written as JSON")
}

#[derive(Serialize)]
struct Document<'r> {
    format: u32,
    store: Option<StoreHead<'r>>,
    since: &'r str,
    author: Option<&'r str>,
    verdict: Judgement<'r>,
    auto_merge: bool,
    added: Vec<Row<'r>>,
    changed: Vec<Row<'r>>,
    renamed: Vec<Row<'r>>,
    withdrawn: Vec<Row<'r>>,
    revived: Vec<Row<'r>>,
    removed: Vec<Row<'r>>,
    settings: Vec<SettingsRow<'r>>,
    files: &'r [String],
    outside: &'r [String],
    faults: Vec<Fault<'r>>,
}

#[derive(Serialize)]
struct StoreHead<'r> {
    id: &'r str,
    title: &'r str,
    url: &'r str,
}

#[derive(Serialize)]
struct Judgement<'r> {
    value: &'static str,
    reasons: &'r [String],
}

/// Row of a change. All kinds of changes have the same fields, so that readers need one type.
#[derive(Serialize)]
struct Row<'r> {
    host: &'r str,
    id: &'r str,
    former_id: Option<&'r str>,
    path: &'r str,
    former_path: Option<&'r str>,
    sound: bool,
    maintainers: &'r [String],
    fields: &'r [FieldChange],
    version: Versions<'r>,
    card: Option<CardRow<'r>>,
}

#[derive(Serialize)]
struct Versions<'r> {
    from: Option<&'r str>,
    to: Option<&'r str>,
}

#[derive(Serialize)]
struct CardRow<'r> {
    display_name: &'r str,
    display_description: &'r str,
    author: &'r str,
    source: &'r str,
    version: Option<&'r str>,
    released_at: Option<Timestamp>,
    license: Option<&'r str>,
    links: Vec<LinkRow<'r>>,
}

#[derive(Serialize)]
struct LinkRow<'r> {
    field: &'static str,
    url: &'r str,
}

#[derive(Serialize)]
struct SettingsRow<'r> {
    path: &'r str,
    fields: &'r [FieldChange],
}

fn row(entry: &EntryChange) -> Row<'_> {
    Row {
        host: entry.key.host.as_str(),
        id: &entry.key.id,
        former_id: match &entry.kind {
            Kind::Renamed { from } => Some(from),
            _ => None,
        },
        path: &entry.path,
        former_path: entry.former_path.as_deref(),
        sound: entry.sound,
        maintainers: &entry.maintainers,
        fields: &entry.fields,
        version: Versions {
            from: entry.version.from.as_deref(),
            to: entry.version.to.as_deref(),
        },
        card: entry.brief.as_ref().map(card),
    }
}

fn card(brief: &EntryPreview) -> CardRow<'_> {
    CardRow {
        display_name: &brief.display_name,
        display_description: &brief.display_description,
        author: &brief.author,
        source: &brief.source,
        version: brief.version.as_deref(),
        released_at: brief.released_at,
        license: brief.license.as_deref(),
        links: brief
            .links
            .iter()
            .map(|(field, url)| LinkRow { field, url })
            .collect(),
    }
}
