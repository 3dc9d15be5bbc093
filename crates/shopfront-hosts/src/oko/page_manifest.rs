//! `page_manifest.yaml`: the page of a plugin, and its capabilities. With one error, the
//! dashboard shows an empty page.

use std::collections::BTreeSet;

use super::fields::{Document, Field, Shape, TYPING, may, must};
use super::manifest::{self, Manifest};
use shopfront_diagnostics::Diagnostic;
use shopfront_json::yaml::{Kind, Node, Scalar};
use shopfront_model::bundle::Bundle;
use shopfront_model::codes::bad_manifest_value;
use shopfront_model::codes::undeclared_capability;
use shopfront_text::one_line;

/// Allowed names; the host uses the first that exists.
pub(super) const FILES: &[&str] = &[
    "page_manifest.yaml",
    "page_manifest.yml",
    "frontend_manifest.yaml",
    "frontend_manifest.yml",
];

/// Major version of both that the host supports.
const SUPPORTED: u64 = 1;

static FIELDS: &[Field] = &[
    must(&["plugin_id"], Shape::Text),
    must(&["version"], Shape::Text),
    must(&["manifest_version"], Shape::Text),
    may(&["plugin_api_version"], Shape::Text),
    may(&["capabilities"], Shape::List(&Shape::Text)),
    may(&["frontend"], Shape::Mapping(FRONTEND)),
    may(&["page"], Shape::Mapping(PAGE)),
    may(&["schema"], Shape::Mapping(&[])),
];
static FRONTEND: &[Field] = &[
    may(&["renderer"], Shape::OneOf(&["universal", "custom"])),
    may(&["sandbox"], Shape::FlagOrWord),
    may(
        &["customBundle", "custom_bundle"],
        Shape::Mapping(CUSTOM_BUNDLE),
    ),
];
static CUSTOM_BUNDLE: &[Field] = &[
    may(&["enabled"], Shape::FlagOrWord),
    may(&["entry"], Shape::TextOrNothing),
    may(&["integrity"], Shape::TextOrNothing),
    may(&["sandbox"], Shape::FlagOrWord),
];
static PAGE: &[Field] = &[
    may(&["enabled"], Shape::FlagOrWord),
    may(
        &["layout"],
        Shape::OneOf(&["content-only", "with-sidebar", "dashboard", "split-view"]),
    ),
    may(
        &["components"],
        Shape::List(&Shape::Typed(&[("text", TEXT), ("data-table", TABLE)])),
    ),
];
static TEXT: &[Field] = &[
    must(&["id"], Shape::Text),
    may(&["title"], Shape::TextOrNothing),
    must(&["text"], Shape::Text),
];
static TABLE: &[Field] = &[
    must(&["id"], Shape::Text),
    may(&["title"], Shape::TextOrNothing),
    may(&["columns"], Shape::List(&Shape::Mapping(COLUMN))),
    may(
        &["groupBy", "group_by"],
        Shape::List(&Shape::Mapping(GROUP)),
    ),
    must(SOURCE_NAMES, Shape::Mapping(SOURCE)),
    may(ACTION_NAMES, Shape::List(&Shape::Mapping(ACTION))),
];
static COLUMN: &[Field] = &[must(&["key"], Shape::Text), must(&["label"], Shape::Text)];
static GROUP: &[Field] = &[
    must(&["field"], Shape::Text),
    may(&["label"], Shape::TextOrNothing),
];
static SOURCE: &[Field] = &[
    may(&["type"], Shape::OneOf(&["http"])),
    must(&["endpoint"], Shape::Text),
    may(&["method"], Shape::OneOf(&["GET", "POST"])),
    may(&["capability"], Shape::TextOrNothing),
];
static ACTION: &[Field] = &[
    must(&["id"], Shape::Text),
    may(&["type"], Shape::OneOf(&["add-to-dashboard"])),
    may(&["label"], Shape::Text),
    may(&["capability"], Shape::TextOrNothing),
];
const SOURCE_NAMES: &[&str] = &["dataSource", "data_source"];
const ACTION_NAMES: &[&str] = &["rowActions", "row_actions"];

/// Visible content of a page manifest.
#[derive(Default)]
pub(super) struct Page {
    /// `true` if the page is shown.
    pub(super) is_enabled: bool,
    /// Declared capabilities.
    pub(super) capabilities: Vec<String>,
}

/// Reads the page manifest, if the plugin has one, and compares it with its `manifest`.
pub(super) fn read(bundle: &Bundle, manifest: &Manifest, found: &mut Vec<Diagnostic>) -> Page {
    let Some(name) = FILES.iter().find(|name| bundle.has(name)) else {
        return Page::default();
    };
    let Some(document) = Document::read(bundle, name, found) else {
        return Page::default();
    };
    document.judge(FIELDS, found);
    found.extend(other_plugin(bundle, &document, manifest));
    found.extend(
        ["manifest_version", "plugin_api_version"]
            .into_iter()
            .filter_map(|field| unsupported(&document, field)),
    );
    let declared = document.root.get("capabilities");
    let items = declared.map(Node::items).unwrap_or_default();
    let capabilities: Vec<String> = items
        .iter()
        .filter_map(|it| it.text(TYPING))
        .map(str::to_owned)
        .collect();
    // A value that is not a list has been reported already.
    let is_list = declared.is_none_or(|node| matches!(node.kind, Kind::Sequence(_)));
    let declared: BTreeSet<&str> = capabilities.iter().map(String::as_str).collect();
    for (node, used_by) in uses(&document.root).into_iter().filter(|_| is_list) {
        let capability = node.text(TYPING).map(str::trim).unwrap_or_default();
        if !capability.is_empty() && !declared.contains(capability) {
            found.push(undeclared(&document, node, capability, &used_by));
        }
    }
    let enabled = document
        .root
        .get("page")
        .and_then(|page| page.get("enabled"));
    let is_enabled = enabled.and_then(|node| node.scalar(TYPING)) == Some(Scalar::Bool(true));
    Page {
        is_enabled,
        capabilities,
    }
}

/// Reports different names in both manifests, which must be equal: the host looks up the page by
/// this name.
fn other_plugin(
    bundle: &Bundle,
    document: &Document<'_>,
    manifest: &Manifest,
) -> Option<Diagnostic> {
    let node = document.root.get("plugin_id")?;
    let (written, name) = (node.text(TYPING)?, manifest.name()?);
    if written == name {
        return None;
    }
    let message = format!(
        "`plugin_id` is `{}`, and the plugin is called `{name}`",
        one_line(written, 60)
    );
    let fault = bad_manifest_value::diagnostic(document.place(node), "another plugin", message)
        .help(format!("write `plugin_id: {name}`"));
    Some(match manifest.name_bytes() {
        Some(bytes) => fault.with_secondary(bundle.place(manifest::FILE, bytes), "its name"),
        None => fault,
    })
}

fn unsupported(document: &Document<'_>, field: &str) -> Option<Diagnostic> {
    let node = document.root.get(field)?;
    let written = node.text(TYPING)?;
    // The host treats a value that is not a number as 0: too old for one, old enough for the
    // other.
    let major: u64 = written
        .trim()
        .split('.')
        .next()
        .and_then(|it| it.trim().parse().ok())
        .unwrap_or_default();
    let is_supported = if field == "manifest_version" {
        major == SUPPORTED
    } else {
        major <= SUPPORTED
    };
    let message = format!(
        "`{field}` in `{}` is `{}`, and the host knows {SUPPORTED} alone",
        document.name,
        one_line(written, 40)
    );
    (!is_supported).then(|| {
        bad_manifest_value::diagnostic(document.place(node), "another version", message)
            .help(format!("write `{field}: \"1.0\"`"))
    })
}

/// Returns the capabilities that a component or one of its actions names, with their user.
fn uses(root: &Node) -> Vec<(&Node, String)> {
    let any = |node: &'_ Node, names: &[&str]| {
        names
            .iter()
            .find(|name| node.get(name).is_some())
            .map(|name| (*name).to_owned())
    };
    let components = root
        .get("page")
        .and_then(|page| page.get("components"))
        .map(Node::items)
        .unwrap_or_default();
    let mut found = Vec::new();
    for component in components {
        let id = |node: &Node| one_line(node.get("id").and_then(Node::written).unwrap_or("?"), 40);
        let source =
            any(component, SOURCE_NAMES).and_then(|name| component.get(&name)?.get("capability"));
        found.extend(source.map(|node| (node, format!("the component `{}`", id(component)))));
        let actions = any(component, ACTION_NAMES)
            .and_then(|name| component.get(&name))
            .map(Node::items)
            .unwrap_or_default();
        for action in actions {
            found.extend(
                action
                    .get("capability")
                    .map(|node| (node, format!("the action `{}`", id(action)))),
            );
        }
    }
    found
}

fn undeclared(document: &Document<'_>, node: &Node, capability: &str, used_by: &str) -> Diagnostic {
    let shown = one_line(capability, 80);
    let message = format!(
        "{used_by} uses the capability `{shown}`, which `capabilities` in `{}` does not list",
        document.name
    );
    let fault = undeclared_capability::diagnostic(document.place(node), "not declared", message);
    fault.help(format!(
        "add `- {shown}` to `capabilities`; until then the host shows an empty page"
    ))
}
