//! What is to be listed: a package file on this disk, or the newest usable release of a project at an index.

use std::path::Path;

use super::Options;
use crate::answers::{Answer, ProjectKey};
use crate::archive::{Depth, Limits};
use crate::catalogue::{PLAIN, Subject};
use crate::commands::examine::{Examined, Workspace};
use crate::commands::resolve;
use crate::commands::way::Way;
use crate::error::{Doing, Error};
use crate::files;
use crate::names::{is_project, normal_project};
use crate::package::Package;
use crate::package::file_name::FileName;
use crate::registry::{self, Registry, Wish};
use crate::text;

/// A package, and what its registry says of its project.
pub(super) struct Offered {
    /// The package, read.
    pub(super) package: Package,
    /// What the registry says; `None` for a file on this disk.
    pub(super) answer: Option<Answer>,
    /// What the registry said before it was asked; see [`crate::draft::refresh`].
    pub(super) before: Option<Answer>,
}

impl Offered {
    /// The project, in its normal form.
    pub(super) fn project(&self) -> String {
        project_of(&self.package)
    }
}

fn project_of(package: &Package) -> String {
    let said = package.metadata.as_ref().and_then(|it| it.value("Name"));
    normal_project(said.unwrap_or(package.file_name.distribution()))
}

/// The package that a person named: a file where there is one, else a project.
///
/// # Errors
/// When there is neither, or the index can not be asked.
pub(super) fn one(workspace: &Workspace, examined: &Examined, what: &str, options: &Options) -> Result<Offered, Error> {
    let is_file_name = [".whl", ".tar.gz", ".zip"].iter().any(|ending| what.ends_with(ending)) || what.contains(['/', '\\']);
    if is_file_name {
        let offered = Offered { package: local(examined, what)?, answer: None, before: None };
        let before = workspace.shelf.answer(&ProjectKey::pypi(&offered.project()))?;
        return Ok(Offered { before, ..offered });
    }
    project(workspace, examined, what, options)
}

/// The newest usable release of the project that a person named.
///
/// # Errors
/// When it is no name of a project, or the index can not be asked.
pub(super) fn project(workspace: &Workspace, examined: &Examined, what: &str, options: &Options) -> Result<Offered, Error> {
    if !is_project(what) {
        return Err(Error::new(format!("`{what}` is no file and no name of a project"))
            .help("name a wheel (`dist/example-1.0-py3-none-any.whl`), or a project by its name alone, without a version"));
    }
    let Some(asking) = &options.asking else {
        return Err(Error::new(format!("`{what}` is a project: it is not asked for with `--offline`")).help("name a wheel of it instead"));
    };
    let key = ProjectKey::pypi(what);
    let before = workspace.shelf.answer(&key)?;
    let asked = resolve::ask_all(workspace, &resolve::Projects::from([(key.clone(), Subject::default())]), 0, asking)?;
    if let Some((_, why)) = asked.failed.first() {
        return Err(Error::new(format!("asking for {key}: {why}")));
    }
    let answer = workspace.shelf.answer(&key)?;
    let Some(answer) = answer.filter(|it| it.found().is_some()) else {
        return Err(Error::new(format!("the index knows no project `{what}`")).help("look how the project writes its name on its page"));
    };
    let registry = registry::find(key.registry).ok_or_else(|| Error::new(format!("there is no registry `{}`", key.registry)))?;
    let way = Way::to(registry, asking)?;
    let package = fetch(registry, &way, &key, max_bytes(examined)).map_err(|why| Error::new(format!("reading {key}: {why}")))?;
    Ok(Offered { package, answer: Some(answer), before })
}

/// The most that is taken of one package, in bytes.
pub(in crate::commands) fn max_bytes(examined: &Examined) -> u64 {
    megabytes(examined).saturating_mul(1_000_000)
}

fn megabytes(examined: &Examined) -> u64 {
    examined.store.as_ref().map_or(100, |store| store.policy.max_package_mb)
}

fn local(examined: &Examined, path: &str) -> Result<Package, Error> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let file_name = FileName::parse(name).map_err(|why| {
        Error::new(format!("{path}: `{name}` {why}"))
            .help("name a wheel (`.whl`) or a source distribution (`.tar.gz`), as build tools call it")
    })?;
    let file = files::open_package(Path::new(path))?;
    Package::read(path, file_name, file, &Limits::of(megabytes(examined)), Depth::Whole).doing(|| format!("reading {path}"))
}

/// Reads the package of the newest usable release of `key` where it lies: its metadata and its directory, not the whole.
///
/// # Errors
/// Why it can not be had, in words.
pub(in crate::commands) fn fetch(
    registry: &dyn Registry,
    way: &Way,
    key: &ProjectKey,
    max_bytes: u64,
) -> Result<Package, String> {
    let wish = Wish { base: way.base(), locator: &PLAIN, name: &key.name, version: None, file: None, max_bytes };
    let found = registry.package(&wish, way.web()).map_err(|failure| failure.0)?;
    let file_name = FileName::parse(&found.file).map_err(|why| format!("`{}` {why}", found.file))?;
    let archive = found.archive().map_err(|failure| failure.0)?;
    let limits = Limits::of(max_bytes / 1_000_000);
    let package = Package::read(&found.file, file_name, archive, &limits, Depth::Directory);
    let package = package.map_err(|cause| format!("`{}`: {cause}", found.file))?;
    match project_of(&package) {
        // A file of another project must not be listed as this one.
        other if other != key.name => Err(format!("`{}` calls its project `{}`", found.file, text::one_line(&other, 80))),
        _ => Ok(package),
    }
}
