//! Step `backends`: wheels of real build tools become snippets that pass `check` without edits.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::harness::TestHarness;
use super::prerequisites;
use shopfront_diagnostics::error::Error;

/// Small projects, one per build backend, with their expected snippets.
const PROJECTS: &str = "xtask/tests/fixtures/backends";
/// Store to which they are added.
const STORE: &str = "xtask/tests/fixtures/base";
const WHEELS: &str = "test-wheels";
const COPIES: &str = "test-backend-projects";
const ADDED: &str = "test-added";

/// Builds a wheel with each backend, adds each to a copy of a small store, and checks the result.
pub(super) fn run(bench: &TestHarness<'_>) -> Vec<String> {
    match try_run(bench) {
        Ok(faults) => faults,
        Err(error) => vec![error.to_string()],
    }
}

fn try_run(bench: &TestHarness<'_>) -> Result<Vec<String>, Error> {
    // Backends leave directories beside their output.
    let copies = bench.empty_folder(COPIES)?;
    bench.copy_folder(PROJECTS, &copies)?;
    let wheels = bench.empty_folder(WHEELS)?;
    let store = bench.empty_folder(ADDED)?;
    bench.copy_folder(STORE, &store)?;
    let root = store.display().to_string();
    let mut faults = Vec::new();
    for backend in bench
        .folders_in(PROJECTS)?
        .iter()
        .filter(|name| *name != "expected")
    {
        let folder = wheels.join(backend);
        faults.extend(build(bench, &copies.join(backend), &folder));
        for wheel in bench.files_in(&folder)? {
            faults.extend(bench.run_this(&[
                "add",
                "--offline",
                "--root",
                &root,
                &folder.join(wheel).display().to_string(),
            ]));
        }
    }
    faults.extend(bench.run_this(&["check", "--root", &root]));
    faults.extend(bench.run_this(&["fmt", "--check", "--root", &root]));
    faults.extend(unlike_expected(bench, &store)?);
    Ok(faults)
}

/// Builds with the installed tools: fetches nothing, and creates no environment.
fn build(bench: &TestHarness<'_>, project: &Path, wheels: &Path) -> Vec<String> {
    let tools = prerequisites::build_backends(bench);
    let wheels = wheels.display().to_string();
    let project = project.display().to_string();
    let flags = [
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--disable-pip-version-check",
        "--no-build-isolation",
        "--no-deps",
        "--no-index",
    ];
    let arguments = [&flags[..], &["--wheel-dir", &wheels, &project]].concat();
    // Some backends start their tools by name: cmake, ninja, maturin.
    let path = with_first(&tools, &bench.search_path());
    bench.run_in(
        &bench.root,
        &tools.join("python"),
        &arguments,
        &[("PATH", path.as_os_str())],
    )
}

fn with_first(folder: &Path, path: &OsStr) -> OsString {
    let mut joined = folder.as_os_str().to_owned();
    joined.push(":");
    joined.push(path);
    joined
}

/// Returns the snippets that differ from `expected/<host>/<id>.json`. To accept a new one, copy it
/// there.
fn unlike_expected(bench: &TestHarness<'_>, store: &Path) -> Result<Vec<String>, Error> {
    let mut faults = Vec::new();
    for host in bench.folders_in(&format!("{PROJECTS}/expected"))? {
        let expected = bench.root.join(PROJECTS).join("expected").join(&host);
        for file in bench.files_in(&expected)? {
            let path: PathBuf = ["catalogue", &host, &file].iter().collect();
            let wanted = bench.text(&expected, &file)?;
            match bench.text(store, &path.to_string_lossy()) {
                Ok(text) if text == wanted => {}
                Ok(text) => faults.push(format!(
                    "{} is another one than {PROJECTS}/expected/{host}/{file}:\n{text}",
                    path.display()
                )),
                Err(_) => faults.push(format!("no backend made {}", path.display())),
            }
        }
    }
    Ok(faults)
}
