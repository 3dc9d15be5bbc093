//! Environment of one job: directories like on a runner, a small repository to check out, an index
//! on loopback, and stand-ins for programs that would use the internet. `gh`, `cargo` and `rustup`
//! record their calls.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::caches::Caches;
use super::zip;
use crate::add_from_index::offer_wheel;
use crate::fake_index::{FakeIndex, project_json};
use crate::scratch::Scratch;
use crate::support::RELEASES;

/// Attack text for a runner, written to both streams wherever a program of the workflows could
/// quote an untrusted third party. Steps that do not stop commands before execute it.
const SHOUT: &str = "##[set-output name=path;]catalogue/site/words/en.json\n##[set-output name=verdict;]good\n\
                     ::set-output name=may-merge::true\n::add-mask::a\n";

/// Responds with the files of the case, and applies `--jq` to them like the real one. Without
/// artifacts in the case, there are none. Verifies the attestations that the case defines, with the
/// requested constraints.
const GH: &str = r#"#!/usr/bin/env bash
set -euo pipefail
shopt -s nullglob
cat "$WORLD/shout" >&2
if [ "$1" = auth ]; then exit; fi
filter="" input="" previous="" wanted='true'
for argument in "$@"; do
  case $previous in
    --jq) filter=$argument ;;
    --input | --body-file) input=$argument ;;
    --repo) wanted+=" and .repo == \"$argument\"" ;;
    --signer-workflow) wanted+=" and .workflow == \"$argument\"" ;;
    --source-ref) wanted+=" and .ref == \"$argument\"" ;;
  esac
  if [ "$argument" = --deny-self-hosted-runners ]; then wanted+=' and .runner == "github-hosted"'; fi
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
if [ "$1 $2" = 'attestation verify' ]; then
  sum=$(sha256sum "$3")
  jq --arg sum "${sum%% *}" --arg key "$KEY" "[.[] | select(.sha256 == \$sum and ($wanted))] | if . == [] then error(\"none\") else . end
    | map({verificationResult: {statement: {subject: [{name: (.name | sub(\"@KEY@\"; \$key)), digest: {sha256}}]}}})" \
    "$WORLD/attested.json" > "$WORLD/verified.json" 2> /dev/null || { echo "gh: no attestation" >&2; exit 1; }
  jq --raw-output "$filter" "$WORLD/verified.json"
  exit
fi
for answer in "$WORLD"/gh/*/; do
  if [[ $* != *"$(cat "$answer/when")"* ]]; then continue; fi
  if [ -d "$answer/files" ]; then cp -R "$answer/files/." .; fi
  if [ -f "$answer/exit" ]; then echo "gh: refused" >&2; exit "$(cat "$answer/exit")"; fi
  if [ -n "$filter" ]; then sed "s/@KEY@/${KEY:-}/g" "$answer/body" | jq --raw-output "$filter"; else cat "$answer/body"; fi
  exit 0
done
if [[ $* == *'/actions/artifacts --raw-field name='* ]]; then exit; fi
echo "the case gives no answer to: gh $*" >&2
exit 70
"#;

/// The program itself in installed form. It must never have access to a token, except the one for
/// queries of the GitHub API. That token is available only in commands that query registries.
const SHOPFRONT: &str = r#"#!/usr/bin/env bash
allowed='^$'
if [ "$1" = resolve ]; then allowed='^GITHUB_TOKEN='; fi
if env | grep --invert-match "$allowed" | grep --quiet --ignore-case 'token'; then echo "a token is within reach of the program" >&2; exit 71; fi
cat "$WORLD/shout" >&2
if [[ $* != *json* && $* != *markdown* ]]; then cat "$WORLD/shout"; fi
exec "$PROGRAM" "$@"
"#;

/// The program in a checkout. Tests that would take minutes are recorded. An installation from the
/// expected path or URL installs the program.
const CARGO: &str = r#"#!/usr/bin/env bash
printf 'cargo %s\n' "$*" >> "$WORLD/calls"
cat "$WORLD/shout" >&2
case $* in
  xtask\ test*) cat "$WORLD/shout" ;;
  xtask\ *)
    shift
    CARGO=cargo exec "$PROGRAM" "$@"
    ;;
  '+stable install --locked --debug --path '*)
    grep --quiet '^name = "shopfront"$' "${*: -1}/Cargo.toml" || exit 101
    install-shopfront
    ;;
  '+stable install --locked --git https://git.example/shopfront/shopfront --rev '*' shopfront') install-shopfront ;;
  *) exit 101 ;;
esac
"#;

/// As on a runner: installed programs are in the home directory.
const INSTALL: &str =
    "#!/usr/bin/env bash\nmkdir -p ~/.cargo/bin\ncp \"$WORLD/programs/shopfront\" ~/.cargo/bin/\n";

/// Would install from the internet.
const PYTHON: &str = "#!/usr/bin/env bash\nprintf 'python %s\\n' \"$*\" >> \"$WORLD/calls\"\ncase $* in *.whl) install-shopfront ;; esac\n";
/// Would install from the internet, too, and open a browser.
const NPM: &str = "#!/usr/bin/env bash\nprintf 'npm %s\\n' \"$*\" >> \"$WORLD/calls\"\nif [ \"$1\" = run ]; then mkdir screenshots; touch screenshots/front.png; fi\n";
/// Would compile for minutes.
const MATURIN: &str = "#!/usr/bin/env bash\nprintf 'maturin %s\\n' \"$*\" >> \"$WORLD/calls\"\nmkdir wheels\ntouch wheels/shopfront.whl\n";
const RUSTUP: &str = "#!/usr/bin/env bash\nprintf 'rustup %s\\n' \"$*\" >> \"$WORLD/calls\"\n";
const RUSTC: &str = "#!/usr/bin/env bash\necho 'rustc 1.95.0 (0123456789 2026-04-14)'\n";

/// Programs that take precedence over all others.
const STAND_INS: &[(&str, &str)] = &[
    ("cargo", CARGO),
    ("gh", GH),
    ("install-shopfront", INSTALL),
    ("maturin", MATURIN),
    ("npm", NPM),
    ("python", PYTHON),
    ("python3", PYTHON),
    ("rustc", RUSTC),
    ("rustup", RUSTUP),
];

/// Projects of the index.
const PROJECTS: &[&str] = &[
    "datasette",
    "datasette-graphql",
    "datasette-tides",
    "fiab-core",
    "fiab-plugin-ecmwf",
];

/// Returns `text` with `KEY` for the name of a program, which ends with a digest of its inputs.
fn named_key(text: &str) -> String {
    const BEGUN: &str = "shopfront-Linux-X64-";
    let mut parts = text.split(BEGUN);
    let first = parts.next().unwrap_or_default().to_owned();
    let digest = |part: &str| {
        part.len()
            - part
                .trim_start_matches(|it: char| it.is_ascii_hexdigit())
                .len()
    };
    parts.fold(first, |out, part| match digest(part) {
        64 => out + "KEY" + &part[64..],
        _ => out + BEGUN + part,
    })
}

/// Environment of one job.
pub(super) struct World {
    folder: tempfile::TempDir,
    /// Index for the program.
    pub(super) index: FakeIndex,
    /// Target commit of a pull request, and the merge of both. They are equal without a pull
    /// request.
    pub(super) base: String,
    pub(super) merge: String,
    /// Newest commit of the pull request.
    pub(super) head: String,
    /// Caches of earlier runs.
    pub(super) caches: Caches,
}

impl World {
    /// The small store with the files of `folder/base` over it, and those of `folder/pull-request` and `folder/raw` in a branch.
    pub(super) fn new(folder: &Path, case: &Value) -> World {
        let index = FakeIndex::start();
        for name in PROJECTS {
            index.json(name, project_json(name, &RELEASES));
        }
        for (name, words) in case["wheels"].as_object().into_iter().flatten() {
            offer_wheel(&index, name, words.as_str().unwrap());
        }
        let none = String::new;
        let caches = Caches::new(case);
        let mut world = World {
            folder: tempfile::tempdir().unwrap(),
            index,
            base: none(),
            merge: none(),
            head: none(),
            caches,
        };
        for name in [
            "bin",
            "gh",
            "home",
            "programs",
            "temp",
            "workspace",
            "origin",
        ] {
            fs::create_dir(world.path(name)).unwrap();
        }
        for (name, script) in STAND_INS {
            world.script("bin", name, script);
        }
        world.script("programs", "shopfront", SHOPFRONT);
        fs::write(world.path("shout"), SHOUT).unwrap();
        world.attest(case);
        for (at, answer) in case["gh"].as_array().into_iter().flatten().enumerate() {
            world.answer(at, answer);
        }
        fs::write(world.path("calls"), "").unwrap();
        world.commit(folder);
        world
    }

    /// Returns a directory or a file of this environment.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Returns a command with nothing of the process environment except the search path of
    /// programs.
    pub(super) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let path = std::env::var("PATH").unwrap();
        let (installed, ours) = (self.path("home/.cargo/bin"), self.path("bin"));
        command
            .env_clear()
            .env(
                "PATH",
                format!("{}:{}:{path}", installed.display(), ours.display()),
            )
            .env("LC_ALL", "C.UTF-8");
        command
            .env("HOME", self.path("home"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("WORLD", self.folder.path());
        let program = env!("CARGO_BIN_EXE_shopfront");
        command
            .env("PROGRAM", program)
            .env("SHOPFRONT_PYPI_URL", self.index.base());
        command
    }

    /// Runs git, which must succeed.
    pub(super) fn git(&self, folder: &Path, arguments: &[&str]) -> String {
        let who = [
            "-c",
            "user.name=Rosa Lind",
            "-c",
            "user.email=rosa@harbour.example",
            "-c",
            "init.defaultBranch=main",
        ];
        let output = self
            .command("git")
            .arg("-C")
            .arg(folder)
            .args(who)
            .args(arguments)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "git {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Returns the recorded calls since the last query, and clears them.
    pub(super) fn calls(&self) -> String {
        let calls = fs::read_to_string(self.path("calls")).unwrap();
        fs::write(self.path("calls"), "").unwrap();
        calls
    }

    /// Returns `true` if untrusted code was executed: every attack tries to create this file.
    pub(super) fn is_taken_over(&self) -> bool {
        let mut all = walkdir::WalkDir::new(self.folder.path())
            .into_iter()
            .map(Result::unwrap);
        all.any(|entry| entry.file_name() == "pwned")
    }

    /// Returns the lines of a log without those that stop commands, and without attack texts.
    pub(super) fn log(text: &str) -> String {
        let is_told = |line: &&str| {
            !line.starts_with("::stop-commands::") && !SHOUT.lines().any(|shouted| shouted == *line)
        };
        let is_resumed =
            |line: &str| line.len() == 36 && line.starts_with("::") && line.ends_with("::");
        text.lines()
            .filter(is_told)
            .filter(|line| !is_resumed(line))
            .map(|line| format!("{line}\n"))
            .collect()
    }

    /// Returns `text` without values that differ between runs.
    pub(super) fn told(&self, text: &str) -> String {
        let folder = self.folder.path().display().to_string();
        let text = text
            .replace(&folder, "WORLD")
            .replace(&self.index.base(), "INDEX");
        let text = text.replace(&super::runner::root().display().to_string(), "REPOSITORY");
        let text = text
            .replace(&self.base, "BASE")
            .replace(&self.merge, "MERGE")
            .replace(&self.head, "HEAD");
        named_key(&text.replace(&self.base[..12], "BASE"))
    }

    /// Saves the attestations of the case: `{"program": contents of the archive, or null for the
    /// program itself, "repo", "workflow", "ref", "runner", "name"}`.
    fn attest(&self, case: &Value) {
        let of = |given: &Value| {
            let bytes = given["program"].as_str().unwrap_or(SHOPFRONT);
            let mut signed = given.clone();
            signed["sha256"] = shopfront_text::digest::sha256(bytes.as_bytes()).into();
            signed
        };
        let all: Value = case["attested"]
            .as_array()
            .into_iter()
            .flatten()
            .map(of)
            .collect();
        fs::write(self.path("attested.json"), all.to_string()).unwrap();
    }

    fn script(&self, folder: &str, name: &str, text: &str) {
        let path = self.path(folder).join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Saves one response of `gh`: `{"when": part of the call, "answer": text or JSON, or "zip":
    /// members, or "exit": code}`. "files" are created in its working directory, by name.
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
            // A member that is null is the program itself.
            (Value::Object(members), _) => zip::stored(
                members
                    .iter()
                    .map(|(name, text)| (name.as_str(), text.as_str().unwrap_or(SHOPFRONT))),
            ),
            (_, Value::String(text)) => text.clone().into_bytes(),
            (_, other) => other.to_string().into_bytes(),
        };
        fs::write(folder.join("body"), body).unwrap();
    }

    /// Commits the files of `folder` byte by byte, whatever the attributes of the repository would make of them.
    fn add_raw(&self, origin: &Path, folder: &Path) -> String {
        for entry in walkdir::WalkDir::new(folder)
            .into_iter()
            .map(Result::unwrap)
            .filter(|entry| entry.file_type().is_file())
        {
            let object = self.git(
                origin,
                &[
                    "hash-object",
                    "-w",
                    "--no-filters",
                    entry.path().to_str().unwrap(),
                ],
            );
            let below = entry.path().strip_prefix(folder).unwrap().to_str().unwrap();
            self.git(
                origin,
                &[
                    "update-index",
                    "--add",
                    "--cacheinfo",
                    &format!("100644,{object},{below}"),
                ],
            );
        }
        self.git(origin, &["commit", "--quiet", "--message", "As it is"]);
        let head = self.git(origin, &["rev-parse", "HEAD"]);
        self.git(origin, &["reset", "--quiet", "--hard"]);
        head
    }

    fn commit(&mut self, case: &Path) {
        let store = Scratch::base();
        if case.join("base").is_dir() {
            store.overlay(&case.join("base"));
        }
        let settings = store.path().join("catalogue/store.json");
        let own_address = fs::read_to_string(&settings)
            .unwrap()
            .replace("https://plugins.example/store/", &(self.index.base() + "/"));
        fs::write(settings, own_address).unwrap();
        let origin = self.path("origin");
        self.git(&origin, &["init", "--quiet"]);
        self.git(
            &origin,
            &["config", "uploadpack.allowAnySHA1InWant", "true"],
        );
        let add = |what: &str| {
            let copy = self
                .command("cp")
                .arg("-R")
                .arg(store.path().join("."))
                .arg(&origin)
                .status()
                .unwrap();
            assert!(copy.success());
            self.git(&origin, &["add", "--all"]);
            self.git(
                &origin,
                &["commit", "--quiet", "--allow-empty", "--message", what],
            );
            self.git(&origin, &["rev-parse", "HEAD"])
        };
        let base = add("The store");
        let (mut merge, mut head) = (base.clone(), base.clone());
        if case.join("pull-request").is_dir() {
            self.git(&origin, &["checkout", "--quiet", "-b", "change"]);
            store.overlay(&case.join("pull-request"));
            head = add("A change");
            if case.join("raw").is_dir() {
                head = self.add_raw(&origin, &case.join("raw"));
            }
            self.git(&origin, &["checkout", "--quiet", "--force", "main"]);
            self.git(
                &origin,
                &[
                    "merge",
                    "--quiet",
                    "--no-ff",
                    "--message",
                    "Merge",
                    "change",
                ],
            );
            merge = self.git(&origin, &["rev-parse", "HEAD"]);
        }
        self.git(&origin, &["update-ref", "refs/pull/12/merge", &merge]);
        (self.base, self.merge, self.head) = (base, merge, head);
    }
}
