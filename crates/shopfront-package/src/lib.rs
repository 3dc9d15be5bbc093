//! One package file, read and never run: a wheel, or a source distribution as far as that goes.
//!
//! Each reader takes text and gives a value with its flaws; none refuses. What a flaw weighs is
//! decided by the checks.

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

/// A package file.
pub struct Package {
    /// As it was named: `dist/example-1.0-py3-none-any.whl`.
    pub path: String,
    /// What its name says.
    pub file_name: FileName,
    /// What lies in it.
    pub scan: ArchiveScan,
    /// The folder of its metadata, without a slash: `example-1.0.dist-info`, for an sdist its one
    /// root folder. Of several `.dist-info` folders the one that is named like the file, else
    /// the first; `None` when there is none.
    pub info_folder: Option<String>,
    /// `METADATA`, of an sdist `PKG-INFO`.
    pub metadata: Option<Metadata>,
    /// `RECORD`.
    pub record: Option<Record>,
    /// `entry_points.txt`.
    pub entry_points: Option<EntryPoints>,
    /// The modules that importing can begin with; empty for an sdist.
    pub modules: Vec<Module>,
    /// What the modules bind at top level, by the member that holds their source: those of
    /// [`Package::modules`] that are source, and those that entry points name.
    pub bindings: BTreeMap<String, Bindings>,
}

/// A fault in a text of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseIssue {
    /// Where in the text.
    pub bytes: Range<usize>,
    /// What is so, as the message of a diagnostic says it.
    pub says: String,
    /// What to do, where that is known.
    pub help: Option<String>,
}

impl Package {
    /// The text of a member that a diagnostic may point at.
    pub fn text(&self, member: &str) -> Option<&str> {
        std::str::from_utf8(self.scan.bytes(member)?).ok()
    }

    /// Every text that was kept, by the path that diagnostics give it.
    pub fn texts(&self) -> BTreeMap<String, String> {
        self.scan.texts(&self.path)
    }

    /// The project and the version in the name of the folder of its metadata.
    pub fn info_parts(&self) -> Option<(&str, &str)> {
        let folder = self.info_folder.as_deref()?;
        folder
            .strip_suffix(".dist-info")
            .unwrap_or(folder)
            .rsplit_once('-')
    }

    /// Whether all its members are known; of an archive that can not be read to its end, nothing is
    /// missing for sure.
    pub fn is_listed_whole(&self) -> bool {
        self.scan.is_listed_whole()
    }

    /// The name of `file` in the metadata folder: `example-1.0.dist-info/RECORD`.
    pub fn info_member(&self, file: &str) -> Option<String> {
        self.info_folder
            .as_ref()
            .map(|folder| format!("{folder}/{file}"))
    }

    /// What is required where no extra is asked for and where the metadata says so, as it writes
    /// it.
    pub fn requirements(&self) -> Vec<String> {
        self.metadata
            .iter()
            .flat_map(|metadata| metadata.all("Requires-Dist"))
            .map(|field| field.value.clone())
            .collect()
    }

    /// The member that holds the metadata.
    pub fn metadata_member(&self) -> Option<String> {
        self.info_member(match self.file_name {
            FileName::Wheel(_) => "METADATA",
            FileName::Sdist(_) => "PKG-INFO",
        })
    }

    /// The package as a whole.
    pub fn whole(&self) -> Location {
        Location::whole(&self.path)
    }

    /// One of its members as a whole: its name, or what it does not hold.
    pub fn whole_member(&self, member: &str) -> Location {
        Location::whole(format!("{}/{member}", self.path))
    }

    /// A place in one of its members; its path is that of the package and the member, with a slash
    /// between them.
    pub fn place(&self, member: &str, bytes: Range<usize>) -> Location {
        Location::bytes(format!("{}/{member}", self.path), bytes, Pointer::root())
    }
}
