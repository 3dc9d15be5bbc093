//! Expressions of GitHub Actions, limited to those in the repository's workflows: `${{ … }}` in
//! texts, and conditions.

use serde_json::{Map, Value};

/// Data that an expression can access.
pub(super) struct Scope<'s> {
    /// `github`, `env`, `steps`, `needs`, `inputs`, `runner`, `job`, `matrix`.
    pub(super) contexts: &'s Map<String, Value>,
    /// `true` if an earlier step failed.
    pub(super) has_failed: bool,
}

/// Returns `text` with every expression replaced by its value.
pub(super) fn filled(text: &str, scope: &Scope<'_>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, from)) = rest.split_once("${{") {
        let (expression, after) = from.split_once("}}").expect("an expression ends");
        out.push_str(before);
        out.push_str(&as_text(&value(expression, scope)));
        rest = after;
    }
    out + rest
}

/// Returns `true` if a step or a job with this `if` runs. Without a status function, it runs only
/// if no step failed.
pub(super) fn holds(condition: Option<&str>, scope: &Scope<'_>) -> bool {
    let Some(condition) = condition else {
        return !scope.has_failed;
    };
    let plain = condition
        .trim()
        .trim_start_matches("${{")
        .trim_end_matches("}}");
    let asks_for_state = ["always()", "cancelled()", "failure()", "success()"]
        .iter()
        .any(|it| plain.contains(it));
    (asks_for_state || !scope.has_failed) && is_true(&value(plain, scope))
}

/// Returns the value of one expression.
pub(super) fn value(expression: &str, scope: &Scope<'_>) -> Value {
    let mut reader = Reader {
        rest: expression.trim_start(),
        scope,
    };
    let value = reader.either();
    assert!(
        reader.rest.is_empty(),
        "`{}` is left of `{expression}`",
        reader.rest
    );
    value
}

/// Returns a value as text like GitHub.
pub(super) fn as_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn is_true(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false)) && *value != 0 && *value != ""
}

struct Reader<'r> {
    rest: &'r str,
    scope: &'r Scope<'r>,
}

impl Reader<'_> {
    fn either(&mut self) -> Value {
        let mut left = self.both();
        while self.takes("||") {
            let right = self.both();
            left = if is_true(&left) { left } else { right };
        }
        left
    }

    fn both(&mut self) -> Value {
        let mut left = self.compared();
        while self.takes("&&") {
            let right = self.compared();
            left = if is_true(&left) { right } else { left };
        }
        left
    }

    fn compared(&mut self) -> Value {
        let left = self.single();
        if self.takes("==") {
            return Value::from(are_equal(&left, &self.single()));
        }
        if self.takes("!=") {
            return Value::from(!are_equal(&left, &self.single()));
        }
        left
    }

    fn single(&mut self) -> Value {
        if self.takes("!") {
            return Value::from(!is_true(&self.single()));
        }
        if self.takes("(") {
            let value = self.either();
            assert!(
                self.takes(")"),
                "a parenthesis is open before `{}`",
                self.rest
            );
            return value;
        }
        if let Some(text) = self.rest.strip_prefix('\'') {
            let (text, after) = text.split_once('\'').expect("a text ends");
            self.rest = after.trim_start();
            return Value::from(text);
        }
        let is_name = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-' | '.' | '*');
        let length = self.rest.find(|it| !is_name(it)).unwrap_or(self.rest.len());
        let (name, after) = self.rest.split_at(length);
        self.rest = after.trim_start();
        if self.takes("(") {
            self.called(name)
        } else {
            self.named(name)
        }
    }

    fn called(&mut self, name: &str) -> Value {
        let mut arguments = Vec::new();
        while !self.takes(")") {
            arguments.push(self.either());
            self.takes(",");
        }
        match name {
            "always" => Value::from(true),
            "cancelled" => Value::from(false),
            "failure" => Value::from(self.scope.has_failed),
            "success" => Value::from(!self.scope.has_failed),
            "toJSON" => Value::from(serde_json::to_string_pretty(&arguments[0]).unwrap()),
            "hashFiles" => Value::from("digest-of-files"),
            "format" => {
                let parts = arguments[1..].iter().enumerate();
                let text = parts.fold(as_text(&arguments[0]), |text, (at, part)| {
                    text.replace(&format!("{{{at}}}"), &as_text(part))
                });
                Value::from(text)
            }
            other => panic!("the function `{other}` is not known here"),
        }
    }

    /// Missing values are null, as on GitHub, but the case must define the context.
    fn named(&self, path: &str) -> Value {
        match path {
            "true" => return Value::from(true),
            "false" => return Value::from(false),
            _ => {}
        }
        let mut parts = path.split('.');
        let context = parts.next().unwrap_or_default();
        let mut value = self
            .scope
            .contexts
            .get(context)
            .unwrap_or_else(|| panic!("`{path}`: the case gives no `{context}`"));
        for part in parts {
            value = value.get(part).unwrap_or(&Value::Null);
        }
        // An event has all its fields: a field that the case omits is an error in the case or in
        // the workflow.
        assert!(
            context != "github" || !value.is_null(),
            "the case gives no `{path}`"
        );
        value.clone()
    }

    fn takes(&mut self, mark: &str) -> bool {
        // Excludes `!=`.
        let is_other = mark == "!" && self.rest.starts_with("!=");
        match self.rest.strip_prefix(mark).filter(|_| !is_other) {
            Some(after) => {
                self.rest = after.trim_start();
                true
            }
            None => false,
        }
    }
}

/// Compares values. Different types are compared as numbers: a missing value is 0, and so is an
/// empty text.
fn are_equal(left: &Value, right: &Value) -> bool {
    let number = |value: &Value| match value {
        Value::Null => Some(0.0),
        Value::Bool(is) => Some(f64::from(u8::from(*is))),
        Value::Number(number) => number.as_f64(),
        Value::String(text) if text.is_empty() => Some(0.0),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    match (left, right) {
        (Value::String(one), Value::String(other)) => one.eq_ignore_ascii_case(other),
        _ if std::mem::discriminant(left) == std::mem::discriminant(right) => left == right,
        _ => number(left).is_some_and(|left| number(right) == Some(left)),
    }
}

#[test]
fn expressions_mean_here_what_they_mean_on_github() {
    let contexts = serde_json::json!({"steps": {"a": {"outputs": {"x": "1", "y": ""}}}, "needs": {"b": {"result": "failure"}}});
    let scope = Scope {
        contexts: contexts.as_object().unwrap(),
        has_failed: false,
    };
    let cases = [
        (
            "steps.a.outputs.x == '1' && needs.b.result != 'success'",
            "true",
        ),
        ("steps.none.outputs.x == '' || ''", "true"),
        ("steps.a.outputs.x == '' || ''", ""),
        ("steps.a.outputs.y || 'other'", "other"),
        ("!(steps.a.outputs.x == '1') || !cancelled()", "true"),
        (
            "format('{0}:{1}', steps.a.outputs.x, needs.b.result)",
            "1:failure",
        ),
    ];
    for (expression, expected) in cases {
        assert_eq!(
            as_text(&value(expression, &scope)),
            expected,
            "{expression}"
        );
    }
    assert_eq!(
        filled("a ${{ steps.a.outputs.x }} b ${{ needs.b.result }}", &scope),
        "a 1 b failure"
    );
    let failed = Scope {
        has_failed: true,
        ..scope
    };
    let conditions = [
        None,
        Some("steps.a.outputs.x == '1'"),
        Some("always()"),
        Some("${{ !cancelled() }}"),
        Some("success()"),
    ];
    assert_eq!(
        conditions.map(|it| holds(it, &failed)),
        [false, false, true, true, false]
    );
}
