//! Values as far as the text shows them: whether they are callable, and with how many arguments.

use std::collections::BTreeMap;

use ruff_python_ast::{self as ast, Expr, Stmt};

use super::{Binding, Value};

/// Decorators that keep the signature.
const TRANSPARENT: &[&str] = &[
    "cache",
    "lru_cache",
    "final",
    "override",
    "no_type_check",
    "hookimpl",
];

/// Returns the value of `expression`, given the preceding bindings.
pub(super) fn of(expression: &Expr, names: &BTreeMap<String, Binding>) -> Value {
    match expression {
        Expr::Lambda(it) => Value::Callable {
            required: it.parameters.as_deref().map_or(0, required),
        },
        Expr::Name(it) => names
            .get(it.id.as_str())
            .map_or(Value::Unknown, |known| known.value.clone()),
        Expr::Named(it) => of(&it.value, names),
        Expr::If(it) => {
            let (one, other) = (of(&it.body, names), of(&it.orelse, names));
            if one == other { one } else { Value::Unknown }
        }
        Expr::Call(it) => partial(it, names).unwrap_or_else(|| Value::Called {
            name: last_name(&it.func).to_owned(),
        }),
        Expr::UnaryOp(it) if of(&it.operand, names) == Value::Literal => Value::Literal,
        Expr::Dict(_) | Expr::Set(_) | Expr::List(_) | Expr::Tuple(_) => Value::Literal,
        Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => {
            Value::Literal
        }
        Expr::FString(_) | Expr::TString(_) | Expr::StringLiteral(_) | Expr::BytesLiteral(_) => {
            Value::Literal
        }
        Expr::NumberLiteral(_)
        | Expr::BooleanLiteral(_)
        | Expr::NoneLiteral(_)
        | Expr::EllipsisLiteral(_) => Value::Literal,
        _ => Value::Unknown,
    }
}

/// Returns the value of a function; unknown if it has an unknown decorator.
pub(super) fn of_function(it: &ast::StmtFunctionDef) -> Value {
    let is_transparent = |decorator: &ast::Decorator| {
        let expression = match &decorator.expression {
            Expr::Call(call) => &call.func,
            plain => plain,
        };
        TRANSPARENT.contains(&last_name(expression))
    };
    if it.decorator_list.iter().all(is_transparent) {
        Value::Callable {
            required: required(&it.parameters),
        }
    } else {
        Value::Unknown
    }
}

/// Returns the value of a class, which is called with the arguments of its `__init__`, except the
/// first.
pub(super) fn of_class(it: &ast::StmtClassDef) -> Value {
    let init = it.body.iter().find_map(|statement| match statement {
        Stmt::FunctionDef(it) if it.name.as_str() == "__init__" => Some(it),
        _ => None,
    });
    Value::Callable {
        required: init.map_or(0, |init| required(&init.parameters).saturating_sub(1)),
    }
}

/// Returns the number of arguments without a default.
fn required(parameters: &ast::Parameters) -> usize {
    parameters
        .iter_non_variadic_params()
        .filter(|it| it.default.is_none())
        .count()
}

/// Returns the value of `functools.partial` of a callable, which needs fewer arguments.
fn partial(it: &ast::ExprCall, names: &BTreeMap<String, Binding>) -> Option<Value> {
    if last_name(&it.func) != "partial" {
        return None;
    }
    let Value::Callable { required } = of(it.arguments.args.first()?, names) else {
        return Some(Value::Unknown);
    };
    let is_spread = it.arguments.args.iter().any(Expr::is_starred_expr)
        || it.arguments.keywords.iter().any(|it| it.arg.is_none());
    if is_spread {
        return Some(Value::Callable { required: 0 });
    }
    let given = it.arguments.args.len() - 1 + it.arguments.keywords.len();
    Some(Value::Callable {
        required: required.saturating_sub(given),
    })
}

/// Returns `c` of `a.b.c`; empty for an expression without a name.
fn last_name(expression: &Expr) -> &str {
    match expression {
        Expr::Name(it) => it.id.as_str(),
        Expr::Attribute(it) => it.attr.as_str(),
        _ => "",
    }
}

/// Returns `true` for conditions that are false when a module is imported.
pub(super) fn is_never_true(test: &Expr) -> bool {
    match test {
        Expr::Compare(it) => {
            let sides = [Some(it.left.as_ref()), it.comparators.first()];
            let is_name = |side: &Expr| last_name(side) == "__name__";
            let is_main = |side: &Expr| matches!(side, Expr::StringLiteral(text) if text.value.to_str() == "__main__");
            let has =
                |holds: &dyn Fn(&Expr) -> bool| sides.iter().flatten().any(|side| holds(side));
            matches!(*it.ops, [ast::CmpOp::Eq]) && has(&is_name) && has(&is_main)
        }
        Expr::BooleanLiteral(it) => !it.value,
        other => last_name(other) == "TYPE_CHECKING",
    }
}

/// Returns `true` for `globals()` and `exec()`, which can bind any name.
pub(super) fn opens_a_module(function: &Expr) -> bool {
    matches!(function, Expr::Name(it) if matches!(it.id.as_str(), "globals" | "exec"))
}

/// Returns `true` for `sys.modules[__name__]`: the module itself, which can be replaced or given
/// any name.
pub(super) fn is_this_module(it: &ast::ExprSubscript) -> bool {
    last_name(&it.value) == "modules" && last_name(&it.slice) == "__name__"
}
