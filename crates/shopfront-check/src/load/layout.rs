//! Which file of the catalogue is what, by its path alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::checks;
use crate::load::{EntryKind, WalkEntry};
use shopfront_diagnostics::Diagnostic;
use shopfront_model::catalogue::INSTALLED;
use shopfront_model::codes;
use shopfront_text::names::{self, HostId, NoId};

/// The files of a catalogue, each where it belongs.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// `true` if there is a `store.json`.
    pub(super) has_store: bool,
    /// The files of `site/`, by their path below it.
    pub(super) site: BTreeSet<String>,
    /// By host.
    pub(super) hosts: BTreeMap<HostId, Folder>,
}

/// The folder of one host.
#[derive(Debug, Default)]
pub(super) struct Folder {
    /// Path of `host.json`, if there is one.
    pub(super) host_file: Option<String>,
    /// The paths of its snippets, each with its id.
    pub(super) snippets: Vec<(String, String)>,
    /// Below `assets/`: `<id>/<file>` and the path.
    pub(super) assets: BTreeMap<String, String>,
    /// Below `packages/`: the file and the path.
    pub(super) packages: BTreeMap<String, String>,
    /// Below `library/`: the path from there, and the path.
    pub(super) library: BTreeMap<String, String>,
}

/// Sorts `files` into a [`Layout`]; what fits nowhere is a fault.
pub(super) fn sort(files: &[WalkEntry]) -> (Layout, Vec<Diagnostic>) {
    let mut layout = Layout::default();
    let mut found = Vec::new();
    let mut bad_folders = BTreeSet::new();
    for file in files {
        match file.kind {
            EntryKind::Link => found.push(checks::symbolic_link::diagnostic(&file.path)),
            EntryKind::Other => found.push(checks::stray_file::diagnostic(
                &file.path,
                "it is no plain file with a name in UTF-8",
                None,
            )),
            EntryKind::File => place(&file.path, &mut layout, &mut bad_folders, &mut found),
        }
    }
    for (host, folder) in &layout.hosts {
        let first = folder.snippets.first().map(|(path, _)| path).or_else(|| {
            folder
                .assets
                .values()
                .chain(folder.packages.values())
                .chain(folder.library.values())
                .next()
        });
        if let (None, Some(first)) = (&folder.host_file, first) {
            found.push(checks::missing_host::diagnostic(
                &format!("catalogue/{host}"),
                first,
            ));
        }
    }
    layout.hosts.retain(|_, folder| folder.host_file.is_some());
    (layout, found)
}

fn place(
    path: &str,
    layout: &mut Layout,
    bad_folders: &mut BTreeSet<String>,
    found: &mut Vec<Diagnostic>,
) {
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    match parts.as_slice() {
        // Notes for people, and what keeps an empty folder in git.
        [.., "README.md" | ".gitkeep"] => {}
        ["store.json"] => layout.has_store = true,
        ["site", below @ ..] if !below.is_empty() => {
            layout.site.insert(below.join("/"));
        }
        [name] => {
            let help = name.strip_suffix(".json").map(|stem| {
                format!("move it into the folder of its host: `catalogue/<host>/{stem}.json`")
            });
            found.push(checks::stray_file::diagnostic(
                path,
                "only `store.json` and the folders of the hosts lie here",
                help,
            ));
        }
        [host, rest @ ..] => {
            if let Some(fault) = names::no_host_id(host) {
                if bad_folders.insert((*host).to_owned()) {
                    found.push(no_id(path, host, "a host", fault));
                }
                return;
            }
            if let Some(at) = rest.iter().position(|part| *part == INSTALLED) {
                // Thousands of files lie in such a folder: it is told once.
                if bad_folders.insert(parts[..=at + 1].join("/")) {
                    let help =
                        format!("take `{INSTALLED}` away: nothing is installed below `catalogue/`");
                    found.push(checks::stray_file::diagnostic(
                        path,
                        "a package manager put it there",
                        Some(help),
                    ));
                }
                return;
            }
            let folder = layout.hosts.entry(HostId::new(host)).or_default();
            place_in_host(path, rest, folder, found);
        }
        [] => {}
    }
}

fn place_in_host(path: &str, rest: &[&str], folder: &mut Folder, found: &mut Vec<Diagnostic>) {
    match rest {
        ["host.json"] => folder.host_file = Some(path.to_owned()),
        ["assets", id, file] => {
            folder
                .assets
                .insert(format!("{id}/{file}"), path.to_owned());
        }
        ["assets", ..] => {
            found.push(checks::stray_file::diagnostic(
                path,
                "images lie in `assets/<id>/`",
                None,
            ));
        }
        ["packages", file] => {
            folder.packages.insert((*file).to_owned(), path.to_owned());
        }
        ["packages", ..] => {
            found.push(checks::stray_file::diagnostic(
                path,
                "packages lie in `packages/` itself",
                None,
            ));
        }
        ["library", below @ ..] if !below.is_empty() => {
            folder.library.insert(below.join("/"), path.to_owned());
        }
        [.., name] => {
            let Some(stem) = name.strip_suffix(".json") else {
                let stem = name.rsplit_once('.').map_or(*name, |(stem, _)| stem);
                let help = names::is_id(stem)
                    .then_some(stem)
                    .filter(|stem| !stem.ends_with(".json"))
                    .map(|stem| format!("a snippet is called `{stem}.json`"));
                found.push(checks::stray_file::diagnostic(
                    path,
                    "only snippets, `host.json` and `assets/` lie in the folder of a host",
                    help,
                ));
                return;
            };
            match names::no_entry_id(stem) {
                Some(fault) => found.push(no_id(path, stem, "a plugin", fault)),
                None => folder.snippets.push((path.to_owned(), stem.to_owned())),
            }
        }
        [] => {}
    }
}

fn no_id(path: &str, name: &str, what: &str, fault: NoId) -> Diagnostic {
    match fault {
        NoId::Malformed => checks::bad_file_name::diagnostic(path, name, what),
        NoId::Reserved => codes::reserved_id::diagnostic(path, name, what),
    }
}
