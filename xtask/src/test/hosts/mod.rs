//! Steps of `test --hosts`: real host applications, installed from their registries, read the
//! output of a build.
//!
//! They do not block a change: they need the network, several minutes, and packages of third
//! parties. Results are in `docs/hosts.md`.

mod archives;
mod fuel;
mod host_install;
mod versions;

use std::path::PathBuf;

use serde::Deserialize;

use super::prerequisites::{self, Need};
use super::steps::{build_store, look_at_store};
use super::{Step, TestHarness, new_kind};
use shopfront_diagnostics::error::{Context, Error};

/// Store that the hosts read, below `target/`.
const STORE: &str = "test-hosts-store";

/// Scripts that run third-party programs in Python.
const SCRIPTS: &str = "xtask/src/test/hosts";

/// Hosts that can be tested.
pub(super) static HOSTS: &[Step] = &[
    Step {
        name: "node-red",
        about: "the editor of Node-RED lists the modules of the store, and browses its library",
        needs: &[Need::NodePackages, Need::Chromium, Need::NodeRed],
        run: |bench| node_red(bench, prerequisites::node_red(bench)),
    },
    Step {
        name: "node-red-5",
        about: "the same of Node-RED 5, on a Node of its own for Linux on x86-64",
        needs: &[Need::NodePackages, Need::Chromium, Need::NodeRed5],
        run: |bench| node_red(bench, prerequisites::node_red_5(bench)),
    },
    Step {
        name: "fiab",
        about: "the backend of FIAB reads the plugins of the store with its own model",
        needs: &[Need::Fiab],
        run: fiab,
    },
    Step {
        name: "host-install",
        about: "a plugin of FIAB from the index is installed into a fresh environment and imported, and fails when it is broken",
        needs: &[Need::Python],
        run: host_install::run,
    },
    Step {
        name: "seventh-kind",
        about: "the kind of host that CONTRIBUTING.md makes as an example is built, and a store with it",
        needs: &[Need::Crates],
        run: new_kind::run,
    },
    Step {
        name: "fuel",
        about: "the validator of Fuel's builder takes what ours takes, and refuses nothing else",
        needs: &[Need::FuelPluginBuilder],
        run: fuel::run,
    },
    Step {
        name: "archives",
        about: "Python's `zipfile` and `tarfile` read what we read of every archive in which we see nothing odd",
        needs: &[Need::Packaging],
        run: archives::run,
    },
    Step {
        name: "versions",
        about: "Python's `packaging` reads and orders versions, ranges, requirements and names as we do",
        needs: &[Need::Packaging],
        run: versions::run,
    },
];

/// Maximum number of reported disagreements. Further ones are redundant.
const MOST_TOLD: usize = 40;

/// Known disagreement with a third-party program.
#[derive(Deserialize)]
struct Known {
    /// Text that the message of the disagreement contains.
    says: String,
    /// Reason, for readers of the file.
    #[serde(rename = "why")]
    _why: String,
    /// Number of occurrences.
    #[serde(skip)]
    seen: usize,
}

impl Known {
    /// Returns `true` if one of `known` explains `disagreement`. The first match is counted.
    fn explains(known: &mut [Known], disagreement: &str) -> bool {
        let first = known.iter_mut().find(|it| disagreement.contains(&it.says));
        first.map(|it| it.seen += 1).is_some()
    }
}

/// Returns the disagreements in the file at `path`.
fn all_known(bench: &TestHarness<'_>, path: &str) -> Result<Vec<Known>, Error> {
    serde_json::from_str(&bench.text(&bench.root, path)?).with_context(|| format!("reading {path}"))
}

/// Returns the messages at the end: unexplained disagreements, and entries of `known` from the file
/// at `path` that no longer occur.
fn told(
    bench: &TestHarness<'_>,
    mut faults: Vec<String>,
    path: &str,
    known: &[Known],
) -> Vec<String> {
    for Known { says, seen, .. } in known {
        bench.say(&format!("{seen:6} {says}"));
    }
    let more = faults.len().saturating_sub(MOST_TOLD);
    faults.truncate(MOST_TOLD);
    faults.extend((more > 0).then(|| format!("and {more} more")));
    faults.extend(
        known
            .iter()
            .filter(|it| it.seen == 0)
            .map(|it| format!("{path} has `{}`, and nothing is so", it.says)),
    );
    faults
}

/// Runs the Node-RED in the directory `installed` on the store, and returns the problems.
fn node_red(bench: &TestHarness<'_>, installed: PathBuf) -> Vec<String> {
    let own = [
        ("NODE_RED", installed),
        (
            "LIBRARY_PLUGIN",
            bench.root.join("clients/node-red-library"),
        ),
    ];
    look_at_store(
        bench,
        STORE,
        &["node", "--test", "tests/hosts/node_red.mjs"],
        &own,
    )
}

fn fiab(bench: &TestHarness<'_>) -> Vec<String> {
    let faults = build_store(bench, STORE, "2");
    if !faults.is_empty() {
        return faults;
    }
    let script = bench
        .root
        .join(SCRIPTS)
        .join("read_fiab.py")
        .display()
        .to_string();
    let document = bench
        .folder(STORE)
        .join("fiab/plugins.json")
        .display()
        .to_string();
    // The backend keeps its settings in the home directory.
    match bench.empty_folder("test-hosts/fiab-home") {
        Ok(home) => {
            let variables = [("HOME", home.as_os_str())];
            bench.run_in(
                &bench.root,
                &prerequisites::fiab_python(bench),
                &["-W", "ignore", &script, &document],
                &variables,
            )
        }
        Err(error) => vec![error.to_string()],
    }
}
