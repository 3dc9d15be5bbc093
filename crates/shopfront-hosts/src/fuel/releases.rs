//! Rules for the items of `releases`.

use shopfront_text::one_line;

use super::part::Part;
use super::rules::{Faults, each, text};

/// Rule for one value.
type Rule = fn(&Part, &mut Faults<'_>);

/// Checks the field `releases`.
pub(super) fn rule(part: &Part, faults: &mut Faults<'_>) {
    match part.items() {
        Some(items) => each(items, faults, release),
        None => faults.wrong_kind(part, "a list of releases of OpenStack"),
    }
}

fn release(part: &Part, faults: &mut Faults<'_>) {
    if !matches!(part.is, super::part::Is::Map(_)) {
        return faults.wrong_kind(part, "a mapping with `os`, `version`, `mode` and two paths");
    }
    let whole = faults.field.clone();
    let rules: [(&str, Rule); 5] = [
        ("os", os),
        ("version", version),
        ("mode", modes),
        ("deployment_scripts_path", path),
        ("repository_path", path),
    ];
    for (key, rule) in rules {
        faults.field = format!("{whole}.{key}");
        match part.get(key) {
            Some(value) => rule(value, faults),
            None => faults.lacks(&part.place, key, format!("`{whole}` has no `{key}`")),
        }
    }
    faults.field = whole;
}

fn os(part: &Part, faults: &mut Faults<'_>) {
    one_of(part, &["ubuntu", "centos"], faults);
}

fn modes(part: &Part, faults: &mut Faults<'_>) {
    match part.items() {
        Some(items) => each(items, faults, |item, faults| {
            one_of(item, &["ha", "multinode"], faults)
        }),
        None => faults.wrong_kind(part, "a list of `ha` and `multinode`"),
    }
}

fn one_of(part: &Part, known: &[&str; 2], faults: &mut Faults<'_>) {
    if part.text().is_none_or(|text| !known.contains(&text)) {
        let [one, other] = known;
        let is = part.text().map_or_else(
            || part.in_words().to_owned(),
            |text| format!("`{}`", one_line(text, 60)),
        );
        faults.bad(
            part,
            "neither of two",
            format!("is {is}, and has to be `{one}` or `{other}`"),
            format!("write `{one}` or `{other}`"),
        );
    }
}

/// Checks a version. The server splits it at its dash: the release of OpenStack, and that of
/// Fuel.
fn version(part: &Part, faults: &mut Faults<'_>) {
    text(part, faults);
    let Some(text) = part.text() else { return };
    let count = text.matches('-').count();
    if count != 1 {
        let says = format!(
            "is `{}`, with {count} dashes, and has to have one",
            one_line(text, 60)
        );
        faults.bad(
            part,
            "not one dash",
            says,
            "write the release of OpenStack, a dash, and that of Fuel: `mitaka-9.0`",
        );
    }
}

fn path(part: &Part, faults: &mut Faults<'_>) {
    text(part, faults);
    let Some(text) = part.text() else { return };
    let says = if text.starts_with('/') {
        "is an absolute path"
    } else if text.split('/').any(|step| step == "..") {
        "leaves the folder of the plugin"
    } else {
        return;
    };
    faults.bad(
        part,
        "not within the plugin",
        says,
        "write a path from the folder of the plugin: `repositories/ubuntu`",
    );
}
