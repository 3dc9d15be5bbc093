//! Required files of a plugin by the version of its format, and their required contents.

use shopfront_archive::MemberKind;
use shopfront_diagnostics::Diagnostic;
use shopfront_json::yaml::{self, Kind, Node, Scalar, yaml_1_1};
use shopfront_model::bundle::Bundle;
use shopfront_model::codes::ambiguous_manifest;
use shopfront_model::codes::bad_manifest_value;
use shopfront_model::codes::malformed_manifest;
use shopfront_model::codes::missing_member;
use shopfront_text::one_line;

use super::part::Part;
use super::rules::Format;

pub(super) const METADATA: &str = "metadata.yaml";
pub(super) const ENVIRONMENT: &str = "environment_config.yaml";
pub(super) const TASKS: &str = "tasks.yaml";
pub(super) const DEPLOYMENT_TASKS: &str = "deployment_tasks.yaml";

/// Returns `metadata.yaml`, if readable.
pub(super) fn metadata(bundle: &Bundle, found: &mut Vec<Diagnostic>) -> Option<Part> {
    Some(Part::of_yaml(
        &required(bundle, METADATA, found)?,
        bundle,
        METADATA,
    ))
}

/// Reports all problems of the other files of a plugin of this format. `metadata` contains its
/// manifest.
pub(super) fn run(bundle: &Bundle, metadata: &Part, format: &Format, found: &mut Vec<Diagnostic>) {
    if let Some(config) = required(bundle, ENVIRONMENT, found)
        && !is_nothing(&config)
        && !matches!(config.kind, Kind::Mapping(_))
    {
        found.push(wrong_kind(bundle, ENVIRONMENT, &config, "a mapping"));
    }
    match format.number {
        1 | 2 => list(bundle, TASKS, found),
        _ => list(bundle, DEPLOYMENT_TASKS, found),
    }
    // The builder of 3.0.0 accepts a missing list of tasks, but not an empty one.
    if format.number == 3 && bundle.member(TASKS).is_some() {
        list(bundle, TASKS, found);
    }
    paths(bundle, metadata, found);
}

/// Reports a list of tasks that is missing or has no content. An empty list is content.
fn list(bundle: &Bundle, name: &str, found: &mut Vec<Diagnostic>) {
    let Some(tasks) = required(bundle, name, found) else {
        return;
    };
    if is_nothing(&tasks) {
        let message = format!("`{name}` is empty");
        found.push(
            bad_manifest_value::diagnostic(bundle.whole_member(name), "holds nothing", message)
                .help("write `[]` where there are no tasks"),
        );
    } else if !matches!(tasks.kind, Kind::Sequence(_)) {
        found.push(wrong_kind(bundle, name, &tasks, "a list"));
    }
}

fn wrong_kind(bundle: &Bundle, name: &str, node: &Node, wanted: &str) -> Diagnostic {
    let is = node.kind_in_words(yaml_1_1);
    let message = format!("`{name}` holds {is}, and has to hold {wanted}");
    bad_manifest_value::diagnostic(bundle.place(name, node.bytes.clone()), is, message)
        .help(format!("write {wanted}"))
}

fn is_nothing(node: &Node) -> bool {
    node.scalar(yaml_1_1) == Some(Scalar::Null)
}

/// Returns the YAML of a required file, if readable.
fn required(bundle: &Bundle, name: &str, found: &mut Vec<Diagnostic>) -> Option<Node> {
    if !bundle.has(name) {
        if bundle.is_listed_whole() {
            let message = format!("the package has no file `{name}`");
            found.push(
                missing_member::diagnostic(bundle.whole(), format!("no `{name}`"), message).help(
                    format!("add `{name}`, beside the other files of the plugin"),
                ),
            );
        }
        return None;
    }
    let Some(bytes) = bundle.bytes(name) else {
        // A package whose payload is not unpacked has no bytes here; in other packages there are
        // too many.
        let message = format!("`{name}` is larger than the store reads");
        found.push(
            malformed_manifest::diagnostic(bundle.whole_member(name), "too large", message)
                .help("take out of it what Fuel does not read"),
        );
        return None;
    };
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(fault) => {
            let at = fault.valid_up_to();
            let message = format!("`{name}` is no UTF-8 from byte {at} on");
            found.push(
                malformed_manifest::diagnostic(bundle.whole_member(name), "not UTF-8", message)
                    .help("save it as UTF-8"),
            );
            return None;
        }
    };
    match yaml::parse(text) {
        Ok(node) => {
            found.extend(
                node.repeated_keys()
                    .into_iter()
                    .map(|(first, again)| repeated(bundle, name, first, again)),
            );
            found.extend(
                node.foreign_tags()
                    .into_iter()
                    .map(|node| foreign(bundle, name, node)),
            );
            Some(node)
        }
        Err(fault) => {
            let message = format!("`{name}` is no YAML that can be read: {}", fault.says);
            found.push(
                malformed_manifest::diagnostic(
                    bundle.place(name, fault.bytes),
                    "not readable",
                    message,
                )
                .help("compare it with the example that `fpb --create` writes"),
            );
            None
        }
    }
}

fn repeated(bundle: &Bundle, name: &str, first: &Node, again: &Node) -> Diagnostic {
    let key = one_line(again.written().unwrap_or_default(), 60);
    let message = format!(
        "`{name}` has the key `{key}` twice, and readers differ in which of the two counts"
    );
    ambiguous_manifest::diagnostic(bundle.place(name, again.bytes.clone()), "again", message)
        .with_secondary(bundle.place(name, first.bytes.clone()), "first here")
        .help("keep one of the two")
}

fn foreign(bundle: &Bundle, name: &str, node: &Node) -> Diagnostic {
    let tag = one_line(
        &node
            .tag
            .as_deref()
            .unwrap_or_default()
            .replace("tag:yaml.org,2002:", "!!"),
        60,
    );
    let message =
        format!("`{name}` has a value with the tag `{tag}`, which no loader of plain data knows");
    bad_manifest_value::diagnostic(
        bundle.place(name, node.bytes.clone()),
        "no plain data",
        message,
    )
    .help("take the tag away")
}

/// Reports missing paths of releases, two per release.
fn paths(bundle: &Bundle, metadata: &Part, found: &mut Vec<Diagnostic>) {
    if !bundle.is_listed_whole() {
        return;
    }
    let releases = metadata
        .get("releases")
        .and_then(Part::items)
        .unwrap_or_default();
    for (index, release) in releases.iter().enumerate() {
        for key in ["deployment_scripts_path", "repository_path"] {
            let Some((part, path)) = release.get(key).and_then(|part| Some((part, part.text()?)))
            else {
                continue;
            };
            if !path.starts_with('/')
                && !path.split('/').any(|step| step == "..")
                && !is_there(bundle, path)
            {
                let shown = one_line(path, 60);
                let message = format!(
                    "`releases[{index}].{key}` names `{shown}`, which is not in the package"
                );
                let help = format!(
                    "add the folder `{shown}`; tools that keep no empty folders need a file in it"
                );
                found.push(
                    missing_member::diagnostic(part.place.clone(), "not in the package", message)
                        .help(help),
                );
            }
        }
    }
}

/// Returns `true` if a member exists at `path`, relative to the directory of the plugin.
fn is_there(bundle: &Bundle, path: &str) -> bool {
    let plain: Vec<&str> = path
        .split('/')
        .filter(|step| !step.is_empty() && *step != ".")
        .collect();
    let plain = plain.join("/");
    let is_folder = || {
        bundle
            .member(&format!("{plain}/"))
            .or_else(|| bundle.member(&plain))
            .is_some_and(|it| it.kind == MemberKind::Folder)
    };
    plain.is_empty() || bundle.has(&plain) || bundle.has_folder(&plain) || is_folder()
}
