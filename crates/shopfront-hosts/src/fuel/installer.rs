//! Plugin data in the header of an RPM package, whose payload is not unpacked.

use shopfront_archive::rpm::Header;
use shopfront_diagnostics::Diagnostic;
use shopfront_model::bundle::Bundle;
use shopfront_model::codes::bad_manifest_value;
use shopfront_model::codes::missing_member;
use shopfront_model::codes::name_mismatch;
use shopfront_text::{one_line, visible_lines};

use super::files;
use super::metadata::Metadata;
use super::version::Version;

/// Plugin directory of Fuel's server.
const FOLDER: &str = "var/www/nailgun/plugins/";

/// Returns the fields of `header` and its diagnostics.
pub(super) fn read(bundle: &Bundle, header: &Header) -> (Metadata, Vec<Diagnostic>) {
    let mut found = Vec::new();
    kind(bundle, header, &mut found);
    let name = name(bundle, header, &mut found);
    texts(bundle, header, &mut found);
    places(bundle, header, &mut found);
    let seen = |text: &str| visible_lines(text).into_owned();
    let list = |text: &str| {
        if text.is_empty() {
            Vec::new()
        } else {
            vec![seen(text)]
        }
    };
    let metadata = Metadata {
        name,
        title: seen(&header.summary),
        version: seen(&header.version),
        description: seen(&header.description),
        licenses: list(&header.license),
        authors: list(&header.vendor),
        homepage: Some(header.url.clone()).filter(|url| !url.is_empty()),
        ..Metadata::default()
    };
    (metadata, found)
}

fn bad(bundle: &Bundle, label: &str, message: String) -> Diagnostic {
    bad_manifest_value::diagnostic(bundle.whole(), label, message)
        .help("build it with `fpb --build`, and do not change what it wrote")
}

fn kind(bundle: &Bundle, header: &Header, found: &mut Vec<Diagnostic>) {
    if header.is_source {
        found.push(bad(
            bundle,
            "from which others are built",
            "the package is a source package, which Fuel can not install".to_owned(),
        ));
    } else if header.arch != "noarch" {
        let message = format!(
            "the package is for the architecture `{}`, and plugins are `noarch`",
            one_line(&header.arch, 60)
        );
        found.push(bad(bundle, "not `noarch`", message));
    }
}

/// Returns the name of the plugin: that of the package without its two trailing numbers.
fn name(bundle: &Bundle, header: &Header, found: &mut Vec<Diagnostic>) -> String {
    let shown = one_line(&header.version, 60);
    let Some(version) = Version::of(&header.version).filter(|_| header.version.len() <= 32) else {
        found.push(bad(
            bundle,
            "no version",
            format!("the version of the package is `{shown}`, which is none that Fuel can order"),
        ));
        return header.name.clone();
    };
    let is_named = |name: &&str| {
        !name.is_empty()
            && name.bytes().all(|it| {
                it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_' || it == b'-'
            })
    };
    let name = header.name.strip_suffix(&format!("-{}", version.short()));
    if name.filter(is_named).is_none() {
        let message = format!(
            "the package is called `{}`, and has to be called by the name of the plugin and `-{}`",
            one_line(&header.name, 100),
            version.short()
        );
        found.push(
            name_mismatch::diagnostic(bundle.whole(), "not a name and two numbers", message)
                .help("build it with `fpb --build`"),
        );
    }
    let expected = format!(
        "{}-{}-{}.{}.rpm",
        header.name, header.version, header.release, header.arch
    );
    if bundle.file != expected {
        let message = format!(
            "the file is called `{}`, and its header makes it `{}`",
            one_line(&bundle.file, 200),
            one_line(&expected, 200)
        );
        found.push(
            name_mismatch::diagnostic(bundle.whole(), "renamed", message)
                .help("give the file the name that it was built with"),
        );
    }
    name.unwrap_or(&header.name).to_owned()
}

/// Reports texts that do not fit their columns of Fuel's database.
fn texts(bundle: &Bundle, header: &Header, found: &mut Vec<Diagnostic>) {
    for (of, text, most) in [
        ("title", &header.summary, 100),
        ("description", &header.description, 400),
    ] {
        let count = text.chars().count();
        if count > most {
            found.push(bad(
                bundle,
                "too long",
                format!("the {of} of the package has {count} characters, and Fuel's database takes {most}"),
            ));
        }
    }
}

/// Reports required files of all format versions that are missing in the directory that Fuel
/// reads.
fn places(bundle: &Bundle, header: &Header, found: &mut Vec<Diagnostic>) {
    if !bundle.is_listed_whole() {
        return;
    }
    let folder = format!("{FOLDER}{}/", header.name);
    let mut lacks = |label: String, message: String| {
        found.push(
            missing_member::diagnostic(bundle.whole(), label, message)
                .help("build it with `fpb --build`"),
        );
    };
    for name in [files::METADATA, files::ENVIRONMENT] {
        if bundle.scan.member(&format!("{folder}{name}")).is_none() {
            lacks(
                format!("no `{name}`"),
                format!(
                    "the package has no file `/{}{name}`",
                    one_line(&folder, 200)
                ),
            );
        }
    }
    let tasks = [files::TASKS, files::DEPLOYMENT_TASKS];
    if tasks
        .iter()
        .all(|name| bundle.scan.member(&format!("{folder}{name}")).is_none())
    {
        lacks(
            "no tasks".to_owned(),
            format!(
                "the package has neither `{}` nor `{}`",
                files::TASKS,
                files::DEPLOYMENT_TASKS
            ),
        );
    }
}
