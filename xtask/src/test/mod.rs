//! `test`: installs missing prerequisites and runs all tests.

mod backends;
mod clients;
mod hosts;
mod install_commands;
mod lighthouse;
mod prerequisites;
mod new_kind;
mod steps;
mod wheel;
mod harness;

use std::path::{Path, PathBuf};
use std::time::Duration;

use harness::TestHarness;
use hosts::HOSTS;
use lighthouse::LIGHTHOUSE;
use prerequisites::{INSTALL, Missing, Need};
use shopfront::outcome::Outcome;
use shopfront::processes;
use shopfront_diagnostics::error::Error;
use shopfront_text::names::nearest;
use steps::STEPS;

/// Options of `test`.
pub(crate) struct Options<'o> {
    /// Table of steps to run.
    pub(crate) table: Table,
    /// Names of the requested steps. All if empty.
    pub(crate) only: Vec<String>,
    /// Browser. `None` looks for one, and installs one if there is none.
    pub(crate) chromium: Option<PathBuf>,
    /// Prints a line immediately: the tests take minutes, and people watch.
    pub(crate) say: &'o dyn Fn(&str),
}

/// Tables of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Table {
    /// This program and its output: required before anything is published.
    Program,
    /// Real host applications that read the output.
    Hosts,
    /// Performance and quality of the pages, as measured by Lighthouse.
    Lighthouse,
}

/// Test step.
struct Step {
    /// Name for `--only`.
    name: &'static str,
    /// Statement that is true when the step passes.
    about: &'static str,
    /// Prerequisites.
    needs: &'static [Need],
    /// Returns the problems. Empty if the step passes.
    run: fn(&TestHarness<'_>) -> Vec<String>,
}

/// Result of a step.
struct Report {
    name: &'static str,
    faults: Vec<String>,
    took: Duration,
}

impl Table {
    fn steps(self) -> &'static [Step] {
        match self {
            Table::Program => STEPS,
            Table::Hosts => HOSTS,
            Table::Lighthouse => LIGHTHOUSE,
        }
    }
}

/// Lists the names of the steps of `table`.
pub(crate) fn list(table: Table) -> Outcome {
    let lines = table
        .steps()
        .iter()
        .map(|step| format!("{:11} {}\n", step.name, step.about));
    Outcome {
        stdout: format!(
            "{INSTALL:11} what the other steps need is installed\n{}",
            lines.collect::<String>()
        ),
        ..Outcome::default()
    }
}

/// Runs the requested steps of the repository at `root` in order. A failed step does not stop the
/// others.
///
/// # Errors
/// Returns an error if `root` is not the repository of this program, or a requested step does not
/// exist.
pub(crate) fn run(root: &Path, options: &Options<'_>) -> Result<Outcome, Error> {
    let wanted = wanted(options.table, &options.only)?;
    let bench = TestHarness::open(root, options)?;
    let only_install = options.only.iter().any(|name| name == INSTALL);
    let needs = prerequisites::of(if only_install {
        options.table.steps().iter().collect()
    } else {
        wanted.clone()
    });

    let (missing, took) = processes::timed(|| {
        bench.title(INSTALL, "what the other steps need is installed");
        prerequisites::install(&bench, &needs)
    });
    let mut reports = vec![Report {
        name: INSTALL,
        faults: missing.iter().map(|it| it.fault.clone()).collect(),
        took,
    }];
    for step in wanted {
        reports.push(run_step(&bench, step, &missing));
    }

    let failed = reports
        .iter()
        .filter(|report| !report.faults.is_empty())
        .count();
    Ok(Outcome {
        stdout: summary(&reports, failed),
        exit: u8::from(failed > 0),
        ..Outcome::default()
    })
}

/// Returns the steps of `table` that `only` names, in the order of the table.
fn wanted(table: Table, only: &[String]) -> Result<Vec<&'static Step>, Error> {
    let names = || std::iter::once(INSTALL).chain(table.steps().iter().map(|step| step.name));
    if let Some(unknown) = only
        .iter()
        .find(|name| names().all(|known| known != name.as_str()))
    {
        let near = nearest(unknown, names());
        let help = near.map_or_else(
            || "cargo xtask test --list".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        return Err(Error::new(format!("there is no step `{unknown}`")).help(help));
    }
    Ok(table
        .steps()
        .iter()
        .filter(|step| only.is_empty() || only.iter().any(|name| name == step.name))
        .collect())
}

fn run_step(bench: &TestHarness<'_>, step: &'static Step, missing: &[Missing]) -> Report {
    bench.title(step.name, step.about);
    let lacks: Vec<String> = missing
        .iter()
        .filter(|it| step.needs.contains(&it.need))
        .map(|it| format!("was not run without {}", it.need.name()))
        .collect();
    if !lacks.is_empty() {
        return Report {
            name: step.name,
            faults: lacks,
            took: Duration::ZERO,
        };
    }
    let (faults, took) = processes::timed(|| (step.run)(bench));
    Report {
        name: step.name,
        faults,
        took,
    }
}

/// Renders a line per step with its problems below it, and the count at the end.
fn summary(reports: &[Report], failed: usize) -> String {
    let mut text = "\n".to_owned();
    for report in reports {
        let verdict = if report.faults.is_empty() {
            "passed"
        } else {
            "FAILED"
        };
        text.push_str(&format!(
            "{verdict}  {:11} {:6.1} s\n",
            report.name,
            report.took.as_secs_f64()
        ));
        for fault in &report.faults {
            text.push_str(&format!("        {fault}\n"));
        }
    }
    text.push_str(&format!(
        "\n{} passed, {failed} failed\n",
        reports.len() - failed
    ));
    text
}
