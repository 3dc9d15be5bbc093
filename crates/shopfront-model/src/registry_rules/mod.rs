//! The rules of each package registry: names of projects, and the addresses of its pages and files.
//! Nothing is queried here.

mod access;
pub mod github;
pub mod npm;
pub mod pinned;
pub mod pypi;

pub use access::{NamedRegistry, SourceAccess};

use crate::answers::ProjectKey;

/// The rules of every supported registry, in the order of their ids.
pub static ALL: &[&dyn RegistryRules] = &[&pinned::Pinned, &github::GitHub, &npm::Npm, &pypi::Pypi];

/// The rules of one package registry.
pub trait RegistryRules: Sync {
    /// Its id in snippets and answers: `pypi`.
    fn id(&self) -> &'static str;

    /// Whether `name` is the name of a project there, and nothing else: it becomes a path.
    fn is_name(&self, name: &str) -> bool;

    /// The name in `text`, where all that follows it is this registry's own syntax: a version,
    /// extras, a marker.
    fn name_before_version(&self, _text: &str) -> Option<String> {
        None
    }

    /// The one form under which it knows a project.
    fn normal_name(&self, name: &str) -> String;

    /// The canonical address of a project, whatever address is asked: part of every uid, and its
    /// public page where the registry has one.
    fn page(&self, name: &str) -> String;

    /// The address that is asked where nobody says another; `None` where nobody is asked, since the
    /// snippet says all.
    fn default_address(&self) -> Option<&'static str>;

    /// Whether nobody is asked, since the snippet says all.
    fn is_local(&self) -> bool {
        false
    }

    /// Where everybody finds the file that lies at `kept`
    /// ([`File::address`](crate::answers::File::address)) of a project, of which the registry
    /// at `base` told (`None` is the public one); `None` where the registry keeps no addresses.
    fn file_address(&self, _base: Option<&str>, _name: &str, _kept: &str) -> Option<String> {
        None
    }

    /// The page of a project at the registry with the address `base`, which is not the public one;
    /// `None` where nobody knows which pages that has.
    fn page_at(&self, _base: &str, _name: &str) -> Option<String> {
        None
    }

    /// What commands have to be told so that they ask the registry at `base`.
    fn command_address(&self, base: &str) -> String {
        base.to_owned()
    }

    /// Whether a package says itself under which name the registry has it.
    fn knows_packages_by_name(&self) -> bool {
        false
    }
}

/// The rules of the registry with this id.
pub fn find(id: &str) -> Option<&'static dyn RegistryRules> {
    ALL.iter().copied().find(|it| it.id() == id)
}

/// The public page of a project.
pub fn page(key: &ProjectKey) -> String {
    // A key is only made for a registry that is in the table.
    find(key.registry)
        .map(|registry| registry.page(&key.name))
        .unwrap_or_default()
}

/// The public page of a project, where its registry has pages.
pub(crate) fn web_page(key: &ProjectKey) -> Option<String> {
    Some(page(key)).filter(|page| page.starts_with("https://"))
}
