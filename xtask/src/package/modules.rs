//! Which modules a wheel puts where Python looks for them, from its list of members alone.

/// A module that importing can begin with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Module {
    /// Its dotted name; more than one part only for what a namespace package owns: `sphinxcontrib.katex`.
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
    /// An extension module.
    Compiled,
    /// A folder without `__init__` that holds modules (PEP 420).
    Namespace,
}
