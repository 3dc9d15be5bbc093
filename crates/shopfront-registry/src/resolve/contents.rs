//! Package contents, saved in answers.

use std::collections::BTreeMap;

use crate::cleaned;
use shopfront_model::answers::{Contents, Description, File, Link, Project, Release};
use shopfront_model::bundle::BundleMetadata;
use shopfront_model::catalogue::Pin;
use shopfront_package::facts::Facts;
use shopfront_text as text;
use shopfront_text::digest;

/// Returns the identity of the contents of `release`: its file in the registry, or its manifest
/// in `archives`.
fn identity(release: &Release, archives: &[Pin]) -> String {
    let pinned = archives.iter().find(|pin| pin.version == release.version);
    if let Some(manifest) = pinned.and_then(|pin| pin.manifest.as_ref()) {
        return of_manifest(manifest);
    }
    let of_file = |file: &File| {
        file.sha256
            .clone()
            .or_else(|| file.integrity.clone())
            .unwrap_or_else(|| file.name.clone())
    };
    release.files.first().map(of_file).unwrap_or_default()
}

/// Returns `true` if `project` is derived from these archives of a snippet.
pub fn is_of(project: &Project, archives: &[Pin]) -> bool {
    let is_there = |pin: &Pin| {
        let release = project
            .releases
            .iter()
            .find(|release| release.version == pin.version);
        release.is_some_and(|release| match &pin.manifest {
            Some(manifest) => release
                .contents
                .as_ref()
                .is_some_and(|it| it.of == of_manifest(manifest)),
            None => {
                pin.sha256.is_some() && release.files.iter().any(|file| file.sha256 == pin.sha256)
            }
        })
    };
    project.releases.len() == archives.len() && archives.iter().all(is_there)
}

/// Copies the contents that the reader of `kind` read from the same files `before` to the
/// releases of `project`.
pub fn carry_over(project: &mut Project, before: Option<&Project>, kind: &str, archives: &[Pin]) {
    let Some(before) = before else { return };
    let by_version: BTreeMap<&str, &Release> = before
        .releases
        .iter()
        .map(|it| (it.version.as_str(), it))
        .collect();
    for release in &mut project.releases {
        let known = by_version.get(release.version.as_str());
        let Some((known, contents)) = known.and_then(|it| Some((it, it.contents.as_ref()?))) else {
            continue;
        };
        let is_same = contents.kind == kind
            && !contents.of.is_empty()
            && contents.of == identity(release, archives);
        if release.contents.is_none() && is_same {
            release.contents = Some(contents.clone());
            release.requires.clone_from(&known.requires);
            // The sizes are known from the files; the locations may have changed since.
            let told = std::mem::replace(&mut release.files, known.files.clone());
            for file in &mut release.files {
                if let Some(now) = told.iter().find(|it| it.name == file.name) {
                    file.address.clone_from(&now.address);
                }
            }
        }
    }
    let is_newest_read = project
        .newest_release()
        .is_some_and(|(release, _)| release.contents.is_some());
    if is_newest_read
        && project.newest.version == before.newest.version
        && project.newest.summary.is_none()
    {
        project.newest = before.newest.clone();
    }
}

/// Adds the contents of the package of `version` to `project`. Returns the long description if it
/// is that of the newest release and no registry provided one.
pub fn put(
    project: &mut Project,
    version: &str,
    kind: &str,
    (reading, file): (BundleMetadata, Option<File>),
    archives: &[Pin],
) -> Option<String> {
    let newest = project
        .newest_release()
        .map(|(release, _)| release.version.clone());
    let release = project
        .releases
        .iter_mut()
        .find(|release| release.version == version)?;
    let of = identity(release, archives);
    release.requires.extend(reading.requires);
    if let (Some(read), Some(known)) = (file, release.files.first_mut()) {
        known.size = Some(known.size.unwrap_or(read.size.unwrap_or_default()));
    }
    release.contents = Some(Contents {
        kind: kind.to_owned(),
        of,
        facts: reading.facts,
    });
    if newest.as_deref() != Some(version) {
        return None;
    }
    complete(project, &reading.says);
    let (text, content_type) = reading
        .description
        .filter(|_| project.newest.description.is_none())?;
    let text = text::description(&text);
    project.newest.description = Some(Description {
        sha256: digest::sha256(text.as_bytes()),
        content_type: Some(content_type.to_owned()),
        bytes: u64::try_from(text.len()).unwrap_or(u64::MAX),
    });
    Some(text)
}

/// Returns the identity of a manifest in a snippet.
fn of_manifest(manifest: &serde_json::Value) -> String {
    digest::sha256(manifest.to_string().as_bytes())
}

/// Adds the self-description of the package for data that the registry lacks.
fn complete(project: &mut Project, says: &Facts) {
    let newest = &mut project.newest;
    let line = |text: &Option<String>, most: usize| {
        text.as_deref()
            .and_then(|text| cleaned::line_of(text, most))
    };
    newest.summary = newest.summary.take().or_else(|| line(&says.summary, 600));
    newest.author = newest.author.take().or_else(|| line(&says.author, 200));
    newest.license = newest
        .license
        .take()
        .or_else(|| line(&says.license, 200))
        .or_else(|| line(&says.license_text, 200));
    if newest.keywords.is_empty() {
        newest.keywords = says
            .keywords
            .iter()
            .take(20)
            .filter_map(|word| cleaned::line_of(word, 100))
            .collect();
    }
    if newest.links.is_empty() {
        let links = &says.links;
        let labelled = [
            ("Homepage", &links.homepage),
            ("Documentation", &links.documentation),
            ("Repository", &links.repository),
            ("Issues", &links.issues),
        ];
        let link = |(label, url): (&str, &Option<String>)| {
            Some(Link {
                label: label.to_owned(),
                url: cleaned::link(url.as_deref()?)?,
            })
        };
        newest.links = labelled.into_iter().filter_map(link).collect();
    }
}
