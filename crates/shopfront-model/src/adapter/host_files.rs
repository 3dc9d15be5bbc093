//! Input and output of the files that a host's program reads.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use super::{HostVersions, identity_mismatch};
use crate::answers::{File, FileKind, Project, Release};
use crate::catalogue::{Host, Snippet, StoreFile};
use crate::registry_rules::SourceAccess;

/// Input of [`Adapter::documents`](super::Adapter::documents).
pub struct HostFilesInput<'d> {
    /// Settings of the store.
    pub store: &'d StoreFile,
    /// Host that reads the files.
    pub host: &'d Host,
    /// Versions of the host.
    pub versions: &'d HostVersions,
    /// Time of the build.
    pub generated_at: Timestamp,
    /// Entries that can be installed at the time of the build, sorted by id.
    pub entries: &'d [Installable<'d>],
}

/// Entry that a host can install at the time of the build.
pub struct Installable<'e> {
    /// Id of the entry.
    pub id: &'e str,
    /// Project name in the registry's normal form.
    pub project: &'e str,
    /// Module that the host imports.
    pub module_name: &'e str,
    /// Name for readers.
    pub display_name: &'e str,
    /// Short description for readers.
    pub display_description: &'e str,
    /// Author of the plugin.
    pub author: &'e str,
    /// Data of a local entry; `None` for an entry of another store.
    pub own: Option<LocalEntry<'e>>,
}

/// Data that only entries of this store have.
#[derive(Clone, Copy)]
pub struct LocalEntry<'e> {
    /// Snippet of the entry.
    pub snippet: &'e Snippet,
    /// Source links and registry for readers.
    pub access: &'e SourceAccess,
    /// Number of the entry: positive and stable across builds.
    pub number: u64,
    /// Number of each release by version, if the kind numbers releases.
    pub release_numbers: &'e BTreeMap<String, u64>,
    /// Time of the first listing.
    pub listed_at: Timestamp,
    /// Releases with inspected packages, newest first.
    pub offers: &'e [InspectedRelease],
}

/// Release with an inspected package.
#[derive(Clone, Debug)]
pub struct InspectedRelease {
    /// Version of the release.
    pub version: String,
    /// Time of the release.
    pub released_at: Option<Timestamp>,
    /// `true` for a pre-release.
    pub prerelease: bool,
    /// `true` if the release was yanked.
    pub yanked: bool,
    /// `true` if only the manifest is known and nothing can be installed.
    pub is_manifest_alone: bool,
    /// Archive of the release.
    pub file: Option<File>,
    /// Required version ranges of the host and its platform, by name.
    pub requires: BTreeMap<String, String>,
    /// Facts from the reader of the kind.
    pub facts: Value,
}

impl InspectedRelease {
    /// Returns `true` for a release that users get by default.
    pub fn is_stable(&self) -> bool {
        !self.prerelease && !self.yanked && !self.is_manifest_alone
    }

    /// Returns the releases of `project` whose packages the kind of `host` inspected, newest
    /// first. Releases whose package does not match the name or version in `snippet` or the
    /// registry are omitted.
    pub fn all_of(host: &Host, snippet: &Snippet, project: &Project) -> Vec<InspectedRelease> {
        let releases = project
            .releases
            .iter()
            .rev()
            .filter(|release| identity_mismatch(host, snippet, release).is_none());
        let read =
            releases.filter_map(|release| Some((release, release.contents_of(host.kind.name)?)));
        let offer = |(release, facts): (&Release, &Value)| InspectedRelease {
            version: release.version.clone(),
            released_at: release.released_at,
            prerelease: release.is_prerelease(),
            yanked: release.yanked,
            is_manifest_alone: release.is_manifest_alone(),
            file: release
                .files
                .iter()
                .find(|file| file.kind == FileKind::Archive)
                .cloned(),
            requires: release.requires.clone(),
            facts: facts.clone(),
        };
        read.map(offer).collect()
    }
}

/// Files for a host's program.
#[derive(Default)]
pub struct HostFiles {
    /// Files below the host's directory.
    pub documents: Vec<Document>,
    /// Entries that are in none of the files.
    pub left_out: Vec<OmittedEntry>,
}

impl HostFiles {
    /// Returns `documents` with no omitted entries.
    pub fn all(documents: Vec<Document>) -> HostFiles {
        HostFiles {
            documents,
            left_out: Vec::new(),
        }
    }
}

/// Installable entry that is in no file of its host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OmittedEntry {
    /// Id of the entry.
    pub id: String,
    /// File that the entry is missing from.
    pub document: String,
    /// Reason for the omission.
    pub why: Why,
}

/// Reason for an omission, worded as the end of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The host cannot use the entry.
    Useless(String),
    /// Files cannot announce the entry to the host; users install it manually.
    ByHand(String),
}

/// Location of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArchiveLocation<'l> {
    /// In the store: name in the packages of its host.
    Here(&'l str),
    /// On another server: public URL.
    There(String),
}

/// Returns the location of the archive `file` of the release `version` of `snippet`, if known.
pub fn archive_location<'l>(
    snippet: &'l Snippet,
    access: &SourceAccess,
    version: &str,
    file: Option<&File>,
) -> Option<ArchiveLocation<'l>> {
    if let Some(pin) = snippet
        .locator
        .archive
        .iter()
        .find(|pin| pin.version == version)
    {
        let here = pin.file.as_deref().map(ArchiveLocation::Here);
        return here.or_else(|| pin.url.clone().map(ArchiveLocation::There));
    }
    let kept = file?.address.as_deref()?;
    access
        .file_address(&snippet.source, kept)
        .map(ArchiveLocation::There)
}

/// File that a host reads.
pub struct Document {
    /// Path below the host's directory.
    pub path: String,
    /// Content of the file.
    pub content: Content,
}

/// Content of a file that a host reads.
pub enum Content {
    /// JSON document that conforms to a published schema.
    Json {
        /// Name of the schema.
        schema: &'static str,
        /// JSON document.
        value: Value,
    },
    /// Complete package of the store: path from the root of the store.
    Package(String),
    /// Member of a package of the store.
    Member {
        /// Path of the package from the root of the store.
        package: String,
        /// Name of the member in the archive.
        member: String,
    },
    /// Unchanged file of the catalogue, or generated text.
    Text(String),
}

/// Endings of the files of third parties that a store serves: what no browser takes for a page. Of
/// another ending a server may say that it is one, or nothing, and then browsers guess.
const SERVED: &[&str] = &[
    "js", "mjs", "jsx", "css", "less", "json", "woff", "woff2", "ttf", "otf", "eot", "png", "jpg",
    "jpeg", "gif", "webp", "txt", "mustache",
];

/// Endings that make a page of a file also further in front: `a.html.mustache` is a page to a
/// server that knows only the first.
const ACTIVE: &[&str] = &[
    "html", "htm", "xhtml", "xht", "shtml", "mht", "mhtml", "svg", "svgz", "xml", "xsl", "xslt",
    "rdf", "pdf", "php", "cgi",
];

/// Whether a store may serve a file of a third party by the name at the end of `path`.
pub fn may_be_served(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let mut endings: Vec<&str> = name.split('.').skip(1).collect();
    let is_served = endings.pop().is_some_and(|ending| SERVED.contains(&ending));
    is_served && !endings.iter().any(|ending| ACTIVE.contains(ending))
}

impl Document {
    /// Returns a JSON document.
    pub fn json(path: impl Into<String>, schema: &'static str, value: Value) -> Document {
        Document {
            path: path.into(),
            content: Content::Json { schema, value },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::may_be_served;

    #[test]
    fn no_page_is_served_whatever_stands_around_its_ending() {
        for path in [
            "a.js",
            "b/a.PNG",
            "a b.mustache",
            "a.min.js",
            "7 days + 1.5 h.json",
            "html.txt",
        ] {
            assert!(may_be_served(path), "{path}");
        }
        for path in [
            "",
            "a",
            "js",
            "a.",
            "a.html",
            "a.HTM",
            "a.svg",
            "a.xhtml",
            "a.xml",
            "a.mustache/b",
            "a.html.mustache",
            "a.Svg.txt",
            "a.js ",
            "a.tpl",
        ] {
            assert!(!may_be_served(path), "{path}");
        }
    }
}
