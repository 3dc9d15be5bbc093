//! Runs a case: its files in a store, and the report that the program gives of it.

use std::fs;
use std::path::Path;

use shopfront::commands::check::{self, Options};
use shopfront::commands::{examine, inspect};
use shopfront::files;
use shopfront::report::{Format, Links};
use shopfront_check::checks::{ALL, Rule};
use shopfront_check::load;

use super::{Case, Content, Page};
use crate::scratch::{Scratch, fixtures};
use crate::support::{LOOK, build, json};
use crate::wheels;

/// The limit of the cases of `too-many-files`: nobody wants to write 200,000 files.
const MAX_FILES: usize = 8;

impl Case {
    /// The small store with the files of the case; packages are folders still.
    pub(crate) fn unpacked(&self) -> Scratch {
        let scratch = Scratch::base();
        self.write(&scratch, true);
        if matches!(self.rule(), Rule::History(_)) {
            scratch.commit();
        }
        self.write(&scratch, false);
        give_hosts(&scratch);
        scratch
    }

    /// The store of the case, and the paths of its packages.
    pub(crate) fn store(&self) -> (Scratch, Vec<String>) {
        let scratch = self.unpacked();
        let packages = wheels::build_all(scratch.path(), scratch.path());
        (scratch, packages)
    }

    /// The report for people: that of `inspect` for each package, else that of `check`, or of a
    /// build for a code that only a build gives.
    pub(crate) fn run(&self) -> String {
        let (scratch, packages) = self.store();
        if self.code == "too-many-files" {
            return report_with_limit(&scratch);
        }
        if matches!(self.rule(), Rule::Build) {
            return problems(&scratch);
        }
        if packages.is_empty() {
            return report(&scratch, Format::Human);
        }
        packages
            .iter()
            .map(|package| report_of_package(&scratch, package, Format::Human))
            .collect()
    }

    fn rule(&self) -> &'static Rule {
        let check = ALL.iter().find(|check| check.code.name == self.code);
        &check
            .unwrap_or_else(|| panic!("{}: no check has the code `{}`", self.place, self.code))
            .rule
    }

    fn write(&self, scratch: &Scratch, is_before: bool) {
        for file in self.files.iter().filter(|file| file.is_before == is_before) {
            let target = scratch.path().join(&file.path);
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            match &file.content {
                Content::Bytes(bytes) => fs::write(&target, bytes).unwrap(),
                Content::Package => fs::create_dir_all(&target).unwrap(),
                Content::Link(to) => {
                    let _ = fs::remove_file(&target);
                    std::os::unix::fs::symlink(to, &target).unwrap();
                }
                Content::Absent => remove(scratch, &file.path),
            }
        }
    }
}

/// Removes a file of the store, or notes that the package lacks it.
fn remove(scratch: &Scratch, path: &str) {
    let Some((package, member)) = path
        .strip_prefix("dist/")
        .and_then(|rest| rest.split_once('/'))
    else {
        return fs::remove_file(scratch.path().join(path)).unwrap();
    };
    let note = scratch.path().join("dist").join(package).join("absent.txt");
    fs::create_dir_all(note.parent().unwrap()).unwrap();
    let earlier = fs::read_to_string(&note).unwrap_or_default();
    fs::write(note, format!("{earlier}{member}\n")).unwrap();
}

/// Gives each folder of the catalogue without a `host.json` the one of `fixtures/hosts`, if any.
fn give_hosts(scratch: &Scratch) {
    for entry in fs::read_dir(fixtures().join("hosts")).unwrap() {
        let known = entry.unwrap().path();
        let folder = scratch
            .path()
            .join("catalogue")
            .join(known.file_stem().unwrap());
        if folder.is_dir() && !folder.join("host.json").exists() {
            fs::copy(known, folder.join("host.json")).unwrap();
        }
    }
}

/// The report of `check`; compared with the commit of the store, if it has one.
pub(crate) fn report(scratch: &Scratch, format: Format) -> String {
    let since = scratch
        .path()
        .join(".git")
        .exists()
        .then(|| "HEAD".to_owned());
    let options = Options {
        paths: Vec::new(),
        since,
        asking: None,
        format,
        look: LOOK,
        links: Links::default(),
    };
    check::run(&scratch.workspace(), &options).unwrap().stdout
}

/// The report of `inspect` for the package at `path`.
pub(crate) fn report_of_package(scratch: &Scratch, path: &str, format: Format) -> String {
    let workspace = scratch.workspace();
    let examined = examine::files_only(&workspace).unwrap();
    let host = if path.contains("datasette") {
        "datasette"
    } else {
        "fiab"
    };
    // Packages of other kinds are known by their form.
    let host = examined
        .catalogue
        .host_named(host)
        .ok()
        .filter(|_| wheels::is_for_python(path));
    let (package, found) =
        inspect::one(&workspace, &examined, &scratch.path().join(path), host).unwrap();
    let told = examine::report_with(&workspace, &found, package.texts(), format, LOOK).unwrap();
    told.replace(&format!("{}/", scratch.path().display()), "")
}

/// The report of a store that may have [`MAX_FILES`] files.
fn report_with_limit(scratch: &Scratch) -> String {
    let workspace = scratch.workspace();
    let listed = files::walk(&workspace.root, "catalogue", MAX_FILES).unwrap();
    let read = |path: &str, max: usize| files::read(&workspace.root, path, max);
    let loaded = load::run(&listed, MAX_FILES, &read, &workspace.schemas).unwrap();
    examine::report_with(
        &workspace,
        &loaded.found,
        Default::default(),
        Format::Human,
        LOOK,
    )
    .unwrap()
}

/// The problems that a build without network publishes.
fn problems(scratch: &Scratch) -> String {
    build(scratch, None).unwrap();
    let document = json(scratch, "api/v1/problems.json");
    let mut told = String::new();
    for row in document["problems"].as_array().unwrap() {
        let text = |key: &str| row[key].as_str().unwrap_or_default();
        told.push_str(&format!(
            "{}[{}]: {}\n",
            text("severity"),
            text("code"),
            text("message")
        ));
        let entry: Vec<&str> = ["host", "id"]
            .into_iter()
            .filter_map(|key| row[key].as_str())
            .collect();
        if !entry.is_empty() {
            told.push_str(&format!(" --> {}\n", entry.join("/")));
        }
        told.push('\n');
    }
    told
}

impl Page {
    /// The page with these reports of its cases, in their order.
    pub(crate) fn with_reports(&self, reports: &[String]) -> String {
        let mut lines: Vec<String> = self.text.lines().map(str::to_owned).collect();
        for (case, report) in self.cases.iter().zip(reports).rev() {
            let fence = fence_of(report);
            match case.report_lines {
                Some((first, last)) if fence.is_empty() => {
                    drop(lines.drain(first..=(last + 1).min(lines.len() - 1)))
                }
                Some((first, last)) => drop(lines.splice(first..=last, fence)),
                None if fence.is_empty() => {}
                None => {
                    let at = case.last_line_index + 1;
                    drop(lines.splice(at..at, std::iter::once(String::new()).chain(fence)));
                }
            }
        }
        lines.join("\n") + "\n"
    }
}

/// The lines of a fence with a report; none of an empty one.
fn fence_of(report: &str) -> Vec<String> {
    let body = report.trim_end_matches('\n');
    if body.is_empty() {
        return Vec::new();
    }
    let longest = body
        .lines()
        .map(|line| line.len() - line.trim_start_matches('`').len())
        .max()
        .unwrap_or(0);
    let marker = "`".repeat(longest.max(2) + 1);
    let mut lines = vec![format!("{marker}report")];
    lines.extend(body.lines().map(str::to_owned));
    lines.push(marker);
    lines
}

/// Writes the page of `code`.
pub(crate) fn write_page(code: &str, text: &str) {
    fs::write(super::path_of(code), text).unwrap();
}

/// Every file below `folder`, from there.
pub(crate) fn files_below(folder: &Path) -> Vec<String> {
    let entries = walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().is_file());
    files
        .map(|entry| {
            entry
                .path()
                .strip_prefix(folder)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned()
        })
        .collect()
}
