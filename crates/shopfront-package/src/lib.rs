//! Package file, which is read and never executed: a wheel, or the readable parts of a source
//! distribution.
//!
//! Each parser converts text to a value and its problems; none rejects a text. The checks assign
//! the severity.

pub mod requirement;
pub mod python;
pub mod bindings;
pub mod constants;
pub mod description;
pub mod entry_points;
pub mod facts;
pub mod file_name;
pub mod installed;
mod lead;
pub mod metadata;
pub mod modules;
mod read;
pub mod record;

use std::collections::BTreeMap;
use std::ops::Range;

use bindings::Bindings;
use entry_points::EntryPoints;
use file_name::FileName;
use metadata::Metadata;
use modules::Module;
use record::Record;
use shopfront_archive::ArchiveScan;
use shopfront_diagnostics::Location;
use shopfront_diagnostics::pointer::Pointer;

/// Package file.
pub struct Package {
    /// Path as given: `dist/example-1.0-py3-none-any.whl`.
    pub path: String,
    /// Components of the file name.
    pub file_name: FileName,
    /// Scan of the archive.
    pub scan: ArchiveScan,
    /// Directory of its metadata, without a slash: `example-1.0.dist-info`, or the root directory
    /// of an sdist. Of several `.dist-info` directories, it is the one with the name of the file,
    /// otherwise the first. `None` if there is none.
    pub info_folder: Option<String>,
    /// Parsed `METADATA`, or `PKG-INFO` of an sdist.
    pub metadata: Option<Metadata>,
    /// Parsed `RECORD`.
    pub record: Option<Record>,
    /// Parsed `entry_points.txt`.
    pub entry_points: Option<EntryPoints>,
    /// Top-level importable modules; empty for an sdist.
    pub modules: Vec<Module>,
    /// Top-level bindings by the member with the source. Contains the sources of
    /// [`Package::modules`] and of the modules in entry points.
    pub bindings: BTreeMap<String, Bindings>,
}

/// Problem in a text of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseIssue {
    /// Byte range in the text.
    pub bytes: Range<usize>,
    /// Text for the message of a diagnostic.
    pub says: String,
    /// Suggested action, if known.
    pub help: Option<String>,
}

impl Package {
    /// Returns the text of a member that diagnostics may point at.
    pub fn text(&self, member: &str) -> Option<&str> {
        std::str::from_utf8(self.scan.bytes(member)?).ok()
    }

    /// Returns all kept texts by their path in diagnostics.
    pub fn texts(&self) -> BTreeMap<String, String> {
        self.scan.texts(&self.path)
    }

    /// Returns the project and the version in the name of the metadata directory.
    pub fn info_parts(&self) -> Option<(&str, &str)> {
        let folder = self.info_folder.as_deref()?;
        folder
            .strip_suffix(".dist-info")
            .unwrap_or(folder)
            .rsplit_once('-')
    }

    /// Returns `true` if all members are known. If an archive cannot be read to its end, no
    /// member can be called missing.
    pub fn is_listed_whole(&self) -> bool {
        self.scan.is_listed_whole()
    }

    /// Returns the path of `file` in the metadata directory: `example-1.0.dist-info/RECORD`.
    pub fn info_member(&self, file: &str) -> Option<String> {
        self.info_folder
            .as_ref()
            .map(|folder| format!("{folder}/{file}"))
    }

    /// Returns all `Requires-Dist` values as written, including those of extras.
    pub fn requirements(&self) -> Vec<String> {
        self.metadata
            .iter()
            .flat_map(|metadata| metadata.all("Requires-Dist"))
            .map(|field| field.value.clone())
            .collect()
    }

    /// Returns the member with the metadata.
    pub fn metadata_member(&self) -> Option<String> {
        self.info_member(match self.file_name {
            FileName::Wheel(_) => "METADATA",
            FileName::Sdist(_) => "PKG-INFO",
        })
    }

    /// Returns the location of the whole package.
    pub fn whole(&self) -> Location {
        Location::whole(&self.path)
    }

    /// Returns the location of a whole member, which may be missing.
    pub fn whole_member(&self, member: &str) -> Location {
        Location::whole(format!("{}/{member}", self.path))
    }

    /// Returns a location in a member; its path consists of the package and the member, separated
    /// by a slash.
    pub fn place(&self, member: &str, bytes: Range<usize>) -> Location {
        Location::bytes(format!("{}/{member}", self.path), bytes, Pointer::root())
    }
}
