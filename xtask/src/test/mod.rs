//! `test`: the one command that installs what is missing and runs everything that has to hold.

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

/// What to run, and where to tell of it.
pub(crate) struct Options<'o> {
    /// What is tried.
    pub(crate) table: Table,
    /// The names of the wanted steps; all when empty.
    pub(crate) only: Vec<String>,
    /// The browser; one is looked for, and installed, when `None`.
    pub(crate) chromium: Option<PathBuf>,
    /// Tells a line at once: this takes minutes, and people watch.
    pub(crate) say: &'o dyn Fn(&str),
}

/// What is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Table {
    /// This program and what it builds: what has to hold before anything is published.
    Program,
    /// Real host applications that read what it builds.
    Hosts,
    /// How light and how sound its pages are, as Lighthouse measures it.
    Lighthouse,
}

/// Something that has to hold.
struct Step {
    /// As `--only` calls it.
    name: &'static str,
    /// What holds when it passes.
    about: &'static str,
    /// What it can not do without.
    needs: &'static [Need],
    /// Gives what does not hold; nothing when all is well.
    run: fn(&TestHarness<'_>) -> Vec<String>,
}

/// How a step went.
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

/// The steps of `table`, by name.
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

/// Runs the wanted steps of the repository at `root`, one after the other, whatever happens to
/// each.
///
/// # Errors
/// When `root` is not the repository of this program, or a wanted step does not exist.
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

/// The steps of `table` that `only` names, in the order of the table.
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

/// A line a step with what went wrong below it, and the count behind all.
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
