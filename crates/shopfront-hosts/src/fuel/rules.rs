//! Rules for the fields of `metadata.yaml`, by the version of the package format. They combine
//! the rules of Fuel's builder and the limits of its server, and cover the gaps in both.

use std::collections::BTreeSet;

use shopfront_diagnostics::{Diagnostic, Location};
use shopfront_model::codes::bad_manifest_value;
use shopfront_model::codes::missing_manifest_field;
use shopfront_text::one_line;

use super::part::{Is, Part};
use super::releases;
use super::version::Version;

/// Version of the package format.
pub(super) struct Format {
    /// First number, which identifies the format.
    pub(super) number: u8,
    /// Value of `package_version`.
    pub(super) version: &'static str,
    /// Value of the facet.
    pub(super) facet: &'static str,
    /// First version of Fuel that supports it.
    least_fuel: &'static str,
}

/// All formats.
pub(super) static FORMATS: &[Format] = &[
    Format {
        number: 1,
        version: "1.0.0",
        facet: "v1",
        least_fuel: "6.0",
    },
    Format {
        number: 2,
        version: "2.0.0",
        facet: "v2",
        least_fuel: "6.1",
    },
    Format {
        number: 3,
        version: "3.0.0",
        facet: "v3",
        least_fuel: "7.0",
    },
    Format {
        number: 4,
        version: "4.0.0",
        facet: "v4",
        least_fuel: "8.0",
    },
    Format {
        number: 5,
        version: "5.0.0",
        facet: "v5",
        least_fuel: "9.0",
    },
];

/// Component groups of a plugin; the last one since 4.0.0.
pub(super) static GROUPS: [&str; 7] = [
    "network",
    "storage",
    "storage::cinder",
    "storage::glance",
    "hypervisor",
    "monitoring",
    "equipment",
];

/// Field: the first format that checks it, its necessity from then on, and its rule.
struct Field {
    name: &'static str,
    since: u8,
    need: Need,
    rule: fn(&Part, &Format, &mut Faults),
}

#[derive(PartialEq, Eq)]
enum Need {
    Required,
    Optional,
}

/// Fields in the order of a manifest.
static FIELDS: &[Field] = &[
    Field {
        name: "name",
        since: 1,
        need: Need::Required,
        rule: name,
    },
    Field {
        name: "title",
        since: 1,
        need: Need::Required,
        rule: |it, _, faults| short(it, 100, faults),
    },
    Field {
        name: "version",
        since: 1,
        need: Need::Required,
        rule: version,
    },
    Field {
        name: "description",
        since: 1,
        need: Need::Required,
        rule: |it, _, faults| short(it, 400, faults),
    },
    Field {
        name: "fuel_version",
        since: 1,
        need: Need::Required,
        rule: fuel_version,
    },
    Field {
        name: "licenses",
        since: 2,
        need: Need::Required,
        rule: |it, _, faults| texts(it, faults),
    },
    Field {
        name: "authors",
        since: 2,
        need: Need::Required,
        rule: |it, _, faults| texts(it, faults),
    },
    Field {
        name: "homepage",
        since: 2,
        need: Need::Required,
        rule: |it, _, faults| text(it, faults),
    },
    Field {
        name: "groups",
        since: 2,
        need: Need::Required,
        rule: groups,
    },
    Field {
        name: "is_hotpluggable",
        since: 4,
        need: Need::Required,
        rule: |it, _, faults| truth(it, faults),
    },
    Field {
        name: "releases",
        since: 1,
        need: Need::Required,
        rule: |it, _, faults| releases::rule(it, faults),
    },
    Field {
        name: "ui",
        since: 1,
        need: Need::Optional,
        rule: |it, _, faults| truth(it, faults),
    },
    Field {
        name: "ui_build",
        since: 1,
        need: Need::Optional,
        rule: |it, _, faults| truth(it, faults),
    },
];

/// Validates `whole` against every rule and returns its format version, if valid.
pub(super) fn run(whole: &Part, found: &mut Vec<Diagnostic>) -> Option<&'static Format> {
    let Is::Map(_) = &whole.is else {
        let message = format!(
            "the manifest is {}, and not fields with values",
            whole.in_words()
        );
        found.push(
            bad_manifest_value::diagnostic(whole.place.clone(), whole.in_words(), message)
                .help("write `name: …`, one field a line"),
        );
        return None;
    };
    let mut faults = Faults {
        field: "package_version".to_owned(),
        found,
    };
    let format = package_version(whole, &mut faults);
    // For an unknown format, the oldest has the rules that all share.
    let rules = format.unwrap_or(&FORMATS[0]);
    for field in FIELDS.iter().filter(|field| field.since <= rules.number) {
        field.name.clone_into(&mut faults.field);
        match whole.get(field.name) {
            Some(value) => (field.rule)(value, rules, &mut faults),
            None if field.need == Need::Required => faults.missing(&whole.place, field.name, rules),
            None => {}
        }
    }
    is_built_without_being_there(whole, found);
    format
}

/// Diagnostics of one field.
pub(super) struct Faults<'f> {
    /// Path of the checked field: `releases[0].os`.
    pub(super) field: String,
    found: &'f mut Vec<Diagnostic>,
}

impl Faults<'_> {
    /// Reports an invalid value at `part`; `says` follows the name of the field: `has 120
    /// characters`.
    pub(super) fn bad(
        &mut self,
        part: &Part,
        label: impl Into<String>,
        says: impl AsRef<str>,
        help: impl Into<String>,
    ) {
        let message = format!("`{}` {}", self.field, says.as_ref());
        self.found
            .push(bad_manifest_value::diagnostic(part.place.clone(), label, message).help(help));
    }

    /// Reports a value at `part` of another type than `wanted`.
    pub(super) fn wrong_kind(&mut self, part: &Part, wanted: &str) {
        let is = part.in_words();
        let quoted = format!("'{}'", one_line(&part.written, 60));
        let help = match &part.is {
            Is::List(_) | Is::Map(_) | Is::Other("nothing") => format!("write {wanted}"),
            _ if wanted == "a text" => format!("put it in quotes: `{quoted}`"),
            _ if wanted.starts_with("a list") => format!("put it in brackets: `[{quoted}]`"),
            _ => format!("write {wanted}"),
        };
        self.bad(part, is, format!("is {is}, and has to be {wanted}"), help);
    }

    fn missing(&mut self, place: &Location, name: &str, format: &Format) {
        let message = format!(
            "the manifest has no `{name}`, which package version {} needs",
            format.version
        );
        self.lacks(place, name, message);
    }

    /// Reports a missing key of a mapping within the manifest.
    pub(super) fn lacks(&mut self, place: &Location, name: &str, message: String) {
        self.found.push(
            missing_manifest_field::diagnostic(place.clone(), format!("no `{name}`"), message)
                .help(format!("add `{name}:`")),
        );
    }
}

fn package_version(whole: &Part, faults: &mut Faults<'_>) -> Option<&'static Format> {
    const HELP: &str = "write one of `'1.0.0'`, `'2.0.0'`, `'3.0.0'`, `'4.0.0'` and `'5.0.0'`";
    let Some(part) = whole.get("package_version") else {
        faults.lacks(
            &whole.place,
            "package_version",
            "the manifest has no `package_version`, which says how it is to be read".to_owned(),
        );
        return None;
    };
    let known = part
        .text()
        .and_then(|text| FORMATS.iter().find(|format| format.version == text));
    if known.is_none() {
        let says = match part.text() {
            Some(text) => format!("is `{}`, which no Fuel knows", one_line(text, 60)),
            None => format!("is {}, and has to be a text", part.in_words()),
        };
        faults.bad(part, "no version of the format", says, HELP);
    }
    known
}

pub(super) fn text(part: &Part, faults: &mut Faults<'_>) {
    if part.text().is_none() {
        faults.wrong_kind(part, "a text");
    }
}

/// Checks that a text fits its column of Fuel's database.
fn short(part: &Part, most: usize, faults: &mut Faults<'_>) {
    text(part, faults);
    let count = part.text().map_or(0, |text| text.chars().count());
    if count > most {
        faults.bad(
            part,
            "too long",
            format!("has {count} characters, and Fuel's database takes {most}"),
            "say it in fewer words",
        );
    }
}

fn texts(part: &Part, faults: &mut Faults<'_>) {
    let Some(items) = part.items() else {
        return faults.wrong_kind(part, "a list of texts");
    };
    each(items, faults, text);
}

/// Validates each item against `rule`, with its index in the field name.
pub(super) fn each(items: &[Part], faults: &mut Faults<'_>, rule: fn(&Part, &mut Faults<'_>)) {
    let list = faults.field.clone();
    for (index, item) in items.iter().enumerate() {
        faults.field = format!("{list}[{index}]");
        rule(item, faults);
    }
    faults.field = list;
}

fn truth(part: &Part, faults: &mut Faults<'_>) {
    if !matches!(part.is, Is::Bool(_)) {
        faults.wrong_kind(part, "`true` or `false`");
    }
}

fn name(part: &Part, _: &Format, faults: &mut Faults<'_>) {
    short(part, 100, faults);
    let Some(text) = part.text() else { return };
    let is_name = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-'
    };
    if text.ends_with('\n') && text.len() > 1 && text[..text.len() - 1].bytes().all(is_name) {
        // Python's `$` also matches before a line end: the builder accepts it, and names
        // directories and files with it.
        faults.bad(
            part,
            "ends with a line end",
            "ends with a line end",
            "write it on one line, without `|`",
        );
    } else if text.is_empty() || !text.bytes().all(is_name) {
        let says = format!(
            "is `{}`, and may have small letters, digits, `_` and `-` only",
            one_line(text, 60)
        );
        faults.bad(
            part,
            "no name of a plugin",
            says,
            "choose a name such as `tide_tables`",
        );
    }
}

fn version(part: &Part, _: &Format, faults: &mut Faults<'_>) {
    short(part, 32, faults);
    let Some(text) = part.text().filter(|text| Version::of(text).is_none()) else {
        return;
    };
    let says = format!(
        "is `{}`, of which no package can be built",
        one_line(text, 60)
    );
    faults.bad(
        part,
        "no version",
        says,
        "write two or three numbers, as in `1.2.0`; `a` or `b` and a number may follow",
    );
}

fn fuel_version(part: &Part, format: &Format, faults: &mut Faults<'_>) {
    let Some(items) = part.items() else {
        return faults.wrong_kind(part, "a list of versions of Fuel");
    };
    each(items, faults, text);
    let least = Version::of(format.least_fuel);
    for item in items {
        let Some(text) = item.text() else { continue };
        let shown = one_line(text, 60);
        match Version::of(text) {
            None => faults.bad(
                item,
                "no version",
                format!("names `{shown}`, which is no version"),
                "write it as in `'9.0'`",
            ),
            Some(version) if Some(&version) < least.as_ref() => {
                let says = format!(
                    "names {shown}, and package version {} needs Fuel {} or later",
                    format.version, format.least_fuel
                );
                faults.bad(
                    item,
                    "too old",
                    says,
                    format!("take `{shown}` out, or build a package of an older version for it"),
                );
            }
            Some(_) => {}
        }
    }
}

fn groups(part: &Part, format: &Format, faults: &mut Faults<'_>) {
    let known = if format.number >= 4 {
        &GROUPS[..]
    } else {
        &GROUPS[..6]
    };
    let Some(items) = part.items() else {
        return faults.wrong_kind(part, "a list of groups");
    };
    let help = format!("choose among `{}`", known.join("`, `"));
    let mut named = BTreeSet::new();
    for item in items {
        let Some(text) = item.text() else {
            faults.wrong_kind(item, "a text");
            continue;
        };
        let shown = one_line(text, 60);
        if !known.contains(&text) {
            let says = format!(
                "names `{shown}`, which package version {} does not know",
                format.version
            );
            faults.bad(item, "no such group", says, &help);
        } else if !named.insert(text) {
            faults.bad(
                item,
                "named before",
                format!("names `{shown}` twice"),
                "take one of the two out",
            );
        }
    }
}

/// Reports a manifest that builds an interface (`ui_build`) but does not declare one (`ui`).
fn is_built_without_being_there(whole: &Part, found: &mut Vec<Diagnostic>) {
    let is_true = |key: &str| whole.get(key).filter(|it| matches!(it.is, Is::Bool(true)));
    if let Some(build) = is_true("ui_build").filter(|_| is_true("ui").is_none()) {
        let message =
            "`ui_build` is true, and `ui` is not: nothing would be loaded of what is built";
        found.push(
            bad_manifest_value::diagnostic(
                build.place.clone(),
                "builds what is not loaded",
                message,
            )
            .help("add `ui: true`"),
        );
    }
}
