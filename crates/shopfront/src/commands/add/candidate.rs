//! Candidates for listing: a package file on disk, or the newest usable release of a project at a
//! registry.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::Options;
use crate::any_package::{AnyPackage, BundlePackage};
use crate::commands::examine::{Examined, Workspace};
use crate::commands::registry_client::RegistryClient;
use crate::commands::resolve;
use crate::files;
use shopfront_archive::{Depth, Limits};
use shopfront_diagnostics::error::Error;
use shopfront_hosts as kinds;
use shopfront_model::answers::{Answer, ProjectKey};
use shopfront_model::bundle::{Bundle, BundleReader};
use shopfront_model::catalogue::{Host, PLAIN, ResolveTarget};
use shopfront_model::pasted;
use shopfront_model::registry_rules;
use shopfront_package::Package;
use shopfront_package::file_name::FileName;
use shopfront_registry::{PackageRequest, Registry};
use shopfront_text as text;
use shopfront_text::digest;
use shopfront_text::names::{nearest_id, normal_project};

/// Package with the answer of its registry.
pub(super) struct Candidate {
    pub(super) package: AnyPackage,
    /// Project of the package. `None` for an archive without a registry.
    pub(super) key: Option<ProjectKey>,
    /// Path of the package file. `None` for a package from a registry.
    pub(super) file: Option<PathBuf>,
    /// Answer of the registry. `None` for a file on disk.
    pub(super) answer: Option<Answer>,
    /// Answer that was saved before the registry was queried; see [`crate::draft::refresh`].
    pub(super) before: Option<Answer>,
}

impl Candidate {
    /// Returns the name of the project in the normal form of its registry, else the name of the
    /// package.
    pub(super) fn project(&self) -> String {
        match &self.key {
            Some(key) => key.name.clone(),
            None => self.package.facts().name,
        }
    }

    /// Returns the default id of the entry.
    pub(super) fn id(&self) -> String {
        match &self.key {
            Some(key) if key.registry == registry_rules::pypi::ID => key.name.clone(),
            _ => nearest_id(self.project().trim_start_matches('@'))
                .unwrap_or_else(|| "plugin".to_owned()),
        }
    }

    /// Returns the `source` of the snippet. An archive without a registry is at `url`, else in the
    /// store itself.
    ///
    /// # Errors
    /// Returns an error if the archive cannot be read.
    pub(super) fn source(&self, url: Option<&str>, max_bytes: u64) -> Result<Value, Error> {
        if let Some(key) = &self.key {
            return Ok(json!({ key.registry: key.name }));
        }
        let mut archive = Map::new();
        archive.insert("version".to_owned(), self.package.facts().version.into());
        if let Some(file) = &self.file {
            match url {
                Some(url) => archive.insert("url".to_owned(), url.into()),
                None => archive.insert("file".to_owned(), self.file_name().into()),
            };
            let bytes = files::read_named(file, usize::try_from(max_bytes).unwrap_or(usize::MAX))?;
            archive.insert("sha256".to_owned(), digest::sha256(&bytes).into());
        }
        Ok(json!({ "archive": [archive] }))
    }

    pub(super) fn file_name(&self) -> &str {
        self.package
            .path()
            .rsplit(['/', '\\'])
            .next()
            .unwrap_or_default()
    }
}

fn project_of(package: &Package) -> String {
    let said = package.metadata.as_ref().and_then(|it| it.value("Name"));
    normal_project(said.unwrap_or(package.file_name.distribution()))
}

/// Returns the package that `what` names: a file if it exists, else a project.
///
/// # Errors
/// Returns an error if neither exists, or the registry cannot be queried.
pub(super) fn one(
    workspace: &Workspace,
    examined: &Examined,
    what: &str,
    options: &Options,
) -> Result<Candidate, Error> {
    let path = Path::new(what);
    let is_scoped = what.starts_with('@') || what.starts_with("npm:");
    let is_address = what.contains("://");
    let looks_like_a_file =
        what.contains(['/', '\\']) || what.ends_with(".whl") || kinds::form_of(what).is_some();
    if is_scoped || is_address || !(looks_like_a_file || files::is_file(path)) {
        return project(workspace, examined, what, options);
    }
    let package = AnyPackage::open(examined, path, named_host(examined, options))?;
    let key = match &package {
        AnyPackage::Python(package) => Some(ProjectKey::pypi(&project_of(package))),
        // A module that is listed by its npm name can be inspected before it is published there.
        AnyPackage::Bundle(held) if held.registry() == registry_rules::npm::ID => {
            ProjectKey::new(registry_rules::npm::ID, &held.reading.says.name)
        }
        AnyPackage::Bundle(_) => None,
    };
    let before = match &key {
        Some(key) => workspace.answers_dir.answer(key)?,
        None => None,
    };
    Ok(Candidate {
        package,
        key,
        file: Some(path.to_owned()),
        answer: None,
        before,
    })
}

/// Returns the host that the options name.
fn named_host<'e>(examined: &'e Examined, options: &Options) -> Option<&'e Host> {
    let below = options
        .to_catalogue
        .as_deref()
        .filter(|named| *named != "-")?;
    examined
        .catalogue
        .host_named(below.split('/').next().unwrap_or_default())
        .ok()
}

/// Returns the newest usable release of the project that `what` names.
///
/// # Errors
/// Returns an error if this is not a project name, or the registry cannot be queried.
pub(super) fn project(
    workspace: &Workspace,
    examined: &Examined,
    what: &str,
    options: &Options,
) -> Result<Candidate, Error> {
    let host = named_host(examined, options);
    let wants_npm = |host: &Host| host.adapter.registry() == registry_rules::npm::ID;
    let hosts = &examined.catalogue.hosts;
    let has_npm_alone = !hosts.is_empty() && hosts.values().all(wants_npm);
    let is_npm =
        what.starts_with("npm:") || what.starts_with('@') || host.map_or(has_npm_alone, wants_npm);
    let registry: &dyn Registry = if is_npm {
        &registry_rules::npm::Npm
    } else {
        &registry_rules::pypi::Pypi
    };
    let name = what.strip_prefix("npm:").unwrap_or(what);
    if !registry.is_name(name) {
        let usual = "name a package file (`dist/example-1.0-py3-none-any.whl`), or a project by its name alone, without a version; `npm:` before a name asks npm";
        let help = pasted::help(registry, what).map_or_else(
            || usual.to_owned(),
            |offered| format!("{offered}, the name of a project alone"),
        );
        return Err(Error::new(format!(
            "`{}` is no file and no name of a project",
            text::one_line(what, 80)
        ))
        .help(help));
    }
    let Some(asking) = &options.asking else {
        return Err(Error::new(format!(
            "`{what}` is a project: it is not asked for with `--offline`"
        ))
        .help("name a package file of it instead"));
    };
    let key = ProjectKey {
        registry: registry.id(),
        name: registry.normal_name(name),
    };
    let before = workspace.answers_dir.answer(&key)?;
    let reader = reader_for(examined, host, registry);
    let subject = ResolveTarget {
        locator: None,
        reader,
    };
    let now = &resolve::Options {
        refresh: true,
        ..asking.clone()
    };
    let asked = resolve::refresh_all(
        workspace,
        &resolve::Projects::from([(key.clone(), subject)]),
        &examined.policy(),
        now,
    )?;
    if let Some((_, why)) = asked.failed.first() {
        return Err(Error::new(format!("asking for {key}: {why}")));
    }
    let answer = workspace.answers_dir.answer(&key)?;
    let Some(answer) = answer.filter(|it| it.found().is_some()) else {
        let whom = if is_npm { "npm" } else { "the index" };
        return Err(Error::new(format!("{whom} knows no project `{name}`"))
            .help("look how the project writes its name on its page"));
    };
    let way = RegistryClient::to(registry, asking)?;
    let package = fetch(
        registry,
        &way,
        &key,
        reader,
        examined.policy().max_package(),
    )
    .map_err(|why| Error::new(format!("reading {key}: {why}")))?;
    Ok(Candidate {
        package,
        key: Some(key),
        file: None,
        answer: Some(answer),
        before,
    })
}

/// Returns the reader for packages of `registry` for `host`. Without a host, selects the reader of
/// the hosts that list plugins of that registry. `None` selects Python packages, also if only one
/// of these hosts uses them.
fn reader_for<'e>(
    examined: &'e Examined,
    host: Option<&'e Host>,
    registry: &dyn Registry,
) -> Option<(&'static str, &'e dyn BundleReader)> {
    let reader = |host: &'e Host| host.adapter.reader().map(|reader| (host.kind.name, reader));
    if let Some(host) = host {
        return reader(host);
    }
    let mut of_store = examined
        .catalogue
        .hosts
        .values()
        .filter(|host| host.adapter.registry() == registry.id())
        .map(reader);
    let first = of_store.next()??;
    of_store.all(|other| other.is_some()).then_some(first)
}

/// Reads the package of the newest usable release of `key`. Of a Python package, fetches only the
/// metadata and the archive directory. Of other packages, fetches the whole archive for `reader`.
///
/// # Errors
/// Returns the reason why the package cannot be fetched.
pub(in crate::commands) fn fetch(
    registry: &dyn Registry,
    way: &RegistryClient,
    key: &ProjectKey,
    reader: Option<(&'static str, &dyn BundleReader)>,
    max_bytes: u64,
) -> Result<AnyPackage, String> {
    let wish = PackageRequest {
        base: way.base(),
        locator: &PLAIN,
        name: &key.name,
        version: None,
        known: None,
        file: None,
        max_bytes,
    };
    let found = registry
        .package(&wish, way.web())
        .map_err(|failure| failure.0)?;
    let limits = Limits::of(max_bytes / 1_000_000);
    if let Some((kind, reader)) = reader {
        let form = kinds::form_of(&found.file)
            .ok_or_else(|| format!("`{}` is no archive that is read", found.file))?;
        let bytes = found.whole().map_err(|failure| failure.0)?;
        let bundle = Bundle::read(
            &found.file,
            std::io::Cursor::new(bytes),
            form,
            &limits,
            reader,
        );
        let bundle = bundle.map_err(|cause| format!("`{}`: {cause}", found.file))?;
        let reading = bundle.reading(reader);
        return Ok(AnyPackage::Bundle(Box::new(BundlePackage {
            bundle,
            reading,
            kind,
        })));
    }
    let file_name =
        FileName::parse(&found.file).map_err(|why| format!("`{}` {why}", found.file))?;
    let archive = found.archive().map_err(|failure| failure.0)?;
    let package = Package::read(&found.file, file_name, archive, &limits, Depth::Directory);
    let package = package.map_err(|cause| format!("`{}`: {cause}", found.file))?;
    match project_of(&package) {
        // A file of another project must not be listed under this name.
        other if other != key.name => Err(format!(
            "`{}` calls its project `{}`",
            found.file,
            text::one_line(&other, 80)
        )),
        _ => Ok(AnyPackage::Python(Box::new(package))),
    }
}
