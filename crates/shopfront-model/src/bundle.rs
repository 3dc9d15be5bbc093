//! Package with one plugin that is not a Python package: an archive that is read and never
//! executed.
//!
//! Each kind of host with such packages provides a [`BundleReader`]. This module contains the
//! shared parts: archive formats, the root directory of the plugin, and texts.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Seek};
use std::ops::Range;

use serde_json::Value;

use crate::codes::unrenderable_description;
use shopfront_archive::{
    self as archive, ArchiveScan, Depth, Form, Limits, Member, MemberKind, ScanOptions,
};
use shopfront_diagnostics::error::{Context, Error};
use shopfront_diagnostics::pointer::Pointer;
use shopfront_diagnostics::{self as diagnostic, Diagnostic, Location};
use shopfront_markdown::readme::ReadmeHtml;
use shopfront_package::facts::Facts;
use shopfront_text as text;

/// Archive with one plugin.
pub struct Bundle {
    /// Path as given: `dist/example-1.0.zip`.
    pub path: String,
    /// File name without directories.
    pub file: String,
    /// Scan of the archive.
    pub scan: ArchiveScan,
    /// Format that the archive is read as.
    pub form: Form,
    /// Build tool of such packages; see [`BundleReader::tool`].
    pub tool: &'static str,
    /// Directory of the plugin with a trailing slash; empty if it is the root of the archive.
    pub root: String,
}

/// Package format of a kind of host.
pub trait BundleReader: Send + Sync {
    /// Returns the extensions of package files, in lower case with their dot (`.zip`), and the
    /// format of each.
    fn extensions(&self) -> &'static [(&'static str, Form)];

    /// Returns the file that identifies the directory of a plugin, relative to its root:
    /// `manifest.py`.
    fn marker(&self) -> &'static str;

    /// Returns the build tool of such packages, in the words of a help: `` `npm pack` ``.
    fn tool(&self) -> &'static str {
        "a plain archive tool"
    }

    /// Returns `true` if the reader needs the bytes of the member `name`, relative to the
    /// plugin's root.
    fn needs_contents(&self, name: &str) -> bool;

    /// Returns the scan depth for the archive in the file `_file`.
    fn depth(&self, _file: &str) -> Depth {
        Depth::Whole
    }

    /// Returns `true` if the plugin may be in the only directory of its archive. Otherwise its
    /// root is the root of the archive.
    fn may_lie_in_a_folder(&self) -> bool {
        true
    }

    /// Returns the metadata of `bundle` and all its diagnostics.
    fn read(&self, bundle: &Bundle) -> BundleMetadata;

    /// Returns the metadata of `manifest` and all its diagnostics, for a snippet without an
    /// archive. `place` returns the location of a JSON Pointer in the manifest. Returns `None` if
    /// a manifest alone is insufficient.
    fn of_manifest(
        &self,
        _manifest: &Value,
        _place: &dyn Fn(&str) -> Location,
    ) -> Option<BundleMetadata> {
        None
    }

    /// Returns the identity that a package declares, given its [`BundleMetadata::facts`]. Empty
    /// if the facts do not contain it.
    fn called(&self, _facts: &Value) -> DeclaredIdentity {
        DeclaredIdentity::default()
    }

    /// Returns the names that a plugin claims, given its [`BundleMetadata::facts`]. Each must be
    /// unique among the plugins of its host.
    fn taken_names(&self, _facts: &Value) -> Vec<ClaimedName> {
        Vec::new()
    }
}

/// Identity that a package declares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeclaredIdentity {
    /// Name, if its registry identifies packages by the declared name.
    pub name: Option<String>,
    /// Version of the package.
    pub version: Option<String>,
}

/// Name that is unique among the plugins of a host.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClaimedName {
    /// Type of the name, in the words of a message: `the node type`.
    pub of: &'static str,
    /// Claimed name.
    pub name: String,
}

impl ClaimedName {
    /// Both, as the ledger has them.
    pub fn words(&self) -> String {
        format!("{} {}", self.of, self.name)
    }
}

/// What a reader found.
#[derive(Default)]
pub struct BundleMetadata {
    /// Facts for a snippet; name and version are empty if the package does not declare them.
    pub says: Facts,
    /// Fields of the kind's own snippets.
    pub fields: BTreeMap<&'static str, Value>,
    /// Required version ranges of the host and its platform, by name.
    pub requires: BTreeMap<String, String>,
    /// Facts in the kind's own format, limited to those that its files and pages need.
    pub facts: Value,
    /// Long description with its media type.
    pub description: Option<(String, &'static str)>,
    /// All diagnostics of the package.
    pub found: Vec<Diagnostic>,
}

/// Returns the format of a file called `name` if `reader` reads it.
pub fn form_for(name: &str, reader: &dyn BundleReader) -> Option<Form> {
    let name = name.to_ascii_lowercase();
    reader
        .extensions()
        .iter()
        .find(|(ending, _)| name.ends_with(ending))
        .map(|(_, form)| *form)
}

/// Returns the extensions of `reader`, formatted for messages: `` `.zip`, `.tar` ``.
pub fn extensions_of(reader: &dyn BundleReader) -> String {
    reader
        .extensions()
        .iter()
        .map(|(ending, _)| format!("`{ending}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Maximum number of members extracted in one scan; each may have [`Limits::kept`] bytes.
const MOST_AT_ONCE: usize = 16;

/// Callback for a member: its position among the requested names, and its bytes.
pub type Take<'t> = dyn FnMut(usize, &[u8]) -> Result<(), Error> + 't;

/// Extracts the members `names` from the package at `path`, an archive of the format `form`.
/// Passes each to `take` with its position among the names.
///
/// # Errors
/// Returns an error if a member is missing, the package cannot be read, or `take` fails.
pub fn members_of(
    path: &str,
    form: Form,
    bytes: &[u8],
    names: &[&str],
    take: &mut Take<'_>,
) -> Result<(), Error> {
    let gone = |name: &str| {
        Error::new(format!("{path} has no `{name}` any more"))
            .help("ask again, so that its package is read again")
    };
    let limits = Limits::of(bytes.len() as u64 / 1_000_000 + 1);
    let limits = Limits {
        kept_in_all: limits.kept.saturating_mul(MOST_AT_ONCE),
        ..limits
    };
    for (round, names) in names.chunks(MOST_AT_ONCE).enumerate() {
        let keep = |it: &str| names.contains(&it);
        let scan = archive::scan(
            io::Cursor::new(bytes),
            form,
            &limits,
            &ScanOptions {
                depth: Depth::Whole,
                keep: &keep,
            },
        );
        let scan = scan.with_context(|| format!("reading {path}"))?;
        for (at, name) in names.iter().enumerate() {
            take(
                round * MOST_AT_ONCE + at,
                scan.bytes(name).ok_or_else(|| gone(name))?,
            )?;
        }
    }
    Ok(())
}

/// Maximum number of diagnostics per code. An untrusted manifest may repeat one error 100 000
/// times; a few suffice to show the problem.
const MOST_OF_ONE_CODE: usize = 20;

impl Bundle {
    /// Returns the metadata that `reader` reads from this package, with a limited number of
    /// diagnostics per code.
    pub fn reading(&self, reader: &dyn BundleReader) -> BundleMetadata {
        let mut reading = reader.read(self);
        if let Some((description, content_type)) = &reading.description {
            let excess =
                ReadmeHtml::of(&text::description(description), Some(content_type), None).excess;
            reading.found.extend(
                excess.map(|excess| unrenderable_description::diagnostic(self.whole(), excess)),
            );
        }
        BundleMetadata {
            found: diagnostic::few_of_each(reading.found, MOST_OF_ONE_CODE),
            ..reading
        }
    }

    /// Reads the archive at `path` for `reader`.
    ///
    /// # Errors
    /// Returns an error if the bytes cannot be read. An invalid archive is a [`Bundle`] with
    /// anomalies.
    pub fn read<R: Read + Seek>(
        path: &str,
        bytes: R,
        form: Form,
        limits: &Limits,
        reader: &dyn BundleReader,
    ) -> io::Result<Bundle> {
        Bundle::read_below(path, bytes, form, limits, reader, "")
    }

    /// Reads the archive of a repository that contains the plugin in the directory `below`. See
    /// [`Bundle::read`].
    ///
    /// # Errors
    /// Returns the errors of [`Bundle::read`].
    pub fn read_below<R: Read + Seek>(
        path: &str,
        bytes: R,
        form: Form,
        limits: &Limits,
        reader: &dyn BundleReader,
        below: &str,
    ) -> io::Result<Bundle> {
        let folder = if below.is_empty() {
            String::new()
        } else {
            format!("{}/", below.trim_matches('/'))
        };
        // The root directory is known only after the list of members is complete. A member is
        // therefore kept under both names that it may have.
        let keep = |name: &str| {
            if let (false, Some((_, rest))) = (folder.is_empty(), name.split_once('/')) {
                return rest
                    .strip_prefix(folder.as_str())
                    .is_some_and(|name| reader.needs_contents(name));
            }
            let below = name
                .split_once('/')
                .map(|(_, below)| below)
                .filter(|_| reader.may_lie_in_a_folder());
            reader.needs_contents(name) || below.is_some_and(|below| reader.needs_contents(below))
        };
        let file = path
            .rsplit(['/', '\\'])
            .next()
            .unwrap_or_default()
            .to_owned();
        let scan = archive::scan(
            bytes,
            form,
            limits,
            &ScanOptions {
                depth: reader.depth(&file),
                keep: &keep,
            },
        )?;
        let root = match form {
            Form::Rpm => installed_root(&scan, reader),
            _ if folder.is_empty() => root_of(&scan, reader),
            _ => only_top(&scan).unwrap_or_default() + &folder,
        };
        Ok(Bundle {
            path: path.to_owned(),
            file,
            scan,
            form,
            tool: reader.tool(),
            root,
        })
    }

    /// Returns the member `name`, relative to the plugin's root.
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.scan.member(&format!("{}{name}", self.root))
    }

    /// Returns `true` if the plugin has the plain file `name`.
    pub fn has(&self, name: &str) -> bool {
        self.member(name)
            .is_some_and(|member| member.kind == MemberKind::File)
    }

    /// Returns `true` if the plugin has the directory `name`, as a member or as the parent of one.
    pub fn has_folder(&self, name: &str) -> bool {
        self.scan
            .members
            .starting_with(&format!("{}{}/", self.root, name.trim_end_matches('/')))
            .next()
            .is_some()
    }

    /// Returns the bytes of `name` if the reader needed them and they are within the limits.
    pub fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.member(name)?.bytes.as_deref()
    }

    /// Returns the text of `name`; `None` if it is missing, was not kept, or is not UTF-8.
    pub fn text(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.bytes(name)?).ok()
    }

    /// Returns the names of all plain files, relative to the plugin's root, sorted.
    pub fn files(&self) -> BTreeSet<&str> {
        self.scan
            .files()
            .filter_map(|member| member.name.strip_prefix(&self.root))
            .collect()
    }

    /// Returns the names of all plain files that start with `start`, relative to the plugin's
    /// root, sorted.
    pub fn files_below(&self, start: &str) -> BTreeSet<&str> {
        let named = format!("{}{start}", self.root);
        let files = self
            .scan
            .members
            .starting_with(&named)
            .filter(|member| member.kind == MemberKind::File);
        files
            .filter_map(|member| member.name.strip_prefix(&self.root))
            .collect()
    }

    /// Returns `true` if the plugin has the file that identifies its directory for `reader`.
    pub fn has_marker(&self, reader: &dyn BundleReader) -> bool {
        self.has(reader.marker())
    }

    /// Returns `true` if all members are known. If the archive cannot be read to its end, no
    /// member can be called missing.
    pub fn is_listed_whole(&self) -> bool {
        self.scan.is_listed_whole()
    }

    /// Returns the kept texts by their path in diagnostics.
    pub fn texts(&self) -> BTreeMap<String, String> {
        self.scan.texts(&self.path)
    }

    /// The bytes of all that was kept.
    pub fn text_bytes(&self) -> usize {
        self.scan
            .files()
            .filter_map(|member| member.bytes.as_ref())
            .map(Vec::len)
            .sum()
    }

    /// The package as a whole.
    pub fn whole(&self) -> Location {
        Location::whole(&self.path)
    }

    /// Returns the location of the whole member `name`, which may be missing.
    pub fn whole_member(&self, name: &str) -> Location {
        Location::whole(format!("{}/{}{name}", self.path, self.root))
    }

    /// Returns a location in the text of the member `name`.
    pub fn place(&self, name: &str, bytes: Range<usize>) -> Location {
        Location::bytes(
            format!("{}/{}{name}", self.path, self.root),
            bytes,
            Pointer::root(),
        )
    }
}

/// Returns the root of the archive if it contains the marker, otherwise the only top-level
/// directory.
fn root_of(scan: &ArchiveScan, reader: &dyn BundleReader) -> String {
    let has_marker = |root: &str| scan.member(&format!("{root}{}", reader.marker())).is_some();
    if has_marker("") || !reader.may_lie_in_a_folder() {
        return String::new();
    }
    only_top(scan).unwrap_or_default()
}

/// Returns the directory that contains all members, with a trailing slash.
fn only_top(scan: &ArchiveScan) -> Option<String> {
    let tops: BTreeSet<&str> = scan
        .members
        .iter()
        .filter_map(|member| member.name.split('/').next())
        .collect();
    let only = tops
        .first()
        .filter(|_| tops.len() == 1)
        .map(|top| format!("{top}/"));
    only.filter(|root| scan.members.starting_with(root).next().is_some())
}

/// Returns the directory of the marker in a package with the paths of an installed system, if one
/// exists.
fn installed_root(scan: &ArchiveScan, reader: &dyn BundleReader) -> String {
    let folders = scan
        .files()
        .filter_map(|member| member.name.strip_suffix(reader.marker()));
    let nearest = folders
        .filter(|folder| folder.ends_with('/'))
        .min_by_key(|folder| (folder.matches('/').count(), *folder));
    nearest.unwrap_or_default().to_owned()
}
