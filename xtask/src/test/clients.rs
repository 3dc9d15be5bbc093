//! The step `clients`: the programs of `clients/`, which host applications run, pass their own
//! tests.

use std::path::Path;

use super::TestHarness;
use shopfront::files;

/// The folder with a folder for each of them.
const CLIENTS: &str = "clients";

/// Tries each with the test runner of Node: they have no dependencies, so that nothing is
/// installed.
pub(super) fn run(bench: &TestHarness<'_>) -> Vec<String> {
    let names = match bench.folders_in(CLIENTS) {
        Ok(names) => names,
        Err(error) => return vec![error.to_string()],
    };
    let folder = |name: &String| bench.root.join(CLIENTS).join(name);
    let written_for_node = names
        .iter()
        .map(folder)
        .filter(|folder| files::is_file(&folder.join("package.json")));
    written_for_node
        .flat_map(|folder| bench.run_in(&folder, Path::new("node"), &["--test"], &[]))
        .collect()
}
