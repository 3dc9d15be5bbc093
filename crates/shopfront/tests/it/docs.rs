//! Tests of the documentation: links have targets, and it names all existing paths, I/O modules and
//! fields. Tests of `xtask` validate its commands.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use serde_json::Value;
use shopfront::commands::check;
use shopfront::report::{Format, Links, RenderOptions};

use crate::scratch::Scratch;

/// Returns the root of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// Page of the documentation.
struct Page {
    /// Path from the root.
    path: String,
    links: Vec<String>,
    /// Texts in backticks on one line.
    spans: Vec<String>,
    /// Code fences: the language, and the text.
    fences: Vec<(String, String)>,
    /// Heading anchors as GitHub generates them.
    anchors: BTreeSet<String>,
}

impl Page {
    fn read(path: &str) -> Page {
        let text = fs::read_to_string(root().join(path)).unwrap();
        let mut page = Page {
            path: path.to_owned(),
            links: Vec::new(),
            spans: Vec::new(),
            fences: Vec::new(),
            anchors: BTreeSet::new(),
        };
        let mut heading: Option<String> = None;
        let mut fence: Option<(String, String)> = None;
        for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    page.links.push(dest_url.to_string())
                }
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => page
                    .anchors
                    .extend(heading.take().map(|text| anchor(&text))),
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                    fence = Some((language.to_string(), String::new()))
                }
                Event::End(TagEnd::CodeBlock) => page.fences.extend(fence.take()),
                Event::Code(code) => {
                    heading.iter_mut().for_each(|text| text.push_str(&code));
                    page.spans.push(code.to_string());
                }
                Event::Text(text) => {
                    heading.iter_mut().for_each(|it| it.push_str(&text));
                    fence.iter_mut().for_each(|(_, it)| it.push_str(&text));
                }
                _ => {}
            }
        }
        page
    }
}

/// Returns GitHub's anchor of a heading: lower-case letters, digits and `_`, with `-` for blanks.
/// Other characters are dropped.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase().replace(' ', "-");
    kept.chars()
        .filter(|it| it.is_alphanumeric() || matches!(it, '-' | '_'))
        .collect()
}

/// Returns every documentation page of the repository.
fn pages() -> Vec<Page> {
    let mut paths: Vec<String> = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"]
        .map(str::to_owned)
        .to_vec();
    for folder in ["docs", "examples"] {
        for entry in walkdir::WalkDir::new(root().join(folder))
            .sort_by_file_name()
            .into_iter()
            .map(Result::unwrap)
        {
            if entry
                .path()
                .extension()
                .is_some_and(|ending| ending == "md")
            {
                paths.push(
                    entry
                        .path()
                        .strip_prefix(root())
                        .unwrap()
                        .to_str()
                        .unwrap()
                        .to_owned(),
                );
            }
        }
    }
    paths.iter().map(|path| Page::read(path)).collect()
}

#[test]
fn every_link_leads_somewhere() {
    let pages: BTreeMap<String, Page> = pages()
        .into_iter()
        .map(|page| (page.path.clone(), page))
        .collect();
    let mut broken = Vec::new();
    for page in pages.values() {
        for link in page.links.iter().filter(|link| !link.contains(':')) {
            let (path, wanted) = link
                .split_once('#')
                .map_or((link.as_str(), None), |(path, anchor)| (path, Some(anchor)));
            let folder = root().join(&page.path).parent().unwrap().to_path_buf();
            let target = if path.is_empty() {
                root().join(&page.path)
            } else {
                folder.join(path)
            };
            let Ok(target) = target.canonicalize() else {
                broken.push(format!("{}: {link}", page.path));
                continue;
            };
            let name = target
                .strip_prefix(root().canonicalize().unwrap())
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            let has_anchor = |wanted: &str| {
                pages
                    .get(&name)
                    .is_none_or(|page| page.anchors.contains(wanted))
            };
            if wanted.is_some_and(|wanted| !has_anchor(wanted)) {
                broken.push(format!("{}: {link}: there is no such heading", page.path));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// Directories whose files the documentation names literally. Paths in `catalogue/` and `answers/`
/// are examples.
const OURS: &[&str] = &[
    "crates/",
    "xtask/",
    "schema/",
    "site-template/",
    "docs/",
    ".github/",
    "examples/",
    ".cargo/",
    ".vscode/",
    ".ci/",
];

#[test]
fn every_path_is_there() {
    let mut missing = Vec::new();
    for page in pages() {
        for span in &page.spans {
            let is_ours = OURS
                .iter()
                .any(|folder| span.starts_with(folder) && span != folder)
                || span.ends_with(".rs");
            // `<code>`, `*` and `…` are placeholders. A new store has workflows of its own, written
            // from `crates/shopfront/init/`. The kind `lantern` is an example, created in
            // CONTRIBUTING.md.
            if !is_ours || span.contains(['<', '*', '…', ' ', '(']) || span.contains("lantern") {
                continue;
            }
            let name = span.rsplit('/').next().unwrap_or_default();
            let written_by_init = page.path == "docs/maintainers.md"
                && (span.starts_with(".github/") || span.starts_with(".vscode/"));
            let in_sources = sources().into_iter().map(|source| source.join(span));
            let of_init =
                written_by_init.then(|| root().join(format!("crates/shopfront/init/{name}")));
            let found = in_sources
                .chain([root().join(span)])
                .chain(of_init)
                .any(|place| place.exists());
            if !found {
                missing.push(format!("{}: `{span}`", page.path));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// Returns the source directories, one per crate.
fn sources() -> Vec<PathBuf> {
    let crates = fs::read_dir(root().join("crates"))
        .unwrap()
        .map(|it| it.unwrap().path().join("src"));
    crates.collect()
}

#[test]
fn every_public_module_is_in_the_architecture() {
    let named: BTreeSet<String> = Page::read("ARCHITECTURE.md").spans.into_iter().collect();
    let roots = sources()
        .into_iter()
        .map(|source| fs::read_to_string(source.join("lib.rs")).unwrap());
    let declared = roots.flat_map(|text| {
        text.lines()
            .filter_map(|line| {
                Some(
                    line.strip_prefix("pub mod ")?
                        .trim_end_matches(';')
                        .to_owned(),
                )
            })
            .collect::<Vec<_>>()
    });
    let missing: BTreeSet<String> = declared
        .filter(|module| !named.contains(module) && !named.contains(&format!("{module}/")))
        .collect();
    assert!(
        missing.is_empty(),
        "ARCHITECTURE.md does not say what these are for: {missing:?}"
    );
}

/// Returns the fields of a schema as tables name them: `policy.max_drop`, `links[].title`,
/// `entries.*.number`.
fn fields(
    schema: &Value,
    file: &str,
    all: &BTreeMap<String, Value>,
    before: &str,
    found: &mut BTreeSet<String>,
) {
    if let Some(reference) = schema["$ref"].as_str() {
        let (other, pointer) = reference.split_once('#').unwrap();
        let other = if other.is_empty() { file } else { other };
        return fields(
            all[other].pointer(pointer).unwrap(),
            other,
            all,
            before,
            found,
        );
    }
    for (name, inner) in schema["properties"].as_object().into_iter().flatten() {
        let path = format!("{before}{name}");
        fields(inner, file, all, &format!("{path}."), found);
        found.insert(path);
    }
    let around = before.trim_end_matches('.');
    if schema["items"].is_object() {
        fields(&schema["items"], file, all, &format!("{around}[]."), found);
    }
    if schema["additionalProperties"].is_object() {
        fields(
            &schema["additionalProperties"],
            file,
            all,
            &format!("{around}.*."),
            found,
        );
    }
}

#[test]
fn every_field_is_described() {
    let described: BTreeSet<String> = Page::read("docs/format.md").spans.into_iter().collect();
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(root().join("schema"))
        .unwrap()
        .map(|it| it.unwrap().path())
    {
        let name = entry.file_name().unwrap().to_str().unwrap().to_owned();
        all.insert(
            name,
            serde_json::from_str::<Value>(&fs::read_to_string(entry).unwrap()).unwrap(),
        );
    }
    let mut missing = BTreeSet::new();
    for (name, schema) in &all {
        let mut found = BTreeSet::new();
        fields(schema, name, &all, "", &mut found);
        // The header of every document is described once. A detail has the fields of an entry of
        // `plugins.json`.
        let is_told_elsewhere = |field: &String| {
            described.contains(&format!("plugins[].{field}")) || field.starts_with("store.")
        };
        let untold = found
            .into_iter()
            .filter(|field| !described.contains(field) && !is_told_elsewhere(field));
        missing.extend(untold.map(|field| format!("{name}: `{field}`")));
    }
    assert!(
        missing.is_empty(),
        "docs/format.md does not describe these:\n{missing:#?}"
    );
}

#[test]
fn the_first_snippet_of_a_contributor_gives_the_report_that_is_shown() {
    let page = Page::read("CONTRIBUTING.md");
    let of = |wanted: &str| {
        page.fences
            .iter()
            .find(|(language, _)| language == wanted)
            .unwrap()
            .1
            .clone()
    };
    let scratch = Scratch::base();
    scratch.write("catalogue/datasette/tide-tables.json", &of("json"));
    let look = RenderOptions {
        color: false,
        columns: 100,
    };
    let options = check::Options {
        paths: Vec::new(),
        since: None,
        asking: None,
        format: Format::Human,
        look,
        links: Links::default(),
    };
    let told = check::run(&scratch.workspace(), &options).unwrap().stdout;
    assert_eq!(told.trim_end(), of("text").trim_end());
}
