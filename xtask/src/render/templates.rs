//! The templates, compiled, and what every page is given.

use std::collections::BTreeMap;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, ErrorKind, Output, State, UndefinedBehavior, Value};

use super::context::{HostBrief, StoreContext};
use super::words;
use crate::error::{Doing, Error};
use crate::merge::Store;

/// The templates of a site.
pub struct Templates {
    environment: Environment<'static>,
    /// Styles, scripts and drawings, by name.
    pub assets: BTreeMap<String, String>,
}

impl Templates {
    /// Compiles `files`, the texts by name: `.html` are templates, `.css`, `.js` and `.svg` are assets.
    ///
    /// # Errors
    /// When a template can not be compiled; the message has its name and line.
    pub fn new(files: BTreeMap<String, String>) -> Result<Templates, Error> {
        let mut environment = Environment::new();
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(syntax.doing(|| "preparing templates".to_owned())?);
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_debug(true);
        environment.set_formatter(format);
        let mut assets = BTreeMap::new();
        for (name, text) in files {
            if name.ends_with(".html") {
                environment.add_template_owned(name.clone(), text).doing(|| format!("compiling the template {name}"))?;
            } else if [".css", ".js", ".svg"].iter().any(|ending| name.ends_with(ending)) && !name.contains('/') {
                assets.insert(name, text);
            }
        }
        Ok(Templates { environment, assets })
    }

    /// The page that the template `name` makes of `context`.
    ///
    /// # Errors
    /// When the template has a fault; the message has its name and line.
    pub fn page(&self, name: &str, context: Value) -> Result<String, Error> {
        let template = self.environment.get_template(name).doing(|| format!("looking for the template {name}"))?;
        template.render(context).doing(|| format!("rendering the template {name}"))
    }
}

/// What every page is given, converted once.
pub struct Common<'s> {
    store: Value,
    hosts: Value,
    generated_at: String,
    generated_date: String,
    /// The base address of the store.
    pub url: &'s str,
    /// The title of the store.
    pub store_title: &'s str,
}

impl<'s> Common<'s> {
    /// What every page of `store` is given.
    pub fn of(store: &Store<'s>) -> Common<'s> {
        let hosts: Vec<HostBrief<'_>> = store.catalogue.hosts.values().map(|host| HostBrief::of(store, host)).collect();
        Common {
            store: Value::from(Serde(StoreContext::of(store.file))),
            hosts: Value::from(Serde(hosts)),
            generated_at: store.generated_at.to_string(),
            generated_date: words::date(store.generated_at),
            url: &store.file.url,
            store_title: &store.file.title,
        }
    }

    /// The context of one page: `path` is where it lies below the published folder, with a slash at its end.
    pub fn context(&self, path: &str, title: &str, description: &str, own: Vec<(&'static str, Value)>) -> Value {
        let root = "../".repeat(path.matches('/').count());
        self.context_below(root, Some(format!("{}{path}", self.url)), title, description, own)
    }

    /// The context of a page that is shown at addresses of any depth: everything it names is absolute.
    pub fn context_anywhere(&self, title: &str, own: Vec<(&'static str, Value)>) -> Value {
        let root = url::Url::parse(self.url).map_or_else(|_| "/".to_owned(), |url| url.path().to_owned());
        self.context_below(root, None, title, "", own)
    }

    fn context_below(
        &self,
        root: String,
        canonical: Option<String>,
        title: &str,
        description: &str,
        own: Vec<(&'static str, Value)>,
    ) -> Value {
        let shared = [
            ("store", self.store.clone()),
            ("hosts", self.hosts.clone()),
            ("generated_at", Value::from(self.generated_at.as_str())),
            ("generated_date", Value::from(self.generated_date.as_str())),
            ("root", Value::from(root)),
            ("canonical", canonical.map_or_else(|| Value::from(()), Value::from)),
            ("title", Value::from(title)),
            ("description", Value::from(description)),
        ];
        Value::from(shared.into_iter().chain(own).collect::<BTreeMap<&'static str, Value>>())
    }
}

/// Writes a value of a template: escaped for HTML, but for `/`, which needs no escape and stands in every address.
/// That something is `none` and printed all the same is a fault of the template.
fn format(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), minijinja::Error> {
    if value.is_none() {
        return Err(minijinja::Error::new(ErrorKind::InvalidOperation, "`none` is printed: write `{{ x or \"\" }}` or test it first"));
    }
    match value.as_str() {
        Some(text) if !value.is_safe() && *state.auto_escape() == AutoEscape::Html => {
            out.write_str(&words::xml(text)).map_err(|_| minijinja::Error::new(ErrorKind::WriteFailure, "the page could not be written"))
        }
        _ => minijinja::escape_formatter(out, state, value),
    }
}
