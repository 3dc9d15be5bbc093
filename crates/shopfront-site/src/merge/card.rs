//! Summary of one entry.

use std::collections::BTreeMap;

use jiff::Timestamp;

use shopfront_check::checks::{self, AnswerContext};
use shopfront_diagnostics::{Diagnostic, Location, Severity};
use shopfront_hosts as kinds;
use shopfront_markdown::readme::Excess;
use shopfront_model::adapter;
use shopfront_model::adapter::HostVersions;
use shopfront_model::adapter::InspectedRelease;
use shopfront_model::answers::{Answer, Project, Release, ReleaseStatus, State};
use shopfront_model::catalogue::{Catalogue, Host, Snippet};
use shopfront_model::codes;
use shopfront_model::registry_rules::SourceAccess;

/// An entry in brief.
#[derive(Clone, Debug)]
pub struct EntrySummary {
    /// The newest release, when one can be installed.
    pub version: Option<String>,
    /// The newest release that was ever known: what a page of a project that is gone shows.
    pub last_version: Option<String>,
    /// When the newest release was uploaded.
    pub released_at: Option<Timestamp>,
    /// Python versions of the newest release.
    pub requires_python: Option<String>,
    /// Status of the newest release; `None` if there is none.
    pub fitness: Option<ReleaseStatus>,
    /// For each major version of the host, the newest release that fits.
    pub compatible: Vec<(String, String)>,
    /// The licence: of the snippet, else of the package.
    pub license: Option<String>,
    /// Number of known releases.
    pub release_count: usize,
    /// Access to the source for readers.
    pub access: SourceAccess,
    /// When the registry last confirmed all this; `None` when it was never asked.
    pub checked_at: Option<Timestamp>,
    /// Since when and why it could not be confirmed.
    pub stale: Option<Stale>,
    /// `true` if the registry says that there is no such project.
    pub gone: bool,
    /// The project's status (PEP 792) where it is not active.
    pub status: Option<String>,
    /// `true` if the registry holds it back, so that it can not be installed.
    pub quarantined: bool,
    /// Facets of the kind of its host, each with the value of this entry.
    pub traits: Vec<(&'static str, &'static str)>,
    /// Releases whose packages were read, the newest first; none where the kind of its host
    /// reads none.
    pub offers: Vec<InspectedRelease>,
    /// `true` if nothing but a manifest is known, so that it can not be installed.
    pub is_manifest_alone: bool,
    /// `true` if its host may offer it to be installed.
    pub offered: bool,
    /// `true` if the files that its host reads leave it out, so that no version of the host is
    /// said to run it.
    pub left_out: bool,
    /// Problems.
    pub problems: Vec<Problem>,
}

/// Reason why an answer is stale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// When the registry first failed.
    pub since: Timestamp,
    /// Message.
    pub message: String,
}

/// Something that fell short, as `problems.json` tells it.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The host; `None` for one of no entry.
    pub host: Option<String>,
    /// The entry; `None` for one of no entry.
    pub id: Option<String>,
    /// Code.
    pub code: &'static str,
    /// Severity: never an error, since it did not refuse the build.
    pub severity: Severity,
    /// Message.
    pub message: String,
    /// Since when, where known.
    pub since: Option<Timestamp>,
}

/// The card of `snippet`, given the saved answer for its project.
pub fn card(
    host: &Host,
    versions: &HostVersions,
    snippet: &Snippet,
    answer: Option<&Answer>,
) -> EntrySummary {
    let card = known(host, versions, snippet, answer);
    EntrySummary {
        offered: is_offered(host, versions, snippet, &card),
        ..card
    }
}

fn known(
    host: &Host,
    versions: &HostVersions,
    snippet: &Snippet,
    answer: Option<&Answer>,
) -> EntrySummary {
    let access = kinds::access(
        host,
        snippet,
        answer.and_then(|answer| answer.registry_url.as_deref()),
    );
    let Some(answer) = answer else {
        let problems = if snippet.is_withdrawn() {
            Vec::new()
        } else {
            vec![problem(
                snippet,
                &checks::not_asked::diagnostic(snippet),
                None,
            )]
        };
        return EntrySummary {
            license: snippet.body.license.clone(),
            access,
            problems,
            ..blank()
        };
    };
    let newest = answer.found().and_then(Project::newest_release);
    let last = answer.project.as_ref().and_then(Project::newest_release);
    let gone = answer.state == State::Gone;
    EntrySummary {
        access,
        version: newest.map(|(release, _)| release.version.clone()),
        last_version: last.map(|(release, _)| release.version.clone()),
        released_at: last.and_then(|(release, _)| release.released_at),
        requires_python: last.and_then(|(release, _)| release.requires_python.clone()),
        fitness: newest.map(|(_, fitness)| fitness),
        compatible: answer
            .found()
            .map(|project| compatible(host, versions, snippet, project))
            .unwrap_or_default(),
        license: snippet
            .body
            .license
            .clone()
            .or_else(|| answer.project.as_ref()?.newest.license.clone()),
        release_count: answer
            .project
            .as_ref()
            .map_or(0, |project| project.releases.len()),
        checked_at: Some(answer.checked_at),
        stale: answer.trouble.as_ref().map(|trouble| Stale {
            since: trouble.at,
            message: trouble.message.clone(),
        }),
        gone,
        status: answer
            .project
            .as_ref()
            .and_then(|project| project.status.clone()),
        quarantined: answer
            .project
            .as_ref()
            .is_some_and(|project| project.is("quarantined")),
        traits: newest
            .map(|(release, _)| host.adapter.facets(release))
            .unwrap_or_default(),
        offers: answer
            .found()
            .map(|project| InspectedRelease::all_of(host, snippet, project))
            .unwrap_or_default(),
        is_manifest_alone: newest.is_some_and(|(release, _)| release.is_manifest_alone()),
        offered: false,
        left_out: false,
        problems: problems(&AnswerContext {
            host,
            versions,
            snippet,
            answer,
        }),
    }
}

impl EntrySummary {
    /// Returns `true` if the newest release is a pre-release, for want of a final one.
    pub fn is_prerelease(&self) -> bool {
        self.fitness == Some(ReleaseStatus::Prerelease)
    }

    /// Returns `true` if the newest release is yanked, for want of another.
    pub fn is_yanked(&self) -> bool {
        self.fitness == Some(ReleaseStatus::Yanked)
    }
}

/// Returns `true` if a host may offer the entry: nothing is known against it.
///
/// What was never asked is offered: that a registry was not there is no fault of the plugin.
fn is_offered(
    host: &Host,
    versions: &HostVersions,
    snippet: &Snippet,
    card: &EntrySummary,
) -> bool {
    if snippet.is_withdrawn() || card.gone || card.quarantined || card.is_manifest_alone {
        return false;
    }
    // Its document is made of what was read; without that there is nothing to say.
    if host.adapter.reader().is_some() && card.offers.is_empty() {
        return false;
    }
    let needs_fit = host.adapter.lists_only_what_fits() && !versions.majors.is_empty();
    card.checked_at.is_none()
        || (card.version.is_some() && (!needs_fit || !card.compatible.is_empty()))
}

fn blank() -> EntrySummary {
    EntrySummary {
        version: None,
        last_version: None,
        released_at: None,
        requires_python: None,
        fitness: None,
        compatible: Vec::new(),
        license: None,
        release_count: 0,
        access: SourceAccess::default(),
        checked_at: None,
        stale: None,
        gone: false,
        status: None,
        quarantined: false,
        traits: Vec::new(),
        offers: Vec::new(),
        is_manifest_alone: false,
        offered: false,
        left_out: false,
        problems: Vec::new(),
    }
}

/// For each major version, the newest release that fits: releases come oldest first, so a later one
/// wins.
fn compatible(
    host: &Host,
    versions: &HostVersions,
    snippet: &Snippet,
    project: &Project,
) -> Vec<(String, String)> {
    let mut best: BTreeMap<usize, &str> = BTreeMap::new();
    let usable = |release: &&Release| !release.files.is_empty();
    for release in project.releases.iter().filter(usable) {
        for major in adapter::compatible_majors(host, versions, snippet, project, release) {
            best.insert(major, &release.version);
        }
    }
    best.into_iter()
        .map(|(major, version)| (versions.majors[major].name.clone(), version.to_owned()))
        .collect()
}

fn problems(case: &AnswerContext<'_>) -> Vec<Problem> {
    let mut problems: Vec<Problem> = checks::run_answer(case)
        .iter()
        .map(|found| problem(case.snippet, found, None))
        .collect();
    if let (Some(trouble), false) = (&case.answer.trouble, case.snippet.is_withdrawn()) {
        let found =
            checks::stale_answer::diagnostic(case.snippet.source_place(), case.answer, trouble);
        problems.push(problem(case.snippet, &found, Some(trouble.at)));
    }
    problems
}

/// What fell short of the own project of `host`, which is [`HostVersions::of`] the same `answer`.
pub fn problems_of_host(host: &Host, answer: &Answer) -> Vec<Problem> {
    let told = |found: Diagnostic, since| Problem {
        host: Some(host.id.to_string()),
        id: None,
        code: found.code.name,
        severity: Severity::Warning,
        message: found.message,
        since,
    };
    let stale = answer.trouble.as_ref().map(|trouble| {
        let place = Location::value(&host.path, host.adapter.host_project_place());
        told(
            checks::stale_answer::diagnostic(place, answer, trouble),
            Some(trouble.at),
        )
    });
    checks::run_host(host, answer)
        .into_iter()
        .map(|found| told(found, None))
        .chain(stale)
        .collect()
}

/// A long description that pages show as it was written.
pub fn shown_plain(snippet: &Snippet, excess: Excess) -> Problem {
    problem(
        snippet,
        &codes::unrenderable_description::diagnostic(snippet.source_place(), excess),
        None,
    )
}

/// The cards of `catalogue` with `problems` of its entries, which showed only when these were
/// written.
pub fn with_problems(
    catalogue: &Catalogue,
    mut cards: Vec<EntrySummary>,
    problems: Vec<Problem>,
) -> Vec<EntrySummary> {
    let mut of_entries: BTreeMap<(Option<String>, Option<String>), Vec<Problem>> = BTreeMap::new();
    for problem in problems {
        of_entries
            .entry((problem.host.clone(), problem.id.clone()))
            .or_default()
            .push(problem);
    }
    if of_entries.is_empty() {
        return cards;
    }
    for (snippet, card) in catalogue.snippets.iter().zip(&mut cards) {
        let key = (Some(snippet.host.to_string()), Some(snippet.id.clone()));
        card.problems
            .extend(of_entries.remove(&key).unwrap_or_default());
    }
    cards
}

pub(super) fn problem(snippet: &Snippet, found: &Diagnostic, since: Option<Timestamp>) -> Problem {
    Problem {
        host: Some(snippet.host.to_string()),
        id: Some(snippet.id.clone()),
        code: found.code.name,
        severity: Severity::Warning,
        message: found.message.clone(),
        since,
    }
}
