//! What the files that a host's program reads are made of, and what these files are.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use super::{HostVersions, identity_mismatch};
use crate::answers::{File, FileKind, Project, Release};
use crate::catalogue::{Host, Snippet, StoreFile};
use crate::registry_rules::SourceAccess;

/// What the documents of a host are made of.
pub struct HostFilesInput<'d> {
    /// The settings of the store.
    pub store: &'d StoreFile,
    /// The host.
    pub host: &'d Host,
    /// Its versions.
    pub versions: &'d HostVersions,
    /// The time of the build.
    pub generated_at: Timestamp,
    /// What can be installed today, sorted by id.
    pub entries: &'d [Installable<'d>],
}

/// An entry that a host can install today.
pub struct Installable<'e> {
    /// Its id.
    pub id: &'e str,
    /// The project's name in the registry's normal form.
    pub project: &'e str,
    /// What the host imports.
    pub module_name: &'e str,
    /// What people call it.
    pub display_name: &'e str,
    /// What it does.
    pub display_description: &'e str,
    /// Who makes it.
    pub author: &'e str,
    /// What only an entry of this store says.
    pub own: Option<LocalEntry<'e>>,
}

/// What an entry of this store says beyond what entries of other stores do.
#[derive(Clone, Copy)]
pub struct LocalEntry<'e> {
    /// Its snippet.
    pub snippet: &'e Snippet,
    /// How readers reach its source.
    pub access: &'e SourceAccess,
    /// Its number: positive, and the same from build to build.
    pub number: u64,
    /// The number of each of its releases by version, of a kind that wants one.
    pub release_numbers: &'e BTreeMap<String, u64>,
    /// When it was first listed.
    pub listed_at: Timestamp,
    /// Its releases whose packages were read, the newest first.
    pub offers: &'e [InspectedRelease],
}

/// A release whose package was read.
#[derive(Clone, Debug)]
pub struct InspectedRelease {
    /// Its version.
    pub version: String,
    /// When it was released.
    pub released_at: Option<Timestamp>,
    /// Whether it is a pre-release.
    pub prerelease: bool,
    /// Whether it was taken back.
    pub yanked: bool,
    /// Whether it is known by its manifest alone, so that there is nothing to install.
    pub is_manifest_alone: bool,
    /// Its archive.
    pub file: Option<File>,
    /// The ranges of versions that it wants of what it runs on, by name.
    pub requires: BTreeMap<String, String>,
    /// What the reader of the kind found.
    pub facts: Value,
}

impl InspectedRelease {
    /// Whether it is what people are given who ask for nothing else.
    pub fn is_stable(&self) -> bool {
        !self.prerelease && !self.yanked && !self.is_manifest_alone
    }

    /// The releases of `project` whose packages the kind of `host` read, the newest first; none
    /// whose package is another than `snippet` or the registry says.
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

/// What the program of a host is given.
#[derive(Default)]
pub struct HostFiles {
    /// Its files.
    pub documents: Vec<Document>,
    /// The entries that are in none of them.
    pub left_out: Vec<OmittedEntry>,
}

impl HostFiles {
    /// These files, with every entry in them.
    pub fn all(documents: Vec<Document>) -> HostFiles {
        HostFiles {
            documents,
            left_out: Vec::new(),
        }
    }
}

/// An entry that could be installed, and is in no file of its host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OmittedEntry {
    /// Its id.
    pub id: String,
    /// The file that it is missing in.
    pub document: String,
    /// Why.
    pub why: Why,
}

/// Why an entry is in no file of its host: the end of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The host could do nothing with it.
    Useless(String),
    /// Its host can not be told of it by files; people install it with their own hands.
    ByHand(String),
}

/// Where an archive lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArchiveLocation<'l> {
    /// In the store: its name in the packages of its host.
    Here(&'l str),
    /// Elsewhere, for everybody: its address.
    There(String),
}

/// Where the archive `file` of the release `version` of `snippet` archive_location, where that is
/// known.
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

/// A file that a host reads.
pub struct Document {
    /// Its path below the host's folder.
    pub path: String,
    /// What is in it.
    pub content: Content,
}

/// What is in a file that a host reads.
pub enum Content {
    /// JSON that keeps to a published schema.
    Json {
        /// That schema.
        schema: &'static str,
        /// The document.
        value: Value,
    },
    /// A package of the store's own, whole: its path from the root of the store.
    Package(String),
    /// A member of such a package.
    Member {
        /// The package: its path from the root of the store.
        package: String,
        /// The name of the member, as the archive has it.
        member: String,
    },
    /// A file of the catalogue as it is, or text that was made.
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
    let mut extensions = name.rsplit('.');
    let is_served = extensions
        .next()
        .is_some_and(|ending| SERVED.contains(&ending));
    is_served && name.contains('.') && !extensions.any(|ending| ACTIVE.contains(&ending))
}

impl Document {
    /// A document in JSON.
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
