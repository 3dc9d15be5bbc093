//! The box of facts of an entry, each with who said it and how old it is, and what its listing says
//! of its state.

use jiff::Timestamp;
use serde::Serialize;

use crate::language::Language;
use crate::merge::{Entry, Store};
use shopfront_model::adapter;
use shopfront_model::answers::{FileKind, Release};
use shopfront_model::catalogue::Snippet;

/// One fact.
#[derive(Serialize)]
pub(super) struct Fact {
    label: &'static str,
    value: String,
    from: &'static str,
    checked_at: Option<String>,
}

/// What the listing says of a plugin that is no longer plainly alive.
#[derive(Serialize)]
pub(super) struct LifecycleContext<'s> {
    state: &'static str,
    reason: Option<&'s str>,
    evidence: Option<&'s str>,
    successor: Option<Successor<'s>>,
}

/// The entry to use instead.
#[derive(Serialize)]
struct Successor<'s> {
    display_name: &'s str,
    path: String,
}

/// What the page says in its box of facts, each with who said it and how old it is.
pub(super) fn known(entry: Entry<'_>, newest: Option<&Release>, language: &Language) -> Vec<Fact> {
    let Entry { snippet, card, .. } = entry;
    let said = |label, value: Option<String>| {
        value.map(|value| Fact {
            label,
            value,
            from: "snippet",
            checked_at: None,
        })
    };
    let asked = |label, value: Option<String>| {
        let checked_at: Option<Timestamp> = card.checked_at;
        value.map(|value| Fact {
            label,
            value,
            from: teller(snippet),
            checked_at: checked_at.map(|at| at.to_string()),
        })
    };
    let license = match &snippet.body.license {
        Some(license) => said("licence", Some(license.clone())),
        None => asked("licence", card.license.clone()),
    };
    let kinds = newest.map(|release| language.say(package_word(release), &[]));
    let requires = newest.map(|release| {
        release
            .requires
            .iter()
            .map(|(name, range)| format!("{name} {range}"))
            .collect::<Vec<_>>()
            .join(", ")
    });
    let packaged = |(label, value)| Fact {
        label,
        value,
        from: "package",
        checked_at: None,
    };
    let told = newest
        .map(|release| adapter::details(entry.host, release))
        .unwrap_or_default();
    let mut facts: Vec<Fact> = [
        asked("newest", card.last_version.clone()),
        asked("released", card.released_at.map(|at| language.date(at))),
        asked("python", card.requires_python.clone()),
        asked("requires", requires.filter(|it| !it.is_empty())),
        asked("package", kinds),
        asked(
            "releases",
            (card.release_count > 0)
                .then(|| language.number(u64::try_from(card.release_count).unwrap_or_default())),
        ),
        license,
        said("author", Some(snippet.body.author.clone())),
        said("project", Some(snippet.source.name.clone())),
        said("module", snippet.body.module_name.clone()),
    ]
    .into_iter()
    .flatten()
    .collect();
    facts.extend(told.into_iter().map(packaged));
    facts
}

/// Who tells what nobody wrote into the listing: of archives that it names itself, they do.
fn teller(snippet: &Snippet) -> &'static str {
    if snippet.source.has_registry() {
        "registry"
    } else {
        "package"
    }
}

/// The word for what the files of a release are.
fn package_word(release: &Release) -> &'static str {
    match release.files.first().map(|file| file.kind) {
        Some(FileKind::Archive) => "package_archive",
        Some(FileKind::Manifest) => "package_manifest",
        _ if release.has_wheel() => "package_wheel",
        _ => "package_source",
    }
}

/// What the listing of `snippet` says of its state.
pub(super) fn lifecycle<'s>(
    store: &'s Store<'_>,
    snippet: &'s Snippet,
) -> Option<LifecycleContext<'s>> {
    let lifecycle = snippet.body.lifecycle.as_ref()?;
    let successor = lifecycle
        .successor
        .as_deref()
        .and_then(|id| store.position(&snippet.host, id))
        .map(|index| {
            let next = &store.catalogue.snippets[index];
            Successor {
                display_name: &next.body.display_name,
                path: format!("{}/{}/", next.host, next.id),
            }
        });
    Some(LifecycleContext {
        state: lifecycle.state.as_str(),
        reason: lifecycle.reason.as_deref(),
        evidence: lifecycle.evidence.as_deref(),
        successor,
    })
}
