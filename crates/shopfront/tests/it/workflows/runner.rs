//! Executes one job like a runner: conditions, variables, outputs, and every `run:` in a real
//! shell. Third-party actions are only recorded, except the checkout, which clones the repository
//! of the case.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use base64::Engine;
use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value, json};

use super::caches;
use super::expression::{Scope, as_text, filled, holds, value};
use super::log::{Command, Log};
use super::world::World;

/// Executed `run:` scripts by file, and name or index of the step.
pub(super) type Executed = BTreeSet<(String, String)>;

/// Report of a job, with the executed scripts.
pub(super) struct RunOutput {
    pub(super) transcript: String,
    pub(super) executed: Executed,
    /// Executed commands in the log, except annotations, and the steps that wrote them.
    pub(super) steered: Vec<(String, Command)>,
}

/// Action that `init` writes into new stores, in place of this repository's own.
pub(super) const OF_NEW_STORES: &str = "crates/shopfront/init/action.yml";

/// Returns the root of this repository.
pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// Reads a workflow or an action of this repository.
pub(super) fn read(path: &str) -> Value {
    let mut text = fs::read_to_string(root().join(path)).unwrap();
    if path == OF_NEW_STORES {
        let repository = "https://git.example/shopfront/shopfront";
        let words = [
            ("PROGRAM", "shopfront"),
            ("PACKAGE", "shopfront"),
            ("REPOSITORY", repository),
            ("REVISION", "refs/tags/v0.1.0"),
        ];
        text = words.iter().fold(text, |text, (word, meaning)| {
            text.replace(&format!("@{word}@"), meaning)
        });
    }
    let documents = Yaml::load_from_str(&text).unwrap_or_else(|fault| panic!("{path}: {fault}"));
    plain(&documents[0])
}

/// Converts YAML to JSON: all keys in workflows are strings.
fn plain(yaml: &Yaml<'_>) -> Value {
    match yaml {
        Yaml::Value(Scalar::String(text)) => json!(text),
        Yaml::Value(Scalar::Integer(number)) => json!(number),
        Yaml::Value(Scalar::Boolean(is)) => json!(is),
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Sequence(items) => items.iter().map(plain).collect(),
        Yaml::Mapping(pairs) => pairs
            .iter()
            .map(|(key, value)| (key.as_str().unwrap().to_owned(), plain(value)))
            .collect(),
        other => panic!("{other:?} is not known here"),
    }
}

/// Returns the name of a step, or its index.
pub(super) fn name(step: &Value, at: usize) -> String {
    step["name"]
        .as_str()
        .or(step["uses"].as_str())
        .map_or_else(|| format!("step {at}"), str::to_owned)
}

/// Runs the job that `case` names.
pub(super) fn run(case: &Value, world: &World) -> RunOutput {
    let file = case["workflow"].as_str().unwrap();
    let document = read(file);
    let text = case["contexts"]
        .to_string()
        .replace("@BASE@", &world.base)
        .replace("@MERGE@", &world.merge)
        .replace("@HEAD@", &world.head);
    let mut contexts: Map<String, Value> = serde_json::from_str(&text).unwrap();
    contexts
        .entry("runner")
        .or_insert(json!({"os": "Linux", "arch": "X64", "temp": world.path("temp")}));
    contexts.insert("steps".to_owned(), json!({}));
    contexts.entry("github").or_insert(json!({}));
    let event_name = event_name(&contexts["github"]["event"]);
    let github = contexts["github"].as_object_mut().unwrap();
    for (name, text) in [
        ("event_name", event_name),
        ("token", "gh-token"),
        ("repository", "plugins/store"),
    ] {
        github.entry(name).or_insert(text.into());
    }
    let event = if case["event"].is_null() {
        contexts["github"]["event"].clone()
    } else {
        case["event"].clone()
    };
    fs::write(world.path("event.json"), event.to_string()).unwrap();
    let job = case["job"]
        .as_str()
        .map_or(&document["runs"], |job| &document["jobs"][job]);
    assert!(job["steps"].is_array(), "{file} has no such job");

    let mut runner = Runner {
        case,
        world,
        contexts,
        has_failed: false,
        transcript: String::new(),
        executed: Executed::new(),
        steered: Vec::new(),
    };
    let mut environment = BTreeMap::new();
    runner.extend(&mut environment, &document["env"]);
    runner.extend(&mut environment, &job["env"]);
    if case["job"].is_null() {
        runner.defaults(&document["inputs"]);
    } else if !holds(job["if"].as_str(), &runner.scope()) {
        return RunOutput {
            transcript: "the job is skipped\n".to_owned(),
            executed: runner.executed,
            steered: Vec::new(),
        };
    }
    if case["repository"] == true {
        runner.check_out(&world.path("workspace"), Some(&world.merge));
    }
    runner.steps(file, job, &environment);
    runner.outputs(if case["job"].is_null() {
        &document["outputs"]
    } else {
        &job["outputs"]
    });
    let verdict = if runner.has_failed {
        "the job failed\n"
    } else {
        "the job succeeded\n"
    };
    RunOutput {
        transcript: world.told(&(runner.transcript + verdict)),
        executed: runner.executed,
        steered: runner.steered,
    }
}

/// Returns the event that triggered the run, according to the case.
fn event_name(event: &Value) -> &'static str {
    let has = |name: &str| event[name].is_object();
    match () {
        () if has("pull_request") => "pull_request",
        () if has("workflow_run") => "workflow_run",
        () if has("issue") => "issues",
        () => "push",
    }
}

struct Runner<'r> {
    case: &'r Value,
    world: &'r World,
    contexts: Map<String, Value>,
    has_failed: bool,
    transcript: String,
    executed: Executed,
    steered: Vec<(String, Command)>,
}

impl Runner<'_> {
    fn scope(&self) -> Scope<'_> {
        Scope {
            contexts: &self.contexts,
            has_failed: self.has_failed,
        }
    }

    fn defaults(&mut self, inputs: &Value) {
        let mut all: Map<String, Value> = inputs
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, it)| (name.clone(), it["default"].clone()))
            .collect();
        all.extend(
            self.contexts
                .get("inputs")
                .and_then(Value::as_object)
                .cloned()
                .unwrap_or_default(),
        );
        self.contexts
            .insert("inputs".to_owned(), Value::Object(all));
    }

    /// Adds the variables of an `env:` block, and makes them visible to expressions.
    fn extend(&mut self, environment: &mut BTreeMap<String, String>, block: &Value) {
        for (name, text) in block.as_object().into_iter().flatten() {
            let text = filled(&as_text(text), &self.scope());
            environment.insert(name.clone(), text);
        }
        self.contexts.insert("env".to_owned(), json!(environment));
    }

    fn steps(&mut self, file: &str, job: &Value, environment: &BTreeMap<String, String>) {
        for (at, step) in job["steps"].as_array().unwrap().iter().enumerate() {
            let name = name(step, at);
            if !holds(step["if"].as_str(), &self.scope()) {
                self.transcript.push_str(&format!("-- {name}\n"));
                continue;
            }
            self.transcript.push_str(&format!("== {name}\n"));
            let mut of_step = environment.clone();
            self.extend(&mut of_step, &step["env"]);
            match step["uses"].as_str() {
                None => self.shell(file, &name, step, &of_step),
                Some(path) if path.contains("/.github/actions/") => {
                    self.local(path, step, environment)
                }
                Some(action) => self.action(action, step),
            }
            self.contexts.insert("env".to_owned(), json!(environment));
        }
    }

    /// Runs a `run:` script in the shell that GitHub uses, with stricter options.
    fn shell(
        &mut self,
        file: &str,
        name: &str,
        step: &Value,
        environment: &BTreeMap<String, String>,
    ) {
        let script = step["run"].as_str().unwrap();
        assert!(
            !script.contains("${{"),
            "{file}: {name}: an expression in a script is executed as it comes"
        );
        self.executed.insert((file.to_owned(), name.to_owned()));
        let world = self.world;
        let folder = world.path("workspace").join(filled(
            step["working-directory"].as_str().unwrap_or_default(),
            &self.scope(),
        ));
        let (output, summary) = (world.path("output"), world.path("summary"));
        fs::write(&output, "").unwrap();
        fs::write(&summary, "").unwrap();
        let mut command = world.command("bash");
        command
            .args(["--noprofile", "--norc", "-euo", "pipefail", "-c", script])
            .current_dir(folder)
            .envs(environment);
        command.env("GITHUB_PATH", world.path("path"));
        command
            .env("GITHUB_OUTPUT", &output)
            .env("GITHUB_STEP_SUMMARY", &summary)
            .env("RUNNER_TEMP", world.path("temp"));
        let is_of_pull_request = self.contexts["github"]["event_name"] == "pull_request";
        let commit = if is_of_pull_request {
            &world.merge
        } else {
            &world.base
        };
        command
            .env("GITHUB_EVENT_PATH", world.path("event.json"))
            .env("GITHUB_SHA", commit);
        command.env("RUNNER_OS", "Linux").env("RUNNER_ARCH", "X64");
        command.env("GITHUB_ACTION_PATH", root().join(file).parent().unwrap());
        if let Some(repository) = self.contexts["github"]["repository"].as_str() {
            command.env("GITHUB_REPOSITORY", repository);
        }
        let ended = command.stdin(Stdio::null()).output().unwrap();
        let (stdout, stderr) = (
            String::from_utf8_lossy(&ended.stdout),
            String::from_utf8_lossy(&ended.stderr),
        );
        self.transcript.push_str(&world.calls());
        if self.case["is_quiet"] != true || !ended.status.success() {
            self.transcript.push_str(&World::log(&stdout));
        }
        if !ended.status.success() {
            self.transcript.push_str(&format!(
                "exit {}\n{}",
                ended.status.code().unwrap(),
                World::log(&stderr)
            ));
            self.has_failed = true;
        }
        let obeyed = Log::default().read(&stdout, &stderr).into_iter();
        let (annotations, steered): (Vec<Command>, Vec<Command>) =
            obeyed.partition(|it| matches!(it.name.as_str(), "error" | "warning" | "notice"));
        let place = |it: &Command| {
            it.properties
                .get("file")
                .or(it.properties.get("title"))
                .cloned()
                .unwrap_or_default()
        };
        self.transcript.extend(
            annotations
                .iter()
                .map(|it| format!("annotation: {} {}\n", it.name, place(it))),
        );
        let mut outputs: BTreeMap<String, String> =
            steered.iter().filter_map(Command::output).collect();
        self.steered.extend(
            steered
                .into_iter()
                .map(|command| (name.to_owned(), command)),
        );
        let length = fs::metadata(summary).unwrap().len();
        if length > 0 {
            self.transcript.push_str("a summary is written\n");
        }
        // The file is read when the step has ended, so it takes precedence.
        outputs.extend(parsed(&fs::read_to_string(output).unwrap()));
        self.keep(step, &outputs);
    }

    /// Stores the outputs of a step for later steps.
    fn keep(&mut self, step: &Value, outputs: &BTreeMap<String, String>) {
        for (name, text) in outputs {
            let shown = match name.as_str() {
                "digest" => "DIGEST",
                name if name.contains("key") => "KEY",
                "content" | "refusal" => "BASE64",
                _ => text,
            };
            self.transcript.push_str(&format!("{name}={shown}\n"));
        }
        if let Some(id) = step["id"].as_str() {
            self.contexts["steps"][id] = json!({"outputs": outputs});
        }
    }

    /// Runs a composite action of this repository. Its steps see only their own outputs.
    fn local(&mut self, path: &str, step: &Value, environment: &BTreeMap<String, String>) {
        let folder = path.find(".github/").map(|at| &path[at..]).unwrap();
        let file = format!("{folder}/action.yml");
        let document = read(&file);
        let outer = self.contexts.clone();
        let mut inputs = Map::new();
        for (name, text) in step["with"].as_object().into_iter().flatten() {
            inputs.insert(name.clone(), json!(filled(&as_text(text), &self.scope())));
        }
        self.contexts
            .insert("inputs".to_owned(), Value::Object(inputs));
        self.defaults(&document["inputs"]);
        self.contexts["steps"] = json!({});
        self.steps(&file, &document["runs"], environment);
        let of_action = document["outputs"].as_object().into_iter().flatten();
        let outputs: BTreeMap<String, String> = of_action
            .map(|(name, it)| (name.clone(), self.output(it)))
            .collect();
        self.contexts = outer;
        if let Some(id) = step["id"].as_str() {
            self.contexts["steps"][id] = json!({"outputs": outputs});
        }
    }

    /// Records a third-party action.
    fn action(&mut self, action: &str, step: &Value) {
        let (name, commit) = action.split_once('@').unwrap();
        assert!(commit.len() == 40, "{action} is not pinned");
        let mut with = BTreeMap::new();
        for (key, text) in step["with"].as_object().into_iter().flatten() {
            with.insert(key.clone(), filled(&as_text(text), &self.scope()));
        }
        let path = |with: &BTreeMap<String, String>| {
            self.place(with.get("path").map_or("", String::as_str))
        };
        let mut outputs = BTreeMap::new();
        match name {
            "actions/checkout" => {
                // The run was triggered by a pull request, or by an event on the branch.
                let is_later = self.contexts["github"]["event"]["workflow_run"].is_object();
                let commit = if is_later {
                    &self.world.base
                } else {
                    &self.world.merge
                };
                self.check_out(&path(&with), with.get("ref").or(Some(commit)));
            }
            "actions/cache" | "actions/cache/restore" => outputs = self.restore(&with),
            "actions/attest" => self.transcript.push_str(&format!(
                "signed: {} {}\n",
                with["subject-name"], with["subject-digest"]
            )),
            "actions/upload-artifact" | "actions/upload-pages-artifact" => {
                let listed = listed(&path(&with));
                self.transcript.push_str(&format!("kept: {listed}\n"));
            }
            _ => {}
        }
        self.keep(step, &outputs);
    }

    /// Returns a path as an action interprets it.
    fn place(&self, path: &str) -> PathBuf {
        match path.strip_prefix("~/") {
            Some(below) => self.world.path("home").join(below),
            None => self.world.path("workspace").join(path),
        }
    }

    /// Restores the first matching cache, and returns its outputs.
    fn restore(&mut self, with: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let scopes = caches::scopes(&Value::Object(self.contexts.clone()));
        let restore_keys: Vec<&str> = with
            .get("restore-keys")
            .map_or("", String::as_str)
            .lines()
            .map(str::trim)
            .collect();
        let Some(found) = self
            .world
            .caches
            .restore(&scopes, &with["key"], &restore_keys)
        else {
            return BTreeMap::new();
        };
        for (path, text) in found.files {
            let path = self.place(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        self.transcript
            .push_str(&format!("found below {}\n", found.scope));
        let is_hit = (found.key == with["key"]).to_string();
        BTreeMap::from([
            ("cache-hit".to_owned(), is_hit),
            ("cache-matched-key".to_owned(), found.key),
        ])
    }

    fn check_out(&self, target: &PathBuf, reference: Option<&String>) {
        let origin = format!("file://{}", self.world.path("origin").display());
        fs::create_dir_all(target).unwrap();
        let git = |arguments: &[&str]| self.world.git(target, arguments);
        git(&["init", "--quiet"]);
        git(&[
            "fetch",
            "--quiet",
            "--depth=2",
            &origin,
            reference.unwrap_or(&self.world.merge),
        ]);
        git(&["checkout", "--quiet", "FETCH_HEAD"]);
        git(&["remote", "add", "origin", &origin]);
    }

    fn outputs(&mut self, block: &Value) {
        for (name, expression) in block.as_object().into_iter().flatten() {
            let text = self.output(expression);
            self.transcript.push_str(&match name.as_str() {
                "key" | "digest" if !text.is_empty() => {
                    format!("output {name}: {}\n", name.to_uppercase())
                }
                "content" | "refusal" => format!("output {name}:\n{}", decoded(&text)),
                _ => format!("output {name}: {text}\n"),
            });
        }
    }

    /// Returns the value of one output of a job or an action.
    fn output(&self, expression: &Value) -> String {
        let expression = expression["value"]
            .as_str()
            .or(expression.as_str())
            .unwrap();
        let plain = expression
            .trim()
            .trim_start_matches("${{")
            .trim_end_matches("}}");
        as_text(&value(plain, &self.scope()))
    }
}

/// Parses the lines `name=value` of a step. The repository's workflows write no others.
fn parsed(text: &str) -> BTreeMap<String, String> {
    text.lines()
        .map(|line| {
            line.split_once('=')
                .unwrap_or_else(|| panic!("no output: {line}"))
        })
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// Decodes a base64 value, as lines after a bar.
fn decoded(text: &str) -> String {
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(text)
        .unwrap();
    World::log(&String::from_utf8(bytes).unwrap())
        .lines()
        .map(|line| format!("  | {line}\n"))
        .collect()
}

/// Returns the names in a directory. A pattern represents its directory, and a file itself.
fn listed(path: &Path) -> String {
    if path.is_file() {
        return path.file_name().unwrap().to_str().unwrap().to_owned();
    }
    let folder = if path.ends_with("*.whl") {
        path.parent().unwrap()
    } else {
        path
    };
    let Ok(entries) = fs::read_dir(folder) else {
        return "nothing".to_owned();
    };
    let mut names: Vec<String> = entries
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names.join(" ")
}
