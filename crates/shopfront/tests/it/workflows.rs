//! Tests that execute every `run:` of every workflow and action: `fixtures/workflows/<case>/`
//! contains the inputs of a job and its expected actions. Titles, branches, logins and bodies in
//! them are attacks by untrusted third parties.

mod caches;
mod expression;
pub(crate) mod log;
mod runner;
mod world;
mod zip;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use rayon::prelude::*;
use serde_json::Value;
use shopfront::cli::Cli;

use crate::golden;
use crate::scratch::{Scratch, fixtures};
use crate::support::{ended, program};
use runner::Executed;
use world::World;
pub(crate) use zip::stored;

/// Reads a YAML file of this repository.
pub(crate) fn read_yaml(path: &str) -> Value {
    runner::read(path)
}

/// Commands that the workflows run and that are not implemented yet. Their cases are skipped until
/// then.
const AWAITED: &[&str] = &[];

fn cases() -> Vec<(PathBuf, Value)> {
    let folder = fixtures().join("workflows");
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(path.join("case.json"))
            .unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
        let case = serde_json::from_str(&text)
            .unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
        (path, case)
    };
    paths.into_iter().map(read).collect()
}

/// Returns `true` if a case needs a command that is not implemented yet.
fn waits(case: &Value) -> bool {
    case["command"]
        .as_str()
        .is_some_and(|command| AWAITED.contains(&command))
}

#[test]
fn commands_are_awaited_only_until_they_are_there() {
    let there: Vec<String> = Cli::command()
        .get_subcommands()
        .map(|it| it.get_name().to_owned())
        .collect();
    let arrived: Vec<&&str> = AWAITED
        .iter()
        .filter(|awaited| there.iter().any(|it| it == *awaited))
        .collect();
    assert!(
        arrived.is_empty(),
        "take {arrived:?} out of AWAITED, so that their workflows are executed"
    );
}

#[test]
fn every_job_does_what_its_case_says() {
    let (differences, executed): (Vec<Option<String>>, Vec<Executed>) = cases()
        .par_iter()
        .map(|(folder, case)| tried(folder, case))
        .unzip();
    let executed: Executed = executed.into_iter().flatten().collect();
    let all: Executed = files().iter().flat_map(|path| scripts(path)).collect();
    let unknown: Vec<&(String, String)> = all.difference(&executed).collect();
    golden::assert_none(&differences.into_iter().flatten().collect::<Vec<String>>());
    assert!(
        unknown.is_empty(),
        "no case in fixtures/workflows executes these: {unknown:#?}"
    );
}

/// Returns the difference between a job and its case, and the executed scripts.
fn tried(folder: &Path, case: &Value) -> (Option<String>, Executed) {
    if waits(case) {
        return (None, scripts(case["workflow"].as_str().unwrap()));
    }
    let world = World::new(folder, case);
    let told = runner::run(case, &world);
    assert!(
        !world.is_taken_over(),
        "{}: a stranger's words were executed",
        folder.display()
    );
    let steered = (!told.steered.is_empty()).then(|| {
        format!(
            "{}: words of strangers were obeyed: {:#?}",
            folder.display(),
            told.steered
        )
    });
    (
        steered.or_else(|| golden::difference(&folder.join("expected.txt"), &told.transcript)),
        told.executed,
    )
}

#[test]
fn the_hooks_of_pre_commit_run_on_a_sound_store() {
    let hooks = runner::read(".pre-commit-hooks.yaml");
    let hooks = hooks.as_array().unwrap();
    assert!(!hooks.is_empty());
    for hook in hooks {
        let entry: Vec<&str> = hook["entry"].as_str().unwrap().split(' ').collect();
        assert_eq!(
            (entry[0], &hook["language"], &hook["pass_filenames"]),
            ("shopfront", &"python".into(), &false.into()),
            "{hook}"
        );
        let run = ended(&mut program(&Scratch::base(), &entry[1..]));
        assert_eq!(
            (run.exit, run.stdout.as_str()),
            (0, ""),
            "{hook}: {}",
            run.stderr
        );
    }
}

/// An earlier push to a pull request may have saved anything under any key, and restored files can
/// replace any file.
#[test]
fn no_run_of_a_pull_request_restores_a_cache() {
    let mut restores = 0;
    for path in files() {
        let document = runner::read(&path);
        let triggers = &document["on"];
        assert!(
            triggers["pull_request_target"].is_null() && triggers["merge_group"].is_null(),
            "{path}: whose caches does it see?"
        );
        // An action can be used in any workflow.
        let is_of_main = triggers.is_object() && triggers.get("pull_request").is_none();
        for step in steps(&document).filter(|step| {
            step["uses"]
                .as_str()
                .is_some_and(|uses| uses.starts_with("actions/cache"))
        }) {
            restores += 1;
            assert!(
                is_of_main || step["if"] == "github.event_name != 'pull_request'",
                "{path}: {step}"
            );
        }
    }
    assert!(restores > 2, "the cases model caches for nothing");
}

/// Returns the steps of every job of a workflow, or those of an action.
fn steps(document: &Value) -> impl Iterator<Item = &Value> {
    let jobs = document["jobs"]
        .as_object()
        .map(|jobs| jobs.values().collect())
        .unwrap_or_else(|| vec![&document["runs"]]);
    jobs.into_iter()
        .flat_map(|job| job["steps"].as_array().unwrap())
}

/// Returns every workflow and action of this repository, by path from its root.
fn files() -> Vec<String> {
    let root = runner::root();
    let mut paths = vec!["action.yml".to_owned(), runner::OF_NEW_STORES.to_owned()];
    for folder in [".github/workflows", ".github/actions"] {
        for entry in walkdir::WalkDir::new(root.join(folder))
            .sort_by_file_name()
            .into_iter()
            .map(Result::unwrap)
        {
            if entry.file_type().is_file() {
                paths.push(
                    entry
                        .path()
                        .strip_prefix(&root)
                        .unwrap()
                        .to_str()
                        .unwrap()
                        .to_owned(),
                );
            }
        }
    }
    paths
}

/// Returns every `run:` of a workflow or an action.
fn scripts(path: &str) -> Executed {
    let document = runner::read(path);
    let jobs = document["jobs"]
        .as_object()
        .map(|jobs| jobs.values().collect())
        .unwrap_or_else(|| vec![&document["runs"]]);
    let mut all = BTreeSet::new();
    for job in jobs {
        let steps = job["steps"]
            .as_array()
            .unwrap()
            .iter()
            .enumerate()
            .filter(|(_, step)| step["run"].is_string());
        all.extend(steps.map(|(at, step)| (path.to_owned(), runner::name(step, at))));
    }
    all
}
