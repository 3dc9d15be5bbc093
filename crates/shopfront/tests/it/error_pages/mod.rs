//! The pages of `docs/errors/` as tests: each has cases, made of files and their report.

mod diff;
mod fence;
mod parse;
mod run;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use parse::{CaseText, ContentText, FileText};
pub(crate) use parse::{FURTHER_CASES, Kind, parse};
pub(crate) use run::{files_below, report, report_of_package, write_page};

use crate::scratch::fixtures;
use crate::wheels;

/// The page of a code.
pub(crate) struct Page {
    pub(crate) code: String,
    pub(crate) text: String,
    pub(crate) cases: Vec<Case>,
}

/// A case of a page, with the content of its files.
pub(crate) struct Case {
    pub(crate) code: String,
    pub(crate) kind: Kind,
    pub(crate) title: String,
    /// `docs/errors/<code>.md:<line>`.
    pub(crate) place: String,
    files: Vec<CaseFile>,
    /// Its files in `xtask/tests/fixtures/checks/`.
    pub(crate) copied: Vec<String>,
    /// The expected report; empty where the page has none.
    pub(crate) report: String,
    /// Indices of the lines of the fence that contains the report.
    report_lines: Option<(usize, usize)>,
    last_line_index: usize,
}

/// A file of a case.
struct CaseFile {
    path: String,
    is_before: bool,
    content: Content,
}

/// Content of a file.
#[derive(Clone)]
enum Content {
    Bytes(Vec<u8>),
    Link(String),
    Absent,
    /// A valid package without changes.
    Package,
}

/// All pages by code; fails with the page and the line of everything malformed.
pub(crate) static PAGES: LazyLock<BTreeMap<String, Page>> = LazyLock::new(|| {
    let read: Vec<Result<Page, Vec<String>>> =
        codes_with_page().iter().map(|code| read(code)).collect();
    let problems: Vec<&String> = read
        .iter()
        .filter_map(|page| page.as_ref().err())
        .flatten()
        .collect();
    assert!(
        problems.is_empty(),
        "{}",
        problems
            .iter()
            .map(|it| it.as_str())
            .collect::<Vec<_>>()
            .join("\n")
    );
    read.into_iter()
        .flatten()
        .map(|page| (page.code.clone(), page))
        .collect()
});

/// All cases of all pages.
pub(crate) fn all_cases() -> impl Iterator<Item = &'static Case> {
    PAGES.values().flat_map(|page| &page.cases)
}

/// The case of `code` with this title.
pub(crate) fn case(code: &str, title: &str) -> &'static Case {
    let found = PAGES[code].cases.iter().find(|case| case.title == title);
    found.unwrap_or_else(|| panic!("{code} has no case `{title}`"))
}

fn path_of(code: &str) -> PathBuf {
    fixtures()
        .join("../../../docs/errors")
        .join(format!("{code}.md"))
}

fn codes_with_page() -> Vec<String> {
    let entries = fs::read_dir(path_of("x").parent().unwrap()).unwrap();
    let mut codes: Vec<String> = entries
        .map(|it| {
            it.unwrap()
                .file_name()
                .into_string()
                .unwrap()
                .replace(".md", "")
        })
        .collect();
    codes.sort();
    codes
}

fn read(code: &str) -> Result<Page, Vec<String>> {
    let text = fs::read_to_string(path_of(code)).unwrap();
    let at = |problem: String| format!("docs/errors/{code}.md:{problem}");
    let written =
        parse(code, &text).map_err(|problems| problems.into_iter().map(at).collect::<Vec<_>>())?;
    let mut cases: Vec<Case> = Vec::new();
    for case in written {
        let made = resolved(code, case, cases.first()).map_err(|problem| vec![at(problem)])?;
        cases.push(made);
    }
    Ok(Page {
        code: code.to_owned(),
        text,
        cases,
    })
}

/// The case with the content of its files, which may build on those of `example`.
fn resolved(code: &str, written: CaseText, example: Option<&Case>) -> Result<Case, String> {
    let mut files: Vec<CaseFile> = Vec::new();
    for file in &written.files {
        let content = content(file, &files, example)
            .map_err(|message| format!("{}: {message}", file.line_number))?;
        files.push(CaseFile {
            path: file.path.clone(),
            is_before: file.is_before,
            content,
        });
    }
    let (report, report_lines) = written
        .report
        .map_or((String::new(), None), |it| (it.text, Some(it.lines)));
    let place = format!("docs/errors/{code}.md:{}", written.line_number);
    let copied = |file: &FileText| {
        if let ContentText::Copied(path) = &file.content {
            Some(path.clone())
        } else {
            None
        }
    };
    let copied = written.files.iter().filter_map(copied).collect();
    let (code, kind, title, last_line_index) = (
        code.to_owned(),
        written.kind,
        written.title,
        written.last_line_index,
    );
    Ok(Case {
        code,
        kind,
        title,
        place,
        files,
        copied,
        report,
        report_lines,
        last_line_index,
    })
}

fn content(
    file: &FileText,
    earlier: &[CaseFile],
    example: Option<&Case>,
) -> Result<Content, String> {
    let in_example = || {
        let files = example
            .map(|case| case.files.as_slice())
            .unwrap_or_default();
        files
            .iter()
            .find(|it| it.path == file.path && it.is_before == file.is_before)
            .map(|it| it.content.clone())
    };
    match &file.content {
        ContentText::Whole(text) => Ok(Content::Bytes(text.clone().into_bytes())),
        ContentText::Diff(lines) => {
            let before = earlier
                .iter()
                .find(|it| it.path == file.path)
                .map(|it| it.content.clone());
            let bytes = |content: Content| {
                if let Content::Bytes(bytes) = content {
                    Some(bytes)
                } else {
                    None
                }
            };
            let known = before
                .and_then(bytes)
                .or_else(|| in_example().and_then(bytes))
                .or_else(|| original(&file.path));
            let Some(original) = known else {
                return Err(format!(
                    "expected `{}` in the example, in the small store or in the valid package",
                    file.path
                ));
            };
            let original = String::from_utf8(original)
                .map_err(|_| "expected UTF-8 in the original of the diff".to_owned())?;
            Ok(Content::Bytes(diff::apply(&original, lines)?.into_bytes()))
        }
        ContentText::Unchanged => match in_example() {
            Some(content) => Ok(content),
            None if wheels::sound_package(&file.path.replace("dist/", "")).is_some() => {
                Ok(Content::Package)
            }
            None => Err(format!(
                "expected `{}` in the example, or a package for Python",
                file.path
            )),
        },
        ContentText::Absent => Ok(Content::Absent),
        ContentText::Link(target) => Ok(Content::Link(target.clone())),
        ContentText::Copied(path) => {
            let bytes = fs::read(fixtures().join("checks").join(path));
            bytes.map(Content::Bytes).map_err(|error| {
                format!("failed to read `xtask/tests/fixtures/checks/{path}`: {error}")
            })
        }
    }
}

/// The file in the small store, or in the valid package that `path` leads into.
fn original(path: &str) -> Option<Vec<u8>> {
    let in_package = || {
        let (package, member) = path.strip_prefix("dist/")?.split_once('/')?;
        fs::read(wheels::sound_package(package)?.join(member)).ok()
    };
    fs::read(fixtures().join("base").join(path))
        .ok()
        .or_else(in_package)
}
