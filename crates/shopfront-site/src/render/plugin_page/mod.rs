//! The page of one entry.

mod chart;
mod facts;
mod links;
mod needs;
mod releases;

use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;

use super::common::Common;
use super::context::{CardContext, entry_path};
use super::publication::{self, Publication};
use super::structured;
use super::templates::Templates;
use super::topics::Topics;
use crate::artifact::Artifact;
use crate::emit;
use crate::emit::image_path;
use crate::merge::{Entry, Store, ledger_key};
use shopfront_diagnostics::error::Error;
use shopfront_markdown::readme::ReadmeHtml;
use shopfront_model::adapter::Install;
use shopfront_model::answers::{Answer, Project, Vulnerability};
use shopfront_model::catalogue::Screenshot;

#[derive(Serialize)]
struct PluginContext<'s> {
    #[serde(flatten)]
    card: CardContext<'s>,
    uid: &'s str,
    module_name: Option<&'s str>,
    source: Source<'s>,
    install: Vec<Install>,
    /// The archive of the newest release, where the listing says where it lies.
    download: Option<releases::Place>,
    links: Vec<emit::Link<'s>>,
    license: Option<&'s str>,
    license_name: Option<&'static str>,
    categories: Vec<Topic<'s>>,
    topics: Vec<Topic<'s>>,
    author_path: Option<String>,
    releases: Vec<releases::ReleaseContext<'s>>,
    chart: Option<chart::Chart<'s>>,
    compatible: Vec<Fit<'s>>,
    /// The newest first, as the columns of the table of releases stand.
    host_majors: Vec<String>,
    /// `true` if releases say which Pythons they run on; else the table says what they want of
    /// their host.
    has_python: bool,
    manifest_alone: bool,
    dependencies: needs::Dependencies<'s>,
    /// Required host version, if no shown version satisfies it.
    host_need: Option<needs::HostNeed>,
    /// Own page elsewhere, where its listing names one.
    own_page: Option<&'s str>,
    vulnerabilities: &'s [Vulnerability],
    lifecycle: Option<facts::LifecycleContext<'s>>,
    status: Option<&'s str>,
    status_reason: Option<&'s str>,
    archived: bool,
    publication: Option<Publication<'s>>,
    facts: Vec<facts::Fact>,
    problems: Vec<ProblemContext<'s>>,
    readme: Option<Value>,
    checked_at: Option<String>,
    stale: Option<StaleContext<'s>>,
    api: String,
    edit_url: Option<String>,
    history_url: Option<String>,
    report_url: Option<String>,
    changed_at: Option<String>,
    /// Changes since it was listed, newest first.
    history: Vec<emit::EventNote<'s>>,
    screenshots: Vec<ScreenshotContext<'s>>,
    alternatives: Vec<CardContext<'s>>,
    elsewhere: Vec<Elsewhere<'s>>,
}

#[derive(Serialize)]
struct ScreenshotContext<'s> {
    path: String,
    alt: &'s str,
}

/// The same plugin in the list of another host.
#[derive(Serialize)]
struct Elsewhere<'s> {
    host: &'s str,
    path: String,
}

#[derive(Serialize)]
struct Source<'s> {
    kind: &'s str,
    name: &'s str,
    url: Option<String>,
    /// `true` if somebody else was asked, or the listing itself names the packages.
    has_registry: bool,
}

#[derive(Serialize)]
struct Topic<'s> {
    id: &'s str,
    title: &'s str,
    /// Of its page, when there is one.
    path: Option<String>,
}

#[derive(Serialize)]
struct Fit<'s> {
    major: String,
    version: Option<&'s str>,
}

#[derive(Serialize)]
struct ProblemContext<'s> {
    code: &'static str,
    severity: String,
    message: &'s str,
}

#[derive(Serialize)]
struct StaleContext<'s> {
    since: String,
    message: &'s str,
}

/// The codes of what the notes at the top of a page say in words, each with a link to its code.
const TOLD_ABOVE: &[&str] = &[
    "archived-project",
    "manifest-alone",
    "only-prereleases",
    "only-yanked",
    "quarantined-project",
    "stale-answer",
    "unknown-package",
    "vulnerable-release",
];

/// Input that only the page of one entry needs.
#[derive(Clone, Copy)]
pub struct PageInput<'m> {
    /// The saved answer of its registry.
    pub answer: Option<&'m Answer>,
    /// Long description.
    pub readme: Option<&'m ReadmeHtml>,
    /// What else there is, as positions in the catalogue; see [`super::RelatedEntries`].
    pub alternatives: &'m [usize],
    /// The same plugin in the lists of other hosts, as positions in the catalogue.
    pub elsewhere: &'m [usize],
}

/// The page of `entry`.
///
/// # Errors
/// When the template has a fault.
pub fn page<'a>(
    store: &'a Store<'_>,
    entry: Entry<'a>,
    material: PageInput<'_>,
    templates: &Templates,
    common: &Common<'_>,
) -> Result<Artifact, Error> {
    let PageInput { answer, readme, .. } = material;
    let Entry {
        host,
        snippet,
        card,
    } = entry;
    let body = &snippet.body;
    let project = answer.and_then(|it| it.project.as_ref());
    let newest = project
        .and_then(Project::newest_release)
        .map(|(release, _)| release);
    let facts = project
        .zip(newest)
        .and_then(|(project, release)| project.facts_of(release));
    let versions = &store.versions[&host.id];
    let fit = |major: &'a shopfront_model::adapter::Major| Fit {
        major: major.label(),
        version: card
            .compatible
            .iter()
            .find(|(name, _)| *name == major.name)
            .map(|(_, version)| version.as_str()),
    };
    let publication = project.and_then(|project| publication::of(project, newest?, snippet));
    let is_origin = project.zip(newest).is_some_and(|(project, release)| {
        project.is_attested_at(release, snippet.body.repository.as_deref())
    });
    let past = store.ledger.entries.get(&ledger_key(snippet));
    let plugin = PluginContext {
        card: CardContext::of(store, entry),
        uid: &snippet.uid.0,
        module_name: snippet.body.module_name.as_deref(),
        source: Source {
            kind: snippet.source.registry,
            name: &snippet.source.name,
            url: card.access.page.clone(),
            has_registry: snippet.source.has_registry(),
        },
        install: emit::install(entry),
        download: newest
            .and_then(|release| releases::place_of(entry, release, release.files.first()?)),
        links: emit::links(snippet, project, is_origin),
        license: card.license.as_deref(),
        license_name: card
            .license
            .as_deref()
            .and_then(spdx::license_id)
            .map(|id| id.full_name),
        categories: categories(entry, &common.topics),
        topics: snippet
            .body
            .keywords
            .iter()
            .map(|it| Topic {
                id: it,
                title: it,
                path: common.topics.keyword_path(it),
            })
            .collect(),
        author_path: common.topics.author_path(&snippet.body.author),
        releases: project
            .map(|project| releases::of(store, entry, project))
            .unwrap_or_default(),
        chart: project.and_then(|project| chart::of(project, store.generated_at)),
        // Without a single release that fits, the strip would only say so five times; the problems
        // say it once.
        compatible: if card.compatible.is_empty() {
            Vec::new()
        } else {
            versions.majors.iter().rev().map(fit).collect()
        },
        host_majors: releases::shown_majors(store, entry)
            .into_iter()
            .map(|at| versions.majors[at].label())
            .collect(),
        has_python: host.adapter.reader().is_none(),
        manifest_alone: card.is_manifest_alone,
        dependencies: facts
            .and_then(|it| it.requires_dist.as_deref())
            .map(needs::Dependencies::of)
            .unwrap_or_default(),
        host_need: project
            .zip(newest)
            .and_then(|(project, release)| needs::HostNeed::of(store, entry, project, release)),
        own_page: [&body.homepage, &body.repository, &body.documentation]
            .into_iter()
            .find_map(|it| it.as_deref()),
        vulnerabilities: facts
            .map(|it| it.vulnerabilities.as_slice())
            .unwrap_or_default(),
        lifecycle: facts::lifecycle(store, snippet),
        status: card.status.as_deref(),
        status_reason: project.and_then(|it| it.status_reason.as_deref()),
        archived: project.is_some_and(|it| it.is("archived")),
        publication,
        facts: facts::known(entry, newest, &common.language),
        problems: card
            .problems
            .iter()
            .filter(|it| !TOLD_ABOVE.contains(&it.code))
            .map(|it| ProblemContext {
                code: it.code,
                severity: it.severity.to_string(),
                message: &it.message,
            })
            .collect(),
        readme: readme.map(|it| Value::from_safe_string(it.html.clone())),
        checked_at: card.checked_at.map(|at| at.to_string()),
        stale: card.stale.as_ref().map(|it| StaleContext {
            since: it.since.to_string(),
            message: &it.message,
        }),
        api: emit::api_path(entry),
        edit_url: links::file(store.file, "edit", &snippet.path),
        history_url: links::file(store.file, "commits", &snippet.path),
        report_url: links::report(store.file, snippet),
        changed_at: past
            .filter(|it| it.changed_at != it.listed_at)
            .map(|it| it.changed_at.to_string()),
        history: past
            .iter()
            .flat_map(|it| it.history.iter().rev())
            .map(emit::EventNote::of)
            .collect(),
        screenshots: snippet
            .body
            .screenshots
            .iter()
            .map(|it| screenshot(entry, it))
            .collect(),
        alternatives: material
            .alternatives
            .iter()
            .map(|at| CardContext::of(store, store.at(*at)))
            .collect(),
        elsewhere: material
            .elsewhere
            .iter()
            .map(|at| elsewhere(store.at(*at)))
            .collect(),
    };
    let path = entry_path(entry);
    let title = format!(
        "{} · {}",
        common
            .language
            .plugin_title(&snippet.body.display_name, &host.body.title),
        common.store_title
    );
    let own = vec![
        (
            "host",
            Value::from(Serde(HostName {
                id: host.id.as_str(),
                kind: host.kind.name,
                title: &host.body.title,
                guide: super::guides::of_kind(host.kind.name),
            })),
        ),
        ("plugin", Value::from(Serde(plugin))),
        (
            "structured",
            Value::from_safe_string(structured::data(store, entry, &path)?),
        ),
    ];
    let context = common.context(&path, &title, &snippet.body.display_description, own);
    Ok(Artifact::new(
        format!("{path}index.html"),
        templates.page("plugin.html", context)?,
    ))
}

/// As much of its host as the page of an entry needs.
#[derive(Serialize)]
struct HostName<'s> {
    id: &'s str,
    kind: &'s str,
    title: &'s str,
    /// The page that says how to point such a host at the store.
    guide: Option<String>,
}

fn screenshot<'s>(entry: Entry<'s>, screenshot: &'s Screenshot) -> ScreenshotContext<'s> {
    ScreenshotContext {
        path: image_path(
            &entry.host.id,
            &format!("{}/{}", entry.snippet.id, screenshot.file),
        ),
        alt: &screenshot.alt,
    }
}

fn elsewhere(entry: Entry<'_>) -> Elsewhere<'_> {
    Elsewhere {
        host: &entry.host.body.title,
        path: entry_path(entry),
    }
}

fn categories<'s>(entry: Entry<'s>, topics: &Topics<'_>) -> Vec<Topic<'s>> {
    let title = |id: &'s str| {
        entry
            .host
            .body
            .categories
            .iter()
            .find(|it| it.id == id)
            .map_or(id, |it| it.title.as_str())
    };
    entry
        .snippet
        .body
        .categories
        .iter()
        .map(|id| Topic {
            id,
            title: title(id),
            path: topics.category_path(id),
        })
        .collect()
}
