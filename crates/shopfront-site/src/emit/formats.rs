//! The published formats, version 1: the types and the order of their keys.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::links::Link;
use crate::merge::{Entry, Problem, Store};
use shopfront_model::adapter::Install;
use shopfront_model::answers::{Event, FileKind, Publisher, Vulnerability, What};
use shopfront_model::catalogue::Lifecycle;

/// Head of every document.
#[derive(Serialize)]
pub struct Head<'s> {
    /// The version of the format.
    pub format: u32,
    /// Store that published the document.
    pub store: StoreHead<'s>,
    /// The time of the newest answer.
    pub generated_at: Timestamp,
}

/// The store that published a document.
#[derive(Serialize)]
pub struct StoreHead<'s> {
    /// Id.
    pub id: &'s str,
    /// Title.
    pub title: &'s str,
    /// URL.
    pub url: &'s str,
}

impl<'s> Head<'s> {
    /// The head of every document of `store`.
    pub fn of(store: &Store<'s>) -> Head<'s> {
        let file = store.file;
        Head {
            format: 1,
            store: StoreHead {
                id: &file.id,
                title: &file.title,
                url: &file.url,
            },
            generated_at: store.generated_at,
        }
    }
}

/// The store that an entry comes from.
#[derive(Serialize)]
pub(super) struct StoreReference<'s> {
    pub id: &'s str,
    pub title: &'s str,
}

/// Source of releases.
#[derive(Serialize)]
pub(super) struct SourceAddress<'s> {
    /// Which registry.
    pub kind: &'s str,
    pub name: &'s str,
    /// Page there; that of the entry, where its registry has none for readers.
    pub url: String,
    /// See [`SourceAccess::registry_url`](shopfront_model::registry_rules::SourceAccess::registry_url).
    pub registry_url: Option<&'s str>,
}

/// [`Lifecycle`], with what is absent as `null`.
#[derive(Serialize)]
pub(super) struct LifecycleNote<'s> {
    state: &'static str,
    reason: Option<&'s str>,
    evidence: Option<&'s str>,
    successor: Option<&'s str>,
}

impl<'s> LifecycleNote<'s> {
    fn of(lifecycle: &'s Lifecycle) -> LifecycleNote<'s> {
        LifecycleNote {
            state: lifecycle.state.as_str(),
            reason: lifecycle.reason.as_deref(),
            evidence: lifecycle.evidence.as_deref(),
            successor: lifecycle.successor.as_deref(),
        }
    }
}

/// One entry of `plugins.json`.
#[derive(Serialize)]
pub struct PluginEntry<'s> {
    uid: &'s str,
    host: &'s str,
    id: &'s str,
    /// Not told again below a head that names it already.
    #[serde(skip_serializing_if = "Option::is_none")]
    store: Option<StoreReference<'s>>,
    display_name: &'s str,
    display_description: &'s str,
    author: &'s str,
    source: SourceAddress<'s>,
    module_name: Option<&'s str>,
    version: Option<&'s str>,
    released_at: Option<Timestamp>,
    requires_python: Option<&'s str>,
    compatible: BTreeMap<String, &'s str>,
    license: Option<&'s str>,
    categories: &'s [String],
    keywords: &'s [String],
    homepage: Option<&'s str>,
    documentation: Option<&'s str>,
    repository: Option<&'s str>,
    issues: Option<&'s str>,
    lifecycle: Option<LifecycleNote<'s>>,
    listed_at: Option<Timestamp>,
    page: String,
    api: String,
}

impl<'s> PluginEntry<'s> {
    /// The entry as it is published.
    pub fn of(store: &'s Store<'_>, entry: Entry<'s>) -> PluginEntry<'s> {
        let Entry { snippet, card, .. } = entry;
        let body = &snippet.body;
        let key = crate::merge::ledger_key(snippet);
        PluginEntry {
            uid: &snippet.uid.0,
            host: snippet.host.as_str(),
            id: &snippet.id,
            store: Some(StoreReference {
                id: &store.file.id,
                title: &store.file.title,
            }),
            display_name: &body.display_name,
            display_description: &body.display_description,
            author: &body.author,
            source: SourceAddress {
                kind: snippet.source.registry,
                name: &snippet.source.name,
                url: card
                    .access
                    .page
                    .clone()
                    .unwrap_or_else(|| page_address(store, entry)),
                registry_url: card.access.registry_url.as_deref(),
            },
            module_name: body.module_name.as_deref(),
            version: card.version.as_deref(),
            released_at: card.released_at.filter(|_| card.version.is_some()),
            requires_python: card
                .requires_python
                .as_deref()
                .filter(|_| card.version.is_some()),
            compatible: card
                .compatible
                .iter()
                .map(|(major, version)| (major.clone(), version.as_str()))
                .collect(),
            license: card.license.as_deref(),
            categories: &body.categories,
            keywords: &body.keywords,
            homepage: body.homepage.as_deref(),
            documentation: body.documentation.as_deref(),
            repository: body.repository.as_deref(),
            issues: body.issues.as_deref(),
            lifecycle: body.lifecycle.as_ref().map(LifecycleNote::of),
            listed_at: store.ledger.entries.get(&key).map(|it| it.listed_at),
            page: page_address(store, entry),
            api: api_address(store, entry),
        }
    }
}

impl PluginEntry<'_> {
    /// The entry below a head that names its store.
    pub(super) fn without_store(self) -> Self {
        PluginEntry {
            store: None,
            ..self
        }
    }
}

/// The address of an entry's page.
pub(super) fn page_address(store: &Store<'_>, entry: Entry<'_>) -> String {
    format!(
        "{}{}/{}/",
        store.file.url, entry.snippet.host, entry.snippet.id
    )
}

/// The address of an entry's data.
pub(super) fn api_address(store: &Store<'_>, entry: Entry<'_>) -> String {
    format!("{}{}", store.file.url, api_path(entry))
}

/// The path of an entry's data below the published folder.
pub(crate) fn api_path(entry: Entry<'_>) -> String {
    format!(
        "api/v1/plugins/{}/{}.json",
        entry.snippet.host, entry.snippet.id
    )
}

/// One entry of `api/v1/index.json`.
#[derive(Serialize)]
pub struct IndexEntry<'s> {
    /// The id of its host.
    pub host: &'s str,
    /// Id.
    pub id: &'s str,
    /// Display name.
    pub display_name: &'s str,
    /// Display description.
    pub display_description: &'s str,
    /// Author.
    pub author: &'s str,
    /// The newest release.
    pub version: Option<&'s str>,
    /// When it was uploaded.
    pub released_at: Option<Timestamp>,
    /// The state of one that is no longer plainly alive.
    pub lifecycle: Option<&'static str>,
    /// Page.
    pub page: String,
}

/// All that is known of one entry: `api/v1/plugins/<host>/<id>.json`.
#[derive(Serialize)]
pub struct Detail<'s> {
    /// Head of every document.
    #[serde(flatten)]
    pub head: Head<'s>,
    /// Fields of `plugins.json` without `store`, which is in the head.
    #[serde(flatten)]
    pub entry: PluginEntry<'s>,
    /// When its snippet or its newest release last changed.
    pub changed_at: Option<Timestamp>,
    /// Changes since it was listed, newest first.
    pub history: Vec<EventNote<'s>>,
    /// Titles of its categories, by id.
    pub category_titles: BTreeMap<&'s str, &'s str>,
    /// The name of its licence, where the licence is one of SPDX.
    pub license_name: Option<&'static str>,
    /// Install commands.
    pub install: &'s [Install],
    /// Links of the listing and of the package.
    pub links: Vec<LinkNote<'s>>,
    /// The address of its icon.
    pub icon: Option<String>,
    /// Images.
    pub screenshots: Vec<ScreenshotNote<'s>>,
    /// Kind-specific facts of the package.
    pub details: BTreeMap<&'static str, &'s str>,
    /// The status of the project where it is not active.
    pub status: Option<&'s str>,
    /// Reason, if the registry states one.
    pub status_reason: Option<&'s str>,
    /// Verified publisher of the newest release.
    pub attestation: Option<AttestationNote<'s>>,
    /// Every release, newest first.
    pub releases: Vec<ReleaseDetail<'s>>,
    /// Requirements of the newest release.
    pub dependencies: &'s [String],
    /// Known vulnerabilities.
    pub vulnerabilities: &'s [Vulnerability],
    /// For each field, who said it.
    pub facts: BTreeMap<&'static str, Origin>,
    /// Problems.
    pub problems: Vec<ProblemNote<'s>>,
    /// The beginning of the long description.
    pub readme: Option<Readme>,
}

/// One change of an entry.
#[derive(Serialize)]
pub struct EventNote<'s> {
    /// The time of the build that met it.
    pub at: Timestamp,
    /// `release`, `listing`, `removed`, `withdrawn` or `returned`.
    pub what: &'static str,
    /// The newest release before, of a `release`.
    pub from: Option<&'s str>,
    /// The newest release since.
    pub to: Option<&'s str>,
}

impl<'s> EventNote<'s> {
    /// `event` as it is published.
    pub fn of(event: &'s Event) -> EventNote<'s> {
        let (what, from, to) = match &event.what {
            What::Release { from, to } => ("release", from.as_deref(), to.as_deref()),
            What::Listing => ("listing", None, None),
            What::Removed => ("removed", None, None),
            What::Withdrawn => ("withdrawn", None, None),
            What::Returned => ("returned", None, None),
        };
        EventNote {
            at: event.at,
            what,
            from,
            to,
        }
    }
}

/// A link to a stranger's site, and whose word it is.
#[derive(Serialize)]
pub struct LinkNote<'s> {
    /// The field of the listing, or what the package calls it.
    pub label: &'s str,
    /// URL.
    pub url: &'s str,
    /// `snippet` or `package`.
    pub from: &'static str,
    /// `true` if the registry verified that releases come from there.
    pub verified: bool,
}

impl<'s> LinkNote<'s> {
    pub(super) fn of(link: &Link<'s>) -> LinkNote<'s> {
        let Link {
            field,
            label,
            url,
            verified,
        } = *link;
        let (label, from) = if field.is_empty() {
            (label, "package")
        } else {
            (field, "snippet")
        };
        LinkNote {
            label,
            url,
            from,
            verified,
        }
    }
}

/// An image of an entry.
#[derive(Serialize)]
pub struct ScreenshotNote<'s> {
    /// Path below the published directory.
    pub url: String,
    /// Alternative text.
    pub alt: &'s str,
}

/// One release.
#[derive(Serialize)]
pub struct ReleaseDetail<'s> {
    /// Version.
    pub version: &'s str,
    /// When its first file was uploaded.
    pub released_at: Option<Timestamp>,
    /// `true` if its author withdrew it.
    pub yanked: bool,
    /// Reason.
    pub yanked_reason: Option<&'s str>,
    /// `true` if PEP 440 calls it a pre-release.
    pub prerelease: bool,
    /// Python versions.
    pub requires_python: Option<&'s str>,
    /// Major versions of the host.
    pub compatible: Vec<String>,
    /// `true` if each of its files is attested; `None` where the registry does not tell.
    pub attested: Option<bool>,
    /// Files.
    pub files: Vec<FileDetail<'s>>,
}

/// Publisher of a release.
#[derive(Serialize)]
pub struct AttestationNote<'s> {
    /// The service whose workflow it was.
    pub kind: &'s str,
    /// The address of its repository.
    pub repository: Option<String>,
    /// The file of the workflow.
    pub workflow: Option<&'s str>,
    /// The environment that it ran in.
    pub environment: Option<&'s str>,
}

impl<'s> AttestationNote<'s> {
    /// `publisher`, with its repository as an address.
    pub fn of(publisher: &'s Publisher) -> AttestationNote<'s> {
        AttestationNote {
            kind: &publisher.kind,
            repository: publisher.address(),
            workflow: publisher.workflow.as_deref(),
            environment: publisher.environment.as_deref(),
        }
    }
}

/// One file of a release.
#[derive(Serialize)]
pub struct FileDetail<'s> {
    /// Name.
    pub name: &'s str,
    /// Kind.
    pub kind: FileKind,
    /// Bytes.
    pub size: Option<u64>,
    /// In hexadecimal.
    pub sha256: Option<&'s str>,
}

/// Origin of a fact.
#[derive(Serialize)]
pub struct Origin {
    /// `snippet`, `registry` or `package`.
    pub from: &'static str,
    /// When it was last confirmed; `None` for what the snippet says.
    pub checked_at: Option<Timestamp>,
}

/// Problem of one entry.
#[derive(Serialize)]
pub struct ProblemNote<'s> {
    /// Code.
    pub code: &'static str,
    /// Severity.
    pub severity: String,
    /// Message.
    pub message: &'s str,
}

impl<'s> ProblemNote<'s> {
    /// `problem`, on the page of its entry.
    pub fn of(problem: &'s Problem) -> ProblemNote<'s> {
        ProblemNote {
            code: problem.code,
            severity: problem.severity.to_string(),
            message: &problem.message,
        }
    }
}

/// The beginning of a long description.
#[derive(Serialize)]
pub struct Readme {
    /// Media type.
    pub content_type: Option<String>,
    /// As its author wrote it.
    pub text: String,
    /// `true` if there is more.
    pub truncated: bool,
}
