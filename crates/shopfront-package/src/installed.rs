//! Import lookup of dotted names in an installed wheel.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::Package;
use super::modules::{installed_path, sources_of};

/// Files of a wheel, by their path below the import directory of Python.
pub struct Installed<'p> {
    members: BTreeMap<&'p str, &'p str>,
}

/// Result of an import lookup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<'p> {
    /// Source in this member.
    Source(&'p str),
    /// Compiled module, or a directory without `__init__`: it exists, but has no source.
    Opaque,
    /// Not found.
    Nothing,
}

impl<'p> Installed<'p> {
    /// Returns the files of `package`.
    pub fn of(package: &'p Package) -> Installed<'p> {
        let names = package.scan.files().map(|member| member.name.as_str());
        Installed {
            members: names
                .filter_map(|name| Some((installed_path(name)?, name)))
                .collect(),
        }
    }

    /// Returns the result of importing `module`.
    pub fn find(&self, module: &str) -> Found<'p> {
        if let Some(source) = sources_of(module)
            .iter()
            .find_map(|path| self.members.get(path.as_str()))
        {
            return Found::Source(source);
        }
        let path = module.replace('.', "/");
        if self.beginning_with(&format!("{path}/")).next().is_some() || self.is_compiled(&path) {
            Found::Opaque
        } else {
            Found::Nothing
        }
    }

    /// Returns `true` if `name` is a file in the directory of the package `module`: data files
    /// can have the name of an attribute.
    pub fn is_data_of(&self, module: &str, name: &str) -> bool {
        self.members
            .contains_key(format!("{}/{name}", module.replace('.', "/")).as_str())
    }

    /// Returns `true` for `name.pyc`, `name.so`, `name.cpython-313-x86_64-linux-gnu.so`,
    /// `name.cp313-win_amd64.pyd` (PEP 3149).
    fn is_compiled(&self, path: &str) -> bool {
        /// A module compiled for every Python and platform has fewer files.
        const MOST: usize = 64;
        let is_module =
            |it: &str| it.ends_with(".so") || it.ends_with(".pyd") || it.ends_with(".pyc");
        self.beginning_with(&format!("{path}."))
            .take(MOST)
            .any(is_module)
    }

    fn beginning_with<'s>(&'s self, start: &'s str) -> impl Iterator<Item = &'p str> + 's {
        let range = (Bound::Included(start), Bound::Unbounded);
        self.members
            .range::<str, _>(range)
            .map(|(path, _)| *path)
            .take_while(move |path| path.starts_with(start))
    }
}
