//! A wheel that serves some machines only.

use super::{Check, PackageContext, Rule, one_line};
use shopfront_diagnostics::{Code, Diagnostic, code};
use shopfront_package::file_name::WheelName;

static CODE: Code = code!("platform-wheel", Warning, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Package(run),
};

/// The machines that people have, and the tags of the wheels that they take: how one begins, how it
/// ends (platform compatibility tags; PEP 600, PEP 656).
const PLATFORMS: &[(&str, &[(&str, &str)])] = &[
    (
        "Linux x86_64",
        &[("manylinux", "_x86_64"), ("linux_", "x86_64")],
    ),
    (
        "Linux aarch64",
        &[("manylinux", "_aarch64"), ("linux_", "aarch64")],
    ),
    ("Alpine Linux x86_64", &[("musllinux", "_x86_64")]),
    ("Alpine Linux aarch64", &[("musllinux", "_aarch64")]),
    (
        "macOS arm64",
        &[("macosx", "_arm64"), ("macosx", "_universal2")],
    ),
    (
        "macOS x86_64",
        &[("macosx", "_x86_64"), ("macosx", "_universal2")],
    ),
    ("Windows x86_64", &[("win_", "amd64")]),
];

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(name) = case.whole_wheel() else {
        return;
    };
    if name.platforms.iter().any(|tag| tag == "any") {
        diagnostics.extend(compiled_for_any(case));
        return;
    }
    let (served, missing): (Vec<_>, Vec<_>) =
        PLATFORMS.iter().partition(|(_, tags)| serves(name, tags));
    let served = match served.as_slice() {
        [] => one_line(&name.platforms.join(", ")),
        served => listed(served),
    };
    let message = format!("the wheel is for {served} only");
    let help = if missing.is_empty() {
        "upload wheels for other machines too, or write the package in Python alone".to_owned()
    } else {
        format!(
            "upload wheels for the others too ({}), or write the package in Python alone",
            listed(&missing)
        )
    };
    diagnostics.push(
        CODE.at(case.package.whole(), "not for every machine", message)
            .help(help),
    );
}

/// Names with commas between them, `and` before the last one.
fn listed(platforms: &[&(&str, &[(&str, &str)])]) -> String {
    let names: Vec<&str> = platforms.iter().map(|(name, _)| *name).collect();
    match names.split_last() {
        Some((end, before)) if !before.is_empty() => format!("{} and {end}", before.join(", ")),
        _ => names.join(""),
    }
}

fn serves(name: &WheelName, tags: &[(&str, &str)]) -> bool {
    name.platforms.iter().any(|tag| {
        tags.iter()
            .any(|(start, end)| tag.starts_with(start) && tag.ends_with(end))
    })
}

/// A wheel that says it is for any machine, and holds what was compiled for one.
fn compiled_for_any(case: &PackageContext<'_>) -> Option<Diagnostic> {
    // PEP 3149: `name.cpython-313-x86_64-linux-gnu.so`, `name.abi3.so`, `name.cp313-win_amd64.pyd`.
    // A plain `.so` may be data.
    let is_compiled = |name: &str| {
        name.ends_with(".pyd")
            || (name.ends_with(".so") && (name.contains(".cpython-") || name.contains(".abi3.")))
    };
    let member = case
        .package
        .scan
        .files()
        .find(|member| is_compiled(&member.name))?;
    let message = format!(
        "the wheel says that it is for any machine, and holds the compiled module `{}`",
        one_line(&member.name)
    );
    Some(
        CODE.at(case.package.whole_member(&member.name), "compiled for one platform", message)
            .help("build it with the tags of its platform (setuptools does when it knows the extension as one)"),
    )
}
