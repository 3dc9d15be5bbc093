//! Shared helpers of the tests of the whole flow: querying a fake index, building, running the
//! program itself, and reading published files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use shopfront::answers_dir::Occasion;
use shopfront::commands::build;
use shopfront::commands::examine::Workspace;
use shopfront::commands::resolve::{self, RefreshSummary};
use shopfront::outcome::Outcome;
use shopfront::report::RenderOptions;
use shopfront_diagnostics::error::Error;
use shopfront_model::answers::{Answer, ProjectKey};
use shopfront_model::catalogue::{Policy, ResolveTarget};
use shopfront_registry::http::RetryPolicy;

use crate::fake_index::{FakeIndex, project_json};
use crate::scratch::Scratch;

pub(crate) const LOOK: RenderOptions = RenderOptions {
    color: false,
    columns: 100,
};

/// Returns short timeouts, so that a test with a failing index ends soon.
pub(crate) fn patience() -> RetryPolicy {
    RetryPolicy {
        connect: Duration::from_secs(2),
        request_timeout: Duration::from_millis(1_500),
        all: Duration::from_secs(20),
        retries: 1,
        first_wait: Duration::from_millis(4),
        max_retry_after: Duration::from_secs(2),
    }
}

/// Returns options that query everything again, at `base`.
pub(crate) fn asking(base: &str) -> resolve::Options {
    resolve::Options {
        refresh: true,
        from_published: false,
        occasion: Occasion::Asked,
        jobs: 4,
        addresses: at(base),
        patience: patience(),
    }
}

/// Returns URLs with PyPI at `base`.
pub(crate) fn at(base: &str) -> BTreeMap<&'static str, String> {
    BTreeMap::from([("pypi", base.to_owned())])
}

pub(crate) fn keys(names: &[&str]) -> resolve::Projects<'static> {
    names
        .iter()
        .map(|name| (ProjectKey::pypi(name), ResolveTarget::default()))
        .collect()
}

/// Queries `names`, even if their answers are fresh.
pub(crate) fn ask(
    workspace: &Workspace,
    names: &[&str],
    options: &resolve::Options,
) -> RefreshSummary {
    resolve::refresh_all(workspace, &keys(names), &Policy::default(), options).unwrap()
}

pub(crate) fn saved(workspace: &Workspace, name: &str) -> Answer {
    workspace
        .answers_dir
        .answer(&ProjectKey::pypi(name))
        .unwrap()
        .unwrap()
}

/// Makes a saved answer older by this number of seconds.
pub(crate) fn age(workspace: &Workspace, name: &str, seconds: i64) -> Answer {
    let answer = saved(workspace, name);
    let checked_at = jiff::Timestamp::from_second(answer.checked_at.as_second() - seconds).unwrap();
    let older = Answer {
        checked_at,
        ..answer
    };
    workspace
        .answers_dir
        .save(&ProjectKey::pypi(name), &older)
        .unwrap();
    older
}

/// Builds into `dist`, from saved answers alone if `asking` is `None`.
pub(crate) fn build(scratch: &Scratch, asking: Option<resolve::Options>) -> Result<Outcome, Error> {
    let options = build::Options {
        out: scratch.path().join("dist"),
        asking,
        accept_drop: false,
        is_preview: false,
        look: LOOK,
    };
    build::run(&scratch.workspace(), &options)
}

/// Builds successfully.
pub(crate) fn built(scratch: &Scratch, asking: Option<resolve::Options>) -> String {
    let outcome = build(scratch, asking).unwrap();
    assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
    outcome.stderr
}

/// Returns a published document.
pub(crate) fn json(scratch: &Scratch, path: &str) -> Value {
    serde_json::from_str(&text(scratch, path)).unwrap()
}

/// Returns a published text.
pub(crate) fn text(scratch: &Scratch, path: &str) -> String {
    fs::read_to_string(scratch.path().join("dist").join(path))
        .unwrap_or_else(|fault| panic!("{path}: {fault}"))
}

/// Returns the codes of one entry (`host/id`) in `api/v1/problems.json`.
pub(crate) fn problems_of(scratch: &Scratch, entry: &str) -> Vec<String> {
    let document = json(scratch, "api/v1/problems.json");
    let of_entry = |row: &&Value| {
        format!(
            "{}/{}",
            row["host"].as_str().unwrap_or("-"),
            row["id"].as_str().unwrap_or("-")
        ) == entry
    };
    document["problems"]
        .as_array()
        .unwrap()
        .iter()
        .filter(of_entry)
        .map(|row| row["code"].as_str().unwrap().to_owned())
        .collect()
}

/// Returns host, id and version of all entries in `plugins.json`.
pub(crate) fn versions(scratch: &Scratch) -> BTreeMap<String, Option<String>> {
    let document = json(scratch, "plugins.json");
    let row = |it: &Value| {
        (
            format!(
                "{}/{}",
                it["host"].as_str().unwrap(),
                it["id"].as_str().unwrap()
            ),
            it["version"].as_str().map(str::to_owned),
        )
    };
    document["plugins"]
        .as_array()
        .unwrap()
        .iter()
        .map(row)
        .collect()
}

/// Returns every file below `folder` with its bytes.
pub(crate) fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap)
        .filter(|it| it.file_type().is_file())
    {
        let path = entry
            .path()
            .strip_prefix(folder)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        files.insert(path, fs::read(entry.path()).unwrap());
    }
    files
}

/// Fails unless the store at `folder` is complete: it contains exactly the files that `SHA256SUMS`
/// names, with these hashes.
pub(crate) fn assert_whole(folder: &Path) {
    let files = tree(folder);
    let sums = String::from_utf8(files["SHA256SUMS"].clone()).unwrap();
    let mut named = BTreeSet::from(["SHA256SUMS".to_owned()]);
    for line in sums.lines() {
        let (sha256, path) = line.split_once("  ").unwrap();
        let bytes = files
            .get(path)
            .unwrap_or_else(|| panic!("{path} is missing"));
        assert_eq!(shopfront_text::digest::sha256(bytes), sha256, "{path}");
        named.insert(path.to_owned());
    }
    assert_eq!(files.keys().cloned().collect::<BTreeSet<_>>(), named);
}

/// Returns the differences between two directories. Empty if they are identical to the last byte.
pub(crate) fn difference(one: &Path, two: &Path) -> Vec<String> {
    let (one, two) = (tree(one), tree(two));
    let all: BTreeSet<&String> = one.keys().chain(two.keys()).collect();
    all.into_iter()
        .filter(|path| one.get(*path) != two.get(*path))
        .cloned()
        .collect()
}

/// The two releases of every project of [`harbour`].
pub(crate) const RELEASES: [(&str, &str); 2] = [
    ("1.0", "2025-01-01T00:00:00Z"),
    ("1.1", "2025-02-01T00:00:00Z"),
];

/// Plugins of the host `harbour`, with names too different to be confused.
pub(crate) const HARBOUR: [&str; 12] = [
    "anchor",
    "buoy",
    "crane",
    "dredger",
    "ensign",
    "ferry",
    "gangway",
    "hawser",
    "icebreaker",
    "jetty",
    "keel",
    "lighthouse",
];

/// Returns a store with one host of kind `python` and its first `count` plugins, and an index with
/// all of them.
pub(crate) fn harbour(count: usize) -> (Scratch, FakeIndex) {
    let scratch = Scratch::empty();
    let index = FakeIndex::start();
    scratch.write(
        "catalogue/store.json",
        "{\n  \"id\": \"quay\",\n  \"title\": \"The quay\",\n  \"description\": \"Plugins for Harbour.\",\n  \"url\": \"https://quay.example/\"\n}\n",
    );
    let host = r#"{"kind": "python", "title": "Harbour", "description": "Plans who lies where.", "distribution": "harbour"}"#;
    scratch.write("catalogue/harbour/host.json", host);
    index.json("harbour", project_json("harbour", &RELEASES));
    for name in &HARBOUR[..count] {
        scratch.write(&format!("catalogue/harbour/{name}.json"), &snippet(name));
        index.json(&project(name), project_json(&project(name), &RELEASES));
    }
    (scratch, index)
}

/// Returns the project of a plugin of [`harbour`].
pub(crate) fn project(name: &str) -> String {
    format!("harbour-{name}")
}

pub(crate) fn snippet(name: &str) -> String {
    format!(
        "{{\n  \"display_name\": \"The {name}\",\n  \"display_description\": \"What a harbour wants of its {name}.\",\n  \
         \"author\": \"Rosa Lind\",\n  \"source\": {{\n    \"pypi\": \"{}\"\n  }},\n  \"module_name\": \"harbour_{name}\"\n}}\n",
        project(name)
    )
}

/// Returns the command of the program in a clean environment: no colors, no proxy, no home
/// directory.
pub(crate) fn program(scratch: &Scratch, arguments: &[&str]) -> Command {
    program_at(scratch.path(), arguments)
}

/// Returns the same command for a store at any path.
pub(crate) fn program_at(root: &Path, arguments: &[&str]) -> Command {
    let program = env!("CARGO_BIN_EXE_shopfront");
    let mut command = Command::new(program);
    let is_kept = |name: &str| {
        matches!(
            name,
            "PATH" | "TMPDIR" | "SSL_CERT_FILE" | "SSL_CERT_DIR" | "LD_LIBRARY_PATH"
        )
    };
    command
        .env_clear()
        .envs(std::env::vars().filter(|(name, _)| is_kept(name)));
    command
        .args(arguments)
        .arg("--root")
        .arg(root)
        .env("HOME", root.join(".home"));
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Result of a run of the program.
pub(crate) struct Ended {
    pub(crate) exit: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

pub(crate) fn ended(command: &mut Command) -> Ended {
    let output = command.output().unwrap();
    Ended {
        exit: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}
