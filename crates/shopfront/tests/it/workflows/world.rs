//! The world of one job: folders as on a runner, a small repository to check out, an index on loopback, and programs that
//! stand in for those which would reach the internet: `gh`, `cargo` and `rustup` write down how they were called.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::zip;
use crate::fake_index::{FakeIndex, project_json};
use crate::scratch::Scratch;
use crate::shop::RELEASES;

/// Answers from the files that the case gives, and applies `--jq` to them as the real one does.
const GH: &str = r#"#!/usr/bin/env bash
set -euo pipefail
filter="" input="" previous=""
for argument in "$@"; do
  case $previous in
    --jq) filter=$argument ;;
    --input | --body-file) input=$argument ;;
  esac
  previous=$argument
done
{
  printf 'gh'
  for argument in "$@"; do
    if [ -n "$filter" ] && [ "$argument" = "$filter" ]; then argument=FILTER; fi
    printf ' %q' "$argument"
  done
  echo
  case $input in
    "") ;;
    -) sed 's/^/  | /' ;;
    *) sed 's/^/  | /' "$input" ;;
  esac
} >> "$WORLD/calls"
for answer in "$WORLD"/gh/*/; do
  if [[ $* != *"$(cat "$answer/when")"* ]]; then continue; fi
  if [ -d "$answer/files" ]; then cp -R "$answer/files/." .; fi
  if [ -f "$answer/exit" ]; then echo "gh: refused" >&2; exit "$(cat "$answer/exit")"; fi
  if [ -n "$filter" ]; then jq --raw-output "$filter" "$answer/body"; else cat "$answer/body"; fi
  exit 0
done
echo "the case gives no answer to: gh $*" >&2
exit 70
"#;

/// The program itself, as it is when it was installed. It must never see a token, but for the one that questions to the API of GitHub are
/// asked with: that is in reach where registries are asked, and nowhere else.
const SHOPFRONT: &str = r#"#!/usr/bin/env bash
allowed='^$'
if [ "$1" = resolve ]; then allowed='^GITHUB_TOKEN='; fi
if env | grep --invert-match "$allowed" | grep --quiet --ignore-case 'token'; then echo "a token is within reach of the program" >&2; exit 71; fi
exec "$PROGRAM" "$@"
"#;

/// The program as it is called in a checkout; what would install or test for minutes is written down.
const CARGO: &str = r#"#!/usr/bin/env bash
printf 'cargo %s\n' "$*" >> "$WORLD/calls"
if [ "$1" = xtask ] && [ "$2" != test ]; then
  shift
  CARGO=cargo exec "$PROGRAM" "$@"
fi
"#;

/// Would install from the internet.
const PYTHON: &str = "#!/usr/bin/env bash\nprintf 'python %s\\n' \"$*\" >> \"$WORLD/calls\"\n";
/// Would install from the internet too, and open a browser.
const NPM: &str = "#!/usr/bin/env bash\nprintf 'npm %s\\n' \"$*\" >> \"$WORLD/calls\"\nif [ \"$1\" = run ]; then mkdir screenshots; touch screenshots/front.png; fi\n";
/// Would compile for minutes.
const MATURIN: &str = "#!/usr/bin/env bash\nprintf 'maturin %s\\n' \"$*\" >> \"$WORLD/calls\"\nmkdir wheels\ntouch wheels/shopfront.whl\n";
const RUSTUP: &str = "#!/usr/bin/env bash\nprintf 'rustup %s\\n' \"$*\" >> \"$WORLD/calls\"\n";
const RUSTC: &str = "#!/usr/bin/env bash\necho 'rustc 1.95.0 (0123456789 2026-04-14)'\n";

/// What comes before all other programs.
const STAND_INS: &[(&str, &str)] = &[
    ("cargo", CARGO),
    ("gh", GH),
    ("maturin", MATURIN),
    ("npm", NPM),
    ("python", PYTHON),
    ("python3", PYTHON),
    ("rustc", RUSTC),
    ("rustup", RUSTUP),
    ("shopfront", SHOPFRONT),
];

/// Projects that the index knows.
const PROJECTS: &[&str] = &["datasette", "datasette-graphql", "datasette-tides", "fiab-core", "fiab-plugin-ecmwf"];

/// What one job sees.
pub(super) struct World {
    folder: tempfile::TempDir,
    /// Answers for the program.
    pub(super) index: FakeIndex,
    /// The commit that a pull request goes to, and the merge of both; the same where there is no pull request.
    pub(super) base: String,
    pub(super) merge: String,
}

impl World {
    /// The small store with the files of `folder/base` over it, and those of `folder/pull-request` in a branch.
    pub(super) fn new(folder: &Path, case: &Value) -> World {
        let index = FakeIndex::start();
        for name in PROJECTS {
            index.json(name, project_json(name, &RELEASES));
        }
        let mut world = World { folder: tempfile::tempdir().unwrap(), index, base: String::new(), merge: String::new() };
        for name in ["bin", "gh", "home", "temp", "workspace", "origin"] {
            fs::create_dir(world.path(name)).unwrap();
        }
        for (name, script) in STAND_INS {
            world.script(name, script);
        }
        for (at, answer) in case["gh"].as_array().into_iter().flatten().enumerate() {
            world.answer(at, answer);
        }
        fs::write(world.path("calls"), "").unwrap();
        world.commit(folder);
        world
    }

    /// A folder or a file of this world.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A shell command with nothing of our environment but where programs are.
    pub(super) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let path = std::env::var("PATH").unwrap();
        command.env_clear().env("PATH", format!("{}:{path}", self.path("bin").display())).env("LC_ALL", "C.UTF-8");
        command.env("HOME", self.path("home")).env("GIT_CONFIG_NOSYSTEM", "1").env("WORLD", self.folder.path());
        let program = env!("CARGO_BIN_EXE_shopfront");
        command.env("PROGRAM", program).env("SHOPFRONT_PYPI_URL", self.index.base());
        command
    }

    /// Runs git where it must work.
    pub(super) fn git(&self, folder: &Path, arguments: &[&str]) -> String {
        let who = ["-c", "user.name=Rosa Lind", "-c", "user.email=rosa@harbour.example", "-c", "init.defaultBranch=main"];
        let output = self.command("git").arg("-C").arg(folder).args(who).args(arguments).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Takes what the stand-ins wrote down since it was last asked for.
    pub(super) fn calls(&self) -> String {
        let calls = fs::read_to_string(self.path("calls")).unwrap();
        fs::write(self.path("calls"), "").unwrap();
        calls
    }

    /// Whether something of a stranger's was executed: every one of them tries to make this file.
    pub(super) fn is_taken_over(&self) -> bool {
        let mut all = walkdir::WalkDir::new(self.folder.path()).into_iter().map(Result::unwrap);
        all.any(|entry| entry.file_name() == "pwned")
    }

    /// `text` without what is another in every run.
    pub(super) fn told(&self, text: &str) -> String {
        let folder = self.folder.path().display().to_string();
        let text = text.replace(&folder, "WORLD").replace(&self.index.base(), "INDEX");
        let text = text.replace(&super::runner::root().display().to_string(), "REPOSITORY");
        text.replace(&self.base, "BASE").replace(&self.merge, "MERGE")
    }

    fn script(&self, name: &str, text: &str) {
        let path = self.path("bin").join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// One answer of `gh`: `{"when": part of the call, "answer": text or JSON, or "zip": members, or "exit": code}`, and "files" that it
    /// leaves in the folder where it is called, by name.
    fn answer(&self, at: usize, answer: &Value) {
        let folder = self.path("gh").join(format!("{at:02}"));
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("when"), answer["when"].as_str().unwrap()).unwrap();
        if let Some(exit) = answer["exit"].as_u64() {
            fs::write(folder.join("exit"), exit.to_string()).unwrap();
        }
        for (name, text) in answer["files"].as_object().into_iter().flatten() {
            let path = folder.join("files").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text.as_str().unwrap()).unwrap();
        }
        let body = match (&answer["zip"], &answer["answer"]) {
            (Value::Object(members), _) => zip::stored(members.iter().map(|(name, text)| (name.as_str(), text.as_str().unwrap()))),
            (_, Value::String(text)) => text.clone().into_bytes(),
            (_, other) => other.to_string().into_bytes(),
        };
        fs::write(folder.join("body"), body).unwrap();
    }

    fn commit(&mut self, case: &Path) {
        let store = Scratch::base();
        if case.join("base").is_dir() {
            store.overlay(&case.join("base"));
        }
        let settings = store.path().join("catalogue/store.json");
        let own_address = fs::read_to_string(&settings).unwrap().replace("https://plugins.example/store/", &(self.index.base() + "/"));
        fs::write(settings, own_address).unwrap();
        let origin = self.path("origin");
        self.git(&origin, &["init", "--quiet"]);
        self.git(&origin, &["config", "uploadpack.allowAnySHA1InWant", "true"]);
        let add = |what: &str| {
            let copy = self.command("cp").arg("-R").arg(store.path().join(".")).arg(&origin).status().unwrap();
            assert!(copy.success());
            self.git(&origin, &["add", "--all"]);
            self.git(&origin, &["commit", "--quiet", "--allow-empty", "--message", what]);
            self.git(&origin, &["rev-parse", "HEAD"])
        };
        let base = add("The store");
        let mut merge = base.clone();
        if case.join("pull-request").is_dir() {
            self.git(&origin, &["checkout", "--quiet", "-b", "change"]);
            store.overlay(&case.join("pull-request"));
            add("A change");
            self.git(&origin, &["checkout", "--quiet", "main"]);
            self.git(&origin, &["merge", "--quiet", "--no-ff", "--message", "Merge", "change"]);
            merge = self.git(&origin, &["rev-parse", "HEAD"]);
        }
        (self.base, self.merge) = (base, merge);
    }
}
