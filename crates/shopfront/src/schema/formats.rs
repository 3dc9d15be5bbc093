//! The formats that our schemas name: what they accept, what is said of the rest, and their normal form.

use std::borrow::Cow;
use std::sync::Arc;

use jsonschema::json::Json;
use jsonschema::{Retrieve, ValidationOptions};

use crate::address;
use crate::checks;
use crate::diagnostic::Diagnostic;
use crate::names;
use crate::pointer::Pointer;
use crate::registry::npm;
use crate::text::{self, NotPlain};

/// One `format` of our own.
pub(super) struct Format {
    name: &'static str,
    /// Whether the text is of this format.
    pub(super) holds: fn(&str) -> bool,
    /// The fault of a text that is not: its file, its place, itself.
    fault: fn(&str, &Pointer, &str) -> Option<Diagnostic>,
    /// How `fmt` writes it; borrowed when it is written so already.
    pub(super) normal: fn(&str) -> Cow<'_, str>,
}

static ALL: &[Format] = &[
    Format { name: "note", holds: |it| bidirectional(it).is_none(), fault: note, normal: |it| it.into() },
    Format { name: "plain-text", holds: |it| text::not_plain(it).is_none(), fault: plain_text, normal: |it| it.trim().into() },
    Format { name: "web-url", holds: |it| address::fault_of_web_address(it).is_none(), fault: web_url, normal: address::normal },
    Format {
        name: "maintainer-url",
        holds: |it| address::fault_of_maintainer_address(it).is_none(),
        fault: maintainer_url,
        normal: address::normal,
    },
    Format { name: "contact-url", holds: |it| address::fault_of_contact(it).is_none(), fault: contact_url, normal: |it| it.into() },
    Format { name: "spdx", holds: |it| fault_of_license(it).is_none(), fault: license, normal: |it| it.into() },
    Format { name: "npm-package", holds: npm::is_package, fault: npm_package, normal: |it| it.into() },
    Format { name: "pypi-project", holds: names::is_project, fault: project, normal: |it| names::normal_project(it).into() },
];

/// The format called `name`, if it is one of ours.
pub(super) fn find(name: &str) -> Option<&'static Format> {
    ALL.iter().find(|it| it.name == name)
}

/// What is said of `value` at `at`, which is not of the format `name`.
pub(super) fn diagnostic(name: &str, path: &str, at: &Pointer, value: &str) -> Option<Diagnostic> {
    (find(name)?.fault)(path, at, value)
}

/// What `value`, which is not of the format `name`, can only stand for.
pub(super) fn meant(name: &str, value: &str) -> Option<String> {
    match name {
        "spdx" => license_meant(value),
        "pypi-project" => project_meant(value),
        "npm-package" => package_meant(value),
        _ => None,
    }
}

/// The same identifiers in other letters: `apache 2.0`. A name that stands for several licences is not among them.
fn license_meant(value: &str) -> Option<String> {
    let folded = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let canonical = spdx::Expression::canonicalize(value).ok().flatten()?;
    (folded(&canonical) == folded(value)).then_some(canonical)
}

/// The name alone, of a name with extras or a version, and of the project's public page.
fn project_meant(value: &str) -> Option<String> {
    let end = value.find(['[', '=', '<', '>', '~', '!', ';', ' ']).unwrap_or(value.len());
    let stem = value[..end].trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    if !names::is_project(stem) {
        return None;
    }
    let is_page = format!("{}/", value.trim_end_matches('/')) == crate::registry::page(&crate::answers::ProjectKey::pypi(stem));
    (is_page || !value.contains(['/', '@', ':'])).then(|| names::normal_project(stem))
}

/// The name alone, of a name with a version, and of the package's public page.
fn package_meant(value: &str) -> Option<String> {
    let pages = crate::registry::page(&crate::answers::ProjectKey { registry: npm::ID, name: String::new() });
    let name = value.strip_prefix(&pages).unwrap_or(value).trim_end_matches('/');
    let version = name.rfind('@').filter(|at| *at > 0).unwrap_or(name.len());
    npm::is_package(&name[..version]).then(|| name[..version].to_owned())
}

/// A compiler for schemas that asserts every format and knows ours.
pub(super) fn options<F: Json>() -> ValidationOptions<'static, Arc<dyn Retrieve>, F> {
    let mut options = jsonschema::options_for::<F>().should_validate_formats(true).should_ignore_unknown_formats(false);
    for format in ALL {
        options = options.with_format(format.name, format.holds);
    }
    options
}

fn plain_text(path: &str, at: &Pointer, value: &str) -> Option<Diagnostic> {
    Some(match text::not_plain(value)? {
        NotPlain::Control(character) => checks::control_character::found(path, at, character),
        NotPlain::Bidirectional(character) => checks::bidirectional_character::found(path, at, character),
        NotPlain::Markup(start, end) => checks::markup_in_text::found(path, at, value.get(start..end).unwrap_or_default()),
        NotPlain::Blank => checks::blank_text::found(path, at),
    })
}

/// A note may hold anything but what shows a reviewer another text than there is.
fn note(path: &str, at: &Pointer, value: &str) -> Option<Diagnostic> {
    Some(checks::bidirectional_character::found(path, at, bidirectional(value)?))
}

fn bidirectional(value: &str) -> Option<char> {
    value.chars().find(|it| text::is_bidirectional(*it))
}

fn web_url(path: &str, at: &Pointer, value: &str) -> Option<Diagnostic> {
    Some(checks::bad_url::found(path, at, &address::fault_of_web_address(value)?))
}

fn maintainer_url(path: &str, at: &Pointer, value: &str) -> Option<Diagnostic> {
    Some(checks::bad_url::found(path, at, &address::fault_of_maintainer_address(value)?))
}

fn contact_url(path: &str, at: &Pointer, value: &str) -> Option<Diagnostic> {
    Some(checks::bad_url::found(path, at, &address::fault_of_contact(value)?))
}

fn project(path: &str, at: &Pointer, value: &str) -> Option<Diagnostic> {
    Some(checks::not_a_plain_project::found(path, at, value))
}

fn npm_package(path: &str, at: &Pointer, value: &str) -> Option<Diagnostic> {
    let help = "write the name alone, such as `node-red-contrib-tides` or `@scope/name`, without a version".to_owned();
    Some(checks::malformed_value::found(path, at, value, "the name of a package on npm", Some(help)))
}

fn license(path: &str, at: &Pointer, value: &str) -> Option<Diagnostic> {
    let fault = fault_of_license(value)?;
    let better =
        spdx::Expression::canonicalize(value).ok().flatten().filter(|better| better != value && fault_of_license(better).is_none());
    Some(checks::unknown_license::found(path, at, value, &fault, better))
}

fn fault_of_license(value: &str) -> Option<String> {
    let lax_about_deprecated = spdx::ParseMode { allow_deprecated: true, ..spdx::ParseMode::STRICT };
    let fault = spdx::Expression::parse_mode(value, lax_about_deprecated).err()?;
    Some(fault.reason.to_string())
}
