//! Properties of contributors' files: for any contents and names, they are read, checked and
//! reported in every format.

use std::collections::BTreeMap;

use shopfront::report::{self, Format, Links, Located, RenderOptions, Texts};
use shopfront_check::checks;
use shopfront_check::load::{self, Loaded};
use shopfront_diagnostics::{Diagnostic, Severity};
use shopfront_text as text;

use super::{inert, memory};

/// Paths for the bytes: a snippet of each kind, and the settings files of maintainers.
const PLACES: &[&str] = &[
    "catalogue/datasette/graphql.json",
    "catalogue/fiab/ecmwf.json",
    "catalogue/third/host.json",
    "catalogue/store.json",
];

pub(super) fn holds(bytes: &[u8]) {
    let mut files = memory::base();
    files.extend(
        PLACES
            .iter()
            .map(|place| ((*place).to_owned(), bytes.to_vec())),
    );
    files.extend(named_like(bytes).map(|path| (path, b"{}".to_vec())));
    let loaded = memory::load(&files);
    for place in PLACES {
        if loaded
            .found
            .iter()
            .all(|it| it.primary.place.path != *place || it.severity == Severity::Warning)
        {
            fmt_settles(&files, place, &loaded);
        }
    }
    let mut found = loaded.found;
    found.extend(checks::run(&loaded.catalogue));
    told_in_every_format(&found, &files);
}

/// Returns a path with this name, if git allows it.
fn named_like(bytes: &[u8]) -> Option<String> {
    const MOST: usize = 255;
    let name = std::str::from_utf8(bytes).ok()?;
    let is_a_path = |part: &str| !matches!(part, "" | "." | "..");
    let is_possible = name.len() <= MOST && !name.contains('\0') && name.split('/').all(is_a_path);
    is_possible.then(|| format!("catalogue/datasette/{name}"))
}

/// Checks that the output of `fmt` is valid, canonical and stable.
fn fmt_settles(files: &BTreeMap<String, Vec<u8>>, place: &str, loaded: &Loaded) {
    let is_told =
        |it: &Diagnostic| it.code.name == "not-canonical" && it.primary.place.path == place;
    let written = load::mended(
        place,
        &files[place],
        &[],
        &loaded.catalogue,
        &memory::SCHEMAS,
    )
    .unwrap();
    let written = written.expect("a sound file has a canonical form");
    assert_eq!(
        loaded.found.iter().any(is_told),
        written.as_bytes() != files[place],
        "{place}"
    );
    if loaded.found.iter().any(is_told) {
        let mut files = files.clone();
        files.insert(place.to_owned(), written.into_bytes());
        let is_fault = |it: &Diagnostic| {
            it.primary.place.path == place && (it.severity == Severity::Error || is_told(it))
        };
        let left = memory::load(&files).found;
        assert!(
            !left.iter().any(is_fault),
            "`fmt` writes what `check` refuses: {left:?}"
        );
    }
}

/// Checks that every report contains all diagnostics, and no other active content.
fn told_in_every_format(found: &[Diagnostic], files: &BTreeMap<String, Vec<u8>>) {
    told_in_most_formats(found, files);
    let texts = texts_of(found, files);
    let log = report::text(
        &report::locate(found, &texts),
        &texts,
        Format::Sarif,
        LOOK,
        &Links::default(),
    );
    let log: serde_json::Value = serde_json::from_str(&log).expect("the report is JSON");
    assert_eq!(
        log["runs"][0]["results"].as_array().map(Vec::len),
        Some(found.len())
    );
}

const LOOK: RenderOptions = RenderOptions {
    color: false,
    columns: 100,
};

/// Checks all formats except SARIF, which contains the pages of all codes and is many times as
/// expensive as the others.
pub(super) fn told_in_most_formats(found: &[Diagnostic], files: &BTreeMap<String, Vec<u8>>) {
    let texts = texts_of(found, files);
    let located = report::locate(found, &texts);
    let text = |format, look| report::text(&located, &texts, format, look, &Links::default());
    for located in &located {
        for range in std::iter::once(&located.primary).chain(&located.secondary) {
            assert!(range.start <= range.end && range.start.line >= 1 && range.start.column >= 1);
        }
    }
    human(&text(Format::Human, LOOK));
    let _ = text(
        Format::Human,
        RenderOptions {
            color: true,
            ..LOOK
        },
    );
    github(&text(Format::Github, LOOK), &located);
    let faults: Vec<serde_json::Value> =
        serde_json::from_str(&text(Format::Json, LOOK)).expect("the report is JSON");
    assert_eq!(faults.len(), found.len());
    markdown(&text(Format::Markdown, LOOK), found.len());
}

fn texts_of(found: &[Diagnostic], files: &BTreeMap<String, Vec<u8>>) -> Texts {
    let text_of = |path: &&str| {
        files
            .get(*path)
            .and_then(|bytes| String::from_utf8(bytes.clone()).ok())
            .map(|it| ((*path).to_owned(), it))
    };
    report::paths(found).iter().filter_map(text_of).collect()
}

/// Checks that nothing moves the cursor, reverses the text, or imitates a line of the report.
fn human(text: &str) {
    assert_eq!(
        text::hidden(text).find(|it| it.character != '\n'),
        None,
        "{text}"
    );
    for line in text.lines() {
        let rest = line.trim_start();
        let is_ours = rest.is_empty()
            || ["error[", "warning[", "--> ", "::: ", "|", "= ", "..."]
                .iter()
                .any(|it| rest.starts_with(it))
            || rest.starts_with(|it: char| it.is_ascii_digit())
            || line.starts_with("    ");
        assert!(
            is_ours,
            "a line that is not the report's own: {line:?}\n{text}"
        );
    }
}

/// Checks that each command is one line with the six expected properties, and that nothing ends one
/// early.
fn github(text: &str, located: &[Located<'_>]) {
    const MOST_SHOWN: usize = 10;
    assert!(!text.contains('\r'));
    let shown = |severity| {
        located
            .iter()
            .filter(|it| it.diagnostic.severity == severity)
            .count()
            .min(MOST_SHOWN)
    };
    let commands: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with("::notice::"))
        .collect();
    assert_eq!(
        commands.len(),
        shown(Severity::Error) + shown(Severity::Warning),
        "{text}"
    );
    for command in commands {
        let rest = command
            .strip_prefix("::error ")
            .or_else(|| command.strip_prefix("::warning "))
            .expect("a command of ours");
        let (properties, _) = rest.split_once("::").expect("a command has a message");
        let keys: Vec<&str> = properties
            .split(',')
            .map(|it| it.split_once('=').expect("a property has a value").0)
            .collect();
        assert_eq!(
            keys,
            ["file", "line", "endLine", "col", "endColumn", "title"],
            "{command}"
        );
    }
}

/// Checks that there is one table with one row per diagnostic and four cells per row, without tags,
/// mentions, links and images.
fn markdown(text: &str, count: usize) {
    inert::assert_inert(text);
    let rows = text.lines().filter(|line| line.starts_with('|')).count();
    assert!(
        count == 0 || rows == count + 2 || text.contains(" more faults are left out here."),
        "{text}"
    );
    assert_eq!(
        inert::cells(text),
        vec![4; rows.saturating_sub(1)],
        "{text}"
    );
}
