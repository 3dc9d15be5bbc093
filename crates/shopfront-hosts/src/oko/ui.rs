//! `ui.yaml`: the parts of the dashboard in which a plugin is displayed.

use super::fields::{Document, Field, Shape, TYPING, may};
use shopfront_diagnostics::Diagnostic;
use shopfront_json::yaml::Scalar;
use shopfront_model::bundle::Bundle;
use shopfront_model::codes::unknown_manifest_field;
use shopfront_text::names;
use shopfront_text::one_line;

/// Name relative to the root of the plugin.
pub(super) const FILE: &str = "ui.yaml";

/// Keys that the host reads. It checks no types itself: a string in place of a list becomes a
/// list of letters, a quoted `"false"` is true. It fails on null in place of a list.
static FIELDS: &[Field] = &[
    may(&["has_page"], Shape::Flag),
    may(&["page_path"], Shape::TextOrNothing),
    may(&["page_title"], Shape::TextOrNothing),
    may(&["page_icon"], Shape::TextOrNothing),
    may(&["show_in_menu"], Shape::Flag),
    may(&["menu_group"], Shape::TextOrNothing),
    may(&["menu_order"], Shape::Whole),
    may(&["provides_widgets"], Shape::Flag),
    may(&["widgets"], Shape::List(&Shape::Any)),
    may(&["static_dir"], Shape::TextOrNothing),
    may(&["css_files"], Shape::List(&Shape::Text)),
    may(&["js_files"], Shape::List(&Shape::Text)),
    may(&["api_prefix"], Shape::TextOrNothing),
    may(&["api_routes"], Shape::List(&Shape::Any)),
    may(&["required_permissions"], Shape::List(&Shape::Text)),
];

/// Visible content of a `ui.yaml`.
#[derive(Default)]
pub(super) struct Ui {
    /// `true` if the plugin has a page.
    pub(super) has_page: bool,
    /// `true` if it has widgets.
    pub(super) has_widgets: bool,
}

/// Reads `ui.yaml`, if the plugin has one.
pub(super) fn read(bundle: &Bundle, found: &mut Vec<Diagnostic>) -> Ui {
    let Some(document) = Document::read(bundle, FILE, found) else {
        return Ui::default();
    };
    document.judge(FIELDS, found);
    let known = || FIELDS.iter().flat_map(|field| field.names).copied();
    for (key, _) in document.root.members() {
        let name = key.written().unwrap_or_default();
        if known().any(|it| it == name) || key.scalar(TYPING) == Some(Scalar::Merge) {
            continue;
        }
        let message = format!(
            "`{FILE}` has a key `{}`, which its host does not read",
            one_line(name, 60)
        );
        let nearest =
            names::nearest(name, known()).map(|nearest| format!("did you mean `{nearest}`?"));
        found.push(
            unknown_manifest_field::diagnostic(document.place(key), message).help_if(nearest),
        );
    }
    let is_on = |name: &str| {
        document.root.get(name).and_then(|node| node.scalar(TYPING)) == Some(Scalar::Bool(true))
    };
    Ui {
        has_page: is_on("has_page"),
        has_widgets: is_on("provides_widgets"),
    }
}
