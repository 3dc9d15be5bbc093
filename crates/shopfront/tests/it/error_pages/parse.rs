//! The form of a page: from lines to cases, with the line of everything that is malformed.

use std::collections::BTreeSet;

use super::fence::{fenced, joined};

/// The heading that ends what `explain` and the site show.
pub(crate) const FURTHER_CASES: &str = "Further cases";

/// The sections of a page, in their order.
const SECTIONS: &[&str] = &[
    "What it means",
    "Example",
    "How to fix",
    "Why this matters",
    FURTHER_CASES,
];

/// Expected result of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Gives the code of its page.
    Bad,
    /// Its repaired twin: gives nothing.
    Cured,
    /// Similar, and gives nothing.
    NearMiss,
}

const KINDS: &[(&str, Kind)] = &[
    ("bad", Kind::Bad),
    ("cured", Kind::Cured),
    ("near-miss", Kind::NearMiss),
];

/// A case as written.
#[derive(Debug)]
pub(crate) struct CaseText {
    pub(crate) kind: Kind,
    pub(crate) title: String,
    /// Line number of the heading.
    pub(crate) line_number: usize,
    pub(crate) files: Vec<FileText>,
    pub(crate) report: Option<Report>,
    /// Index of the line below which a missing report is inserted.
    pub(crate) last_line_index: usize,
}

/// The expected report of a case.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) text: String,
    /// Indices of the lines of its fence, both included.
    pub(crate) lines: (usize, usize),
}

/// A file of a case as written.
#[derive(Debug)]
pub(crate) struct FileText {
    pub(crate) path: String,
    /// Part of the commit that the case is compared with.
    pub(crate) is_before: bool,
    pub(crate) content: ContentText,
    pub(crate) line_number: usize,
}

/// Content of a file as written.
#[derive(Debug, PartialEq)]
pub(crate) enum ContentText {
    /// The whole text.
    Whole(String),
    /// Lines of a diff against the original.
    Diff(Vec<String>),
    /// Same as in the example, or a valid package without changes.
    Unchanged,
    /// Removed from the store or the package.
    Absent,
    /// A symbolic link with this target.
    Link(String),
    /// Copy of this file below `xtask/tests/fixtures/checks/`.
    Copied(String),
}

/// Parses the page of `code`.
///
/// # Errors
/// All problems, each as `line: message`.
pub(crate) fn parse(code: &str, text: &str) -> Result<Vec<CaseText>, Vec<String>> {
    let mut parser = Parser {
        lines: text.lines().collect(),
        ..Parser::default()
    };
    if parser.lines.first() != Some(&format!("# {code}").as_str()) {
        parser.problem(0, format!("expected the heading `# {code}`"));
    }
    if parser
        .lines
        .get(2)
        .is_none_or(|summary| summary.trim().is_empty())
    {
        parser.problem(2, "expected the summary: one sentence");
    }
    while parser.index < parser.lines.len() {
        parser.block();
    }
    let last = parser.lines.len().saturating_sub(1);
    if let Some(missing) = SECTIONS[..4]
        .iter()
        .find(|section| !parser.sections.contains(*section))
    {
        parser.problem(last, format!("missing section `## {missing}`"));
    }
    parser.check_cases();
    if parser.problems.is_empty() {
        return Ok(parser.cases);
    }
    parser.problems.sort();
    Err(parser
        .problems
        .into_iter()
        .map(|(line_number, message)| format!("{line_number}: {message}"))
        .collect())
}

#[derive(Default)]
struct Parser<'p> {
    lines: Vec<&'p str>,
    index: usize,
    sections: Vec<&'p str>,
    /// Position of the section that comes next.
    next_section: usize,
    cases: Vec<CaseText>,
    problems: Vec<(usize, String)>,
}

impl<'p> Parser<'p> {
    fn problem(&mut self, line_index: usize, message: impl AsRef<str>) {
        self.problems
            .push((line_index + 1, message.as_ref().to_owned()));
    }

    /// The case that is being read; none in a section of prose.
    fn case(&mut self) -> Option<&mut CaseText> {
        let is_case = self
            .sections
            .last()
            .is_some_and(|section| matches!(*section, "Example" | "How to fix" | FURTHER_CASES));
        if is_case { self.cases.last_mut() } else { None }
    }

    /// Reads a heading, a fence, a line with a path or a line of prose.
    fn block(&mut self) {
        let line = self.lines[self.index];
        if let Some(name) = line.strip_prefix("## ") {
            self.section(name);
        } else if let Some(name) = line.strip_prefix("### ") {
            self.further_case(name);
        } else if line.starts_with("```") {
            self.fence_without_path();
        } else if self.is_path_line() && self.case().is_some() {
            self.file();
        } else if line.starts_with('#') && self.index > 0 && !self.sections.is_empty() {
            self.problem(self.index, format!("unknown heading `{line}`"));
        }
        self.index += 1;
    }

    fn section(&mut self, name: &'p str) {
        let position = SECTIONS.iter().position(|section| *section == name);
        match position {
            None => self.problem(
                self.index,
                format!("unknown section `{name}`: expected one of {SECTIONS:?}"),
            ),
            Some(position) if position < self.next_section => {
                self.problem(self.index, format!("section `{name}` is out of order"))
            }
            Some(position) => self.next_section = position + 1,
        }
        self.sections.push(name);
        match name {
            "Example" => self.begin(Kind::Bad, name),
            "How to fix" => self.begin(Kind::Cured, name),
            _ => {}
        }
    }

    fn further_case(&mut self, name: &str) {
        let (kind, title) = name.split_once(": ").unwrap_or((name, ""));
        match KINDS.iter().find(|(known, _)| *known == kind) {
            _ if self.sections.last() != Some(&FURTHER_CASES) => {
                self.problem(
                    self.index,
                    format!("expected cases in the section `## {FURTHER_CASES}` only"),
                );
            }
            Some(_) if title.trim().is_empty() => {
                self.problem(self.index, "missing title: expected `### bad: TITLE`")
            }
            Some((_, kind)) => self.begin(*kind, title),
            None => self.problem(
                self.index,
                format!("unknown kind of case `{kind}`: expected `bad`, `cured` or `near-miss`"),
            ),
        }
    }

    fn begin(&mut self, kind: Kind, title: &str) {
        let line_number = self.index + 1;
        if self
            .cases
            .iter()
            .any(|case| case.kind == kind && case.title == title)
        {
            self.problem(self.index, format!("duplicate case `{title}`"));
        }
        let title = title.to_owned();
        self.cases.push(CaseText {
            kind,
            title,
            line_number,
            files: Vec::new(),
            report: None,
            last_line_index: self.index,
        });
    }

    /// Returns `true` at a paragraph of one line that begins with a span of code and is not a
    /// sentence.
    fn is_path_line(&self) -> bool {
        let line = self.lines[self.index];
        let is_edge = |other: Option<&&str>| {
            other.is_none_or(|other| other.is_empty() || other.starts_with('#'))
        };
        let next = self.lines.get(self.index + 1);
        let is_alone = is_edge(self.lines[..self.index].last())
            && (is_edge(next) || next.is_some_and(|next| next.starts_with("```")));
        line.starts_with('`') && is_alone && !line.ends_with(['.', ':'])
    }

    /// Reads a fence from the current line to its end: its information and its lines.
    fn fence(&mut self) -> (&'p str, Vec<&'p str>) {
        let first = self.lines[self.index];
        let info = first.trim_start_matches('`');
        let marker = &first[..first.len() - info.len()];
        let begin = self.index;
        let length = self.lines[begin + 1..]
            .iter()
            .position(|line| *line == marker);
        if length.is_none() {
            self.problem(begin, format!("unclosed fence: expected `{marker}`"));
        }
        let length = length.unwrap_or(self.lines.len() - begin - 1);
        self.index = (begin + 1 + length).min(self.lines.len() - 1);
        (info, self.lines[begin + 1..begin + 1 + length].to_vec())
    }

    fn fence_without_path(&mut self) {
        let begin = self.index;
        let (info, body) = self.fence();
        let end = self.index;
        let Some(case) = self.case() else { return };
        match info {
            "report" if case.report.is_some() => self.problem(begin, "duplicate report"),
            "report" => {
                case.report = Some(Report {
                    text: joined(&body),
                    lines: (begin, end),
                })
            }
            // What a terminal shows.
            "console" => {}
            _ => self.problem(
                begin,
                "expected the path of the file, in backticks, on the line above the fence",
            ),
        }
    }

    fn file(&mut self) {
        let begin = self.index;
        let Some((path, is_before, rest)) = path_line(self.lines[begin]) else {
            return self.problem(
                begin,
                "expected a path in backticks, then nothing or a note such as `, absent`",
            );
        };
        let has_fence = self
            .lines
            .get(begin + 1)
            .is_some_and(|next| next.starts_with("```"));
        let quoted = |rest: &str, words: &str| {
            rest.strip_prefix(words)?
                .strip_suffix('`')
                .map(str::to_owned)
        };
        let content = match rest {
            "" if has_fence => {
                self.index += 1;
                let (info, body) = self.fence();
                fenced(info, &body)
            }
            "" => Err("expected a fence below the path".to_owned()),
            _ if has_fence => Err("unexpected fence below the path".to_owned()),
            ", absent" => Ok(ContentText::Absent),
            ", empty" => Ok(ContentText::Whole(String::new())),
            ", unchanged" => Ok(ContentText::Unchanged),
            other => quoted(other, ", link to `")
                .map(ContentText::Link)
                .or_else(|| quoted(other, ", file `").map(ContentText::Copied))
                .ok_or_else(|| format!("unknown note `{other}`")),
        };
        let (line_number, last_line_index) = (begin + 1, self.index);
        let Some(case) = self.case() else { return };
        case.last_line_index = last_line_index;
        if case
            .files
            .iter()
            .any(|file| file.path == path && file.is_before == is_before)
        {
            return self.problem(begin, format!("duplicate path `{path}`"));
        }
        match content {
            Ok(content) => case.files.push(FileText {
                path: path.to_owned(),
                is_before,
                content,
                line_number,
            }),
            Err(message) => self.problem(begin, message),
        }
    }

    fn check_cases(&mut self) {
        let kinds: BTreeSet<&str> = KINDS
            .iter()
            .filter(|(_, kind)| self.cases.iter().any(|it| it.kind == *kind))
            .map(|it| it.0)
            .collect();
        if self.sections.contains(&FURTHER_CASES) && self.cases.len() < 3 {
            self.problem(
                self.lines.len() - 1,
                format!("expected a case in the section `## {FURTHER_CASES}`: it has {kinds:?}"),
            );
        }
        let empty: Vec<usize> = self
            .cases
            .iter()
            .filter(|case| case.files.is_empty())
            .map(|case| case.line_number)
            .collect();
        for line_number in empty {
            self.problem(line_number - 1, "the case has no file");
        }
    }
}

/// The path, whether it is of the time before, and the note behind it.
fn path_line(line: &str) -> Option<(&str, bool, &str)> {
    let (path, rest) = line.strip_prefix('`')?.split_once('`')?;
    let before = rest.strip_prefix(", before");
    let is_path =
        !path.is_empty() && !path.starts_with('/') && path.split('/').all(|part| part != "..");
    is_path.then_some((path, before.is_some(), before.unwrap_or(rest)))
}
