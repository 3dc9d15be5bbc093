//! Table of steps and their implementations: commands that a person could type one by one.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::prerequisites::{self, Need};
use super::{Step, TestHarness, backends, clients, install_commands, wheel};
use shopfront_diagnostics::error::Error;

/// Output directories of the store of this repository: the first and the second build.
const STORE: &str = "test-store";
const SECOND_STORE: &str = "test-store-2";

/// All steps, the fastest first.
pub(super) static STEPS: &[Step] = &[
    Step {
        name: "format",
        about: "the program is written as `cargo fmt` writes it",
        needs: &[Need::Rustfmt],
        run: format,
    },
    Step {
        name: "lints",
        about: "neither the compiler nor Clippy warns",
        needs: &[Need::Clippy, Need::Crates],
        run: lints,
    },
    Step {
        name: "tests",
        about: "the tests of the program pass",
        needs: &[Need::Crates, Need::WorkflowPrograms],
        run: tests,
    },
    Step {
        name: "catalogue",
        about: "the snippets of this repository have no fault and are in canonical form",
        needs: &[],
        run: catalogue,
    },
    Step {
        name: "store",
        about: "two builds from the saved answers are the same, byte for byte",
        needs: &[],
        run: store,
    },
    Step {
        name: "examples",
        about: "every example is a store that can be built",
        needs: &[],
        run: examples,
    },
    Step {
        name: "new-store",
        about: "what `init` writes can be checked and built, and its workflows are safe",
        needs: &[Need::PythonTools],
        run: new_store,
    },
    Step {
        name: "backends",
        about: "wheels of six build backends become snippets that pass `check`",
        needs: &[Need::BuildBackends],
        run: backends::run,
    },
    Step {
        name: "clients",
        about: "what host applications run of ours passes its tests",
        needs: &[Need::Node],
        run: clients::run,
    },
    Step {
        name: "pages",
        about: "the built pages are valid, linked and work in a browser",
        needs: &[Need::NodePackages, Need::Chromium],
        run: pages,
    },
    Step {
        name: "workflows",
        about: "every YAML file can be read, zizmor finds nothing in the workflows, pre-commit can read the hooks",
        needs: &[Need::PythonTools],
        run: workflows,
    },
    Step {
        name: "wheel",
        about: "the wheel for Python can be built, installed where nothing else is, and used there",
        needs: &[Need::PythonTools, Need::Crates],
        run: wheel::run,
    },
    Step {
        name: "installs",
        about: "the commands with which the README installs the program do so",
        needs: &[Need::PythonTools, Need::Crates],
        run: install_commands::run,
    },
];

fn format(bench: &TestHarness<'_>) -> Vec<String> {
    bench.run("cargo", &["fmt", "--all", "--check"])
}

fn lints(bench: &TestHarness<'_>) -> Vec<String> {
    bench.run(
        "cargo",
        &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--offline",
            "--",
            "-D",
            "warnings",
        ],
    )
}

fn tests(bench: &TestHarness<'_>) -> Vec<String> {
    // They create and remove a hundred thousand small files. The journal of a disk would take as
    // long as the tests themselves.
    let memory = bench.memory();
    let variables: Vec<(&str, &OsStr)> = memory
        .iter()
        .map(|folder| ("TMPDIR", folder.path().as_os_str()))
        .collect();
    bench.run_in(
        &bench.root,
        Path::new("cargo"),
        &["test", "--workspace", "--locked", "--offline"],
        &variables,
    )
}

fn catalogue(bench: &TestHarness<'_>) -> Vec<String> {
    let mut faults = bench.run_this(&["fmt", "--check"]);
    faults.extend(bench.run_this(&["check"]));
    faults
}

fn store(bench: &TestHarness<'_>) -> Vec<String> {
    let mut faults = build_store(bench, STORE, "1");
    faults.extend(build_store(bench, SECOND_STORE, "7"));
    if !faults.is_empty() {
        return faults;
    }
    for name in [STORE, SECOND_STORE] {
        faults.extend(bench.run_in(
            &bench.folder(name),
            Path::new("sha256sum"),
            &["--check", "--quiet", "--strict", "SHA256SUMS"],
            &[],
        ));
    }
    faults.extend(first_difference(bench).unwrap_or_else(|error| Some(error.to_string())));
    faults
}

/// Builds the store of this repository into an empty directory below `target/`, with this number of
/// threads.
pub(super) fn build_store(bench: &TestHarness<'_>, name: &str, threads: &str) -> Vec<String> {
    match bench.empty_folder(name) {
        Ok(folder) => {
            let out = folder.display().to_string();
            bench.run_in(
                &bench.root,
                &bench.program,
                &["build", "--offline", "--out", &out],
                &[("RAYON_NUM_THREADS", OsStr::new(threads))],
            )
        }
        Err(error) => vec![error.to_string()],
    }
}

/// Returns the first file that differs in the second store.
fn first_difference(bench: &TestHarness<'_>) -> Result<Option<String>, Error> {
    let first = bench.text(&bench.folder(STORE), "SHA256SUMS")?;
    let second = bench.text(&bench.folder(SECOND_STORE), "SHA256SUMS")?;
    if first == second {
        return Ok(None);
    }
    let differs = first
        .lines()
        .zip(second.lines())
        .find(|(one, other)| one != other);
    let files = differs.map_or_else(
        || "one has more files".to_owned(),
        |(one, other)| format!("`{one}` and `{other}`"),
    );
    Ok(Some(format!("the two builds differ: {files}")))
}

fn examples(bench: &TestHarness<'_>) -> Vec<String> {
    let copied = bench
        .empty_folder("test-examples")
        .and_then(|folder| bench.copy_folder("examples", &folder));
    let names = copied.and_then(|()| bench.folders_in("examples"));
    match names {
        Ok(names) => names
            .iter()
            .flat_map(|name| build_at(bench, &bench.folder("test-examples").join(name)))
            .collect(),
        Err(error) => vec![error.to_string()],
    }
}

fn new_store(bench: &TestHarness<'_>) -> Vec<String> {
    let folder = match bench.empty_folder("test-new-store") {
        Ok(folder) => folder,
        Err(error) => return vec![error.to_string()],
    };
    let root = folder.display().to_string();
    let faults = bench.run_in(&folder, &bench.program, &["init"], &[]);
    if !faults.is_empty() {
        return faults;
    }
    let mut faults = bench.run_this(&["fmt", "--check", "--root", &root]);
    faults.extend(bench.run_this(&["check", "--root", &root]));
    faults.extend(build_at(bench, &folder));
    faults.extend(look_at_workflows(bench, &folder, &[".github"]));
    faults
}

/// Builds the store at `root` like its owner.
fn build_at(bench: &TestHarness<'_>, root: &Path) -> Vec<String> {
    let out = root.join("dist").display().to_string();
    bench.run_this(&[
        "build",
        "--offline",
        "--root",
        &root.display().to_string(),
        "--out",
        &out,
    ])
}

fn pages(bench: &TestHarness<'_>) -> Vec<String> {
    look_at_store(
        bench,
        STORE,
        &["npm", "test"],
        &[("SHOPFRONT", bench.program.clone())],
    )
}

/// Builds the store of this repository as `name`, and runs the page tests that `command` starts in
/// a browser. `own` contains additional variables for them, besides the locations of both.
pub(super) fn look_at_store(
    bench: &TestHarness<'_>,
    name: &str,
    command: &[&str],
    own: &[(&str, PathBuf)],
) -> Vec<String> {
    let faults = build_store(bench, name, "2");
    if !faults.is_empty() {
        return faults;
    }
    let (Some(browser), Some((program, arguments))) =
        (prerequisites::browser(bench), command.split_first())
    else {
        return vec!["there is no browser".to_owned()];
    };
    let shared = [("SITE_DIR", bench.folder(name)), ("CHROMIUM", browser)];
    let variables: Vec<(&str, &OsStr)> = shared
        .iter()
        .chain(own)
        .map(|(name, path)| (*name, path.as_os_str()))
        .collect();
    bench.run_in(
        &bench.root.join("site-template"),
        Path::new(program),
        arguments,
        &variables,
    )
}

fn workflows(bench: &TestHarness<'_>) -> Vec<String> {
    let mut faults = look_at_workflows(bench, &bench.root, &[".github", "action.yml"]);
    let manifest = ["validate-manifest", ".pre-commit-hooks.yaml"];
    faults.extend(bench.run_in(
        &bench.root,
        &prerequisites::python_tools(bench).join("pre-commit"),
        &manifest,
        &[],
    ));
    faults
}

/// Parses every YAML file of the repository at `root`, and checks the workflows and actions in
/// `places` with zizmor.
fn look_at_workflows(bench: &TestHarness<'_>, root: &Path, places: &[&str]) -> Vec<String> {
    let tools = prerequisites::python_tools(bench);
    let reader = bench
        .root
        .join("xtask/src/test/read_yaml.py")
        .display()
        .to_string();
    let mut faults = bench.run_in(root, &tools.join("python"), &[&reader], &[]);
    // Git ignores a new store below `target/`, so all files are checked.
    let flags = [
        "--persona=pedantic",
        "--offline",
        "--no-progress",
        "--collect=all",
        "--strict-collection",
    ];
    faults.extend(bench.run_in(
        root,
        &tools.join("zizmor"),
        &[&flags[..], places].concat(),
        &[],
    ));
    faults
}
