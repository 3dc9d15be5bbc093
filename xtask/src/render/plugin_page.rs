//! The page of one entry.

use jiff::Timestamp;
use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;

use super::common::Common;
use super::context::{CardContext, entry_path};
use super::language::{Language, Said};
use super::markdown;
use super::publication::{self, Publication};
use super::templates::Templates;
use super::topics::Topics;
use crate::answers::{Answer, Project, Release, Vulnerability};
use crate::artifact::Artifact;
use crate::catalogue::Snippet;
use crate::emit;
use crate::error::Error;
use crate::kinds::Install;
use crate::merge::{Entry, Store};

#[derive(Serialize)]
struct PluginContext<'s> {
    #[serde(flatten)]
    card: CardContext<'s>,
    uid: &'s str,
    module_name: Option<&'s str>,
    source: Source<'s>,
    install: Vec<Install>,
    links: Vec<LinkContext<'s>>,
    license: Option<&'s str>,
    license_name: Option<&'static str>,
    categories: Vec<Topic<'s>>,
    topics: Vec<Topic<'s>>,
    author_path: Option<String>,
    releases: Vec<ReleaseContext<'s>>,
    compatible: Vec<Fit<'s>>,
    host_majors: Vec<u64>,
    dependencies: &'s [String],
    vulnerabilities: &'s [Vulnerability],
    lifecycle: Option<LifecycleContext<'s>>,
    status: Option<&'s str>,
    status_reason: Option<&'s str>,
    archived: bool,
    publication: Option<Publication<'s>>,
    facts: Vec<Fact>,
    problems: Vec<ProblemContext<'s>>,
    readme: Option<Value>,
    checked_at: Option<String>,
    stale: Option<StaleContext<'s>>,
    api: String,
    edit_url: Option<String>,
    history_url: Option<String>,
}

#[derive(Serialize)]
struct Source<'s> {
    kind: &'s str,
    name: &'s str,
    url: String,
}

#[derive(Serialize)]
struct LinkContext<'s> {
    label: &'s str,
    url: &'s str,
    from: &'static str,
}

#[derive(Serialize)]
struct Topic<'s> {
    id: &'s str,
    title: &'s str,
    /// Of its page, when there is one.
    path: Option<String>,
}

#[derive(Serialize)]
struct ReleaseContext<'s> {
    version: &'s str,
    released_at: Option<String>,
    yanked: bool,
    yanked_reason: Option<&'s str>,
    prerelease: bool,
    requires_python: Option<&'s str>,
    compatible: Vec<String>,
    size: Option<u64>,
}

#[derive(Serialize)]
struct Fit<'s> {
    major: u64,
    version: Option<&'s str>,
}

#[derive(Serialize)]
struct LifecycleContext<'s> {
    state: &'static str,
    reason: Option<&'s str>,
    evidence: Option<&'s str>,
    successor: Option<Successor<'s>>,
}

#[derive(Serialize)]
struct Successor<'s> {
    display_name: &'s str,
    path: String,
}

#[derive(Serialize)]
struct Fact {
    label: &'static str,
    value: String,
    from: &'static str,
    checked_at: Option<String>,
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

/// The page of `entry`, from its saved answer and its long description.
///
/// # Errors
/// When the template has a fault.
pub fn page(
    store: &Store<'_>,
    entry: Entry<'_>,
    answer: Option<&Answer>,
    description: Option<&str>,
    templates: &Templates,
    common: &Common<'_>,
) -> Result<Artifact, Error> {
    let Entry { host, snippet, card } = entry;
    let project = answer.and_then(|it| it.project.as_ref());
    let newest = project.and_then(Project::newest_release).map(|(release, _)| release);
    let facts = project.zip(newest).and_then(|(project, release)| project.facts_of(release));
    let content_type = project.and_then(|it| it.newest.description.as_ref()).and_then(|it| it.content_type.as_deref());
    let versions = &store.versions[&host.id];
    let fit = |major: &crate::kinds::Major| Fit {
        major: major.number,
        version: card.compatible.iter().find(|(number, _)| *number == major.number).map(|(_, version)| version.as_str()),
    };
    let plugin = PluginContext {
        card: CardContext::of(store, entry),
        uid: &snippet.uid.0,
        module_name: snippet.body.module_name.as_deref(),
        source: Source { kind: snippet.source.registry, name: &snippet.source.name, url: crate::registry::page(&snippet.source) },
        install: if snippet.is_withdrawn() || card.quarantined { Vec::new() } else { host.adapter.install(host, snippet) },
        links: links(snippet),
        license: card.license.as_deref(),
        license_name: card.license.as_deref().and_then(spdx::license_id).map(|id| id.full_name),
        categories: categories(entry, &common.topics),
        topics: snippet.body.keywords.iter().map(|it| Topic { id: it, title: it, path: common.topics.keyword_path(it) }).collect(),
        author_path: common.topics.author_path(&snippet.body.author),
        releases: project
            .map(|project| project.releases.iter().rev().map(|it| release(entry, store, project, it)).collect())
            .unwrap_or_default(),
        // Without a single release that fits, the strip would only say so five times; the problems say it once.
        compatible: if card.compatible.is_empty() { Vec::new() } else { versions.majors.iter().rev().map(fit).collect() },
        host_majors: versions.majors.iter().map(|major| major.number).collect(),
        dependencies: facts.and_then(|it| it.requires_dist.as_deref()).unwrap_or_default(),
        vulnerabilities: facts.map(|it| it.vulnerabilities.as_slice()).unwrap_or_default(),
        lifecycle: lifecycle(store, snippet),
        status: card.status.as_deref(),
        status_reason: project.and_then(|it| it.status_reason.as_deref()),
        archived: project.is_some_and(|it| it.is("archived")),
        publication: project.and_then(|project| publication::of(project, newest?, snippet)),
        facts: known_facts(entry, newest, &common.language),
        problems: card
            .problems
            .iter()
            .map(|it| ProblemContext { code: it.code, severity: it.severity.to_string(), message: &it.message })
            .collect(),
        readme: description.map(|text| Value::from_safe_string(markdown::description(text, content_type))),
        checked_at: card.checked_at.map(|at| at.to_string()),
        stale: card.stale.as_ref().map(|it| StaleContext { since: it.since.to_string(), message: &it.message }),
        api: emit::api_path(entry),
        edit_url: file_url(store, "edit", &snippet.path),
        history_url: file_url(store, "commits", &snippet.path),
    };
    let path = entry_path(entry);
    let said = [("name", Said::Text(&snippet.body.display_name)), ("host", Said::Text(&host.body.title))];
    let title = common.title("title_plugin", &said);
    let own = vec![
        ("host", Value::from(Serde(HostName { id: host.id.as_str(), title: &host.body.title }))),
        ("plugin", Value::from(Serde(plugin))),
    ];
    let context = common.context(&path, &title, &snippet.body.display_description, own);
    Ok(Artifact::new(format!("{path}index.html"), templates.page("plugin.html", context)?))
}

/// As much of its host as the page of an entry needs.
#[derive(Serialize)]
struct HostName<'s> {
    id: &'s str,
    title: &'s str,
}

fn links(snippet: &Snippet) -> Vec<LinkContext<'_>> {
    let body = &snippet.body;
    let named =
        [("homepage", &body.homepage), ("documentation", &body.documentation), ("repository", &body.repository), ("issues", &body.issues)];
    named.into_iter().filter_map(|(label, url)| Some(LinkContext { label, url: url.as_deref()?, from: "snippet" })).collect()
}

fn categories<'s>(entry: Entry<'s>, topics: &Topics<'_>) -> Vec<Topic<'s>> {
    let title = |id: &'s str| entry.host.body.categories.iter().find(|it| it.id == id).map_or(id, |it| it.title.as_str());
    entry.snippet.body.categories.iter().map(|id| Topic { id, title: title(id), path: topics.category_path(id) }).collect()
}

fn release<'s>(entry: Entry<'s>, store: &'s Store<'_>, project: &'s Project, release: &'s Release) -> ReleaseContext<'s> {
    let size: Option<u64> = release.files.iter().filter_map(|file| file.size).max();
    ReleaseContext {
        version: &release.version,
        released_at: release.released_at.map(|at| at.to_string()),
        yanked: release.yanked,
        yanked_reason: release.yanked_reason.as_deref(),
        prerelease: release.is_prerelease(),
        requires_python: release.requires_python.as_deref(),
        compatible: entry
            .host
            .adapter
            .fits(&store.versions[&entry.host.id], project, release)
            .iter()
            .map(|major| format!("{major}.x"))
            .collect(),
        size,
    }
}

fn lifecycle<'s>(store: &'s Store<'_>, snippet: &'s Snippet) -> Option<LifecycleContext<'s>> {
    let lifecycle = snippet.body.lifecycle.as_ref()?;
    let successor = lifecycle.successor.as_deref().and_then(|id| store.position(&snippet.host, id)).map(|index| {
        let next = &store.catalogue.snippets[index];
        Successor { display_name: &next.body.display_name, path: format!("{}/{}/", next.host, next.id) }
    });
    Some(LifecycleContext {
        state: lifecycle.state.as_str(),
        reason: lifecycle.reason.as_deref(),
        evidence: lifecycle.evidence.as_deref(),
        successor,
    })
}

/// What the page says in its box of facts, each with who said it and how old it is.
fn known_facts(entry: Entry<'_>, newest: Option<&Release>, language: &Language) -> Vec<Fact> {
    let Entry { snippet, card, .. } = entry;
    let said = |label, value: Option<String>| value.map(|value| Fact { label, value, from: "snippet", checked_at: None });
    let asked = |label, value: Option<String>| {
        let checked_at: Option<Timestamp> = card.checked_at;
        value.map(|value| Fact { label, value, from: "registry", checked_at: checked_at.map(|at| at.to_string()) })
    };
    let license = match &snippet.body.license {
        Some(license) => said("licence", Some(license.clone())),
        None => asked("licence", card.license.clone()),
    };
    let kinds = newest.map(|release| language.say(if release.has_wheel() { "package_wheel" } else { "package_source" }, &[]));
    [
        asked("newest", card.last_version.clone()),
        asked("released", card.released_at.map(|at| language.date(at))),
        asked("python", card.requires_python.clone()),
        asked("package", kinds),
        asked("releases", (card.release_count > 0).then(|| language.number(u64::try_from(card.release_count).unwrap_or_default()))),
        license,
        said("author", Some(snippet.body.author.clone())),
        said("project", Some(snippet.source.name.clone())),
        said("module", snippet.body.module_name.clone()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The snippet on the repository's site; every forge of today writes such addresses alike.
fn file_url(store: &Store<'_>, action: &str, path: &str) -> Option<String> {
    let repository = store.file.repository.as_deref()?.trim_end_matches('/');
    Some(format!("{repository}/{action}/{}/{path}", store.file.branch))
}
