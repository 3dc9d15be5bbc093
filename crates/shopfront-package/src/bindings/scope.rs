//! Statements of a module in the order of execution, and the names that they bind.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ast, ExceptHandler, Expr, Pattern, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::{Binding, Bindings, Value, bytes_of, values};

/// Returns the bindings of `suite`, the statements of a module.
pub(super) fn bindings(suite: &[Stmt]) -> Bindings {
    let mut scope = Scope {
        bindings: Bindings::default(),
        is_conditional: false,
    };
    scope.suite(suite);
    let mut elsewhere = Elsewhere {
        scope: &mut scope,
        inner: 0,
    };
    for statement in suite {
        elsewhere.visit_stmt(statement);
    }
    scope.bindings
}

struct Scope {
    bindings: Bindings,
    /// `true` if the current statement may not run, or not completely.
    is_conditional: bool,
}

impl Scope {
    fn suite(&mut self, suite: &[Stmt]) {
        for statement in suite {
            self.statement(statement);
        }
    }

    fn conditional(&mut self, suite: &[Stmt]) {
        let outer = std::mem::replace(&mut self.is_conditional, true);
        self.suite(suite);
        self.is_conditional = outer;
    }

    fn statement(&mut self, statement: &Stmt) {
        match statement {
            Stmt::FunctionDef(it) => self.function(it),
            Stmt::ClassDef(it) => self.bind(&it.name, it.name.range, values::of_class(it)),
            Stmt::Assign(it) => {
                let value = values::of(&it.value, &self.bindings.names);
                it.targets
                    .iter()
                    .for_each(|target| self.target(target, &value));
            }
            Stmt::AnnAssign(it) => {
                if let Some(value) = &it.value {
                    let value = values::of(value, &self.bindings.names);
                    self.target(&it.target, &value);
                }
            }
            Stmt::AugAssign(it) => self.target(&it.target, &Value::Unknown),
            Stmt::TypeAlias(it) => self.target(&it.name, &Value::Unknown),
            Stmt::Delete(it) => it.targets.iter().for_each(|target| self.delete(target)),
            Stmt::Import(it) => it.names.iter().for_each(|alias| self.import(alias)),
            Stmt::ImportFrom(it) => it.names.iter().for_each(|alias| self.import_from(alias)),
            _ => self.compound(statement),
        }
    }

    fn compound(&mut self, statement: &Stmt) {
        match statement {
            Stmt::If(it) => self.branches(it),
            Stmt::For(it) => {
                self.target(&it.target, &Value::Unknown);
                self.conditional(&it.body);
                self.conditional(&it.orelse);
            }
            Stmt::While(it) => {
                self.conditional(&it.body);
                self.conditional(&it.orelse);
            }
            Stmt::With(it) => {
                it.items
                    .iter()
                    .filter_map(|item| item.optional_vars.as_deref())
                    .for_each(|target| self.target(target, &Value::Unknown));
                self.suite(&it.body);
            }
            Stmt::Try(it) => {
                self.conditional(&it.body);
                for ExceptHandler::ExceptHandler(handler) in &it.handlers {
                    self.conditional(&handler.body);
                }
                self.conditional(&it.orelse);
                self.suite(&it.finalbody);
            }
            Stmt::Match(it) => {
                for case in &it.cases {
                    Captures(self).visit_pattern(&case.pattern);
                    self.conditional(&case.body);
                }
            }
            _ => {}
        }
    }

    /// Handles branches: the body of `if TYPE_CHECKING:` or `if __name__ == "__main__":` does not
    /// run on import.
    fn branches(&mut self, it: &ast::StmtIf) {
        if !values::is_never_true(&it.test) {
            self.conditional(&it.body);
        }
        for clause in &it.elif_else_clauses {
            if !clause.test.as_ref().is_some_and(values::is_never_true) {
                self.conditional(&clause.body);
            }
        }
    }

    fn function(&mut self, it: &ast::StmtFunctionDef) {
        // PEP 562: it is called for missing names.
        if it.name.as_str() == "__getattr__" {
            self.bindings.is_open = true;
        }
        self.bind(&it.name, it.name.range, values::of_function(it));
    }

    fn target(&mut self, target: &Expr, value: &Value) {
        match target {
            Expr::Name(it) => self.bind(it.id.as_str(), it.range, value.clone()),
            Expr::Tuple(it) => it
                .elts
                .iter()
                .for_each(|part| self.target(part, &Value::Unknown)),
            Expr::List(it) => it
                .elts
                .iter()
                .for_each(|part| self.target(part, &Value::Unknown)),
            Expr::Starred(it) => self.target(&it.value, &Value::Literal),
            _ => {}
        }
    }

    fn delete(&mut self, target: &Expr) {
        match target {
            Expr::Name(it) if self.is_conditional => {
                if let Some(binding) = self.bindings.names.get_mut(it.id.as_str()) {
                    binding.value = Value::Unknown;
                }
            }
            Expr::Name(it) => {
                self.bindings.names.remove(it.id.as_str());
            }
            Expr::Tuple(it) => it.elts.iter().for_each(|part| self.delete(part)),
            Expr::List(it) => it.elts.iter().for_each(|part| self.delete(part)),
            _ => {}
        }
    }

    /// Binds `a` for `import a.b`, and `c` for `import a.b as c`.
    fn import(&mut self, alias: &ast::Alias) {
        let (name, range) = match &alias.asname {
            Some(name) => (name.as_str(), name.range),
            None => (
                alias.name.as_str().split('.').next().unwrap_or_default(),
                alias.name.range,
            ),
        };
        self.bind(name, range, Value::Unknown);
    }

    fn import_from(&mut self, alias: &ast::Alias) {
        if alias.name.as_str() == "*" {
            self.bindings.is_open = true;
            return;
        }
        let name = alias.asname.as_ref().unwrap_or(&alias.name);
        self.bind(name, name.range, Value::Unknown);
    }

    /// Binds a name. If two bindings are possible, the value is unknown.
    fn bind(&mut self, name: &str, range: TextRange, value: Value) {
        let binding = Binding {
            value,
            bytes: bytes_of(range),
        };
        match self.bindings.names.get_mut(name) {
            Some(known) if self.is_conditional && known.value != binding.value => {
                known.value = Value::Unknown
            }
            Some(known) => *known = binding,
            None => {
                self.bindings.names.insert(name.to_owned(), binding);
            }
        }
    }

    fn bind_if_new(&mut self, name: &str, range: TextRange) {
        let unknown = || Binding {
            value: Value::Unknown,
            bytes: bytes_of(range),
        };
        self.bindings
            .names
            .entry(name.to_owned())
            .or_insert_with(unknown);
    }
}

/// Names that patterns of `match` bind.
struct Captures<'s>(&'s mut Scope);

impl<'a> Visitor<'a> for Captures<'_> {
    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        let name = match pattern {
            Pattern::MatchAs(it) => it.name.as_ref(),
            Pattern::MatchStar(it) => it.name.as_ref(),
            Pattern::MatchMapping(it) => it.rest.as_ref(),
            _ => None,
        };
        if let Some(name) = name {
            self.0.bind_if_new(name, name.range);
        }
        visitor::walk_pattern(self, pattern);
    }
}

/// Bindings within expressions and functions: `:=`, `global`, and dynamic bindings.
struct Elsewhere<'s> {
    scope: &'s mut Scope,
    /// Number of enclosing functions, classes and lambdas.
    inner: usize,
}

impl<'a> Visitor<'a> for Elsewhere<'_> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        if let Stmt::Global(it) = statement {
            it.names
                .iter()
                .for_each(|name| self.scope.bind_if_new(name, name.range));
        }
        let is_inner = usize::from(matches!(
            statement,
            Stmt::FunctionDef(_) | Stmt::ClassDef(_)
        ));
        self.inner += is_inner;
        visitor::walk_stmt(self, statement);
        self.inner -= is_inner;
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Named(it) if self.inner == 0 => {
                if let Expr::Name(name) = it.target.as_ref() {
                    self.scope.bind_if_new(name.id.as_str(), name.range());
                }
            }
            Expr::Call(it) if values::opens_a_module(&it.func) => {
                self.scope.bindings.is_open = true
            }
            Expr::Subscript(it) if values::is_this_module(it) => self.scope.bindings.is_open = true,
            _ => {}
        }
        let is_inner = usize::from(matches!(expression, Expr::Lambda(_)));
        self.inner += is_inner;
        visitor::walk_expr(self, expression);
        self.inner -= is_inner;
    }
}
