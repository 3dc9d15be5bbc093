//! Constants of a module: the values of its top-level names, as far as the text alone shows them.

use std::collections::BTreeMap;
use std::ops::Range;

use ruff_python_ast::{Expr, ExprStringLiteral, Stmt, StmtAnnAssign, StmtAssign};
use ruff_text_size::Ranged;

use super::bindings::{Binding, Bindings, apart, bytes_of, parsed};

/// Constants of a module, known without running it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Constants {
    /// Constants by name, each with its last binding.
    pub names: BTreeMap<String, Constant>,
    /// Byte range and message of a syntax error.
    pub error: Option<(Range<usize>, String)>,
    /// `true` if the source was not read: too large, or nested too deeply.
    pub is_unread: bool,
}

/// Constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constant {
    /// Byte range of the whole statement; for a name that is bound otherwise, that of the name.
    pub bytes: Range<usize>,
    /// Value of the constant.
    pub literal: Literal,
}

/// Value, as far as the text alone shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// String.
    Text(String),
    /// Tuple of strings.
    Tuple(Vec<String>),
    /// List of strings.
    List(Vec<String>),
    /// Python's `None`.
    Nothing,
    /// Value of another type, or unknown without running it.
    Other,
}

impl Constants {
    /// Parses a source without executing it.
    pub fn parse(source: &str) -> Constants {
        let bindings = Bindings::parse(source);
        let plain = apart(source, || assigned(parsed(source).suite()));
        let is_unread = plain.is_none();
        let mut plain = plain.unwrap_or_default();
        let names = bindings.names.into_iter().map(|(name, binding)| {
            let constant = plain
                .remove(&name)
                .filter(|(place, _)| *place == binding.bytes)
                .map(|(_, constant)| constant);
            (name, constant.unwrap_or_else(|| elsewhere(binding)))
        });
        Constants {
            names: names.collect(),
            error: bindings.error,
            is_unread,
        }
    }
}

/// Returns the constant of a name whose last binding is not a plain top-level assignment, but in
/// a branch, an import or a function.
fn elsewhere(binding: Binding) -> Constant {
    Constant {
        bytes: binding.bytes,
        literal: Literal::Other,
    }
}

/// Returns the last plain top-level assignment of each name, with the byte range of the name.
fn assigned(suite: &[Stmt]) -> BTreeMap<String, (Range<usize>, Constant)> {
    let mut found = BTreeMap::new();
    for statement in suite {
        let (target, value) = match statement {
            Stmt::Assign(StmtAssign { targets, value, .. }) if targets.len() == 1 => {
                (&targets[0], value)
            }
            Stmt::AnnAssign(StmtAnnAssign {
                target,
                value: Some(value),
                ..
            }) => (target.as_ref(), value),
            _ => continue,
        };
        let Expr::Name(name) = target else { continue };
        let constant = Constant {
            bytes: bytes_of(statement.range()),
            literal: literal(value),
        };
        found.insert(name.id.to_string(), (bytes_of(name.range), constant));
    }
    found
}

fn literal(value: &Expr) -> Literal {
    let texts = |items: &[Expr]| items.iter().map(text).collect::<Option<Vec<String>>>();
    match value {
        Expr::StringLiteral(it) => Literal::Text(written(it)),
        Expr::Tuple(it) => texts(&it.elts).map_or(Literal::Other, Literal::Tuple),
        Expr::List(it) => texts(&it.elts).map_or(Literal::Other, Literal::List),
        Expr::NoneLiteral(_) => Literal::Nothing,
        _ => Literal::Other,
    }
}

fn text(value: &Expr) -> Option<String> {
    match value {
        Expr::StringLiteral(it) => Some(written(it)),
        _ => None,
    }
}

fn written(it: &ExprStringLiteral) -> String {
    it.value.to_str().to_owned()
}
