//! Installation of a FIAB plugin from the index into a new venv, like a user would do it, and of a
//! broken plugin.

use super::super::TestHarness;
use super::super::steps::build_store;
use super::STORE;
use serde_json::Value;
use shopfront_diagnostics::error::Error;

/// Id of the plugin in the store, and its module.
const PLUGIN: &str = "demo";
const MODULE: &str = "fiab_plugin_demo";

/// Contents of the module that is made to fail.
const BROKEN: &str = "raise RuntimeError(\"made to fail\")\n";

pub(super) fn run(bench: &TestHarness<'_>) -> Vec<String> {
    let faults = build_store(bench, STORE, "2");
    if !faults.is_empty() {
        return faults;
    }
    tried(bench).unwrap_or_else(|error| vec![error.to_string()])
}

fn tried(bench: &TestHarness<'_>) -> Result<Vec<String>, Error> {
    let environment = bench
        .empty_folder("test-hosts/fiab-fresh")?
        .display()
        .to_string();
    bench.install(&bench.root, "python3", &["-m", "venv", &environment])?;
    let store = bench.folder(STORE).display().to_string();
    let program = bench.program.display().to_string();
    let of_host = [
        "--store",
        &store,
        "--host",
        "fiab",
        "--environment",
        &environment,
        "--installer",
        "pip",
    ];
    bench.install(
        &bench.root,
        &program,
        &[&["host", "install", PLUGIN][..], &of_host].concat(),
    )?;
    let mut faults = Vec::new();
    let mut expect = |outcome: &str, reason: Option<&str>| {
        let listed = bench.ask(
            &program,
            &[
                &["host", "list", "--installed", "--format", "json"][..],
                &of_host,
            ]
            .concat(),
        );
        let listed: Value = listed
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        let status = &listed["plugins"][0]["status"];
        bench.say(&format!(
            "{PLUGIN} {}: {status}",
            listed["plugins"][0]["installed"]
        ));
        let says_why = reason.is_none_or(|reason| {
            status["reason"]
                .as_str()
                .is_some_and(|it| it.contains(reason))
        });
        if status["outcome"] != outcome || !says_why {
            faults.push(format!("`{PLUGIN}` should be {outcome}, and is {status}"));
        }
    };
    expect("imported", None);
    let ask_where = "import sysconfig; print(sysconfig.get_path('purelib'))";
    let python = format!("{environment}/bin/python");
    let packages = bench
        .ask(&python, &["-c", ask_where])
        .ok_or_else(|| Error::new("the environment has no Python"))?;
    bench.write(packages.as_ref(), &format!("{MODULE}/__init__.py"), BROKEN)?;
    // Exits with 1, as expected.
    let _ = bench.ask(
        &program,
        &[&["host", "status", PLUGIN][..], &of_host].concat(),
    );
    expect("failed", Some("made to fail"));
    Ok(faults)
}
