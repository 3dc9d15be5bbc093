//! The constants of a module: what its top-level names are, as far as the text alone says it.

use std::collections::BTreeMap;
use std::ops::Range;

use ruff_python_ast::{Expr, ExprStringLiteral, Stmt, StmtAnnAssign, StmtAssign};
use ruff_text_size::Ranged;

use super::bindings::{Binding, Bindings, apart, bytes_of, parsed};

/// What a module says that a reader can take without running it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Constants {
    /// By name, each as it is bound last.
    pub names: BTreeMap<String, Constant>,
    /// Where the source is no Python: the place and what is so there.
    pub error: Option<(Range<usize>, String)>,
    /// Whether the source was not read at all: too large, or nested too deep.
    pub is_unread: bool,
}

/// What a name is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constant {
    /// The whole statement; of a name that is bound in another way, where it stands.
    pub bytes: Range<usize>,
    /// Its value.
    pub literal: Literal,
}

/// A value, as the text alone says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// A text.
    Text(String),
    /// A tuple of texts.
    Tuple(Vec<String>),
    /// A list of texts.
    List(Vec<String>),
    /// `None`.
    Nothing,
    /// What can not be known without running it, or is of another type.
    Other,
}

impl Constants {
    /// Reads a source, and runs nothing of it.
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

/// A name that is bound last by something else than an assignment of its own at top level: in a
/// branch, by an import, as a function.
fn elsewhere(binding: Binding) -> Constant {
    Constant {
        bytes: binding.bytes,
        literal: Literal::Other,
    }
}

/// The last plain assignment of each name at top level, with the place of that name.
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
