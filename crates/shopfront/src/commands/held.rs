//! A package file in the hand: read by whatever reads packages of its kind, and held against every rule.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Map;

use super::examine::{self, Examined, Workspace};
use crate::archive::{Depth, Limits};
use crate::bundle::{self, Bundle, BundleReader, Reading, endings_of};
use crate::catalogue::Host;
use crate::checks::{self, ArchiveCase, PackageCase};
use crate::diagnostic::Diagnostic;
use crate::error::{Doing, Error};
use crate::files;
use crate::kinds::{self, HostVersions};
use crate::package::Package;
use crate::package::facts::Facts;
use crate::package::file_name::FileName;

/// A package file that was read.
pub enum Held {
    /// A wheel or a source distribution.
    Python(Box<Package>),
    /// A package of another kind of host.
    Bundle(Box<HeldBundle>),
}

/// A package of another kind of host.
pub struct HeldBundle {
    /// The archive.
    pub bundle: Bundle,
    /// What it says.
    pub reading: Reading,
    /// The kind whose reader it was.
    pub kind: &'static str,
}

impl Held {
    /// Reads the package file at `path`; for `host` where a person named one, else for the host, or the kind, whose packages look
    /// like it.
    ///
    /// # Errors
    /// When the file can not be read, or is no package of any kind.
    pub fn open(examined: &Examined, path: &Path, host: Option<&Host>) -> Result<Held, Error> {
        let shown = path.to_string_lossy().replace('\\', "/");
        if !files::is_there(path) {
            return Err(Error::new(format!("there is no `{shown}`")).help("build the package first, or name the file that it is in"));
        }
        if files::is_folder(path) {
            return Err(Error::new(format!("{shown} is a folder, and no package file"))
                .help("build the package from it, or put it into an archive, and name that file: `dist/example-1.0-py3-none-any.whl`"));
        }
        let limits = Limits::of(examined.store.as_ref().map_or(100, |store| store.policy.max_package_mb));
        let named = host.and_then(|host| Some((host.kind.name, host.adapter.reader()?)));
        if let Some((kind, reader)) = named {
            return match bundle_of(&shown, path, kind, reader, &limits)? {
                Some(held) => Ok(held),
                None => Err(Error::new(format!("{shown} is not called like a package of the kind `{kind}`"))
                    .help(format!("names of such files end with {}", endings_of(reader)))),
            };
        }
        if host.is_none() {
            let of_store = examined.catalogue.hosts.values().filter_map(|host| Some((host.kind.name, host.adapter.reader()?)));
            for (kind, reader) in of_store {
                if let Some(held) = bundle_of(&shown, path, kind, reader, &limits)?.filter(Held::has_marker) {
                    return Ok(held);
                }
            }
            for kind in kinds::ALL {
                let adapter = (kind.open)(&Map::new());
                let Some(reader) = adapter.reader() else { continue };
                if let Some(held) = bundle_of(&shown, path, kind.name, reader, &limits)?.filter(Held::has_marker) {
                    return Ok(held);
                }
            }
        }
        python(&shown, path, &limits)
    }

    /// As it was named.
    pub fn path(&self) -> &str {
        match self {
            Held::Python(package) => &package.path,
            Held::Bundle(held) => &held.bundle.path,
        }
    }

    /// What a snippet takes from it.
    pub fn facts(&self) -> Facts {
        match self {
            Held::Python(package) => Facts::of(package),
            Held::Bundle(held) => {
                let survey = &held.bundle.survey;
                let (files, size, unpacked) = (survey.files().count(), survey.packed, survey.unpacked);
                Facts { files, size, unpacked, ..held.reading.says.clone().with_license_sorted() }
            }
        }
    }

    /// Every text that was kept, by the path that diagnostics give it.
    pub fn texts(&self) -> BTreeMap<String, String> {
        match self {
            Held::Python(package) => package.texts(),
            Held::Bundle(held) => held.bundle.texts(),
        }
    }

    /// The one host of the catalogue that it shows to be for; `None` when there is none, or more than one.
    pub fn host<'e>(&self, examined: &'e Examined) -> Option<&'e Host> {
        match self {
            Held::Python(package) => kinds::host_of(package, &examined.catalogue),
            Held::Bundle(held) => {
                let mut of_kind = examined.catalogue.hosts.values().filter(|host| host.kind.name == held.kind);
                of_kind.next().filter(|_| of_kind.next().is_none())
            }
        }
    }

    /// Every fault of it, for `host` or for the host that it shows to be for.
    ///
    /// # Errors
    /// When a saved answer can not be read.
    pub fn check(&self, workspace: &Workspace, examined: &Examined, host: Option<&Host>) -> Result<Vec<Diagnostic>, Error> {
        match self {
            Held::Python(package) => {
                let host = host.or_else(|| self.host(examined));
                let versions = match host {
                    Some(host) => examine::versions_of(workspace, host)?,
                    None => HostVersions::default(),
                };
                Ok(checks::run_package(&PackageCase { package, host, versions: &versions, catalogue: &examined.catalogue }))
            }
            Held::Bundle(held) => {
                let mut found = checks::run_archive(&ArchiveCase::of_bundle(&held.bundle));
                found.extend(held.reading.found.iter().cloned());
                Ok(found)
            }
        }
    }

    /// Whether it plainly is what its reader reads.
    fn has_marker(&self) -> bool {
        match self {
            Held::Python(_) => true,
            Held::Bundle(held) => held.is_recognised(),
        }
    }
}

impl HeldBundle {
    /// The registry that plugins of its kind are listed by.
    pub fn registry(&self) -> &'static str {
        kinds::find(self.kind).map(|kind| (kind.open)(&Map::new()).registry()).unwrap_or_default()
    }

    fn is_recognised(&self) -> bool {
        !self.bundle.survey.members.is_empty() && !self.reading.facts.is_null()
    }
}

/// The file as a package of `kind`; `None` when it is not called like one.
fn bundle_of(shown: &str, path: &Path, kind: &'static str, reader: &dyn BundleReader, limits: &Limits) -> Result<Option<Held>, Error> {
    let Some(form) = bundle::form_for(shown, reader) else { return Ok(None) };
    let bundle = Bundle::read(shown, files::open_package(path)?, form, limits, reader).doing(|| format!("reading {shown}"))?;
    let reading = bundle.reading(reader);
    Ok(Some(Held::Bundle(Box::new(HeldBundle { bundle, reading, kind }))))
}

fn python(shown: &str, path: &Path, limits: &Limits) -> Result<Held, Error> {
    let name = shown.rsplit('/').next().unwrap_or_default();
    let file_name = FileName::parse(name).map_err(|why| {
        let others: Vec<String> = kinds::ALL
            .iter()
            .filter_map(|kind| Some(format!("{} for `{}`", endings_of((kind.open)(&Map::new()).reader()?), kind.name)))
            .collect();
        let others =
            if others.is_empty() { String::new() } else { format!("; or a package of another kind of host: {}", others.join(", ")) };
        Error::new(format!("{shown}: `{name}` {why}")).help(format!(
            "name a wheel (`.whl`) or a source distribution (`.tar.gz`), as build tools call it{others}. \
                A package that was saved under another name has to get such a name"
        ))
    })?;
    let file = files::open_package(path)?;
    let package = Package::read(shown, file_name, file, limits, Depth::Whole).doing(|| format!("reading {shown}"))?;
    Ok(Held::Python(Box::new(package)))
}
