//! Repositories on GitHub: their releases, else their tags, through the REST API.

use serde_json::Value;
use url::Url;

use super::package::Sidecar;
use super::{Failure, Found, Package, Question, Reads, Registry, Reply, Wish, cleaned, timestamp};
use crate::address;
use crate::answers::{File, FileKind, NewestFacts, Project, Release, Validators};
use crate::catalogue::Locator;
use crate::json;
use crate::web::{Request, Response, Web};

/// Its id in snippets and answers.
pub(crate) const ID: &str = "github";

/// The public API: asked where nobody names another.
const PUBLIC: &str = "https://api.github.com";

/// The public pages: part of every uid.
const PAGES: &str = "https://github.com";

/// So many releases, or tags, are told: one page of the API.
const MOST: usize = 100;

/// The repositories of GitHub.
pub struct GitHub;

impl Registry for GitHub {
    fn id(&self) -> &'static str {
        ID
    }

    fn is_name(&self, name: &str) -> bool {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let is_part = |part: &str| !part.is_empty() && !part.starts_with('.') && part.len() <= 100 && part.bytes().all(is_plain);
        name.split_once('/').is_some_and(|(owner, name)| is_part(owner) && is_part(name))
    }

    fn normal_name(&self, name: &str) -> String {
        name.to_ascii_lowercase()
    }

    fn page(&self, name: &str) -> String {
        format!("{PAGES}/{name}")
    }

    fn default_address(&self) -> Option<&'static str> {
        Some(PUBLIC)
    }

    fn token_variable(&self) -> Option<&'static str> {
        // What workflows of GitHub give to their steps: without one the API answers 60 questions an hour.
        Some("GITHUB_TOKEN")
    }

    fn reads(&self) -> Reads {
        Reads::Newest
    }

    fn ask(&self, question: &Question<'_>, web: &dyn Web) -> Result<Reply, Failure> {
        let kept = question.last.and_then(|it| it.validators.as_ref());
        let response = get(web, question.base, question.name, "releases", kept)?;
        let (releases, validators) = match response.status {
            304 => return Ok(Reply::Unchanged),
            200 => match read_releases(&response.body, question.name, question.locator)? {
                // Many repositories have tags, and never made a release of one.
                none if none.is_empty() => (tags(question.base, question.name, web)?, None),
                some => (some, response.validators()),
            },
            _ => return Ok(Reply::Gone),
        };
        let mut project = project(question.name, releases);
        if let Some(reference) = &question.locator.reference {
            project.releases = vec![release(reference, None, true, vec![of_tag(question.name, reference)])];
            project.newest.version = Some(reference.clone());
        }
        Ok(Reply::Found(Box::new(Found { project, description: None, validators, simple_page: None })))
    }

    fn package<'w>(&self, wish: &Wish<'_>, web: &'w dyn Web) -> Result<Package<'w>, Failure> {
        let response = get(web, wish.base, wish.name, "releases", None)?;
        let document = json::read(&response.body).unwrap_or_default();
        let wanted =
            |told: &&Value| told["tag_name"].as_str().is_some_and(|tag| wish.version.is_none_or(|version| version_of(tag) == version));
        let told = document.as_array().into_iter().flatten().find(wanted);
        let asset = told.zip(wish.locator.asset.as_deref()).and_then(|(told, pattern)| {
            told["assets"].as_array()?.iter().find(|asset| asset["name"].as_str().is_some_and(|name| matches(pattern, name)))
        });
        let version = wish.version.map(str::to_owned).or_else(|| Some(version_of(told?["tag_name"].as_str()?).to_owned()));
        let version = version.ok_or_else(|| Failure(format!("`{}` has no release", wish.name)))?;
        let (file, url) = match (asset, &wish.locator.asset) {
            (Some(asset), _) => {
                let url = asset["browser_download_url"].as_str().ok_or_else(|| Failure("the asset has no address".to_owned()))?;
                (asset_file(asset).ok_or_else(|| Failure("the asset has no name".to_owned()))?, location(wish, url)?)
            }
            (None, Some(pattern)) => return Err(Failure(format!("release {version} of `{}` has no file like `{pattern}`", wish.name))),
            (None, None) => {
                let tag = told.and_then(|told| told["tag_name"].as_str()).unwrap_or(&version);
                (of_tag(wish.name, &version), format!("{}/repos/{}/tarball/{tag}", wish.base, wish.name))
            }
        };
        Ok(Package {
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

fn get(web: &dyn Web, base: &str, name: &str, what: &str, kept: Option<&Validators>) -> Result<Response, Failure> {
    let url = format!("{base}/repos/{name}/{what}?per_page={MOST}");
    let etag = kept.and_then(|it| it.etag.as_deref());
    let last_modified = kept.and_then(|it| it.last_modified.as_deref());
    web.get(&Request { etag, last_modified, ..Request::document(&url, "application/vnd.github+json") }).map_err(Failure)
}

/// The releases that a body of the API tells, drafts left out.
fn read_releases(body: &[u8], name: &str, locator: &Locator) -> Result<Vec<Release>, Failure> {
    let rubbish = || Failure("the registry sent no list of releases but rubbish".to_owned());
    let document = json::read(body).map_err(|_| rubbish())?;
    let told = document.as_array().ok_or_else(rubbish)?;
    Ok(told.iter().take(MOST).filter(|it| it["draft"] != true).filter_map(|it| of_release(it, name, locator)).collect())
}

fn of_release(told: &Value, name: &str, locator: &Locator) -> Option<Release> {
    let version = cleaned::version(version_of(told["tag_name"].as_str()?))?;
    let assets = told["assets"].as_array().into_iter().flatten().take(cleaned::MAX_FILES);
    let files: Vec<File> = match &locator.asset {
        Some(pattern) => assets.filter_map(asset_file).filter(|file| matches(pattern, &file.name)).take(1).collect(),
        None => vec![of_tag(name, version)],
    };
    let at = told["published_at"].as_str().and_then(timestamp);
    let is_early = told["prerelease"] == true;
    let mut release = release(version, at, is_early, files);
    release.prerelease = is_early.then_some(true);
    Some(release)
}

fn tags(base: &str, name: &str, web: &dyn Web) -> Result<Vec<Release>, Failure> {
    let response = get(web, base, name, "tags", None)?;
    let document = json::read(&response.body).unwrap_or_default();
    let told = document.as_array().into_iter().flatten().take(MOST);
    let versions = told.filter_map(|tag| cleaned::version(version_of(tag["name"].as_str()?)));
    // A tag that is no version marks something else.
    let sound = versions.filter(|version| version.parse::<pep440_rs::Version>().is_ok());
    Ok(sound.map(|version| Release { prerelease: None, ..release(version, None, false, vec![of_tag(name, version)]) }).collect())
}

fn release(version: &str, released_at: Option<jiff::Timestamp>, prerelease: bool, files: Vec<File>) -> Release {
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
    project.newest.version = project.newest_release().map(|(release, _)| release.version.clone());
    project
}

/// `1.2.0` of the tag `v1.2.0`.
fn version_of(tag: &str) -> &str {
    tag.strip_prefix(['v', 'V']).filter(|rest| rest.starts_with(|first: char| first.is_ascii_digit())).unwrap_or(tag)
}

/// The archive of a tag, which GitHub makes when it is asked for: no hash of it lasts.
fn of_tag(name: &str, version: &str) -> File {
    let repository = name.rsplit('/').next().unwrap_or_default();
    let file = format!("{repository}-{}.tar.gz", version.replace('/', "-"));
    File { name: file, kind: FileKind::Archive, size: None, sha256: None, integrity: None }
}

fn asset_file(asset: &Value) -> Option<File> {
    let sha256 = asset["digest"].as_str().and_then(|digest| digest.strip_prefix("sha256:")).and_then(cleaned::sha256);
    Some(File {
        name: cleaned::file_name(asset["name"].as_str()?)?,
        kind: FileKind::Archive,
        size: asset["size"].as_u64(),
        sha256,
        integrity: None,
    })
}

/// Whether `name` is like `pattern`, in which `*` stands for anything.
fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = name.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

fn location(wish: &Wish<'_>, url: &str) -> Result<String, Failure> {
    let refused = |why: String| Failure(format!("the asset lies where it is not fetched from: {why}"));
    let base = Url::parse(wish.base).map_err(|cause| refused(cause.to_string()))?;
    let url = Url::parse(url).map_err(|cause| refused(cause.to_string()))?;
    match address::fault_of_file(&base, &url) {
        Some(why) => Err(refused(why)),
        None => Ok(url.into()),
    }
}
