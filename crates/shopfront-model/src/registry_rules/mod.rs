//! Rules of each package registry: project names, and the URLs of pages and files. Sends no
//! requests.

mod access;
pub mod github;
pub mod npm;
pub mod pinned;
pub mod pypi;

pub use access::{NamedRegistry, SourceAccess};

use crate::answers::ProjectKey;

/// Rules of all supported registries, in the order of their ids.
pub static ALL: &[&dyn RegistryRules] = &[&pinned::Pinned, &github::GitHub, &npm::Npm, &pypi::Pypi];

/// Rules of one package registry.
pub trait RegistryRules: Sync {
    /// Returns the id in snippets and answers: `pypi`.
    fn id(&self) -> &'static str;

    /// Returns `true` if `name` is a valid project name and contains nothing else: it becomes a
    /// path.
    fn is_name(&self, name: &str) -> bool;

    /// Returns the name in `text` if the rest is this registry's own syntax: a version, extras, a
    /// marker.
    fn name_before_version(&self, _text: &str) -> Option<String> {
        None
    }

    /// Returns the registry's normal form of a project name.
    fn normal_name(&self, name: &str) -> String;

    /// Returns the canonical URL of a project, independent of the queried URL. It is part of
    /// every uid, and the public page if the registry has one.
    fn page(&self, name: &str) -> String;

    /// Returns the default URL of the registry; `None` if the snippet contains all data and no
    /// registry is queried.
    fn default_address(&self) -> Option<&'static str>;

    /// Returns `true` if the snippet contains all data and no registry is queried.
    fn is_local(&self) -> bool {
        false
    }

    /// Returns the public URL of a project's file with the saved location `kept`
    /// ([`File::address`](crate::answers::File::address)). `base` is the queried registry (`None`
    /// for the public one). Returns `None` if the registry keeps no file URLs.
    fn file_address(&self, _base: Option<&str>, _name: &str, _kept: &str) -> Option<String> {
        None
    }

    /// Returns the page of a project at the non-public registry `base`; `None` if its page URLs
    /// are unknown.
    fn page_at(&self, _base: &str, _name: &str) -> Option<String> {
        None
    }

    /// Returns the URL that commands need in order to query the registry at `base`.
    fn command_address(&self, base: &str) -> String {
        base.to_owned()
    }

    /// Returns `true` if a package declares the name that the registry lists it under.
    fn knows_packages_by_name(&self) -> bool {
        false
    }
}

/// Returns the rules of the registry with this id.
pub fn find(id: &str) -> Option<&'static dyn RegistryRules> {
    ALL.iter().copied().find(|it| it.id() == id)
}

/// Returns the canonical URL of a project.
pub fn page(key: &ProjectKey) -> String {
    // A key exists only for a registry in the table.
    find(key.registry)
        .map(|registry| registry.page(&key.name))
        .unwrap_or_default()
}

/// Returns the public page of a project, if its registry has pages.
pub(crate) fn web_page(key: &ProjectKey) -> Option<String> {
    Some(page(key)).filter(|page| page.starts_with("https://"))
}
