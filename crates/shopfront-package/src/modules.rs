//! Importable modules of a wheel, from its list of members alone.

use std::collections::{BTreeMap, BTreeSet};

/// Top-level importable module.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Module {
    /// Dotted name; it has several parts only below a namespace package: `sphinxcontrib.katex`.
    pub name: String,
    /// Type of the module.
    pub kind: ModuleKind,
    /// Member with its source, if it has one: `example/__init__.py`, `example.py`.
    pub source: Option<String>,
}

/// Types of modules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ModuleKind {
    /// Directory with `__init__`.
    Package,
    /// Single `.py` file.
    File,
    /// Extension module, or bytecode without source.
    Compiled,
    /// Directory with modules and without `__init__` (PEP 420).
    Namespace,
}

/// Maximum directory depth of modules.
const DEEPEST: usize = 24;

/// Returns the top-level importable modules by name. `files` are the members that are plain
/// files. `namespaces` is the text of `namespace_packages.txt`: the packages that an old wheel
/// shares with others.
pub fn modules<'n>(files: impl Iterator<Item = &'n str>, namespaces: &str) -> Vec<Module> {
    let mut root = Folder::default();
    for member in files {
        let Some(path) = installed_path(member) else {
            continue;
        };
        root.add(path, member);
    }
    let mut found = Vec::new();
    root.modules("", &namespaces.lines().map(str::trim).collect(), &mut found);
    found.sort();
    found
}

/// Returns the members that can contain the source of the module `name`: package first, then
/// file, in Python's lookup order.
pub(crate) fn sources_of(name: &str) -> [String; 2] {
    let path = name.replace('.', "/");
    [format!("{path}/__init__.py"), format!("{path}.py")]
}

/// Returns the installed path of `member` below the import directory of Python; `None` if it is
/// installed elsewhere.
pub fn installed_path(member: &str) -> Option<&str> {
    let (top, rest) = member.split_once('/').unwrap_or((member, ""));
    if top.ends_with(".dist-info") {
        return None;
    }
    if !top.ends_with(".data") {
        return Some(member);
    }
    rest.strip_prefix("purelib/")
        .or_else(|| rest.strip_prefix("platlib/"))
}

/// Directory, reduced to its modules.
#[derive(Default)]
struct Folder<'n> {
    folders: BTreeMap<&'n str, Folder<'n>>,
    files: BTreeMap<&'n str, (ModuleKind, &'n str)>,
}

impl<'n> Folder<'n> {
    /// Adds the file at `path` below this directory if it is a module that can be imported by
    /// that path.
    fn add(&mut self, path: &'n str, member: &'n str) {
        let (parents, file) = path
            .rsplit_once('/')
            .map_or((None, path), |(parents, file)| (Some(parents), file));
        let Some((name, kind)) = module_file(file) else {
            return;
        };
        let parents = || parents.into_iter().flat_map(|it| it.split('/'));
        if !is_identifier(name)
            || parents().take(DEEPEST + 1).count() > DEEPEST
            || !parents().all(is_identifier)
        {
            return;
        }
        let folder = parents().fold(self, |folder, part| folder.folders.entry(part).or_default());
        // An extension module takes precedence over a source file, which takes precedence over
        // bytecode.
        let is_better =
            |known: &(ModuleKind, &str)| is_extension(member) || known.1.ends_with(".pyc");
        if folder.files.get(name).is_none_or(is_better) {
            folder.files.insert(name, (kind, member));
        }
    }

    /// Adds the modules directly in this directory, and in subdirectories that are only shared
    /// namespaces.
    fn modules(&self, prefix: &str, namespaces: &BTreeSet<&str>, found: &mut Vec<Module>) {
        for (name, (kind, member)) in &self.files {
            let is_package = self
                .folders
                .get(name)
                .is_some_and(|it| it.files.contains_key("__init__"));
            if *name != "__init__" && !is_package {
                let source = (*kind == ModuleKind::File).then(|| (*member).to_owned());
                found.push(Module {
                    name: format!("{prefix}{name}"),
                    kind: *kind,
                    source,
                });
            }
        }
        for (part, folder) in &self.folders {
            let name = format!("{prefix}{part}");
            let is_shared = !folder.folders.is_empty() && namespaces.contains(name.as_str());
            match folder.files.get("__init__") {
                Some((kind, member)) if !is_shared => {
                    let source = (*kind == ModuleKind::File).then(|| (*member).to_owned());
                    found.push(Module {
                        name,
                        kind: ModuleKind::Package,
                        source,
                    });
                }
                None if !folder.files.is_empty() && !self.files.contains_key(part) => {
                    found.push(Module {
                        name,
                        kind: ModuleKind::Namespace,
                        source: None,
                    });
                }
                // A module takes precedence over a directory without `__init__`.
                None if self.files.contains_key(part) => {}
                _ => folder.modules(&format!("{name}."), namespaces, found),
            }
        }
    }
}

/// Returns the module name and the type of a file: `_speedups.cpython-313-x86_64-linux-gnu.so` is
/// `_speedups`.
fn module_file(file: &str) -> Option<(&str, ModuleKind)> {
    if let Some(name) = file.strip_suffix(".py") {
        return Some((name, ModuleKind::File));
    }
    if let Some(name) = file.strip_suffix(".pyc") {
        return Some((name, ModuleKind::Compiled));
    }
    if !is_extension(file) {
        return None;
    }
    let (stem, _) = file.rsplit_once('.')?;
    match stem.split_once('.') {
        None => Some((stem, ModuleKind::Compiled)),
        Some((name, tag)) => {
            let is_tag = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-');
            tag.bytes()
                .all(is_tag)
                .then_some((name, ModuleKind::Compiled))
        }
    }
}

fn is_extension(file: &str) -> bool {
    file.ends_with(".so") || file.ends_with(".pyd")
}

/// Keywords of the language, which cannot name a module, although they can name a file.
const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

/// Returns `true` if an `import` statement can contain the name.
fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    let begins = characters
        .next()
        .is_some_and(|it| it.is_alphabetic() || it == '_');
    begins && characters.all(|it| it.is_alphanumeric() || it == '_') && !KEYWORDS.contains(&name)
}
