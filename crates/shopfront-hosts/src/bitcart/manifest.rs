//! Manifest of a Bitcart plugin: its fields, and every rule that the server has, or lacks and is
//! harmed by.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::constraint::Constraint;
use super::folders;
use shopfront_diagnostics::{Diagnostic, Location};
use shopfront_model::codes::bad_manifest_value;
use shopfront_model::codes::missing_manifest_field;
use shopfront_model::codes::old_manifest;
use shopfront_text::{is_blank, one_line};

/// Fields of a manifest; empty if the manifest has no usable value.
#[derive(Default)]
pub(super) struct Manifest {
    pub(super) name: String,
    pub(super) author: String,
    pub(super) version: String,
    pub(super) constraint: String,
    pub(super) description: Option<String>,
    pub(super) license: Option<String>,
    pub(super) website: Option<String>,
    pub(super) source_url: Option<String>,
    pub(super) docs_url: Option<String>,
    pub(super) installs: Vec<Install>,
}

/// Part of a plugin with its target.
pub(super) struct Install {
    pub(super) kind: Kind,
    pub(super) path: String,
    /// Index in the list.
    pub(super) index: usize,
}

/// Component that a part extends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    /// Admin panel.
    Admin,
    /// Storefront for buyers.
    Store,
    /// Server.
    Backend,
    /// Additional services.
    Docker,
}

impl Kind {
    /// Returns the name in manifests.
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Admin => "admin",
            Kind::Store => "store",
            Kind::Backend => "backend",
            Kind::Docker => "docker",
        }
    }

    fn of(name: &str) -> Option<Kind> {
        [Kind::Admin, Kind::Store, Kind::Backend, Kind::Docker]
            .into_iter()
            .find(|kind| kind.name() == name)
    }
}

/// Returns the location of a JSON Pointer in a manifest; if it does not exist, that of the
/// nearest enclosing value.
pub(super) type Places<'p> = &'p dyn Fn(&str) -> Location;

impl Manifest {
    /// Returns the fields of `value` and its diagnostics.
    pub(super) fn read(value: &Value, place: Places<'_>) -> (Manifest, Vec<Diagnostic>) {
        let Some(fields) = value.as_object() else {
            let fault = bad_manifest_value::diagnostic(
                place(""),
                "not an object",
                "the manifest is not an object",
            );
            return (
                Manifest::default(),
                vec![fault.help("write it as `{ \"name\": …, \"author\": …, … }`")],
            );
        };
        let mut rules = Rules {
            fields,
            place,
            found: Vec::new(),
        };
        let is_old = rules.old_form();
        let manifest = Manifest {
            name: rules.folder_name("name"),
            author: if fields.contains_key("author") || !is_old {
                rules.folder_name("author")
            } else {
                String::new()
            },
            version: rules.required("version").unwrap_or_default(),
            constraint: rules.constraint(is_old).unwrap_or_default(),
            description: rules.text("description"),
            license: rules.text("license"),
            website: rules.text("website"),
            source_url: rules.text("source_url"),
            docs_url: rules.text("docs_url"),
            installs: rules.installs(),
        };
        rules.same_target(&manifest);
        (manifest, rules.found)
    }
}

/// Maximum number of parts that are read: each is compared with all previous ones.
const MAX_INSTALLS: usize = 200;

struct Rules<'m> {
    fields: &'m Map<String, Value>,
    place: Places<'m>,
    found: Vec<Diagnostic>,
}

impl Rules<'_> {
    fn bad(&mut self, pointer: &str, label: &str, message: String, help: impl Into<String>) {
        self.found
            .push(bad_manifest_value::diagnostic((self.place)(pointer), label, message).help(help));
    }

    fn missing(&mut self, above: &str, field: &str) {
        let whole = if above.is_empty() {
            "the manifest"
        } else {
            "`constraints`"
        };
        let message = format!("{whole} has no `{field}`");
        let help = EXAMPLES
            .iter()
            .find(|(name, _)| *name == field)
            .map(|(_, example)| format!("add `{example}`"));
        self.found.push(
            missing_manifest_field::diagnostic(
                (self.place)(above),
                format!("no `{field}`"),
                message,
            )
            .help_if(help),
        );
    }

    /// Reports a manifest from before 2023, when Bitcart was BitcartCC, in one diagnostic.
    fn old_form(&mut self) -> bool {
        let lacks = |field: &str| !self.fields.contains_key(field);
        let organization = (lacks("author") && !lacks("organization")).then_some("/organization");
        let constraints = self.fields.get("constraints").and_then(Value::as_object);
        let constraint =
            constraints.filter(|it| it.contains_key("bitcartcc") && !it.contains_key("bitcart"));
        let constraint = constraint.map(|_| "/constraints/bitcartcc");
        let mut signs = organization.into_iter().chain(constraint);
        let Some(first) = signs.next() else {
            return false;
        };
        let what = if organization.is_some() {
            "an `organization`"
        } else {
            "a constraint of `bitcartcc`"
        };
        let message = format!("the manifest has {what}: a form that Bitcart gave up in 2023");
        let mut fault = old_manifest::diagnostic((self.place)(first), "of BitcartCC", message);
        if let Some(second) = signs.next() {
            fault = fault.with_secondary((self.place)(second), "of BitcartCC too");
        }
        self.found.push(fault.help("write `\"author\"` and `\"constraints\": { \"bitcart\": \"\" }`, as schema 1.3.0 has them"));
        true
    }

    /// Returns the text of a field; `None` if it is missing or not a string.
    fn text(&mut self, field: &str) -> Option<String> {
        match self.fields.get(field)? {
            Value::String(text) => Some(text.clone()),
            other => {
                let message = format!("`{field}` is {}, not a text", type_of(other));
                self.bad(
                    &format!("/{field}"),
                    "not a text",
                    message,
                    "put it in double quotes",
                );
                None
            }
        }
    }

    fn required(&mut self, field: &str) -> Option<String> {
        if !self.fields.contains_key(field) {
            self.missing("", field);
        }
        self.text(field)
    }

    /// Returns a field that becomes the name of a directory.
    fn folder_name(&mut self, field: &str) -> String {
        let Some(name) = self.required(field) else {
            return String::new();
        };
        let Some(fault) = folders::fault_of_name(&name) else {
            return name;
        };
        let named = if is_blank(&name) {
            "it".to_owned()
        } else {
            format!("`{}`", one_line(&name, 80))
        };
        let message = format!("`{field}` becomes a folder of the server, and {named} {fault}");
        self.bad(
            &format!("/{field}"),
            "no name of a folder",
            message,
            "write a name without `/`, such as `mira` or `Tide tables`",
        );
        String::new()
    }

    fn constraint(&mut self, is_old: bool) -> Option<String> {
        let constraints = match self.fields.get("constraints") {
            Some(Value::Object(constraints)) => constraints,
            Some(other) => {
                let message = format!("`constraints` is {}, not an object", type_of(other));
                self.bad(
                    "/constraints",
                    "not an object",
                    message,
                    "write `{ \"bitcart\": \"\" }`",
                );
                return None;
            }
            None => {
                self.missing("", "constraints");
                return None;
            }
        };
        match constraints.get("bitcart") {
            Some(Value::String(written)) => match Constraint::parse(written) {
                Ok(_) => Some(written.trim().to_owned()),
                Err(fault) => {
                    let message =
                        format!("the constraint `{}` {}", one_line(written, 80), fault.says);
                    self.bad(
                        "/constraints/bitcart",
                        "no specifier set",
                        message,
                        fault.help,
                    );
                    None
                }
            },
            Some(other) => {
                let message = format!(
                    "the constraint of `bitcart` is {}, not a text",
                    type_of(other)
                );
                self.bad(
                    "/constraints/bitcart",
                    "not a text",
                    message,
                    "write a specifier set in double quotes: `\">=0.10.0\"`",
                );
                None
            }
            None => {
                if !is_old {
                    self.missing("/constraints", "bitcart");
                }
                None
            }
        }
    }

    fn installs(&mut self) -> Vec<Install> {
        match self.fields.get("installs") {
            Some(Value::Array(items)) => {
                if items.len() > MAX_INSTALLS {
                    let message = format!(
                        "`installs` has {} parts; {MAX_INSTALLS} is the most that are read",
                        items.len()
                    );
                    self.bad(
                        "/installs",
                        "too many parts",
                        message,
                        "write one part for each folder of the plugin",
                    );
                }
                let items = items.iter().take(MAX_INSTALLS).enumerate();
                items
                    .filter_map(|(index, item)| self.install(index, item))
                    .collect()
            }
            Some(other) => {
                let message = format!("`installs` is {}, not a list", type_of(other));
                self.bad(
                    "/installs",
                    "not a list",
                    message,
                    "write `[{ \"type\": \"backend\", \"path\": \"src/backend/example\" }]`",
                );
                Vec::new()
            }
            None => {
                self.missing("", "installs");
                Vec::new()
            }
        }
    }

    fn install(&mut self, index: usize, item: &Value) -> Option<Install> {
        let at = format!("/installs/{index}");
        let Some(fields) = item.as_object() else {
            let message = format!("an install is {}, not an object", type_of(item));
            self.bad(
                &at,
                "not an object",
                message,
                "write `{ \"type\": \"backend\", \"path\": \"src/backend/example\" }`",
            );
            return None;
        };
        let kind = self
            .item_text(fields, &at, "type")
            .and_then(|name| self.kind(&name, &at));
        let path = self.item_text(fields, &at, "path")?;
        if let Some(fault) = folders::fault_of_path(&path) {
            let message = if path.is_empty() {
                format!("a path {fault}")
            } else {
                format!("the path `{}` {fault}", one_line(&path, 80))
            };
            self.bad(
                &format!("{at}/path"),
                "no folder of the plugin",
                message,
                "name a folder of the archive, such as `src/backend/example`",
            );
            return None;
        }
        Some(Install {
            kind: kind?,
            path,
            index,
        })
    }

    fn item_text(&mut self, fields: &Map<String, Value>, at: &str, field: &str) -> Option<String> {
        match fields.get(field) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(other) => {
                let message = format!("`{field}` of an install is {}, not a text", type_of(other));
                self.bad(
                    &format!("{at}/{field}"),
                    "not a text",
                    message,
                    "put it in double quotes",
                );
                None
            }
            None => {
                let message = format!("an install has no `{field}`");
                let fault = missing_manifest_field::diagnostic(
                    (self.place)(at),
                    format!("no `{field}`"),
                    message,
                );
                self.found.push(
                    fault.help(
                        "write `{ \"type\": \"backend\", \"path\": \"src/backend/example\" }`",
                    ),
                );
                None
            }
        }
    }

    fn kind(&mut self, name: &str, at: &str) -> Option<Kind> {
        let kind = Kind::of(name);
        let pointer = format!("{at}/type");
        match (kind, name) {
            (Some(_), _) => {}
            // The schema allows it, but the server has no directory for it: HTTP 500.
            (None, "daemon") => {
                let message = "the server fails when it installs a part of type `daemon`, though its schema has it".to_owned();
                self.bad(
                    &pointer,
                    "makes the installer fail",
                    message,
                    "run the daemon as a service of a `docker` part",
                );
            }
            (None, _) => {
                let message = format!("no part is of type `{}`", one_line(name, 40));
                self.bad(
                    &pointer,
                    "unknown",
                    message,
                    "write `backend`, `admin`, `store` or `docker`",
                );
            }
        }
        kind
    }

    /// Parts are moved one by one: a move deletes its target, and a moved directory no longer
    /// exists.
    fn same_target(&mut self, manifest: &Manifest) {
        let target = |it: &Install| {
            (
                it.kind,
                folders::target(it.kind, &manifest.author, &it.path),
            )
        };
        for (at, install) in manifest.installs.iter().enumerate() {
            let earlier = &manifest.installs[..at];
            let path = folders::plain(&install.path);
            let moved = earlier
                .iter()
                .find(|it| is_within(&path, &folders::plain(&it.path)));
            let replaced = || earlier.iter().find(|it| target(it) == target(install));
            let (other, message) = match (moved, replaced()) {
                (Some(other), _) => (
                    other,
                    format!(
                        "`{path}` is gone when it is installed: `{}` was moved before",
                        one_line(&other.path, 80)
                    ),
                ),
                (None, Some(other)) => (
                    other,
                    format!(
                        "two {} parts are called `{}`, and the later one replaces the other",
                        install.kind.name(),
                        folders::last_part(&path)
                    ),
                ),
                (None, None) => continue,
            };
            let fault = bad_manifest_value::diagnostic(
                (self.place)(&format!("/installs/{}/path", install.index)),
                "in conflict",
                message,
            )
            .with_secondary(
                (self.place)(&format!("/installs/{}/path", other.index)),
                "with this one",
            );
            self.found
                .push(fault.help("give each part a folder of its own, with a name of its own"));
        }
    }
}

fn is_within(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Examples for missing fields.
const EXAMPLES: &[(&str, &str)] = &[
    ("name", "\"name\": \"Example\""),
    ("author", "\"author\": \"mira\""),
    ("version", "\"version\": \"1.0.0\""),
    ("constraints", "\"constraints\": { \"bitcart\": \"\" }"),
    ("bitcart", "\"bitcart\": \"\""),
    (
        "installs",
        "\"installs\": [{ \"type\": \"backend\", \"path\": \"src/backend/example\" }]",
    ),
];

/// Returns the type of a value in words.
pub(super) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
