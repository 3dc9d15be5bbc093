//! Package files on disk: read by the reader of their kind, and checked against every rule.

use std::path::Path;

use serde_json::Map;

use super::examine::{self, Examined, Workspace};
use crate::any_package::{AnyPackage, BundlePackage};
use crate::files;
use shopfront_archive::{Depth, Limits};
use shopfront_check::checks::{self, ArchiveContext, PackageContext};
use shopfront_diagnostics::Diagnostic;
use shopfront_diagnostics::error::{Context, Error};
use shopfront_hosts as kinds;
use shopfront_model::adapter;
use shopfront_model::adapter::Adapter;
use shopfront_model::adapter::HostVersions;
use shopfront_model::bundle::{self, Bundle, BundleReader, extensions_of};
use shopfront_model::catalogue::Host;
use shopfront_package::Package;
use shopfront_package::file_name::FileName;

impl AnyPackage {
    /// Reads the package file at `path` as a package for `host`, if given. Else see [`chosen`].
    ///
    /// # Errors
    /// Returns an error if the file cannot be read, or if no kind has packages with such a name.
    pub fn open(
        examined: &Examined,
        path: &Path,
        host: Option<&Host>,
    ) -> Result<AnyPackage, Error> {
        let shown = path.to_string_lossy().replace('\\', "/");
        if !files::exists(path) {
            return Err(Error::new(format!("there is no `{shown}`"))
                .help("build the package first, or name the file that it is in"));
        }
        if files::is_folder(path) {
            return Err(Error::new(format!("{shown} is a folder, and no package file"))
                .help("build the package from it, or put it into an archive, and name that file: `dist/example-1.0-py3-none-any.whl`"));
        }
        let limits = Limits::of(
            examined
                .store
                .as_ref()
                .map_or(100, |store| store.policy.max_package_mb),
        );
        let file = PackageFile {
            shown: &shown,
            path,
            limits,
        };
        let Some(host) = host else {
            return chosen(examined, &file);
        };
        let Some(reader) = host.adapter.reader() else {
            return file.python().map(AnyPackage::Python);
        };
        let kind = host.kind.name;
        let bundle = file.bundle(kind, reader)?.ok_or_else(|| {
            Error::new(format!(
                "{shown} is not called like a package of the kind `{kind}`"
            ))
            .help(format!(
                "names of such files end with {}",
                extensions_of(reader)
            ))
        })?;
        Ok(AnyPackage::Bundle(bundle))
    }

    /// Returns the host of the catalogue for which the package is. Returns `None` if none or more
    /// than one matches.
    pub fn host<'e>(&self, examined: &'e Examined) -> Option<&'e Host> {
        match self {
            AnyPackage::Python(package) => kinds::host_of(package, &examined.catalogue),
            AnyPackage::Bundle(held) => {
                let mut of_kind = examined
                    .catalogue
                    .hosts
                    .values()
                    .filter(|host| host.kind.name == held.kind);
                of_kind.next().filter(|_| of_kind.next().is_none())
            }
        }
    }

    /// Returns all diagnostics of the package, for `host` or for the host that the package itself
    /// determines.
    ///
    /// # Errors
    /// Returns an error if a saved answer cannot be read.
    pub fn check(
        &self,
        workspace: &Workspace,
        examined: &Examined,
        host: Option<&Host>,
    ) -> Result<Vec<Diagnostic>, Error> {
        match self {
            AnyPackage::Python(package) => {
                let host = host.or_else(|| self.host(examined));
                let versions = match host {
                    Some(host) => examine::versions_of(workspace, host)?,
                    None => HostVersions::default(),
                };
                Ok(checks::run_package(&PackageContext {
                    package,
                    host,
                    versions: &versions,
                    catalogue: &examined.catalogue,
                }))
            }
            AnyPackage::Bundle(held) => {
                let mut found = checks::run_archive(&ArchiveContext::of_bundle(&held.bundle));
                found.extend(held.reading.found.iter().cloned());
                Ok(found)
            }
        }
    }
}

/// File to read.
struct PackageFile<'f> {
    /// Path as the user named it.
    shown: &'f str,
    path: &'f Path,
    limits: Limits,
}

/// Reads the file as a package of the kind that its contents determine: it has the marker file of
/// that kind, or metadata of a Python package. For an unclear file, such as a truncated download,
/// the name decides. Kinds of the store come first, then the kind with the fewest extensions.
fn chosen(examined: &Examined, file: &PackageFile<'_>) -> Result<AnyPackage, Error> {
    let all: Vec<Box<dyn Adapter>> = kinds::ALL
        .iter()
        .map(|kind| (kind.open)(&Map::new()))
        .collect();
    let of_store: Vec<(&'static str, &dyn BundleReader)> = examined
        .catalogue
        .hosts
        .values()
        .filter_map(|host| Some((host.kind.name, host.adapter.reader()?)))
        .collect();
    let of_all = kinds::ALL
        .iter()
        .zip(&all)
        .filter_map(|(kind, adapter)| Some((kind.name, adapter.reader()?)));
    let mut unclear: Vec<Unclear> = Vec::new();
    for (kind, reader) in of_store.iter().copied().chain(of_all) {
        if unclear.iter().any(|known| known.bundle.kind == kind) {
            continue;
        }
        let Some(bundle) = file.bundle(kind, reader)? else {
            continue;
        };
        if bundle.bundle.has_marker(reader) {
            return Ok(AnyPackage::Bundle(bundle));
        }
        let is_of_store = of_store.iter().any(|(known, _)| *known == kind);
        unclear.push(Unclear {
            bundle,
            is_of_store,
            extensions: reader.extensions().len(),
        });
    }
    let python = if FileName::parse(file.name()).is_ok() || unclear.is_empty() {
        Some(file.python()?)
    } else {
        None
    };
    let is_wheel = file.name().ends_with(".whl");
    match python {
        Some(package) if is_wheel || package.metadata.is_some() || unclear.is_empty() => {
            return Ok(AnyPackage::Python(package));
        }
        // Python tools have written no zip sdists for years: an unclear zip is treated as a package
        // of another kind.
        Some(package) if file.name().ends_with(".tar.gz") => {
            let is_for_python = |host: &Host| host.adapter.reader().is_none();
            let has_python = examined.catalogue.hosts.values().any(is_for_python);
            if has_python || !unclear.iter().any(|it| it.is_of_store) {
                return Ok(AnyPackage::Python(package));
            }
        }
        _ => {}
    }
    let best = unclear
        .into_iter()
        .min_by_key(|it| (!it.is_of_store, it.extensions));
    best.map(|it| AnyPackage::Bundle(it.bundle))
        .ok_or_else(|| Error::new(format!("{} is read by nothing", file.shown)))
}

/// Package whose name matches a kind, but whose contents do not.
struct Unclear {
    bundle: Box<BundlePackage>,
    /// `true` if the store has hosts of this kind.
    is_of_store: bool,
    /// Number of extensions that packages of this kind may have.
    extensions: usize,
}

impl PackageFile<'_> {
    /// Returns the file name without directories.
    fn name(&self) -> &str {
        self.shown.rsplit('/').next().unwrap_or_default()
    }

    /// Reads the file as a package of `kind`. Returns `None` if its name does not match.
    fn bundle(
        &self,
        kind: &'static str,
        reader: &dyn BundleReader,
    ) -> Result<Option<Box<BundlePackage>>, Error> {
        let Some(form) = bundle::form_for(self.shown, reader) else {
            return Ok(None);
        };
        let bytes = files::open_package(self.path)?;
        let bundle = Bundle::read(self.shown, bytes, form, &self.limits, reader)
            .with_context(|| format!("reading {}", self.shown))?;
        let reading = bundle.reading(reader);
        Ok(Some(Box::new(BundlePackage {
            bundle,
            reading,
            kind,
        })))
    }

    /// Reads the file as a Python package.
    fn python(&self) -> Result<Box<Package>, Error> {
        let name = self.name();
        let file_name = FileName::parse(name).map_err(|why| {
            let extensions = |kind: &&adapter::Kind| Some(format!("{} for `{}`", extensions_of((kind.open)(&Map::new()).reader()?), kind.name));
            let others = kinds::ALL.iter().filter_map(extensions).collect::<Vec<_>>().join(", ");
            Error::new(format!("{}: `{name}` {why}", self.shown)).help(format!(
                "name a wheel (`.whl`) or a source distribution (`.tar.gz`), as build tools call it; or a package of another kind of \
                 host: {others}. A package that was saved under another name has to get such a name"
            ))
        })?;
        let bytes = files::open_package(self.path)?;
        let package = Package::read(self.shown, file_name, bytes, &self.limits, Depth::Whole)
            .with_context(|| format!("reading {}", self.shown))?;
        Ok(Box::new(package))
    }
}
