//! Repositories on GitHub: their releases, otherwise their tags, through the REST API.

use std::collections::BTreeSet;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use url::Url;

use super::package::Sidecar;
use super::{
    FoundProject, Lookup, PackageRequest, ProjectRequest, Reads, Registry, RegistryError,
    RemoteFile, cleaned, timestamp,
};
use crate::web::{HttpClient, Request, Response};
use shopfront_model::answers::{Answer, File, FileKind, NewestFacts, Project, Release, Validators};
use shopfront_model::catalogue::Locator;
use shopfront_model::registry_rules::github::{GitHub, PAGES, PUBLIC, is_absolute, is_address};

/// Maximum number of releases or tags: one page of the API.
const MOST: usize = 100;

impl Registry for GitHub {
    fn token_variable(&self) -> Option<&'static str> {
        // GitHub workflows provide this variable to their steps: without a token the API limits
        // clients to 60 requests per hour.
        Some("GITHUB_TOKEN")
    }

    fn reads(&self) -> Reads {
        Reads::Newest
    }

    fn ask(
        &self,
        question: &ProjectRequest<'_>,
        web: &dyn HttpClient,
    ) -> Result<Lookup, RegistryError> {
        let about = Repository {
            base: question.base,
            name: question.name,
            locator: question.locator,
        };
        // "Not modified" is not sufficient if the snippet now selects other files.
        let is_current = |it: &&Answer| it.found().is_some_and(|project| about.is_of(project));
        let kept = question
            .last
            .filter(is_current)
            .and_then(|it| it.validators.as_ref());
        Ok(match about.project(kept, web)? {
            RepositoryLookup::Unchanged => Lookup::NotModified,
            RepositoryLookup::Gone => Lookup::NotFound,
            RepositoryLookup::Project(project, validators) => {
                Lookup::Found(Box::new(FoundProject {
                    project: *project,
                    description: None,
                    validators,
                    simple_page: None,
                }))
            }
        })
    }

    fn package<'w>(
        &self,
        wish: &PackageRequest<'_>,
        web: &'w dyn HttpClient,
    ) -> Result<RemoteFile<'w>, RegistryError> {
        let about = Repository {
            base: wish.base,
            name: wish.name,
            locator: wish.locator,
        };
        // The location of the file is known from the release: the API is not queried again.
        let known = wish
            .known
            .filter(|file| file.address.is_some())
            .cloned()
            .zip(wish.version.map(str::to_owned));
        let (file, version) = known.map_or_else(|| about.file_of(wish.version, web), Ok)?;
        let url = about.location(&file, web)?;
        Ok(RemoteFile {
            file: file.name,
            kind: FileKind::Archive,
            version,
            size: file.size,
            sha256: file.sha256,
            integrity: None,
            url,
            sidecar: Sidecar::None,
            max_bytes: wish.max_bytes,
            web,
        })
    }
}

/// Repository of a request.
struct Repository<'r> {
    base: &'r str,
    name: &'r str,
    locator: &'r Locator,
}

/// Answer of the API about a repository.
enum RepositoryLookup {
    Unchanged,
    Gone,
    Project(Box<Project>, Option<Validators>),
}

impl Repository<'_> {
    /// Returns the releases; for a repository without releases, the tags.
    fn project(
        &self,
        kept: Option<&Validators>,
        web: &dyn HttpClient,
    ) -> Result<RepositoryLookup, RegistryError> {
        let response = get(web, self.base, self.name, "releases", kept)?;
        match response.status {
            304 => return Ok(RepositoryLookup::Unchanged),
            200 => {}
            _ => return Ok(RepositoryLookup::Gone),
        }
        let (mut releases, validators) = match self.read_releases(&response.body)? {
            // Many repositories have tags, but no releases.
            none if none.is_empty() => (self.tags(web)?, None),
            some => (some, response.validators()),
        };
        if let Some(reference) = &self.locator.reference {
            releases = vec![release(
                reference,
                None,
                true,
                vec![self.archive(reference, &format!("archive/{}", encoded(reference)))],
            )];
        }
        let mut project = project(self.name, releases);
        if let Some(reference) = &self.locator.reference {
            project.newest.version = Some(reference.clone());
        }
        Ok(RepositoryLookup::Project(Box::new(project), validators))
    }

    /// Returns `true` if `project` has the files that the snippet now selects, with their
    /// locations.
    fn is_of(&self, project: &Project) -> bool {
        let is_wanted = |file: &File| {
            let Some(address) = file.address.as_deref() else {
                return false;
            };
            match (&self.locator.reference, &self.locator.asset) {
                (Some(reference), _) => {
                    address == format!("archive/{}{ARCHIVE_ENDING}", encoded(reference))
                }
                (None, Some(pattern)) => {
                    !address.starts_with("archive/") && matches(pattern, &file.name)
                }
                (None, None) => address.starts_with(OF_TAG),
            }
        };
        project
            .releases
            .iter()
            .flat_map(|release| &release.files)
            .all(is_wanted)
    }

    /// Returns the file of `version`, otherwise of the newest release, and its version.
    fn file_of(
        &self,
        version: Option<&str>,
        web: &dyn HttpClient,
    ) -> Result<(File, String), RegistryError> {
        let RepositoryLookup::Project(project, _) = self.project(None, web)? else {
            return Err(RegistryError(format!(
                "there is no repository `{}`",
                self.name
            )));
        };
        let named = |version: &str| {
            project
                .releases
                .iter()
                .find(|release| release.version == version)
        };
        let newest = || {
            project
                .newest_release()
                .map(|(release, _)| release)
                .or_else(|| project.releases.last())
        };
        let release = match version {
            Some(version) => named(version).ok_or_else(|| {
                RegistryError(format!("`{}` has no release {version}", self.name))
            })?,
            None => {
                newest().ok_or_else(|| RegistryError(format!("`{}` has no release", self.name)))?
            }
        };
        let pattern = self.locator.asset.as_deref().unwrap_or("*");
        let none = || {
            RegistryError(format!(
                "release {} of `{}` has no file like `{pattern}`",
                release.version, self.name
            ))
        };
        Ok((
            release.files.first().ok_or_else(none)?.clone(),
            release.version.clone(),
        ))
    }

    /// Parses the releases in a response body, except drafts.
    fn read_releases(&self, body: &[u8]) -> Result<Vec<Release>, RegistryError> {
        let rubbish =
            || RegistryError("the registry sent no list of releases but rubbish".to_owned());
        let document = super::document(body).map_err(|_| rubbish())?;
        let told = document.as_array().ok_or_else(rubbish)?;
        Ok(told
            .iter()
            .take(MOST)
            .filter(|it| it["draft"] != true)
            .filter_map(|it| self.of_release(it))
            .collect())
    }

    fn of_release(&self, told: &Value) -> Option<Release> {
        let tag = told["tag_name"].as_str()?;
        let version = cleaned::version(version_of(tag))?;
        let assets = told["assets"]
            .as_array()
            .into_iter()
            .flatten()
            .take(cleaned::MAX_FILES);
        let files: Vec<File> = match &self.locator.asset {
            Some(pattern) => assets
                .filter_map(|it| self.asset(it))
                .filter(|file| matches(pattern, &file.name))
                .take(1)
                .collect(),
            None => vec![self.of_tag(version, tag)],
        };
        let at = told["published_at"].as_str().and_then(timestamp);
        let is_early = told["prerelease"] == true;
        let mut release = release(version, at, is_early, files);
        release.prerelease = is_early.then_some(true);
        Some(release)
    }

    fn tags(&self, web: &dyn HttpClient) -> Result<Vec<Release>, RegistryError> {
        let response = get(web, self.base, self.name, "tags", None)?;
        let document = super::document(&response.body).unwrap_or_default();
        let told = document.as_array().into_iter().flatten().take(MOST);
        let tags = told.filter_map(|tag| {
            Some((
                tag["name"].as_str()?,
                cleaned::version(version_of(tag["name"].as_str()?))?,
            ))
        });
        // A tag that is not a version marks something else.
        let sound = tags.filter(|(_, version)| version.parse::<pep440_rs::Version>().is_ok());
        let mut seen = BTreeSet::new();
        let once = sound.filter(|(_, version)| seen.insert(*version));
        Ok(once
            .map(|(tag, version)| Release {
                prerelease: None,
                ..release(version, None, false, vec![self.of_tag(version, tag)])
            })
            .collect())
    }

    /// Returns the archive of a tag.
    fn of_tag(&self, version: &str, tag: &str) -> File {
        self.archive(version, &format!("{OF_TAG}{}", encoded(tag)))
    }

    /// Returns an archive that GitHub generates on request, and which has no stable hash.
    fn archive(&self, version: &str, stem: &str) -> File {
        let repository = self.name.rsplit('/').next().unwrap_or_default();
        let file = format!("{repository}-{}{ARCHIVE_ENDING}", version.replace('/', "-"));
        let address = Some(format!("{stem}{ARCHIVE_ENDING}"));
        File {
            name: file,
            kind: FileKind::Archive,
            size: None,
            sha256: None,
            integrity: None,
            address,
        }
    }

    fn asset(&self, asset: &Value) -> Option<File> {
        let sha256 = asset["digest"]
            .as_str()
            .and_then(|digest| digest.strip_prefix("sha256:"))
            .and_then(cleaned::sha256);
        Some(File {
            name: cleaned::file_name(asset["name"].as_str()?)?,
            kind: FileKind::Archive,
            size: asset["size"].as_u64(),
            sha256,
            integrity: None,
            address: Some(self.kept(asset["browser_download_url"].as_str()?)?),
        })
    }

    /// The address `url` as it is kept: from the page of the repository on, where it is below that;
    /// `None` for one that cannot be published. What is kept is the path from that page again, and
    /// nothing that climbs out of it.
    fn kept(&self, url: &str) -> Option<String> {
        let pages = [
            format!("{PAGES}/{}/", self.name),
            format!("{}/{}/", self.base, self.name),
        ];
        // Owner names may contain upper-case letters.
        let below = |page: &String| {
            url.get(..page.len())
                .filter(|start| start.eq_ignore_ascii_case(page))
                .map(|_| &url[page.len()..])
        };
        let kept = pages
            .iter()
            .find_map(below)
            .filter(|path| !is_absolute(path));
        let kept = kept.or_else(|| Some(url).filter(|url| is_absolute(url)))?;
        (is_address(
            Some(self.base).filter(|base| *base != PUBLIC),
            self.name,
            kept,
        ) && !kept.starts_with("archive/"))
        .then(|| kept.to_owned())
    }

    /// Where `file` is fetched from: archives from the API, which takes a token for them.
    fn location(&self, file: &File, web: &dyn HttpClient) -> Result<String, RegistryError> {
        let kept = file
            .address
            .as_deref()
            .ok_or_else(|| RegistryError("the asset has no address".to_owned()))?;
        if let Some(stem) = kept.strip_prefix("archive/") {
            let reference = stem
                .trim_start_matches("refs/tags/")
                .trim_end_matches(ARCHIVE_ENDING);
            return Ok(format!(
                "{}/repos/{}/tarball/{reference}",
                self.base, self.name
            ));
        }
        let pages = if self.base == PUBLIC {
            PAGES
        } else {
            self.base
        };
        let url = if is_absolute(kept) {
            kept.to_owned()
        } else {
            format!("{pages}/{}/{kept}", self.name)
        };
        let refused = |why: String| {
            RegistryError(format!(
                "the asset lies where it is not fetched from: {why}"
            ))
        };
        let base = Url::parse(self.base).map_err(|cause| refused(cause.to_string()))?;
        let url = Url::parse(&url).map_err(|cause| refused(cause.to_string()))?;
        match web.check_file_url(&base, &url) {
            Some(why) => Err(refused(why)),
            None => Ok(url.into()),
        }
    }
}

/// Path of tag archives below the repository page, and the extension of their URLs.
const OF_TAG: &str = "archive/refs/tags/";
const ARCHIVE_ENDING: &str = ".tar.gz";

/// Returns a tag as a path component: tags may contain any characters.
fn encoded(tag: &str) -> String {
    const PATH: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~')
        .remove(b'/');
    utf8_percent_encode(tag, PATH).to_string()
}

fn get(
    web: &dyn HttpClient,
    base: &str,
    name: &str,
    what: &str,
    kept: Option<&Validators>,
) -> Result<Response, RegistryError> {
    let url = format!("{base}/repos/{name}/{what}?per_page={MOST}");
    let etag = kept.and_then(|it| it.etag.as_deref());
    let last_modified = kept.and_then(|it| it.last_modified.as_deref());
    web.get(&Request {
        etag,
        last_modified,
        ..Request::document(&url, "application/vnd.github+json")
    })
    .map_err(RegistryError)
}

fn release(
    version: &str,
    released_at: Option<jiff::Timestamp>,
    prerelease: bool,
    files: Vec<File>,
) -> Release {
    Release {
        version: version.to_owned(),
        released_at,
        yanked: false,
        yanked_reason: None,
        requires_python: None,
        attested: None,
        prerelease: Some(prerelease),
        requires: Default::default(),
        contents: None,
        files,
    }
}

fn project(name: &str, releases: Vec<Release>) -> Project {
    let mut project = Project {
        name: name.to_owned(),
        status: None,
        status_reason: None,
        attestations: Vec::new(),
        newest: NewestFacts::default(),
        releases,
    };
    project.sort();
    project.newest.version = project
        .newest_release()
        .map(|(release, _)| release.version.clone());
    project
}

/// Returns `1.2.0` for the tag `v1.2.0`.
fn version_of(tag: &str) -> &str {
    tag.strip_prefix(['v', 'V'])
        .filter(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
        .unwrap_or(tag)
}

/// Returns `true` if `name` matches `pattern`, in which `*` represents any text.
fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = name.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}
