//! Tests of `host`: a store, wheels and a virtual environment for the tests, and an installer that
//! behaves like pip.

mod commands;
mod kills;
mod published;
mod strangers;
mod tries;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

use serde_json::{Value, json};
use shopfront_check::schema::Schemas;

use crate::fake_index::{FakeIndex, project_json, yank};
use crate::scratch::{Scratch, fixtures};
use crate::support::{Ended, asking, built, ended, program};
use crate::wheels::{Members, with_record, zipped};

/// Store and wheels that all tests of the client share, built once.
static WORLD: LazyLock<Scratch> = LazyLock::new(world);

fn world() -> Scratch {
    let scratch = Scratch::empty();
    scratch.overlay_at(&fixtures().join("host/catalogue"), "catalogue");
    let index = FakeIndex::start();
    let text = fs::read_to_string(fixtures().join("host/projects.json")).unwrap();
    let projects: BTreeMap<String, Value> = serde_json::from_str(&text).unwrap();
    for (project, told) in &projects {
        let versions: Vec<&str> = told["releases"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it.as_str().unwrap())
            .collect();
        let times: Vec<String> = (1..=versions.len())
            .map(|month| format!("2026-{month:02}-01T00:00:00Z"))
            .collect();
        let releases: Vec<(&str, &str)> = versions
            .iter()
            .copied()
            .zip(times.iter().map(String::as_str))
            .collect();
        let mut body = project_json(project, &releases);
        body["info"]["requires_dist"] = requires(told, versions.last().unwrap());
        for (version, reason) in told["yanked"].as_object().into_iter().flatten() {
            yank(&mut body, version, reason.as_str().unwrap());
        }
        index.json(project, body);
        for version in versions {
            fs::create_dir_all(scratch.path().join("wheels")).unwrap();
            let file = format!(
                "wheels/{}-{version}-py3-none-any.whl",
                project.replace('-', "_")
            );
            fs::write(scratch.path().join(file), wheel(project, version, told)).unwrap();
        }
    }
    built(&scratch, Some(asking(&index.base())));
    scratch
}

/// Returns the requirements of a release: the major version of its host's core that equals its own,
/// if `told` names a core, else those in `told`.
fn requires(told: &Value, version: &str) -> Value {
    let major: u32 = version
        .split('.')
        .next()
        .unwrap()
        .parse()
        .unwrap_or_default();
    match told["core"].as_str() {
        Some(core) => json!([format!("{core}>={major},<{}", major + 1)]),
        None => told.get("requires").cloned().unwrap_or_else(|| json!([])),
    }
}

fn wheel(project: &str, version: &str, told: &Value) -> Vec<u8> {
    let module = project.replace('-', "_");
    let source = fs::read(
        fixtures()
            .join("host/modules")
            .join(told["module"].as_str().unwrap()),
    )
    .unwrap();
    let required = requires(told, version);
    let required = required
        .as_array()
        .unwrap()
        .iter()
        .map(|it| format!("Requires-Dist: {}\n", it.as_str().unwrap()));
    let metadata = format!(
        "Metadata-Version: 2.4\nName: {project}\nVersion: {version}\n{}",
        required.collect::<String>()
    );
    let info = format!("{module}-{version}.dist-info");
    let members = Members::from([
        (format!("{module}/__init__.py"), source),
        (format!("{info}/METADATA"), metadata.into_bytes()),
        (
            format!("{info}/WHEEL"),
            b"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
                .to_vec(),
        ),
    ]);
    zipped(&with_record(members))
}

/// Virtual environment in a temporary directory.
struct Berth {
    scratch: Scratch,
}

impl Berth {
    /// Creates an environment with `projects` (`name==version`), and with an installer that behaves
    /// like pip.
    fn with(projects: &[&str]) -> Berth {
        let berth = Berth {
            scratch: Scratch::empty(),
        };
        let made = Command::new("python3")
            .args(["-I", "-m", "venv", "--without-pip"])
            .arg(berth.folder())
            .output()
            .unwrap();
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        let pip = berth.site_packages().join("pip");
        fs::create_dir(&pip).unwrap();
        fs::write(pip.join("__init__.py"), "").unwrap();
        fs::copy(fixtures().join("host/pip.py"), pip.join("__main__.py")).unwrap();
        let mut install = Command::new(berth.folder().join("bin/python"));
        install
            .args(["-I", "-m", "pip", "install"])
            .args(projects)
            .env("PIP_FIND_LINKS", wheels());
        assert!(install.output().unwrap().status.success());
        berth
    }

    fn folder(&self) -> PathBuf {
        self.scratch.path().join("environment")
    }

    fn site_packages(&self) -> PathBuf {
        let lib = fs::read_dir(self.folder().join("lib"))
            .unwrap()
            .next()
            .unwrap()
            .unwrap()
            .path();
        lib.join("site-packages")
    }

    /// Returns the command of the program for this environment and the shared store.
    fn program(&self, arguments: &[&str]) -> Command {
        let dist = WORLD.path().join("dist").display().to_string();
        self.program_for(&[&dist], arguments)
    }

    /// Returns the command of the program for this environment and these stores.
    fn program_for(&self, stores: &[&str], arguments: &[&str]) -> Command {
        let mut command = program(&self.scratch, arguments);
        command
            .arg("--environment")
            .arg(self.folder())
            .args(["--installer", "pip"])
            .env("PIP_FIND_LINKS", wheels());
        for store in stores {
            command.args(["--store", store]);
        }
        command
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        ended(&mut self.program(arguments))
    }

    /// Returns the rows of `host list --format json`, by id.
    fn rows(&self) -> BTreeMap<String, Value> {
        let run = self.run(&["host", "list", "--format", "json"]);
        assert_eq!(run.exit, 0, "{}", run.stderr);
        let document: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_keeps_to("api-host-list.schema.json", &document);
        let rows = document["plugins"].as_array().unwrap().clone();
        rows.into_iter()
            .map(|row| (row["id"].as_str().unwrap().to_owned(), row))
            .collect()
    }

    fn state(&self) -> Option<String> {
        fs::read_to_string(self.folder().join("shopfront.toml")).ok()
    }
}

fn assert_keeps_to(schema: &str, document: &Value) {
    let schemas = Schemas::new(&shopfront_text::embedded::overlaid(
        &shopfront_check::schema::embedded::schemas(),
        BTreeMap::new(),
    ))
    .unwrap();
    assert_eq!(schemas.get(schema).unwrap().first_fault(document), None);
}

fn wheels() -> PathBuf {
    WORLD.path().join("wheels")
}

/// Returns the output with placeholders for values that differ between runs: directories, Python
/// versions, and dates.
fn plain(text: &str, berth: &Berth) -> String {
    let world = WORLD.path().to_str().unwrap();
    let mut text = text
        .replace(berth.folder().to_str().unwrap(), "ENVIRONMENT")
        .replace(world, "STORE");
    // URL of the index from which the store was built, on a port of this run.
    const INDEX: &str = "http://127.0.0.1:";
    while let Some(at) = text.find(INDEX) {
        let port = text[at + INDEX.len()..]
            .find(|it: char| !it.is_ascii_digit())
            .unwrap();
        text.replace_range(at..at + INDEX.len() + port, "http://INDEX");
    }
    let cfg = fs::read_to_string(berth.folder().join("pyvenv.cfg")).unwrap();
    let version = cfg
        .lines()
        .find_map(|line| line.strip_prefix("version = "))
        .unwrap()
        .trim()
        .to_owned();
    text = text.replace(&version, "3.X.Y");
    // Around midnight, both dates may occur.
    let now = jiff::Timestamp::now();
    for day in [now, now - jiff::SignedDuration::from_hours(1)] {
        let day = day.to_string()[..10].to_owned();
        while let Some(at) = text.find(&format!("{day}T")) {
            let end = at + text[at..].find('Z').unwrap() + 1;
            text.replace_range(at..end, "NOW");
        }
        text = text.replace(&day, "TODAY     ");
    }
    text
}
