//! Step `versions`: Python's `packaging` agrees with this program on versions, ranges, requirements
//! and names.

use std::collections::BTreeMap;
use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifiers};
use pep508_rs::VersionOrUrl;
use serde::Deserialize;
use serde_json::Value;

use super::super::TestHarness;
use super::super::prerequisites;
use super::{Known, all_known, told};
use shopfront_diagnostics::error::{Context, Error};
use shopfront_package::file_name::FileName;
use shopfront_package::requirement::{self, Reading};
use shopfront_text::names::{is_project, normal_project};

/// Inputs of the comparison.
const WORDS: &str = "xtask/tests/fixtures/others/python/words.json";
/// Known differences, with reasons.
const KNOWN: &str = "xtask/tests/fixtures/others/python/versions.json";
/// Directory of the results, below `target/`.
const FOLDER: &str = "test-hosts/versions";

/// Inputs of the comparison.
#[derive(Deserialize)]
struct Words {
    versions: Vec<String>,
    specifiers: Vec<String>,
    requirements: Vec<String>,
    names: Vec<String>,
    files: Vec<String>,
}

/// Results by input.
type Answers = BTreeMap<String, String>;

/// Evaluates the inputs with Python and with this program, and compares the results.
pub(super) fn run(bench: &TestHarness<'_>) -> Vec<String> {
    try_run(bench).unwrap_or_else(|error| vec![error.to_string()])
}

fn try_run(bench: &TestHarness<'_>) -> Result<Vec<String>, Error> {
    let folder = bench.empty_folder(FOLDER)?;
    let out = folder.join("theirs.json").display().to_string();
    let script = bench
        .root
        .join(super::SCRIPTS)
        .join("read_versions.py")
        .display()
        .to_string();
    let arguments = ["-X", "utf8", "-W", "ignore", &script, WORDS, &out];
    let faults = bench.run_in(
        &bench.root,
        &prerequisites::packaging_python(bench),
        &arguments,
        &[],
    );
    if !faults.is_empty() {
        return Ok(faults);
    }
    let theirs: Answers = serde_json::from_str(&bench.text(&folder, "theirs.json")?)
        .with_context(|| "reading theirs.json".to_owned())?;
    let words: Words = serde_json::from_str(&bench.text(&bench.root, WORDS)?)
        .with_context(|| format!("reading {WORDS}"))?;
    let ours = answers(&words);
    let mut known = all_known(bench, KNOWN)?;
    let mut faults = Vec::new();
    let mut same = 0;
    // Additional results of Python concern ranges that this program refuses. The refusal of the
    // range itself is reported.
    for (question, our) in &ours {
        let their = theirs.get(question).map_or("nothing", String::as_str);
        if our == their {
            same += 1;
            continue;
        }
        let told = format!("{question}: Python says {their}, and we say {our}");
        if !Known::explains(&mut known, &told) {
            faults.push(told);
        }
    }
    bench.say(&format!(
        "{} questions: {same} have the same answer",
        ours.len()
    ));
    Ok(told(bench, faults, KNOWN, &known))
}

fn answers(words: &Words) -> Answers {
    let mut answers = Answers::new();
    let mut say = |question: String, answer: String| drop(answers.insert(question, answer));
    let versions: Vec<Version> = words
        .versions
        .iter()
        .filter_map(|text| Version::from_str(text).ok())
        .collect();
    for text in &words.versions {
        say(
            format!("version {}", quoted(text)),
            Version::from_str(text).map_or_else(|_| "none".to_owned(), |it| version(&it)),
        );
    }
    for (one, other) in versions
        .iter()
        .flat_map(|one| versions.iter().map(move |other| (one, other)))
    {
        say(
            format!("{one} and {other}"),
            format!("{:?}", one.cmp(other)).to_lowercase(),
        );
    }
    for text in &words.specifiers {
        let read = VersionSpecifiers::from_str(text);
        say(
            format!("specifier {}", quoted(text)),
            if read.is_ok() { "one" } else { "none" }.to_owned(),
        );
        for (specifiers, version) in read
            .iter()
            .flat_map(|it| versions.iter().map(move |version| (it, version)))
        {
            say(
                format!("{version} in {}", quoted(text)),
                specifiers.contains(version).to_string(),
            );
        }
    }
    for text in &words.requirements {
        say(format!("requirement {}", quoted(text)), requirement(text));
    }
    for text in &words.names {
        say(
            format!("name {}", quoted(text)),
            if is_project(text) {
                normal_project(text)
            } else {
                "none".to_owned()
            },
        );
    }
    for text in &words.files {
        say(
            format!("file {}", quoted(text)),
            FileName::parse(text).map_or_else(|_| "none".to_owned(), |it| file(&it)),
        );
    }
    answers
}

/// Returns the text as a JSON string.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

fn version(version: &Version) -> String {
    format!(
        "{version}, {}",
        if version.any_prerelease() {
            "before a release"
        } else {
            "a release"
        }
    )
}

fn requirement(text: &str) -> String {
    let Reading::Valid(read) = requirement::read(text) else {
        return "none".to_owned();
    };
    let mut extras: Vec<String> = read.extras.iter().map(ToString::to_string).collect();
    extras.sort();
    let what = match &read.version_or_url {
        None => String::new(),
        Some(VersionOrUrl::Url(_)) => "an address".to_owned(),
        Some(VersionOrUrl::VersionSpecifier(specifiers)) => {
            let mut parts: Vec<String> = specifiers.iter().map(ToString::to_string).collect();
            parts.sort();
            parts.join(",")
        }
    };
    let marker = if read.marker.is_true() {
        "always"
    } else {
        "sometimes"
    };
    format!("{} [{}] {what} {marker}", read.name, extras.join(","))
}

fn file(name: &FileName) -> String {
    let version = Version::from_str(name.version())
        .map(|it| it.to_string())
        .unwrap_or_default();
    let project = normal_project(name.distribution());
    let FileName::Wheel(wheel) = name else {
        return format!("{project} {version}");
    };
    let tag = |python: &String, abi: &String, platform: &String| {
        format!("{python}-{abi}-{platform}").to_lowercase()
    };
    let mut tags = Vec::new();
    for (python, abi) in wheel
        .pythons
        .iter()
        .flat_map(|python| wheel.abis.iter().map(move |abi| (python, abi)))
    {
        tags.extend(
            wheel
                .platforms
                .iter()
                .map(|platform| tag(python, abi, platform)),
        );
    }
    tags.sort();
    format!(
        "{project} {version} {} {}",
        wheel.build.as_deref().unwrap_or("no build"),
        tags.join(" ")
    )
}
