//! Library: flows, functions and templates that the editor imports, as served by a plain file
//! server.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Listed, flows};
use crate::{Content, Document, HostFilesInput};
use shopfront_diagnostics::pointer::Pointer;
use shopfront_diagnostics::{Diagnostic, Location};
use shopfront_model::adapter;
use shopfront_model::catalogue::{Host, Snippet};
use shopfront_model::codes;
use shopfront_text as text;

/// Types of entries that editors request, with the extension of their files; empty if any is
/// allowed.
const TYPES: &[(&str, &str)] = &[("flows", ".json"), ("functions", ".js"), ("templates", "")];

/// Maximum length of a file or directory name.
const MAX_NAME: usize = 100;

/// Returns all diagnostics of the library of `host` with the modules `snippets`.
pub(super) fn check(host: &Host, snippets: &[Snippet]) -> Vec<Diagnostic> {
    let listed: BTreeSet<&str> = snippets
        .iter()
        .filter(|it| !it.is_withdrawn())
        .map(|it| it.source.name.as_str())
        .collect();
    let mut found = Vec::new();
    for (name, text) in &host.library {
        let path = format!("catalogue/{}/library/{name}", host.id);
        match fault_of_name(name) {
            Some(why) => found.push(codes::bad_library_name::diagnostic(&path, why)),
            None if name.starts_with("flows/") => found.extend(flows::check(&path, text, &listed)),
            None if is_blank(name, text) => found.push(codes::blank_text::of_file(
                &path,
                "the entry of the library",
            )),
            // Reviewers do not see code that executes differently from how it is displayed.
            None => found.extend(
                text::hidden(text)
                    .find(|it| !it.ends_or_indents())
                    .map(|it| {
                        let place = Location::bytes(
                            &path,
                            it.at..it.at + it.character.len_utf8(),
                            Pointer::root(),
                        );
                        codes::hidden_character(place, "the entry of the library", it)
                    }),
            ),
        }
    }
    found
}

/// Returns `true` if an editor would import no content; leading comment lines of a function only
/// describe it.
fn is_blank(name: &str, text: &str) -> bool {
    let says_nothing = |line: &str| {
        text::is_blank(line)
            || (name.starts_with("functions/") && line.trim_start().starts_with("//"))
    };
    text.lines().all(says_nothing)
}

/// Returns the flows of `host`, each with its path from the root of the store.
fn flows_of(host: &Host) -> impl Iterator<Item = (&String, String, &String)> {
    let flows = host
        .library
        .iter()
        .filter(|(name, _)| name.starts_with("flows/"));
    flows.map(|(name, text)| (name, format!("catalogue/{}/library/{name}", host.id), text))
}

/// Reports flows with a node type that none of their named modules has.
pub(super) fn check_types(host: &Host, modules: &BTreeMap<&str, Listed<'_>>) -> Vec<Diagnostic> {
    flows_of(host)
        .flat_map(|(_, path, text)| flows::check_types(&path, text, modules))
        .collect()
}

/// Returns flows with missing module names added. Only flows are included in which each missing
/// module is unambiguous.
pub(super) fn completed(
    host: &Host,
    modules: &BTreeMap<&str, Listed<'_>>,
) -> BTreeMap<String, String> {
    flows_of(host)
        .filter_map(|(name, _, text)| Some((name.clone(), flows::completed(name, text, modules)?)))
        .collect()
}

/// Why the file `name`, from the library on, is not found by editors, or not published.
fn fault_of_name(name: &str) -> Option<&'static str> {
    let parts: Vec<&str> = name.split('/').collect();
    let (Some((_, ending)), true) = (
        TYPES.iter().find(|(kind, _)| *kind == parts[0]),
        parts.len() > 1,
    ) else {
        return Some("lies in no folder that editors ask for");
    };
    if !parts[1..].iter().all(|part| is_name(part)) {
        return Some("has a name that editors do not show");
    }
    let is_of_type =
        name.ends_with(ending) && parts.last().is_some_and(|file| file.len() > ending.len());
    if !is_of_type {
        return Some("does not end like a file of its type");
    }
    (!adapter::may_be_served(name))
        .then_some("has an ending that browsers may open as a page of the store")
}

/// Returns `true` for `[A-Za-z0-9][A-Za-z0-9 ._()+-]*`.
fn is_name(part: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || b" ._()+-".contains(&byte);
    part.len() <= MAX_NAME
        && part
            .bytes()
            .next()
            .is_some_and(|byte| byte.is_ascii_alphanumeric())
        && part.bytes().all(is_inner)
}

/// Returns the files of the library, and the response of `getEntry` for each directory.
pub(super) fn documents(desk: &HostFilesInput<'_>) -> Vec<Document> {
    // What would be opened as a page is in no folder either.
    let library: BTreeMap<&String, &String> = desk
        .host
        .library
        .iter()
        .filter(|(name, _)| fault_of_name(name).is_none())
        .collect();
    if library.is_empty() {
        return Vec::new();
    }
    let kinds: Vec<&str> = TYPES
        .iter()
        .map(|(kind, _)| *kind)
        .filter(|kind| {
            library
                .keys()
                .any(|name| name.starts_with(&format!("{kind}/")))
        })
        .collect();
    let about = json!({ "format": 1, "name": desk.store.title, "updated_at": desk.generated_at.to_string(), "types": kinds });
    let mut documents = vec![Document::json(
        "library/library.json",
        "node-red-library.schema.json",
        about,
    )];
    for (folder, entries) in folders(&library) {
        documents.push(Document::json(
            format!("library/list/{folder}index.json"),
            "node-red-folder.schema.json",
            Value::Array(entries),
        ));
    }
    let file = |(name, text): (&String, &String)| Document {
        path: format!("library/{name}"),
        content: Content::Text(text.clone()),
    };
    documents.extend(library.into_iter().map(file));
    documents
}

/// Every folder, with a slash at its end, and what lies in it: folders as texts, then files as
/// `{"fn": name}`.
fn folders(library: &BTreeMap<&String, &String>) -> BTreeMap<String, Vec<Value>> {
    let mut below: BTreeMap<String, (BTreeSet<&str>, BTreeSet<&str>)> = BTreeMap::new();
    for name in library.keys() {
        let parts: Vec<&str> = name.split('/').collect();
        for depth in 1..parts.len() {
            let (folders, files) = below
                .entry(format!("{}/", parts[..depth].join("/")))
                .or_default();
            if depth + 1 == parts.len() {
                files.insert(parts[depth])
            } else {
                folders.insert(parts[depth])
            };
        }
    }
    let entries = |(folders, files): (BTreeSet<&str>, BTreeSet<&str>)| {
        folders
            .into_iter()
            .map(Value::from)
            .chain(files.into_iter().map(|file| json!({ "fn": file })))
            .collect()
    };
    below
        .into_iter()
        .map(|(folder, both)| (folder, entries(both)))
        .collect()
}
