//! Step `wheel`: builds the program as users without Rust get it, installs it into an empty
//! environment, and runs it there.

use std::path::Path;

use super::TestHarness;
use super::prerequisites;

/// Directory of this step, below `target/`.
const FOLDER: &str = "test-wheel";

/// Commands that must work in the installation.
const CALLS: &[&[&str]] = &[
    &["--version"],
    &["check"],
    &["fmt", "--check"],
    &["explain", "duplicate-module"],
];

/// Builds the wheel like `cargo build` builds the program, so that compiled code is reused. A
/// release differs in its profile and in the minimum age of supported systems.
pub(super) fn run(bench: &TestHarness<'_>) -> Vec<String> {
    let folder = match bench.empty_folder(FOLDER) {
        Ok(folder) => folder,
        Err(error) => return vec![error.to_string()],
    };
    let tools = prerequisites::python_tools(bench);
    let out = folder.display().to_string();
    let build = [
        "build",
        "--profile",
        "dev",
        "--locked",
        "--offline",
        "--auditwheel",
        "skip",
        "--out",
        &out,
    ];
    let faults = bench.run_in(&bench.root, &tools.join("maturin"), &build, &[]);
    if !faults.is_empty() {
        return faults;
    }
    let environment = folder.join("environment");
    let faults = install(bench, &tools.join("python"), &folder, &environment);
    if !faults.is_empty() {
        return faults;
    }
    let program = environment.join("bin/shopfront");
    let mut faults: Vec<String> = CALLS
        .iter()
        .flat_map(|call| bench.run_in(&bench.root, &program, call, &[]))
        .collect();
    // The program's own package must have no diagnostics.
    match bench.files_in(&folder) {
        Ok(wheels) => faults.extend(
            wheels
                .iter()
                .flat_map(|wheel| bench.run_in(&folder, &program, &["inspect", wheel], &[])),
        ),
        Err(error) => faults.push(error.to_string()),
    }
    faults
}

/// Creates an environment without any package, not even pip, and installs the only wheel of
/// `folder` there.
fn install(
    bench: &TestHarness<'_>,
    python: &Path,
    folder: &Path,
    environment: &Path,
) -> Vec<String> {
    let (from, to) = (
        folder.display().to_string(),
        environment.display().to_string(),
    );
    let faults = bench.run_in(folder, python, &["-m", "venv", "--without-pip", &to], &[]);
    if !faults.is_empty() {
        return faults;
    }
    let own_python = environment.join("bin/python").display().to_string();
    let pip = [
        "-m",
        "pip",
        "--python",
        &own_python,
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ];
    let only_ours = [
        "--no-index",
        "--only-binary=:all:",
        "--find-links",
        &from,
        "shopfront",
    ];
    bench.run_in(folder, python, &[&pip[..], &only_ours].concat(), &[])
}
