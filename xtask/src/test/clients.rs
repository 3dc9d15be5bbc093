//! Step `clients`: the programs in `clients/`, which host applications run, pass their own tests.

use std::path::Path;

use super::TestHarness;
use shopfront::files;

/// Directory with one directory per client.
const CLIENTS: &str = "clients";

/// Tests each client with the test runner of Node. They have no dependencies, so nothing is
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
