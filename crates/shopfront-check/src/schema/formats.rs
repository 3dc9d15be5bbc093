//! The formats that our schemas name: what they accept, what is said of the rest, and their normal
//! form.

use std::borrow::Cow;
use std::sync::Arc;

use jsonschema::json::Json;
use jsonschema::{Retrieve, ValidationOptions};
use serde_json::Value;

use super::license;
use crate::checks;
use shopfront_diagnostics::pointer::Pointer;
use shopfront_diagnostics::{Diagnostic, Location, Part};
use shopfront_model::codes;
use shopfront_model::pasted;
use shopfront_model::registry_rules::{self, RegistryRules, npm};
use shopfront_text::names;
use shopfront_text::url_policy;
use shopfront_text::{self as text, Hidden, NotPlain};

/// One `format` of our own.
pub(super) struct Format {
    name: &'static str,
    /// Returns `true` if the text is of this format.
    pub(super) holds: fn(&str) -> bool,
    /// The fault of a text that is not: its file, its place, itself.
    fault: fn(&str, &Pointer, &str) -> Option<Diagnostic>,
    /// Returns the canonical form; borrowed if the text is in that form.
    pub(super) normal: fn(&str) -> Cow<'_, str>,
}

static ALL: &[Format] = &[
    Format {
        name: "note",
        holds: |it| hidden_in_note(it).is_none(),
        fault: note,
        normal: |it| it.into(),
    },
    Format {
        name: "plain-text",
        holds: |it| text::not_plain(it).is_none(),
        fault: plain_text,
        normal: |it| it.trim().into(),
    },
    Format {
        name: "web-url",
        holds: |it| url_policy::check_web_url(it).is_none(),
        fault: web_url,
        normal: url_policy::normal,
    },
    Format {
        name: "maintainer-url",
        holds: |it| url_policy::check_maintainer_url(it).is_none(),
        fault: maintainer_url,
        normal: url_policy::normal,
    },
    Format {
        name: "contact-url",
        holds: |it| url_policy::fault_of_contact(it).is_none(),
        fault: contact_url,
        normal: |it| it.into(),
    },
    Format {
        name: "spdx",
        holds: |it| license::fault_of(it).is_none(),
        fault: spdx,
        normal: |it| it.into(),
    },
    Format {
        name: "category-id",
        holds: |it| !names::has_reserved_ending(it),
        fault: category_id,
        normal: |it| it.into(),
    },
    Format {
        name: "npm-package",
        holds: npm::is_package,
        fault: npm_package,
        normal: |it| it.into(),
    },
    Format {
        name: "pypi-project",
        holds: names::is_project,
        fault: project,
        normal: |it| names::normal_project(it).into(),
    },
];

/// The format called `name`, if it is one of ours.
pub(super) fn find(name: &str) -> Option<&'static Format> {
    ALL.iter().find(|it| it.name == name)
}

/// Returns the diagnostic for `value` at `at`, which is not of the format `name`.
pub(super) fn diagnostic(name: &str, path: &str, at: &Pointer, value: &str) -> Option<Diagnostic> {
    (find(name)?.fault)(path, at, value)
}

/// Returns what `value`, which is not of the format of `here`, the schema at `at`, can only stand
/// for.
pub(super) fn meant(here: &Value, at: &Pointer, value: &str) -> Option<String> {
    match registry_of(here, at) {
        Some(registry) => pasted::read(registry, value).certain,
        None if here.get("format").and_then(Value::as_str) == Some("spdx") => {
            license::read(value).certain
        }
        None => None,
    }
}

/// The registry whose project stands at `at`, of which the schema is `here`: by its format, or as a
/// source.
pub(super) fn registry_of(here: &Value, at: &Pointer) -> Option<&'static dyn RegistryRules> {
    match here.get("format").and_then(Value::as_str) {
        Some("pypi-project") => registry_rules::find(registry_rules::pypi::ID),
        Some("npm-package") => registry_rules::find(npm::ID),
        _ if at.parent().as_str() == "/source" => registry_rules::find(&at.last()),
        _ => None,
    }
}

/// A compiler for schemas that asserts every format and knows ours.
pub(super) fn options<F: Json>() -> ValidationOptions<'static, Arc<dyn Retrieve>, F> {
    let mut options = jsonschema::options_for::<F>()
        .should_validate_formats(true)
        .should_ignore_unknown_formats(false);
    for format in ALL {
        options = options.with_format(format.name, format.holds);
    }
    options
}

fn plain_text(path: &str, at: &Pointer, value: &str) -> Option<Diagnostic> {
    Some(match text::not_plain(value)? {
        NotPlain::Hidden(hidden) => hidden_character(path, at, hidden),
        NotPlain::Markup(start, end) => {
            checks::markup_in_text::diagnostic(path, at, value.get(start..end).unwrap_or_default())
        }
        NotPlain::Blank => codes::blank_text::diagnostic(path, at),
    })
}

fn hidden_character(path: &str, at: &Pointer, hidden: Hidden) -> Diagnostic {
    codes::hidden_character(
        Location::part(path, at.clone(), Part::Value),
        &shopfront_diagnostics::pointer::field_name(at),
        hidden,
    )
}

/// A note may have lines. A reviewer sees all of it, as programs that read it do.
fn note(path: &str, at: &Pointer, value: &str) -> Option<Diagnostic> {
    Some(hidden_character(path, at, hidden_in_note(value)?))
}

fn hidden_in_note(value: &str) -> Option<Hidden> {
    text::hidden(value).find(|it| !it.ends_or_indents())
}

fn web_url(path: &str, at: &Pointer, value: &str) -> Option<Diagnostic> {
    Some(checks::bad_url::diagnostic(
        path,
        at,
        &url_policy::check_web_url(value)?,
    ))
}

fn maintainer_url(path: &str, at: &Pointer, value: &str) -> Option<Diagnostic> {
    Some(checks::bad_url::diagnostic(
        path,
        at,
        &url_policy::check_maintainer_url(value)?,
    ))
}

fn contact_url(path: &str, at: &Pointer, value: &str) -> Option<Diagnostic> {
    Some(checks::bad_url::diagnostic(
        path,
        at,
        &url_policy::fault_of_contact(value)?,
    ))
}

/// A category has a folder of its name, beside pages and lists.
fn category_id(path: &str, at: &Pointer, value: &str) -> Option<Diagnostic> {
    Some(codes::reserved_id::of_category(
        Location::part(path, at.clone(), Part::Value),
        value,
    ))
}

fn project(path: &str, at: &Pointer, value: &str) -> Option<Diagnostic> {
    Some(checks::not_a_plain_project::diagnostic(path, at, value))
}

fn npm_package(path: &str, at: &Pointer, value: &str) -> Option<Diagnostic> {
    let usual = || {
        "write the name alone, such as `node-red-contrib-tides` or `@scope/name`, without a version"
            .to_owned()
    };
    let help = pasted::help(&npm::Npm, value).unwrap_or_else(usual);
    Some(checks::malformed_value::diagnostic(
        path,
        at,
        value,
        "the name of a package on npm",
        Some(help),
    ))
}

fn spdx(path: &str, at: &Pointer, value: &str) -> Option<Diagnostic> {
    let fault = license::fault_of(value)?;
    Some(checks::unknown_license::diagnostic(
        path,
        at,
        value,
        &fault,
        &license::read(value).possible,
    ))
}
