//! A package that is no package for Python: an archive with one plugin in it, read and never run.
//!
//! Each kind of host that has such packages brings a [`BundleReader`]; what all of them share is
//! here: the forms of archives, the one root of the plugin, and what stands in its texts.

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

/// An archive with one plugin in it.
pub struct Bundle {
    /// As it was named: `dist/example-1.0.zip`.
    pub path: String,
    /// The name of its file, without folders.
    pub file: String,
    /// What lies in it.
    pub scan: ArchiveScan,
    /// What form of archive it is read as.
    pub form: Form,
    /// What builds such packages; see [`BundleReader::tool`].
    pub tool: &'static str,
    /// The folder of the plugin, with a slash at its end; empty when it is the archive itself.
    pub root: String,
}

/// What a kind of host knows of its packages.
pub trait BundleReader: Send + Sync {
    /// How names of package files end, in lower case and with their dot, and what such a file is:
    /// `.zip`.
    fn extensions(&self) -> &'static [(&'static str, Form)];

    /// The file that makes a folder a plugin, from its root: `manifest.py`.
    fn marker(&self) -> &'static str;

    /// What authors build such packages with, as a help says it: `` `npm pack` ``.
    fn tool(&self) -> &'static str {
        "a plain archive tool"
    }

    /// Whether the bytes of the member `name`, from the root of the plugin, are wanted.
    fn needs_contents(&self, name: &str) -> bool;

    /// How deep the archive in a file called `file` is looked into.
    fn depth(&self, _file: &str) -> Depth {
        Depth::Whole
    }

    /// Whether the plugin may lie in the one folder of its archive; else only the archive itself is
    /// its root.
    fn may_lie_in_a_folder(&self) -> bool {
        true
    }

    /// What `bundle` says, and every fault of it.
    fn read(&self, bundle: &Bundle) -> BundleMetadata;

    /// What `manifest` says, and every fault of it, where a snippet has nothing but that; `place`
    /// gives the place of what a JSON Pointer into it names. `None` where a manifest alone says
    /// too little.
    fn of_manifest(
        &self,
        _manifest: &Value,
        _place: &dyn Fn(&str) -> Location,
    ) -> Option<BundleMetadata> {
        None
    }

    /// What a package calls itself, given its [`BundleMetadata::facts`]; nothing where these do not
    /// keep it.
    fn called(&self, _facts: &Value) -> DeclaredIdentity {
        DeclaredIdentity::default()
    }

    /// The names that a plugin takes for itself, given its [`BundleMetadata::facts`]: no other
    /// plugin of its host may have one of them.
    fn taken_names(&self, _facts: &Value) -> Vec<ClaimedName> {
        Vec::new()
    }
}

/// What a package calls itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeclaredIdentity {
    /// Its name, where its registry knows packages by these.
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
}

/// A name that only one plugin of a host can have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClaimedName {
    /// What it is the name of, as messages say it: `the node type`.
    pub of: &'static str,
    /// The name.
    pub name: String,
}

/// What a reader found.
#[derive(Default)]
pub struct BundleMetadata {
    /// What a snippet takes from it; name and version are empty where the package does not say
    /// them.
    pub says: Facts,
    /// Fields of the kind's own snippets.
    pub fields: BTreeMap<&'static str, Value>,
    /// The ranges of versions that it wants of what it runs on, by name.
    pub requires: BTreeMap<String, String>,
    /// What the kind wants to know, in a form of its own: no more than its files and its pages
    /// need.
    pub facts: Value,
    /// The long description, with its media type.
    pub description: Option<(String, &'static str)>,
    /// Every fault.
    pub found: Vec<Diagnostic>,
}

/// Whether a file called `name` is one that `reader` reads, and what it is.
pub fn form_for(name: &str, reader: &dyn BundleReader) -> Option<Form> {
    let name = name.to_ascii_lowercase();
    reader
        .extensions()
        .iter()
        .find(|(ending, _)| name.ends_with(ending))
        .map(|(_, form)| *form)
}

/// The extensions of `reader`, as messages say them: `` `.zip`, `.tar` ``.
pub fn extensions_of(reader: &dyn BundleReader) -> String {
    reader
        .extensions()
        .iter()
        .map(|(ending, _)| format!("`{ending}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// So many members are taken out of a package in one go: each may have [`Limits::kept`] bytes.
const MOST_AT_ONCE: usize = 16;

/// Is given a member: its place among the names that were asked for, and its bytes.
pub type Take<'t> = dyn FnMut(usize, &[u8]) -> Result<(), Error> + 't;

/// Takes the members `names` out of the package at `path`, an archive of the form `form`, and gives
/// each to `take`, with its place among the names.
///
/// # Errors
/// When the package does not have one of them any more, or can not be read, or `take` fails.
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

/// A stranger's manifest may have one fault a hundred thousand times: so many are told, and show
/// what is wrong.
const MOST_OF_ONE_CODE: usize = 20;

impl Bundle {
    /// What this package says to `reader`, and every fault of it, few of each kind.
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

    /// Reads the archive at `path`, for `reader`.
    ///
    /// # Errors
    /// When the bytes can not be had; an archive that is no archive is a [`Bundle`] with anomalies.
    pub fn read<R: Read + Seek>(
        path: &str,
        bytes: R,
        form: Form,
        limits: &Limits,
        reader: &dyn BundleReader,
    ) -> io::Result<Bundle> {
        Bundle::read_below(path, bytes, form, limits, reader, "")
    }

    /// As [`Bundle::read`], of a repository in whose folder `below` the plugin lies.
    ///
    /// # Errors
    /// As those of [`Bundle::read`].
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
        // Which folder is the root is known when the list of members is: a member is wanted under
        // both names that it may have.
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

    /// The member called `name`, from the root of the plugin.
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.scan.member(&format!("{}{name}", self.root))
    }

    /// Whether the plugin has the plain file `name`.
    pub fn has(&self, name: &str) -> bool {
        self.member(name)
            .is_some_and(|member| member.kind == MemberKind::File)
    }

    /// Whether the plugin has the folder `name`, as a member or as the folder of one.
    pub fn has_folder(&self, name: &str) -> bool {
        self.scan
            .members
            .starting_with(&format!("{}{}/", self.root, name.trim_end_matches('/')))
            .next()
            .is_some()
    }

    /// The bytes of `name`, where the reader wanted them and they are not too many.
    pub fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.member(name)?.bytes.as_deref()
    }

    /// The text of `name`; `None` when it is not there, not kept, or no UTF-8.
    pub fn text(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.bytes(name)?).ok()
    }

    /// The names of all plain files, from the root of the plugin, sorted.
    pub fn files(&self) -> BTreeSet<&str> {
        self.scan
            .files()
            .filter_map(|member| member.name.strip_prefix(&self.root))
            .collect()
    }

    /// The same, of those whose names start with `start`, from the root of the plugin.
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

    /// Whether the file that makes a folder a plugin is where `reader` looks for it.
    pub fn has_marker(&self, reader: &dyn BundleReader) -> bool {
        self.has(reader.marker())
    }

    /// Whether all its members are known; of an archive that can not be read to its end, nothing is
    /// missing for sure.
    pub fn is_listed_whole(&self) -> bool {
        self.scan.is_listed_whole()
    }

    /// Every text that was kept, by the path that diagnostics give it.
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

    /// The member `name` as a whole: what it is, or that it is not there.
    pub fn whole_member(&self, name: &str) -> Location {
        Location::whole(format!("{}/{}{name}", self.path, self.root))
    }

    /// A place in the text of the member `name`.
    pub fn place(&self, name: &str, bytes: Range<usize>) -> Location {
        Location::bytes(
            format!("{}/{}{name}", self.path, self.root),
            bytes,
            Pointer::root(),
        )
    }
}

/// The archive itself where the marker lies there, else its one folder.
fn root_of(scan: &ArchiveScan, reader: &dyn BundleReader) -> String {
    let has_marker = |root: &str| scan.member(&format!("{root}{}", reader.marker())).is_some();
    if has_marker("") || !reader.may_lie_in_a_folder() {
        return String::new();
    }
    only_top(scan).unwrap_or_default()
}

/// The one folder that holds everything, with a slash at its end.
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

/// The folder of the marker in a package whose paths are those of the system that it is unpacked
/// on, where there is one.
fn installed_root(scan: &ArchiveScan, reader: &dyn BundleReader) -> String {
    let folders = scan
        .files()
        .filter_map(|member| member.name.strip_suffix(reader.marker()));
    let nearest = folders
        .filter(|folder| folder.ends_with('/'))
        .min_by_key(|folder| (folder.matches('/').count(), *folder));
    nearest.unwrap_or_default().to_owned()
}
