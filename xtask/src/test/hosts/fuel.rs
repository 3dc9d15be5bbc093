//! Step `fuel`: the validator of Fuel's own builder and this program accept the same plugins,
//! except for intentional strictness.

use std::io::Cursor;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, json};

use super::super::TestHarness;
use super::super::prerequisites;
use super::{Known, all_known, told};
use shopfront_archive::Limits;
use shopfront_diagnostics::Severity;
use shopfront_diagnostics::error::{Context, Error};
use shopfront_hosts as kinds;
use shopfront_model::bundle::Bundle;

/// Plugins of the tests.
const CASES: &str = "xtask/tests/fixtures/kinds/fuel";
/// Values for the fields of manifests.
const VARIANTS: &str = "xtask/tests/fixtures/others/fuel/variants.json";
/// Plugins that only this program refuses, with reasons.
const STRICTNESS: &str = "xtask/tests/fixtures/others/fuel/strictness.json";
/// Directory of the plugins, below `target/`.
const FOLDER: &str = "test-hosts/fuel-cases";
/// Output of the builder for a plugin.
#[derive(Deserialize)]
struct RunOutput {
    case: String,
    archive: String,
    refused: Option<String>,
}

/// Reads test plugins and generated ones with the builder and with this program, and compares the
/// results.
pub(super) fn run(bench: &TestHarness<'_>) -> Vec<String> {
    try_run(bench).unwrap_or_else(|error| vec![error.to_string()])
}

fn try_run(bench: &TestHarness<'_>) -> Result<Vec<String>, Error> {
    let folder = bench.empty_folder(FOLDER)?;
    let paths = [
        prerequisites::fuel_sources(bench),
        bench.root.join(CASES),
        bench.root.join(VARIANTS),
        folder.clone(),
    ];
    let paths: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let script = bench
        .root
        .join(super::SCRIPTS)
        .join("read_fuel.py")
        .display()
        .to_string();
    let arguments = [&["-X", "utf8", "-W", "ignore", &script][..], &paths].concat();
    let faults = bench.run_in(
        &bench.root,
        &prerequisites::fuel_python(bench),
        &arguments,
        &[],
    );
    if !faults.is_empty() {
        return Ok(faults);
    }
    let theirs: Vec<RunOutput> = serde_json::from_str(&bench.text(&folder, "theirs.json")?)
        .with_context(|| "reading theirs.json".to_owned())?;
    compare(bench, &folder, &theirs)
}

fn compare(
    bench: &TestHarness<'_>,
    folder: &Path,
    theirs: &[RunOutput],
) -> Result<Vec<String>, Error> {
    let mut known = all_known(bench, STRICTNESS)?;
    let mut faults = Vec::new();
    let (mut both_take, mut both_refuse, mut only_we_refuse) = (0, 0, 0);
    for RunOutput {
        case,
        archive,
        refused,
    } in theirs
    {
        let ours = errors(bench, folder, archive)?;
        match (refused, ours.is_empty()) {
            (None, true) => both_take += 1,
            (Some(_), false) => both_refuse += 1,
            (Some(why), true) => faults.push(format!("{case}: only the builder refuses it: {why}")),
            (None, false) => {
                only_we_refuse += 1;
                let unexplained = ours
                    .into_iter()
                    .filter(|message| !Known::explains(&mut known, message));
                faults.extend(
                    unexplained.map(|message| format!("{case}: only we refuse it: {message}")),
                );
            }
        }
    }
    bench.say(&format!("{} plugins: both take {both_take}, both refuse {both_refuse}, only we refuse {only_we_refuse}:", theirs.len()));
    Ok(told(bench, faults, STRICTNESS, &known))
}

/// Returns every error that this program finds in a plugin, as display text.
fn errors(bench: &TestHarness<'_>, folder: &Path, archive: &str) -> Result<Vec<String>, Error> {
    let settings = json!({ "versions": ["6.0", "6.1", "7.0", "8.0", "9.0", "10.0"] });
    let kind = kinds::find("fuel").ok_or_else(|| Error::new("there is no kind `fuel`"))?;
    let adapter = (kind.open)(settings.as_object().unwrap_or(&Map::new()));
    let reader = adapter
        .reader()
        .ok_or_else(|| Error::new("Fuel has no reader of packages"))?;
    let form =
        kinds::form_of(archive).ok_or_else(|| Error::new(format!("{archive} is no archive")))?;
    let bytes = Cursor::new(bench.bytes(folder, archive)?);
    let bundle = Bundle::read(archive, bytes, form, &Limits::of(1), reader)
        .with_context(|| format!("reading {archive}"))?;
    let found = reader.read(&bundle).found;
    Ok(found
        .into_iter()
        .filter(|it| it.code.severity == Severity::Error)
        .map(|it| it.message)
        .collect())
}
