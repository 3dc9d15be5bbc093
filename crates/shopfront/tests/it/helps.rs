//! Tests of the help of every check. `fixtures/help/classes.txt` classifies each help. Everything
//! that can be pasted is pasted, parses, and removes the diagnostic.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use rayon::prelude::*;
use serde_json::Value;
use shopfront::report::Format;
use shopfront_package::requirement::{self, Reading};

use crate::error_pages::{self, Case, report, report_of_package};
use crate::scratch::{Scratch, fixtures};
use crate::wheels::{Members, members, with_record, zipped};

/// Class of a help, which determines how it is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    /// Each text in backticks is a value for the location: JSON, else a text.
    Value,
    /// The text is the correct name of the field at the location.
    Field,
    /// The text is a member of the object at the location.
    Member,
    /// The text is a member of the snippet.
    RootMember,
    /// The text is a member of a JSON file in the package.
    PackageMember,
    /// The text is the correct name of the file.
    File,
    /// The text is the path of a file to add.
    NewFile,
    /// The texts are lines of `pyproject.toml`, with their table.
    Toml,
    /// The text is a requirement of the package (PEP 508).
    Requirement,
    /// The text is a shell command.
    Shell,
    /// The text replaces the text at the span.
    Span,
    /// The text belongs in a file of the package from which these tests build nothing.
    PackageText,
    /// Prose: a person has to decide or to build something, and nothing can be pasted.
    Prose,
}

const CLASSES: &[(&str, Class)] = &[
    ("value", Class::Value),
    ("field", Class::Field),
    ("member", Class::Member),
    ("root-member", Class::RootMember),
    ("package-member", Class::PackageMember),
    ("file", Class::File),
    ("new-file", Class::NewFile),
    ("toml", Class::Toml),
    ("requirement", Class::Requirement),
    ("shell", Class::Shell),
    ("span", Class::Span),
    ("package-text", Class::PackageText),
    ("prose", Class::Prose),
];

/// Help with its context.
struct Help {
    code: String,
    text: String,
    path: String,
    pointer: String,
    /// Line and column of the start, and of the end.
    span: [(usize, usize); 2],
    case: &'static Case,
    /// The package that it is told of, from the root of the store.
    package: Option<String>,
    /// Number of occurrences of the diagnostic for that package.
    count: usize,
}

impl Help {
    /// Returns the texts between backticks.
    fn quoted(&self) -> Vec<&str> {
        self.text.split('`').skip(1).step_by(2).collect()
    }

    /// Returns the code and the help text with placeholders for quoted parts, as in the file of
    /// classes.
    fn pattern(code: &str, text: &str) -> String {
        let words: Vec<&str> = text.split('`').step_by(2).collect();
        let mut words = without_brackets(&words.join("`…`"));
        while let Some(at) = words.find("`…`, `…`") {
            words.replace_range(at..at + "`…`, `…`".len(), "`…`");
        }
        let mut words: String = words
            .chars()
            .map(|it| if it.is_ascii_digit() { '#' } else { it })
            .collect();
        while words.contains("##") {
            words = words.replace("##", "#");
        }
        format!("{code}: {words}")
    }

    fn scratch(&self) -> Scratch {
        self.case.store().0
    }

    /// Returns `true` if the diagnostic is still reported in `scratch` at the same location. For a
    /// package, compares the number of occurrences.
    fn is_told(&self, scratch: &Scratch) -> bool {
        let told = match &self.package {
            Some(package) => report_of_package(scratch, package, Format::Json),
            None => report(scratch, Format::Json),
        };
        let faults: Vec<Value> = serde_json::from_str(&told).unwrap();
        let is_it = |fault: &Value| {
            fault["code"] == self.code
                && (self.package.is_some()
                    || fault["path"] == self.path && fault["pointer"] == self.pointer)
        };
        let count = faults.iter().filter(|fault| is_it(fault)).count();
        if self.package.is_some() {
            count >= self.count
        } else {
            count > 0
        }
    }
}

/// Returns `words` with `(…)` for the text in parentheses.
fn without_brackets(words: &str) -> String {
    let (mut told, mut depth) = (String::new(), 0);
    for character in words.chars() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ if depth == 0 => told.push(character),
            _ => continue,
        }
        if character == ')' && depth == 0 {
            told.push_str("(…)");
        }
    }
    told
}

fn helps_of(case: &'static Case) -> Vec<Help> {
    let (scratch, packages) = case.store();
    let told: Vec<(Option<String>, String)> = match packages.is_empty() {
        true => vec![(None, report(&scratch, Format::Json))],
        false => packages
            .into_iter()
            .map(|it| {
                (
                    Some(it.clone()),
                    report_of_package(&scratch, &it, Format::Json),
                )
            })
            .collect(),
    };
    let mut helps = Vec::new();
    for (package, told) in told {
        let faults: Vec<Value> = serde_json::from_str(&told).unwrap();
        for fault in &faults {
            let text = |key: &str| fault[key].as_str().map(str::to_owned);
            let (Some(code), Some(help), Some(path)) = (text("code"), text("help"), text("path"))
            else {
                continue;
            };
            let pointer = text("pointer").unwrap_or_default();
            let count = faults
                .iter()
                .filter(|other| other["code"] == fault["code"])
                .count();
            let number = |key: &str| usize::try_from(fault[key].as_u64().unwrap_or(1)).unwrap();
            let span = [
                (number("line"), number("column")),
                (number("end_line"), number("end_column")),
            ];
            helps.push(Help {
                code,
                text: help,
                path,
                pointer,
                span,
                case,
                package: package.clone(),
                count,
            });
        }
    }
    helps
}

/// Returns the code and the text of each help in a report for people.
fn told_in(report: &str) -> Vec<(String, String)> {
    let mut code = String::new();
    let mut helps = Vec::new();
    for line in report.lines() {
        if let Some(named) = line
            .strip_prefix("error[")
            .or_else(|| line.strip_prefix("warning["))
        {
            code = named.split(']').next().unwrap().to_owned();
        }
        helps.extend(
            line.trim_start()
                .strip_prefix("= help: ")
                .map(|help| (code.clone(), help.to_owned())),
        );
    }
    helps
}

/// Every help in the reports of the pages, each once, with its code and a case.
fn all_told() -> BTreeMap<(String, String), &'static Case> {
    let mut all = BTreeMap::new();
    // Problems of a build are told without help.
    for case in error_pages::all_cases() {
        for told in told_in(&case.report) {
            all.entry(told).or_insert(case);
        }
    }
    all
}

/// Returns the class of each pattern in the file.
fn classes() -> BTreeMap<String, Class> {
    let text = fs::read_to_string(fixtures().join("help/classes.txt")).unwrap();
    let class = |line: &str| {
        let (class, pattern) = line.split_once(' ').unwrap();
        let known = CLASSES.iter().find(|(name, _)| *name == class);
        (
            pattern.trim().to_owned(),
            known
                .unwrap_or_else(|| panic!("classes.txt: `{class}` is no class: {pattern}"))
                .1,
        )
    };
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(class)
        .collect()
}

/// Returns a text in backticks as JSON, else as a string.
fn value_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

fn edit(scratch: &Scratch, path: &str, change: impl FnOnce(&mut Value)) {
    let mut document: Value =
        serde_json::from_str(&fs::read_to_string(scratch.path().join(path)).unwrap()).unwrap();
    change(&mut document);
    scratch.write(path, &format!("{document:#}\n"));
}

fn parent(pointer: &str) -> (&str, String) {
    let (parent, last) = pointer.rsplit_once('/').unwrap_or(("", pointer));
    (parent, last.replace("~1", "/").replace("~0", "~"))
}

/// Applies `help` in each of its readings. Returns the reason if one of them fails.
fn follow(help: &Help, class: Class) -> Option<String> {
    let quoted = help.quoted();
    let wrong = |why: &str| {
        Some(format!(
            "{}: {}\n  {why} ({})",
            help.code, help.text, help.case.place
        ))
    };
    if quoted.is_empty() {
        return wrong("it quotes nothing that could be pasted");
    }
    let still = |scratch: &Scratch| {
        if help.is_told(scratch) {
            wrong("the fault is still told")
        } else {
            None
        }
    };
    match class {
        Class::Value => quoted.iter().find_map(|text| {
            let scratch = help.scratch();
            edit(&scratch, &help.path, |document| {
                match document.pointer_mut(&help.pointer) {
                    Some(place) => *place = value_of(text),
                    None => panic!("{}: nothing is at {}", help.path, help.pointer),
                }
            });
            still(&scratch)
        }),
        Class::Field => {
            let scratch = help.scratch();
            let (parent, last) = parent(&help.pointer);
            edit(&scratch, &help.path, |document| {
                let members = document
                    .pointer_mut(parent)
                    .unwrap()
                    .as_object_mut()
                    .unwrap();
                let value = members.shift_remove(&last).unwrap();
                members.insert(quoted[0].to_owned(), value);
            });
            still(&scratch)
        }
        Class::Member | Class::RootMember => {
            let Ok(Value::Object(more)) = serde_json::from_str(&format!("{{{}}}", quoted[0]))
            else {
                return wrong("it is no JSON");
            };
            let scratch = help.scratch();
            let at = if class == Class::Member {
                help.pointer.as_str()
            } else {
                ""
            };
            edit(&scratch, &help.path, |document| {
                document
                    .pointer_mut(at)
                    .unwrap()
                    .as_object_mut()
                    .unwrap()
                    .extend(more)
            });
            still(&scratch)
        }
        Class::PackageMember => {
            match serde_json::from_str::<Value>(&format!("{{{}}}", quoted[0])) {
                Ok(_) => None,
                Err(why) => wrong(&format!("it is no JSON: {why}")),
            }
        }
        Class::File => {
            let scratch = help.scratch();
            let old = scratch.path().join(&help.path);
            let ending = if old.is_dir() { "" } else { ".json" };
            let new =
                old.with_file_name(format!("{}{ending}", quoted[0].trim_end_matches(".json")));
            fs::rename(&old, &new).unwrap();
            still(&scratch)
        }
        Class::NewFile => {
            let scratch = help.scratch();
            // A diagnostic of its contents is a different one.
            let like = if quoted[0].ends_with(".json") {
                "base/catalogue/datasette/host.json"
            } else {
                "base/catalogue/store.json"
            };
            let path = scratch.path().join(quoted[0]);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::copy(fixtures().join(like), path).unwrap();
            still(&scratch)
        }
        Class::Toml => toml_help(help),
        Class::Requirement => {
            if !matches!(requirement::read(quoted[0]), Reading::Valid(_)) {
                return wrong("it is no requirement");
            }
            still(&requiring(help, quoted[0]))
        }
        Class::Shell => {
            let parsed = Command::new("sh")
                .args(["-n", "-c", quoted[0]])
                .status()
                .unwrap();
            if parsed.success() {
                None
            } else {
                wrong("a shell can not read it")
            }
        }
        Class::Span => {
            let scratch = help.scratch();
            let text = fs::read_to_string(scratch.path().join(&help.path)).unwrap();
            let [start, end] = help.span.map(|(line, column)| {
                let before: usize = text
                    .split_inclusive('\n')
                    .take(line - 1)
                    .map(str::len)
                    .sum();
                before
                    + text[before..]
                        .chars()
                        .take(column - 1)
                        .map(char::len_utf8)
                        .sum::<usize>()
            });
            scratch.write(
                &help.path,
                &format!("{}{}{}", &text[..start], quoted[0], &text[end..]),
            );
            still(&scratch)
        }
        Class::Prose | Class::PackageText => None,
    }
}

/// Returns the case of `help` in which the package, or the registry's answer, requires `wanted`,
/// and nothing else of that project.
fn requiring(help: &Help, wanted: &str) -> Scratch {
    let project = requirement::project_of(wanted);
    let is_other = |required: &str| requirement::project_of(required) != project;
    let of_package = rebuilt(help, |members| {
        let metadata = members
            .iter_mut()
            .find(|(name, _)| name.ends_with(".dist-info/METADATA"))
            .unwrap()
            .1;
        let text = String::from_utf8(metadata.clone()).unwrap();
        let (head, body) = text.split_once("\n\n").unwrap_or((text.trim_end(), ""));
        let kept: Vec<&str> = head
            .lines()
            .filter(|line| line.strip_prefix("Requires-Dist:").is_none_or(is_other))
            .collect();
        *metadata = format!("{}\nRequires-Dist: {wanted}\n\n{body}", kept.join("\n")).into_bytes();
    });
    if let Some(scratch) = of_package {
        return scratch;
    }
    let scratch = help.scratch();
    let snippet: Value =
        serde_json::from_str(&fs::read_to_string(scratch.path().join(&help.path)).unwrap())
            .unwrap();
    edit(
        &scratch,
        &format!(
            "answers/pypi/{}.json",
            snippet["source"]["pypi"].as_str().unwrap()
        ),
        |answer| {
            let required = answer["project"]["newest"]["requires_dist"]
                .as_array_mut()
                .unwrap();
            required.retain(|it| is_other(it.as_str().unwrap()));
            required.push(wanted.into());
        },
    );
    scratch
}

/// Returns the case of `help` with its wheel modified.
fn rebuilt(help: &Help, change: impl FnOnce(&mut Members)) -> Option<Scratch> {
    let package = help.package.as_ref()?;
    let scratch = help.scratch();
    let mut members = members(&help.case.unpacked().path().join(package));
    change(&mut members);
    fs::write(scratch.path().join(package), zipped(&with_record(members))).unwrap();
    Some(scratch)
}

/// Checks lines of `pyproject.toml`: they parse, alone or in the table that the help names, and an
/// entry point is found once built.
fn toml_help(help: &Help) -> Option<String> {
    let quoted = help.quoted();
    let is_line = |text: &&&str| text.contains(" = ");
    let table = quoted
        .iter()
        .find(|text| text.starts_with('['))
        .copied()
        .unwrap_or("[project]");
    let line = quoted.iter().find(is_line)?;
    let written = format!(
        "[project]\nname = \"x\"\n{}\n{line}\n",
        if table == "[project]" { "" } else { table }
    );
    let parsed: Result<toml::Table, _> = written.parse();
    let project = match parsed {
        Ok(table) => table["project"].clone(),
        Err(why) => {
            return Some(format!(
                "{}: {}\n  it is no TOML: {why}",
                help.code, help.text
            ));
        }
    };
    let groups = project.get("entry-points")?.as_table()?;
    let mut text = String::new();
    for (group, entries) in groups {
        text.push_str(&format!("[{group}]\n"));
        for (name, value) in entries.as_table().unwrap() {
            let Some(value) = value.as_str() else {
                return Some(format!(
                    "{}: {}\n  a table in a group",
                    help.code, help.text
                ));
            };
            text.push_str(&format!("{name} = {value}\n"));
        }
    }
    let scratch = rebuilt(help, |members| {
        let info = members
            .keys()
            .find_map(|name| name.split_once(".dist-info/"))
            .map(|(stem, _)| stem.to_owned())
            .unwrap();
        members.insert(
            format!("{info}.dist-info/entry_points.txt"),
            text.into_bytes(),
        );
    })?;
    help.is_told(&scratch)
        .then(|| format!("{}: {}\n  the fault is still told", help.code, help.text))
}

#[test]
fn every_help_is_classified_and_what_can_be_pasted_takes_the_fault_away() {
    let (told, classes) = (all_told(), classes());
    let patterns: BTreeSet<String> = told
        .keys()
        .map(|(code, text)| Help::pattern(code, text))
        .collect();
    let unknown: Vec<&String> = patterns
        .iter()
        .filter(|pattern| !classes.contains_key(*pattern))
        .collect();
    let unused: Vec<&String> = classes
        .keys()
        .filter(|pattern| !patterns.contains(*pattern))
        .collect();
    assert!(
        unknown.is_empty() && unused.is_empty(),
        "fixtures/help/classes.txt lacks {unknown:#?}\nand has for nothing {unused:#?}"
    );
    let try_one = |((code, text), case): (&(String, String), &&'static Case)| -> Option<String> {
        let class = classes[&Help::pattern(code, text)];
        if matches!(class, Class::Prose | Class::PackageText) {
            return None;
        }
        let helps = helps_of(case);
        let Some(help) = helps
            .iter()
            .find(|help| help.code == *code && help.text == *text)
        else {
            return Some(format!(
                "{}: the report below it is another one",
                case.place
            ));
        };
        follow(help, class)
    };
    let wrong: Vec<String> = told.par_iter().filter_map(try_one).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
