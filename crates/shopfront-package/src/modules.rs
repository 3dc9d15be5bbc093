//! Which modules a wheel puts where Python looks for them, from its list of members alone.

use std::collections::{BTreeMap, BTreeSet};

/// A module that importing can begin with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Module {
    /// Its dotted name; more than one part only for what a namespace package owns:
    /// `sphinxcontrib.katex`.
    pub name: String,
    /// What it is.
    pub kind: ModuleKind,
    /// The member that holds its source, where it has one: `example/__init__.py`, `example.py`.
    pub source: Option<String>,
}

/// What a module is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ModuleKind {
    /// A folder with `__init__`.
    Package,
    /// One `.py` file.
    File,
    /// An extension module, or bytecode without its source.
    Compiled,
    /// A folder without `__init__` that holds modules (PEP 420).
    Namespace,
}

/// Modules deeper than this in their folders are not looked for.
const DEEPEST: usize = 24;

/// Every module that importing can begin with, by name; `files` are the members that are plain
/// files, and `namespaces` is the text of `namespace_packages.txt`, the packages that an old wheel
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

/// The member that holds the source of the module `name`, were it installed: a package before a
/// file, as Python looks.
pub(crate) fn sources_of(name: &str) -> [String; 2] {
    let path = name.replace('.', "/");
    [format!("{path}/__init__.py"), format!("{path}.py")]
}

/// Where an installer puts `member` below the folder in which Python looks for modules; `None` when
/// it goes elsewhere.
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

/// One folder, as far as modules go.
#[derive(Default)]
struct Folder<'n> {
    folders: BTreeMap<&'n str, Folder<'n>>,
    files: BTreeMap<&'n str, (ModuleKind, &'n str)>,
}

impl<'n> Folder<'n> {
    /// Adds the file at `path` below this folder, where it is a module that can be imported by that
    /// path.
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
        // An extension module is taken before a source file, which is taken before bytecode.
        let is_better =
            |known: &(ModuleKind, &str)| is_extension(member) || known.1.ends_with(".pyc");
        if folder.files.get(name).is_none_or(is_better) {
            folder.files.insert(name, (kind, member));
        }
    }

    /// The modules right below this folder, and below the folders that are only shared names.
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
                // A module is found before a folder without `__init__`.
                None if self.files.contains_key(part) => {}
                _ => folder.modules(&format!("{name}."), namespaces, found),
            }
        }
    }
}

/// The name of the module that a file is, and its kind: `_speedups.cpython-313-x86_64-linux-gnu.so`
/// is `_speedups`.
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

/// Words of the language that no module can be called, though a file can.
const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

/// Whether an `import` can name it.
fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    let begins = characters
        .next()
        .is_some_and(|it| it.is_alphabetic() || it == '_');
    begins && characters.all(|it| it.is_alphanumeric() || it == '_') && !KEYWORDS.contains(&name)
}
