//! Tests of `host try`: requires an explicit confirmation, and uses a separate environment for each
//! plugin.

use std::fs;

use serde_json::Value;

use super::{Berth, WORLD, wheels};
use crate::golden;
use crate::scratch::{Scratch, fixtures};
use crate::support::{ended, program};

#[test]
fn nothing_is_tried_unless_somebody_says_that_it_runs_code() {
    let scratch = Scratch::empty();
    let dist = WORLD.path().join("dist").display().to_string();
    let run = ended(&mut program(
        &scratch,
        &["host", "try", "--all", "--store", &dist],
    ));
    assert_eq!(run.exit, 2);
    assert!(
        run.stderr.contains("runs the code of strangers")
            && run.stderr.contains("--i-know-this-runs-code"),
        "{}",
        run.stderr
    );
}

/// Returns a Python whose new environments have the installer of the tests: a script that creates
/// one like [`Berth`].
fn python(berth: &Berth) -> String {
    let script = berth.scratch.path().join("python");
    let pip = fixtures().join("host/pip.py");
    let text = format!(
        "#!/bin/sh\n# -I -m venv FOLDER\npython3 -I -m venv --without-pip \"$4\" || exit 1\nfor site in \"$4\"/lib/*/site-packages; do\n  \
         mkdir \"$site/pip\" && : > \"$site/pip/__init__.py\" && cp '{}' \"$site/pip/__main__.py\"\ndone\n",
        pip.display()
    );
    fs::write(&script, text).unwrap();
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    script.display().to_string()
}

#[test]
fn every_plugin_is_tried_with_the_newest_host_and_told_in_both_forms() {
    let berth = Berth::with(&[]);
    let python = python(&berth);
    let folder = berth.scratch.path().join("report");
    let report = folder.display().to_string();
    let dist = WORLD.path().join("dist").display().to_string();
    let flags = [
        "--store",
        &dist,
        "--installer",
        "pip",
        "--python",
        &python,
        "--report",
        &report,
        "--import-timeout",
        "5",
    ];
    let all = ["host", "try", "--all", "--i-know-this-runs-code"];
    let mut command = program(&berth.scratch, &[&all[..], &flags].concat());
    let run = ended(
        command
            .env("PIP_FIND_LINKS", wheels())
            .env("SECRET_TOKEN", "not for plugins"),
    );
    assert_eq!(run.exit, 1, "{}", run.stderr);
    let markdown = super::plain(&run.stdout, &berth);
    golden::assert_none(
        &golden::difference(&fixtures().join("host/tries.md"), &markdown)
            .into_iter()
            .collect::<Vec<_>>(),
    );
    assert_eq!(
        fs::read_to_string(folder.join("tries.md")).unwrap(),
        run.stdout
    );
    let document: Value =
        serde_json::from_str(&fs::read_to_string(folder.join("tries.json")).unwrap()).unwrap();
    super::assert_keeps_to("api-host-tries.schema.json", &document);
    let results: Vec<String> = document["tries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            format!(
                "{} {}",
                it["id"].as_str().unwrap(),
                it["result"].as_str().unwrap()
            )
        })
        .collect();
    let expected = [
        "anchor imported",
        "buoy imported",
        "ebb no-release",
        "fog failed",
        "moon imported",
        "rock failed",
        "siren failed",
        "whirl failed",
    ];
    assert_eq!(results, expected);
}
