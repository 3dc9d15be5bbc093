//! All that is known of one entry, as data.

use std::collections::BTreeMap;

use super::formats::{
    AttestationNote, Detail, EventNote, FileDetail, Head, LinkNote, Origin, PluginEntry,
    ProblemNote, Readme, ReleaseDetail, ScreenshotNote, api_path,
};
use super::image_path;
use super::links;
use crate::artifact::Artifact;
use crate::merge::{Entry, Store, ledger_key};
use shopfront_check::schema::Schema;
use shopfront_diagnostics::error::{Context, Error};
use shopfront_json::SpannedJson;
use shopfront_model::adapter;
use shopfront_model::adapter::Install;
use shopfront_model::answers::{Answer, Description, Project, Release};

/// Maximum length of a long description in published data; the page has all of it.
const README_CHARACTERS: usize = 2_000;

/// The document of one entry, from its saved answer and its long description.
///
/// # Errors
/// When it would break `schema`.
pub fn detail(
    store: &Store<'_>,
    entry: Entry<'_>,
    answer: Option<&Answer>,
    description: Option<&str>,
    schema: &Schema,
) -> Result<Artifact, Error> {
    let path = api_path(entry);
    let project = answer.and_then(|it| it.project.as_ref());
    let newest = answer
        .and_then(Answer::found)
        .and_then(Project::newest_release)
        .map(|(release, _)| release);
    let facts = project
        .zip(newest)
        .and_then(|(project, release)| project.facts_of(release));
    let publisher = project
        .zip(newest)
        .and_then(|(project, release)| project.attestation_of(release)?.publisher.as_ref());
    let is_origin = project.zip(newest).is_some_and(|(project, release)| {
        project.is_attested_at(release, entry.snippet.body.repository.as_deref())
    });
    let told = newest
        .map(|release| adapter::details(entry.host, release))
        .unwrap_or_default();
    let install = install(entry);
    let body = &entry.snippet.body;
    let past = store.ledger.entries.get(&ledger_key(entry.snippet));
    let image = |file: &str| {
        format!(
            "{}{}",
            store.file.url,
            image_path(&entry.host.id, &format!("{}/{file}", entry.snippet.id))
        )
    };
    let detail = Detail {
        head: Head::of(store),
        entry: PluginEntry::of(store, entry).without_store(),
        changed_at: past.map(|it| it.changed_at),
        history: past
            .iter()
            .flat_map(|it| it.history.iter().rev())
            .map(EventNote::of)
            .collect(),
        category_titles: body
            .categories
            .iter()
            .map(|id| (id.as_str(), category_title(entry, id)))
            .collect(),
        license_name: entry
            .card
            .license
            .as_deref()
            .and_then(spdx::license_id)
            .map(|id| id.full_name),
        install: &install,
        links: links::of(entry.snippet, project, is_origin)
            .iter()
            .map(LinkNote::of)
            .collect(),
        icon: body.icon.as_deref().map(image),
        screenshots: body
            .screenshots
            .iter()
            .map(|it| ScreenshotNote {
                url: image(&it.file),
                alt: &it.alt,
            })
            .collect(),
        details: told
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect(),
        status: entry.card.status.as_deref(),
        status_reason: project.and_then(|it| it.status_reason.as_deref()),
        attestation: publisher.map(AttestationNote::of),
        releases: project
            .map(|project| {
                project
                    .releases
                    .iter()
                    .rev()
                    .map(|it| release(store, entry, project, it))
                    .collect()
            })
            .unwrap_or_default(),
        dependencies: facts
            .and_then(|it| it.requires_dist.as_deref())
            .unwrap_or_default(),
        vulnerabilities: facts
            .map(|it| it.vulnerabilities.as_slice())
            .unwrap_or_default(),
        facts: origins(entry, publisher.is_some()),
        problems: entry.card.problems.iter().map(ProblemNote::of).collect(),
        readme: description
            .map(|text| readme(text, project.and_then(|it| it.newest.description.as_ref()))),
    };
    let document = SpannedJson::compact(&detail).with_context(|| format!("writing {path}"))?;
    schema.assert_written(&path, &document)?;
    Ok(Artifact::new(path, document.into_line()))
}

/// How to install the newest release of `entry`; nothing, where that can not or should not be done.
pub fn install(entry: Entry<'_>) -> Vec<Install> {
    let Entry {
        host,
        snippet,
        card,
    } = entry;
    if card.offered {
        host.adapter
            .install(host, snippet, &card.access, &card.offers)
    } else {
        Vec::new()
    }
}

fn category_title<'s>(entry: Entry<'s>, id: &'s str) -> &'s str {
    entry
        .host
        .body
        .categories
        .iter()
        .find(|it| it.id == id)
        .map_or(id, |it| it.title.as_str())
}

fn release<'s>(
    store: &'s Store<'_>,
    entry: Entry<'s>,
    project: &'s Project,
    release: &'s Release,
) -> ReleaseDetail<'s> {
    let versions = &store.versions[&entry.host.id];
    let majors = if entry.card.left_out {
        Vec::new()
    } else {
        adapter::compatible_majors(entry.host, versions, entry.snippet, project, release)
    };
    ReleaseDetail {
        version: &release.version,
        released_at: release.released_at,
        yanked: release.yanked,
        yanked_reason: release.yanked_reason.as_deref(),
        prerelease: release.is_prerelease(),
        requires_python: release.requires_python.as_deref(),
        compatible: majors
            .iter()
            .map(|at| versions.majors[*at].name.clone())
            .collect(),
        attested: release.attested,
        files: release
            .files
            .iter()
            .map(|file| FileDetail {
                name: &file.name,
                kind: file.kind,
                size: file.size,
                sha256: file.sha256.as_deref(),
            })
            .collect(),
    }
}

/// Origin of each field that has a value.
fn origins(entry: Entry<'_>, is_attested: bool) -> BTreeMap<&'static str, Origin> {
    let Entry { snippet, card, .. } = entry;
    let body = &snippet.body;
    let teller = if snippet.source.has_registry() {
        "registry"
    } else {
        "package"
    };
    let of_snippet = [
        ("display_name", true),
        ("display_description", true),
        ("author", true),
        ("source", true),
        ("module_name", body.module_name.is_some()),
        ("license", body.license.is_some()),
        ("categories", !body.categories.is_empty()),
        ("keywords", !body.keywords.is_empty()),
        ("homepage", body.homepage.is_some()),
        ("documentation", body.documentation.is_some()),
        ("repository", body.repository.is_some()),
        ("issues", body.issues.is_some()),
        ("lifecycle", body.lifecycle.is_some()),
    ];
    let of_registry = [
        ("version", card.version.is_some()),
        (
            "released_at",
            card.version.is_some() && card.released_at.is_some(),
        ),
        (
            "requires_python",
            card.version.is_some() && card.requires_python.is_some(),
        ),
        ("compatible", !card.compatible.is_empty()),
        ("license", body.license.is_none() && card.license.is_some()),
        ("status", card.status.is_some()),
        ("attestation", is_attested),
        ("releases", card.release_count > 0),
    ];
    let said = |(field, is_there): (&'static str, bool)| {
        is_there.then_some((
            field,
            Origin {
                from: "snippet",
                checked_at: None,
            },
        ))
    };
    let asked = |(field, is_there): (&'static str, bool)| {
        is_there.then_some((
            field,
            Origin {
                from: teller,
                checked_at: card.checked_at,
            },
        ))
    };
    of_snippet
        .into_iter()
        .filter_map(said)
        .chain(of_registry.into_iter().filter_map(asked))
        .collect()
}

fn readme(text: &str, description: Option<&Description>) -> Readme {
    let end = text
        .char_indices()
        .nth(README_CHARACTERS)
        .map_or(text.len(), |(at, _)| at);
    // What joined the last character to the next one joins nothing any more.
    let shown = shopfront_text::visible_lines(&text[..end]).into_owned();
    Readme {
        content_type: description.and_then(|it| it.content_type.clone()),
        text: shown,
        truncated: end < text.len(),
    }
}
