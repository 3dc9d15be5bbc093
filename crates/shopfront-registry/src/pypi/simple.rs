//! Simple pages: `/simple/<name>/`, as JSON (PEP 691) or as HTML (PEP 503). The received format
//! decides, not the requested one.

use std::cell::RefCell;
use std::collections::BTreeMap;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer,
};
use jiff::Timestamp;
use serde_json::Value;

use super::super::package::Sidecar;
use super::super::{RegistryError, cleaned, timestamp};
use super::index_page::{IndexFile, ProjectPage};
use super::{filename, trust};
use shopfront_model::answers::{File, NewestFacts, Project, Release};
use shopfront_text::names::{self, normal_project};

/// File in a page.
#[derive(Default)]
struct Listed {
    name: String,
    /// URL, absolute or relative to the page.
    address: String,
    sidecar: Option<Sidecar>,
    sha256: Option<String>,
    requires_python: Option<String>,
    uploaded_at: Option<Timestamp>,
    size: Option<u64>,
    /// Reason for yanking; empty if no reason is given.
    yanked: Option<String>,
    provenance: Option<String>,
}

/// Data of a page that the JSON document does not contain.
#[derive(Default)]
pub(super) struct Beside {
    /// Status (PEP 792), including `active`.
    pub(super) status: Option<String>,
    pub(super) status_reason: Option<String>,
    /// URL of the provenance (PEP 740) of each file, if any; empty if the index does not support
    /// it.
    pub(super) provenance: BTreeMap<String, Option<String>>,
}

/// Page in either format.
#[derive(Default)]
struct Page {
    files: Vec<Listed>,
    status: Option<String>,
    status_reason: Option<String>,
    /// `true` if the index supports provenance: files without it are then known to have none.
    knows_provenance: bool,
    /// `true` if the page declares itself as that of an index; only such a page may be empty.
    is_index: bool,
}

/// Parses a body that was received with status 200.
pub(super) fn read(
    content_type: &str,
    body: &[u8],
    name: &str,
) -> Result<(Project, Beside), RegistryError> {
    let page = page(content_type, body, name)?;
    let knows = page.knows_provenance || page.files.iter().any(|file| file.provenance.is_some());
    let provenance = |file: &Listed| (file.name.clone(), file.provenance.clone());
    let files = if knows {
        page.files.iter().take(cleaned::MAX_RELEASES)
    } else {
        [].iter().take(0)
    };
    let beside = Beside {
        status: page.status.clone(),
        status_reason: page.status_reason.clone(),
        provenance: files.map(provenance).collect(),
    };
    let mut project = understood(page, name)?;
    trust::apply(&mut project, &beside);
    Ok((project, beside))
}

/// Parses the files of the same body.
pub(super) fn read_offers(
    content_type: &str,
    body: &[u8],
    name: &str,
) -> Result<ProjectPage, RegistryError> {
    let page = page(content_type, body, name)?;
    let files = page
        .files
        .iter()
        .take(cleaned::MAX_RELEASES)
        .map(offer)
        .collect();
    Ok(ProjectPage {
        files,
        project: understood(page, name)?,
    })
}

fn offer(file: &Listed) -> IndexFile {
    IndexFile {
        name: file.name.clone(),
        address: file.address.clone(),
        size: file.size,
        sha256: file.sha256.clone(),
        yanked: file.yanked.is_some(),
        sidecar: file.sidecar.clone().unwrap_or(Sidecar::None),
    }
}

fn page(content_type: &str, body: &[u8], name: &str) -> Result<Page, RegistryError> {
    if is_json(content_type, body) {
        read_json(body, name)
    } else {
        read_html(body, name)
    }
}

fn understood(page: Page, name: &str) -> Result<Project, RegistryError> {
    let mut releases: BTreeMap<String, Vec<Listed>> = BTreeMap::new();
    for file in page.files.into_iter().take(cleaned::MAX_RELEASES) {
        if let Some(version) = filename::version(&file.name, name).and_then(cleaned::version) {
            releases.entry(version.to_owned()).or_default().push(file);
        }
    }
    if releases.is_empty() && !page.is_index {
        // The login page of a network also has links; only an index may report that there is no
        // release.
        return Err(RegistryError(
            "the index sent a page that is no list of files".to_owned(),
        ));
    }
    let mut project = Project {
        name: name.to_owned(),
        status: None,
        status_reason: None,
        attestations: Vec::new(),
        newest: NewestFacts::default(),
        releases: releases
            .into_iter()
            .map(|(version, files)| release(version, files))
            .collect(),
    };
    project.sort();
    Ok(project)
}

fn release(version: String, mut listed: Vec<Listed>) -> Release {
    listed.sort_by(|a, b| a.name.cmp(&b.name));
    listed.truncate(cleaned::MAX_FILES);
    let yanked = listed.iter().all(|file| file.yanked.is_some());
    let reason = listed
        .iter()
        .filter_map(|file| file.yanked.as_deref())
        .find_map(|reason| cleaned::line_of(reason, 300));
    Release {
        version,
        released_at: listed.iter().filter_map(|file| file.uploaded_at).min(),
        yanked,
        yanked_reason: reason.filter(|_| yanked),
        requires_python: listed
            .iter()
            .find_map(|file| file.requires_python.as_deref())
            .and_then(|it| cleaned::line_of(it, 200)),
        attested: None,
        prerelease: None,
        requires: BTreeMap::new(),
        contents: None,
        files: listed
            .into_iter()
            .map(|file| File {
                kind: filename::kind(&file.name),
                name: file.name,
                size: file.size,
                sha256: file.sha256,
                integrity: None,
                address: None,
            })
            .collect(),
    }
}

/// Returns `true` for JSON. If an index declares no type, or only a text, the body decides.
fn is_json(content_type: &str, body: &[u8]) -> bool {
    content_type.ends_with("json")
        || (!content_type.contains("html") && body.trim_ascii_start().starts_with(b"{"))
}

fn read_json(body: &[u8], name: &str) -> Result<Page, RegistryError> {
    let document = super::super::document(body)
        .map_err(|cause| RegistryError(format!("the index sent no page but rubbish ({cause})")))?;
    let Some(files) = document["files"].as_array() else {
        return Err(RegistryError(
            "the index sent a page without `files`".to_owned(),
        ));
    };
    if document["name"]
        .as_str()
        .is_some_and(|told| normal_project(told) != name)
    {
        return Err(RegistryError(
            "the index answered for another project".to_owned(),
        ));
    }
    let status = &document["project-status"];
    Ok(Page {
        files: files.iter().filter_map(listed_in_json).collect(),
        status: cleaned::line(&status["status"], 40),
        status_reason: cleaned::line(&status["reason"], 300),
        knows_provenance: document["meta"]["api-version"]
            .as_str()
            .is_some_and(knows_provenance),
        is_index: true,
    })
}

fn listed_in_json(file: &Value) -> Option<Listed> {
    Some(Listed {
        name: cleaned::file_name(file["filename"].as_str()?)?,
        address: file["url"].as_str().unwrap_or_default().to_owned(),
        // PEP 714: the new key, otherwise the old one, which some indexes still write alone.
        sidecar: [&file["core-metadata"], &file["data-dist-info-metadata"]]
            .into_iter()
            .find(|it| !it.is_null())
            .map(sidecar),
        sha256: file["hashes"]["sha256"].as_str().and_then(cleaned::sha256),
        requires_python: file["requires-python"].as_str().map(str::to_owned),
        uploaded_at: file["upload-time"].as_str().and_then(timestamp),
        size: file["size"].as_u64(),
        // PEP 691: `true`, or the reason as a string.
        yanked: match &file["yanked"] {
            Value::Bool(true) => Some(String::new()),
            Value::String(reason) => Some(reason.clone()),
            _ => None,
        },
        provenance: file["provenance"].as_str().map(str::to_owned),
    })
}

/// Returns `true` if pages of this version contain provenance (PEP 740): 1.3 and later minor
/// versions.
fn knows_provenance(version: &str) -> bool {
    version
        .strip_prefix("1.")
        .and_then(|minor| minor.parse::<u32>().ok())
        .is_some_and(|minor| minor >= 3)
}

/// Parses the data on the METADATA beside a file: hashes by name, `true`, or `false`.
pub(super) fn sidecar(value: &Value) -> Sidecar {
    match value {
        Value::Bool(true) => Sidecar::Announced,
        Value::Object(hashes) => match hashes
            .get("sha256")
            .and_then(Value::as_str)
            .and_then(cleaned::sha256)
        {
            Some(sha256) => Sidecar::Hashed(sha256),
            None => Sidecar::Announced,
        },
        _ => Sidecar::None,
    }
}

fn read_html(body: &[u8], name: &str) -> Result<Page, RegistryError> {
    let text = std::str::from_utf8(body)
        .map_err(|_| RegistryError("the index sent no page but bytes".to_owned()))?;
    let sink = Sink::default();
    let input = BufferQueue::default();
    let tokenizer = Tokenizer::new(sink, Default::default());
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, behind) = rest.split_at(rest.floor_char_boundary(PIECE.min(rest.len())));
        rest = behind;
        input.push_back(StrTendril::from(piece));
        // A page has no script that would stop the tokenizer; were there one, what stands before it
        // is kept.
        let _ = tokenizer.feed(&input);
        if tokenizer.sink.0.borrow_mut().is_too_dear(piece.len()) {
            return Err(RegistryError(
                "the index sent a page whose tags have too many attributes".to_owned(),
            ));
        }
    }
    tokenizer.end();
    let read = tokenizer.sink.0.into_inner();
    if read
        .heading
        .is_some_and(|told| normal_project(&told) != name)
    {
        return Err(RegistryError(
            "the index answered for another project".to_owned(),
        ));
    }
    Ok(read.page)
}

/// The bytes that the tokenizer is given at once.
const PIECE: usize = 4 << 10;
/// The bytes of one tag: it compares each of its attributes with all before it.
const MAX_TAG: usize = 32 << 10;
/// The comparisons of attributes in a whole page; a link has some six.
const MAX_COMPARISONS: usize = 1 << 25;

/// Collects the links of a page.
#[derive(Default)]
struct Sink(RefCell<Reading>);

#[derive(Default)]
struct Reading {
    page: Page,
    /// Project in the title or the heading.
    heading: Option<String>,
    text: String,
    /// The bytes since the last token: those of a tag that has not ended.
    unended: usize,
    /// The comparisons of attributes until now.
    comparisons: usize,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut reading = self.0.borrow_mut();
        if !matches!(token, Token::ParseError(_)) {
            reading.unended = 0;
        }
        match token {
            Token::TagToken(tag) => reading.tag(&tag),
            Token::CharacterTokens(text) if reading.text.len() < 1_000 => {
                reading.text.push_str(&text)
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Reading {
    /// Whether the page takes more time than a page of an index needs; `fed` bytes of it were read
    /// since the last question.
    fn is_too_dear(&mut self, fed: usize) -> bool {
        self.unended += fed;
        self.unended > MAX_TAG || self.comparisons > MAX_COMPARISONS
    }

    fn tag(&mut self, tag: &Tag) {
        self.comparisons = self
            .comparisons
            .saturating_add(tag.attrs.len() * tag.attrs.len());
        match (&*tag.name, tag.kind) {
            ("a", TagKind::StartTag) if self.page.files.len() < cleaned::MAX_RELEASES => {
                self.page.files.extend(listed_in_html(tag))
            }
            ("meta", TagKind::StartTag) => self.meta(tag),
            ("title" | "h1", TagKind::StartTag) => self.text.clear(),
            ("title" | "h1", TagKind::EndTag) => self.heading(),
            _ => {}
        }
    }

    /// Parses "Links for datasette-graphql", which some indexes prefix with their own name.
    fn heading(&mut self) {
        let text = self.text.to_lowercase();
        let Some((_, told)) = text.split_once("links for") else {
            return;
        };
        self.page.is_index = true;
        if names::is_project(told.trim()) {
            self.heading = Some(told.trim().to_owned());
        }
    }

    fn meta(&mut self, tag: &Tag) {
        match attribute(tag, "name").as_deref() {
            Some("pypi:repository-version") => {
                self.page.is_index = true;
                self.page.knows_provenance = attribute(tag, "content")
                    .as_deref()
                    .is_some_and(knows_provenance);
            }
            // PEP 792.
            Some("pypi:project-status") => {
                self.page.status =
                    attribute(tag, "content").and_then(|it| cleaned::line_of(&it, 40))
            }
            Some("pypi:project-status-reason") => {
                self.page.status_reason =
                    attribute(tag, "content").and_then(|it| cleaned::line_of(&it, 300));
            }
            _ => {}
        }
    }
}

fn listed_in_html(tag: &Tag) -> Option<Listed> {
    let address = attribute(tag, "href")?;
    let (path, fragment) = address.split_once('#').unwrap_or((&address, ""));
    let path = path.split('?').next().unwrap_or_default();
    // PEP 503: the last component of the URL is the name of the file.
    let name = percent_decoded(path.rsplit('/').next().unwrap_or_default());
    let announced =
        attribute(tag, "data-core-metadata").or_else(|| attribute(tag, "data-dist-info-metadata"));
    Some(Listed {
        name: cleaned::file_name(&name)?,
        address: address.clone(),
        sidecar: announced.map(|text| {
            match text.strip_prefix("sha256=").and_then(cleaned::sha256) {
                Some(sha256) => Sidecar::Hashed(sha256),
                None if text == "false" => Sidecar::None,
                None => Sidecar::Announced,
            }
        }),
        sha256: fragment.strip_prefix("sha256=").and_then(cleaned::sha256),
        requires_python: attribute(tag, "data-requires-python"),
        uploaded_at: attribute(tag, "data-upload-time")
            .as_deref()
            .and_then(timestamp),
        size: None,
        yanked: attribute(tag, "data-yanked"),
        provenance: attribute(tag, "data-provenance"),
    })
}

fn attribute(tag: &Tag, name: &str) -> Option<String> {
    tag.attrs
        .iter()
        .find(|it| &*it.name.local == name)
        .map(|it| it.value.to_string())
}

fn percent_decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::read_html;

    #[test]
    fn a_page_whose_tags_have_too_many_attributes_is_refused_and_a_long_one_is_read() {
        let title = "<!DOCTYPE html><title>Links for tides</title>";
        let attributes = |count: usize| (0..count).map(|at| format!("a{at} ")).collect::<String>();
        let refused = [
            format!(
                "{title}<a {} href='tides-1.0.tar.gz'>x</a>",
                attributes(20_000)
            ),
            format!(
                "{title}<a {} href='tides-1.0.tar.gz'>x</a>",
                "b='>' b ".repeat(20_000)
            ),
            format!(
                "{title}{}",
                format!("<a {} href='tides-1.0.tar.gz'>x</a>", attributes(3_000)).repeat(10)
            ),
        ];
        for page in &refused {
            let why = read_html(page.as_bytes(), "tides")
                .err()
                .map(|failure| failure.0);
            assert_eq!(
                why.as_deref(),
                Some("the index sent a page whose tags have too many attributes"),
                "{:.120}",
                page
            );
        }
        let link = |at: usize| {
            format!(
                "<a href='https://files.example/tides-1.{at}.tar.gz' data-requires-python='&gt;=3.9' data-yanked='{}'>é</a>\n",
                "é".repeat(500)
            )
        };
        let long = format!("{title}{}", (0..3_000).map(link).collect::<String>());
        assert_eq!(
            read_html(long.as_bytes(), "tides")
                .ok()
                .map(|page| page.files.len()),
            Some(3_000)
        );
    }
}
