//! Index data beside the JSON document: the status of a project, and the publishers of attested
//! releases.
//!
//! Only the simple page contains it (PEP 740, PEP 792), and not on every index. The page is
//! therefore requested with its own validators. If it contains no such data, it is not requested
//! again for a month. If the request fails, the known data are kept: the answer for the project
//! is valid without them.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::super::{FoundProject, Lookup, ProjectRequest};
use super::simple::{self, Beside};
use super::{ACCEPT_SIMPLE, get, index_page, provenance};
use crate::web::{HttpClient, Request};
use shopfront_model::answers::{Answer, Attestation, FileKind, Project, Release, SimplePage};

/// Time until a page without data is requested again.
const SILENCE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Maximum size in bytes of a provenance object; real ones have 10 to 60 kB.
const MAX_PROVENANCE: u64 = 1 << 20;

/// Maximum number of releases whose publisher is kept.
const MAX_ATTESTATIONS: usize = 2;

const ACCEPT_PROVENANCE: &str = "application/vnd.pypi.integrity.v1+json, application/json;q=0.5";

/// Returns the current page data of a project with an unmodified document.
pub(super) fn of_unchanged(question: &ProjectRequest<'_>, web: &dyn HttpClient) -> Lookup {
    let Some((last, project)) = question
        .last
        .and_then(|last| Some((last, last.project.as_ref()?)))
    else {
        return Lookup::NotModified;
    };
    let before = FoundProject {
        project: project.clone(),
        description: None,
        validators: last.validators.clone(),
        simple_page: last.simple_page.clone(),
    };
    let found = of_found(before, question, web);
    let is_same = found.project == *project && found.simple_page == last.simple_page;
    if is_same {
        Lookup::NotModified
    } else {
        Lookup::Found(Box::new(found))
    }
}

/// Adds the page data of a project that the document does not contain.
pub(super) fn of_found(
    found: FoundProject,
    question: &ProjectRequest<'_>,
    web: &dyn HttpClient,
) -> FoundProject {
    let last = question.last;
    let known = last.and_then(|it| it.simple_page.clone());
    let is_silent = known
        .as_ref()
        .and_then(|page| page.silent_since)
        .is_some_and(|since| is_young(since, question.now));
    if is_silent || !question.run.is_closed() {
        return as_before(found, last, known);
    }
    let (base, name) = (question.base, question.name);
    let response = get(
        web,
        &format!("{base}/simple/{name}/"),
        ACCEPT_SIMPLE,
        known.as_ref().and_then(|page| page.validators.as_ref()),
    );
    question.run.note(&response);
    let response = match response {
        Ok(response) if response.status == 304 => return as_before(found, last, known),
        Ok(response) => response,
        Err(_) => return as_before(found, last, known),
    };
    let page = if response.status == 200 {
        simple::read(&response.content_type, &response.body, name).ok()
    } else {
        None
    };
    let Some((_, beside)) =
        page.filter(|(_, beside)| beside.status.is_some() || !beside.provenance.is_empty())
    else {
        let silent = SimplePage {
            silent_since: Some(question.now),
            validators: None,
        };
        return FoundProject {
            simple_page: Some(silent),
            ..found
        };
    };
    let mut project = found.project;
    apply(&mut project, &beside);
    let is_whole = learn_publisher(&mut project, &beside, &response.url, question, web);
    // "Not modified" would not contain the URL of a provenance that could not be read this time.
    let validators = if is_whole {
        response.validators()
    } else {
        None
    };
    FoundProject {
        project,
        simple_page: Some(SimplePage {
            silent_since: None,
            validators,
        }),
        ..found
    }
}

fn is_young(since: Timestamp, now: Timestamp) -> bool {
    (SignedDuration::ZERO..SILENCE).contains(&now.duration_since(since))
}

/// Restores the page data of the last answer; a release that is new since then has none.
fn as_before(
    mut found: FoundProject,
    last: Option<&Answer>,
    known: Option<SimplePage>,
) -> FoundProject {
    let Some(before) = last.and_then(|it| it.project.as_ref()) else {
        return FoundProject {
            simple_page: known,
            ..found
        };
    };
    let attested: BTreeMap<&str, Option<bool>> = before
        .releases
        .iter()
        .map(|it| (it.version.as_str(), it.attested))
        .collect();
    for release in &mut found.project.releases {
        release.attested = attested.get(release.version.as_str()).copied().flatten();
    }
    found.project.status.clone_from(&before.status);
    found
        .project
        .status_reason
        .clone_from(&before.status_reason);
    found.project.attestations.clone_from(&before.attestations);
    FoundProject {
        simple_page: known,
        ..found
    }
}

/// Adds page data to a project.
pub(super) fn apply(project: &mut Project, beside: &Beside) {
    project.status = beside
        .status
        .clone()
        .filter(|status| !status.eq_ignore_ascii_case("active"));
    project.status_reason = beside
        .status_reason
        .clone()
        .filter(|_| project.status.is_some());
    for release in &mut project.releases {
        release.attested = is_attested(release, beside);
    }
}

/// Returns `true` if every file is attested: a manually added file is what an attacker would have
/// added.
fn is_attested(release: &Release, beside: &Beside) -> Option<bool> {
    let packages = release
        .files
        .iter()
        .filter(|file| file.kind != FileKind::Other);
    let told: Vec<bool> = packages
        .filter_map(|file| beside.provenance.get(&file.name))
        .map(Option::is_some)
        .collect();
    (!told.is_empty()).then(|| told.iter().all(|it| *it))
}

/// Adds the publisher of the newest release, if it is attested; returns `true` if all available
/// data were read.
///
/// Files in an index never change, and neither do their attestations: each is requested only
/// once.
pub(super) fn learn_publisher(
    project: &mut Project,
    beside: &Beside,
    page: &str,
    question: &ProjectRequest<'_>,
    web: &dyn HttpClient,
) -> bool {
    let before = question
        .last
        .and_then(|it| it.project.as_ref())
        .map(|it| it.attestations.as_slice())
        .unwrap_or_default();
    let newest = project
        .newest_release()
        .map(|(release, _)| release)
        .filter(|release| release.attested == Some(true));
    let told = newest.and_then(|release| {
        attested_file(release, beside).map(|(file, address)| (release, file, address))
    });
    let mut is_whole = true;
    let mut attestations = Vec::new();
    if let Some((release, file, address)) = told {
        match before
            .iter()
            .find(|it| it.version == release.version && it.file == file)
        {
            Some(known) => attestations.push(known.clone()),
            None => match ask(address, page, question, web) {
                Ok(publisher) => attestations.push(Attestation {
                    version: release.version.clone(),
                    file: file.to_owned(),
                    publisher,
                }),
                Err(()) => is_whole = false,
            },
        }
    }
    let is_kept = |it: &&Attestation| {
        let is_there = project
            .releases
            .iter()
            .any(|release| release.version == it.version);
        is_there && attestations.iter().all(|newer| newer.version != it.version)
    };
    let older: Vec<Attestation> = before.iter().filter(is_kept).cloned().collect();
    attestations.extend(older);
    attestations.truncate(MAX_ATTESTATIONS);
    project.attestations = attestations;
    is_whole
}

/// Returns the file that represents its release, and the URL of its provenance: the file that
/// would be fetched.
fn attested_file<'b>(release: &Release, beside: &'b Beside) -> Option<(&'b str, &'b str)> {
    let listed = release
        .files
        .iter()
        .filter_map(|file| beside.provenance.get_key_value(&file.name));
    let attested = listed.filter_map(|(name, address)| Some((name.as_str(), address.as_deref()?)));
    attested.min_by_key(|(name, _)| {
        (
            index_page::rank(name).is_none(),
            index_page::rank(name),
            *name,
        )
    })
}

/// Returns the publisher in a provenance object; `None` if it is on another server or invalid.
fn ask(
    address: &str,
    page: &str,
    question: &ProjectRequest<'_>,
    web: &dyn HttpClient,
) -> Result<Option<shopfront_model::answers::Publisher>, ()> {
    let url = Url::parse(page).and_then(|page| page.join(address)).ok();
    let Some(url) =
        url.filter(|url| Url::parse(question.base).is_ok_and(|base| base.origin() == url.origin()))
    else {
        return Ok(None);
    };
    if !question.run.is_closed() {
        return Err(());
    }
    let request = Request {
        limit: MAX_PROVENANCE,
        ..Request::document(url.as_str(), ACCEPT_PROVENANCE)
    };
    let response = web.get(&request);
    question.run.note(&response);
    let response = response.map_err(drop)?;
    Ok(if response.status == 200 {
        provenance::read(&response.body)
    } else {
        None
    })
}
