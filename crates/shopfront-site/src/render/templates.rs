//! The templates, compiled, with the words that they say.

use std::collections::BTreeMap;

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, ErrorKind, Output, State, UndefinedBehavior, Value};

use super::identicon;
use crate::language::Languages;
use shopfront_diagnostics::error::{Context, Error};
use shopfront_text::xml;

/// The templates of a site.
pub struct Templates {
    environment: Environment<'static>,
    /// Styles, scripts and drawings, by name.
    pub assets: BTreeMap<String, String>,
    /// The words of the interface.
    pub languages: Languages,
}

impl Templates {
    /// Compiles `layers` of texts by name: `.html` are templates, `.css`, `.js` and `.svg` are
    /// assets, `words/<tag>.json` are the words of a language. A later layer replaces a file of
    /// an earlier one, but words one by one.
    ///
    /// # Errors
    /// When a template can not be compiled, or a language does not say all that is asked for; the
    /// message says where.
    pub fn new(layers: &[BTreeMap<String, String>]) -> Result<Templates, Error> {
        let mut environment = Environment::new();
        let syntax = SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build();
        environment.set_syntax(syntax.with_context(|| "preparing templates".to_owned())?);
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_debug(true);
        environment.set_formatter(format);
        environment.add_filter("bdi", bdi);
        environment.add_filter("code", code_spans);
        environment.add_filter("mark", identicon::svg);
        let mut assets = BTreeMap::new();
        let files: BTreeMap<&String, &String> = layers.iter().flatten().collect();
        for (name, text) in files {
            if name.ends_with(".html") {
                environment
                    .add_template_owned(name.clone(), text.clone())
                    .with_context(|| format!("compiling the template {name}"))?;
            } else if [".css", ".js", ".svg"]
                .iter()
                .any(|ending| name.ends_with(ending))
                && !name.contains('/')
            {
                assets.insert(name.clone(), text.clone());
            }
        }
        Ok(Templates {
            environment,
            assets,
            languages: Languages::read(layers)?,
        })
    }

    /// The page that the template `name` makes of `context`.
    ///
    /// # Errors
    /// When the template has a fault; the message has its name and line.
    pub fn page(&self, name: &str, context: Value) -> Result<String, Error> {
        let template = self
            .environment
            .get_template(name)
            .with_context(|| format!("looking for the template {name}"))?;
        template
            .render(context)
            .with_context(|| format!("rendering the template {name}"))
    }
}

/// A stranger's words within ours: `<bdi>` keeps their direction from turning what stands around
/// them.
fn bdi(text: &str) -> Value {
    Value::from_safe_string(format!("<bdi>{}</bdi>", xml::escaped(text)))
}

/// A message of a check: what stands in backticks is code, as in Markdown; a backtick that is alone
/// stays one.
fn code_spans(text: &str) -> Value {
    let mut html = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, code, after)) = rest.split_once('`').and_then(|(before, behind)| {
        let (code, after) = behind.split_once('`')?;
        Some((before, code, after))
    }) {
        html.push_str(&xml::escaped(before));
        html.push_str("<code>");
        html.push_str(&xml::escaped(code));
        html.push_str("</code>");
        rest = after;
    }
    html.push_str(&xml::escaped(rest));
    Value::from_safe_string(html)
}

/// Writes a value of a template: escaped for HTML, but for `/`, which needs no escape and stands in
/// every address. That something is `none` and printed all the same is a fault of the template.
fn format(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), minijinja::Error> {
    if value.is_none() {
        return Err(minijinja::Error::new(
            ErrorKind::InvalidOperation,
            "`none` is printed: write `{{ x or \"\" }}` or test it first",
        ));
    }
    match value.as_str() {
        Some(text) if !value.is_safe() && *state.auto_escape() == AutoEscape::Html => {
            out.write_str(&xml::escaped(text)).map_err(|_| {
                minijinja::Error::new(ErrorKind::WriteFailure, "the page could not be written")
            })
        }
        _ => minijinja::escape_formatter(out, state, value),
    }
}

#[cfg(test)]
mod tests {
    use super::code_spans;

    #[test]
    fn what_stands_in_backticks_is_code_and_nothing_else_is_markup() {
        let cases = [
            ("`a` is gone", "<code>a</code> is gone"),
            (
                "needs `<b>&` and `c`",
                "needs <code>&lt;b&gt;&amp;</code> and <code>c</code>",
            ),
            ("one ` alone", "one ` alone"),
            ("`<script>", "`&lt;script&gt;"),
            ("``", "<code></code>"),
        ];
        for (text, html) in cases {
            assert_eq!(code_spans(text).to_string(), html);
        }
    }
}
