//! Step `installs`: the installation commands of the README work.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::TestHarness;
use super::prerequisites;

/// Directory of this step, below `target/`.
const FOLDER: &str = "test-installs";
/// Page with the commands, each on a line of a code fence.
const PAGE: &str = "README.md";
/// Installers, with arguments that make them use compiled and downloaded files.
const INSTALLERS: &[(&str, &[&str])] = &[
    ("cargo", &["--debug", "--offline"]),
    ("pipx", &[]),
    ("uvx", &[]),
];

/// Runs each command of the page like a reader, with an empty directory and without a network. Then
/// runs the installed program.
pub(super) fn run(bench: &TestHarness<'_>) -> Vec<String> {
    let (folder, page) = match bench
        .empty_folder(FOLDER)
        .and_then(|folder| Ok((folder, bench.text(&bench.root, PAGE)?)))
    {
        Ok(both) => both,
        Err(error) => return vec![error.to_string()],
    };
    let mut faults = Vec::new();
    for (installer, added) in INSTALLERS {
        let mut commands = commands_of(&page, installer).peekable();
        if commands.peek().is_none() {
            faults.push(format!("{PAGE} has no command of `{installer}`"));
        }
        for command in commands {
            let arguments: Vec<&str> = command
                .split_whitespace()
                .skip(1)
                .chain(added.iter().copied())
                .collect();
            faults.extend(run_installer(bench, &folder, installer, &arguments));
        }
    }
    for program in ["cargo/bin/shopfront", "pipx/bin/shopfront"] {
        faults.extend(bench.run_in(&bench.root, &folder.join(program), &["--version"], &[]));
    }
    faults
}

/// Returns the lines in the code fences of `page` that call `installer`.
fn commands_of<'p>(page: &'p str, installer: &str) -> impl Iterator<Item = &'p str> {
    let start = if installer == "cargo" {
        "cargo install ".to_owned()
    } else {
        format!("{installer} ")
    };
    let mut is_inside = false;
    page.lines().filter(move |line| {
        is_inside ^= line.starts_with("```");
        is_inside && line.starts_with(&start)
    })
}

fn run_installer(
    bench: &TestHarness<'_>,
    folder: &Path,
    installer: &str,
    arguments: &[&str],
) -> Vec<String> {
    let tools = prerequisites::python_tools(bench);
    let program = if installer == "cargo" {
        PathBuf::from(installer)
    } else {
        tools.join(installer)
    };
    let (python, wheels) = (tools.join("python"), prerequisites::python_wheels(bench));
    let places = [
        ("CARGO_INSTALL_ROOT", folder.join("cargo")),
        ("PIPX_HOME", folder.join("pipx/home")),
        ("PIPX_BIN_DIR", folder.join("pipx/bin")),
        ("PIPX_MAN_DIR", folder.join("pipx/man")),
        ("PIPX_DEFAULT_PYTHON", python.clone()),
        ("PIP_FIND_LINKS", wheels.clone()),
        ("UV_CACHE_DIR", folder.join("uv/cache")),
        ("UV_TOOL_DIR", folder.join("uv/tools")),
        ("UV_PYTHON", python),
        ("UV_FIND_LINKS", wheels),
    ];
    let settings = [
        ("MATURIN_PEP517_ARGS", "--profile dev --offline"),
        ("PIPX_DEFAULT_BACKEND", "pip"),
        ("PIP_NO_INDEX", "1"),
        ("UV_NO_INDEX", "1"),
        ("UV_PYTHON_DOWNLOADS", "never"),
    ];
    let places = places.iter().map(|(name, path)| (*name, path.as_os_str()));
    let variables: Vec<(&str, &OsStr)> = places
        .chain(
            settings
                .iter()
                .map(|(name, value)| (*name, OsStr::new(*value))),
        )
        .collect();
    bench.run_in(&bench.root, &program, arguments, &variables)
}
