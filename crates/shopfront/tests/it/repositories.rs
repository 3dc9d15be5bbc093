//! Tests of `check --since` and `diff` in untrusted repositories: no configuration of a repository
//! or caller is executed, and only differences are reported.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::scratch::{Scratch, git};
use crate::support::{ended, program, program_at};

/// Returns the paths of the entries and files that `diff` reports, and its exit code.
pub(crate) fn differences(scratch: &Scratch, since: &str) -> (Vec<String>, i32) {
    let told = ended(&mut program(
        scratch,
        &["diff", "--offline", "--since", since, "--format", "json"],
    ));
    let document: Value =
        serde_json::from_str(&told.stdout).unwrap_or_else(|_| panic!("{}", told.stderr));
    let mut paths = Vec::new();
    for list in [
        "added", "changed", "renamed", "removed", "settings", "files", "outside",
    ] {
        let path = |it: &Value| {
            it.as_str()
                .or_else(|| it["path"].as_str())
                .unwrap_or_else(|| panic!("{it:#}"))
                .to_owned()
        };
        paths.extend(document[list].as_array().unwrap().iter().map(path));
    }
    paths.sort();
    (paths, told.exit)
}

/// Returns the small store with everything committed, and `graphql` edited on disk.
fn edited() -> Scratch {
    let scratch = Scratch::base();
    scratch.commit();
    edit(&scratch);
    scratch
}

pub(crate) const EDITED: &str = "catalogue/datasette/graphql.json";

fn edit(scratch: &Scratch) {
    let path = scratch.path().join(EDITED);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(
        path,
        text.replacen("\"author\": \"", "\"author\": \"The ", 1),
    )
    .unwrap();
}

/// Fails if one of the two commands that compare with a revision runs the program `trap`, or
/// reports anything other than the edit of `graphql`.
fn assert_nothing_runs(what: &str, scratch: &Scratch, variables: &[(&str, &str)]) {
    for arguments in [
        ["check", "--offline", "--since", "HEAD"].as_slice(),
        &["diff", "--offline", "--since", "HEAD", "--format", "json"],
    ] {
        let told = ended(program(scratch, arguments).envs(variables.iter().copied()));
        assert!(
            !scratch.path().join(".git/RAN").exists(),
            "{what}: `{}` ran a program",
            arguments[0]
        );
        assert!(told.exit != 2, "{what}: {}", told.stderr);
        if arguments[0] == "diff" {
            let document: Value = serde_json::from_str(&told.stdout).unwrap();
            assert_eq!(
                document["changed"][0]["path"], EDITED,
                "{what}: {document:#}"
            );
            let none = Value::Array(Vec::new());
            let others = (
                document["changed"].as_array().unwrap().len(),
                &document["files"],
                &document["outside"],
            );
            assert_eq!(others, (1, &none, &none), "{what}");
        }
    }
}

/// Creates a program in `.git` that creates a marker file when it is executed.
fn trap(scratch: &Scratch) -> String {
    let path = scratch.path().join(".git/trap");
    fs::write(
        &path,
        format!(
            "#!/bin/sh\ntouch '{}'\nexit 1\n",
            scratch.path().join(".git/RAN").display()
        ),
    )
    .unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Settings of a repository that name a program, each for a different reason why git runs it.
/// `TRAP` is a placeholder for the program.
const SETTINGS: &[(&str, &[(&str, &str)])] = &[
    (
        "a filter",
        &[("filter.x.clean", "TRAP"), ("filter.x.smudge", "TRAP")],
    ),
    (
        "a filter that must succeed",
        &[("filter.x.clean", "TRAP"), ("filter.x.required", "true")],
    ),
    ("a filter that stays", &[("filter.x.process", "TRAP")]),
    (
        "a text conversion",
        &[
            ("diff.x.textconv", "TRAP"),
            ("diff.x.cachetextconv", "true"),
        ],
    ),
    (
        "a difference of its own",
        &[("diff.x.command", "TRAP"), ("diff.external", "TRAP")],
    ),
    (
        "a file system monitor",
        &[("core.fsmonitor", "TRAP"), ("core.untrackedCache", "true")],
    ),
    (
        "a pager",
        &[
            ("core.pager", "TRAP"),
            ("pager.diff", "TRAP"),
            ("pager.ls-files", "TRAP"),
            ("pager.rev-parse", "TRAP"),
        ],
    ),
    (
        "aliases",
        &[
            ("alias.rev-parse", "!TRAP"),
            ("alias.ls-files", "!TRAP"),
            ("alias.cat-file", "!TRAP"),
        ],
    ),
    (
        "programs for signatures",
        &[("gpg.program", "TRAP"), ("log.showSignature", "true")],
    ),
    ("another work tree", &[("core.worktree", "/")]),
    ("a bare repository", &[("core.bare", "true")]),
    (
        "lists of ignored files elsewhere",
        &[
            ("core.excludesFile", "/dev/stdin"),
            ("core.attributesFile", "/dev/stdin"),
        ],
    ),
];

#[test]
fn no_program_that_a_repository_names_is_run() {
    for (what, settings) in SETTINGS {
        let scratch = edited();
        let trap = trap(&scratch);
        // Committed and uncommitted: both are untrusted.
        fs::write(
            scratch.path().join(".git/info/attributes"),
            "catalogue/** filter=x diff=x\n",
        )
        .unwrap();
        for (name, value) in *settings {
            git(
                scratch.path(),
                &["config", name, &value.replace("TRAP", &trap)],
            );
        }
        assert_nothing_runs(what, &scratch, &[]);
    }
}

#[test]
fn settings_that_a_repository_takes_from_elsewhere_run_nothing_either() {
    let scratch = edited();
    let trap = trap(&scratch);
    fs::write(
        scratch.path().join(".git/more"),
        format!("[filter \"x\"]\n\tclean = {trap}\n[core]\n\tfsmonitor = {trap}\n"),
    )
    .unwrap();
    fs::write(scratch.path().join(".git/info/attributes"), "* filter=x\n").unwrap();
    git(scratch.path(), &["config", "include.path", "more"]);
    git(
        scratch.path(),
        &["config", "extensions.worktreeConfig", "true"],
    );
    git(
        scratch.path(),
        &["config", "--worktree", "filter.x.process", &trap],
    );
    assert_nothing_runs("an included file", &scratch, &[]);
}

#[test]
fn hooks_of_a_repository_are_not_run() {
    let scratch = edited();
    let trap = trap(&scratch);
    for name in [
        "post-index-change",
        "fsmonitor-watchman",
        "reference-transaction",
        "post-checkout",
        "pre-auto-gc",
    ] {
        fs::create_dir_all(scratch.path().join(".git/hooks")).unwrap();
        fs::copy(&trap, scratch.path().join(".git/hooks").join(name)).unwrap();
    }
    git(
        scratch.path(),
        &["config", "core.fsmonitor", ".git/hooks/fsmonitor-watchman"],
    );
    // Every file appears modified, so that git would have to read it again and to update the index.
    fs::write(
        scratch.path().join("catalogue/datasette/host.json"),
        fs::read(scratch.path().join("catalogue/datasette/host.json")).unwrap(),
    )
    .unwrap();
    assert_nothing_runs("hooks", &scratch, &[]);
}

/// A partial clone claims that missing objects can be fetched from a remote.
#[test]
fn what_a_repository_lacks_is_fetched_from_nowhere() {
    let remotes: &[&[(&str, &str)]] = &[
        &[
            ("remote.far.url", "ext::TRAP"),
            ("protocol.ext.allow", "always"),
            ("protocol.allow", "always"),
        ],
        &[
            ("remote.far.url", "ssh://far.example/store"),
            ("core.sshCommand", "TRAP"),
        ],
        &[
            ("remote.far.url", "git://far.example/store"),
            ("core.gitProxy", "TRAP"),
        ],
        &[
            ("remote.far.url", "/tmp"),
            ("remote.far.uploadpack", "TRAP"),
        ],
        &[
            ("remote.far.url", "http://127.0.0.1:9/"),
            ("credential.helper", "!TRAP"),
            ("core.askPass", "TRAP"),
        ],
        &[("remote.far.url", "x"), ("remote.far.vcs", "ext")],
    ];
    for settings in remotes {
        let scratch = edited();
        let trap = trap(&scratch);
        for (name, value) in [
            ("extensions.partialClone", "far"),
            ("remote.far.promisor", "true"),
        ]
        .iter()
        .chain(*settings)
        {
            git(
                scratch.path(),
                &["config", name, &value.replace("TRAP", &trap)],
            );
        }
        // The blob of the edited file before the edit.
        let output = Command::new("git")
            .current_dir(scratch.path())
            .args(["rev-parse", &format!("HEAD:{EDITED}")])
            .output()
            .unwrap();
        let object = String::from_utf8(output.stdout).unwrap();
        fs::remove_file(
            scratch
                .path()
                .join(".git/objects")
                .join(&object[..2])
                .join(object[2..].trim()),
        )
        .unwrap();
        for command in ["check", "diff"] {
            let told = ended(&mut program(
                &scratch,
                &[command, "--offline", "--since", "HEAD"],
            ));
            assert!(
                !scratch.path().join(".git/RAN").exists(),
                "{settings:?}: `{command}` ran a program"
            );
            assert_eq!(told.exit, 2, "{settings:?}: {}", told.stderr);
            let lacks = "error: this clone lacks `catalogue/datasette/graphql.json`: it is a partial one, and nothing is fetched here\n  \
                         = help: fetch what is missing: `git fetch --refetch --no-filter`\n";
            assert_eq!(told.stderr, lacks, "{settings:?}");
        }
    }
}

#[test]
fn variables_of_the_caller_lead_git_nowhere_else() {
    let other = Scratch::base();
    other.commit();
    let elsewhere = other.path().join(".git");
    let elsewhere = elsewhere.to_str().unwrap();
    let scratch = edited();
    let trap = trap(&scratch);
    let variables = [
        ("GIT_DIR", elsewhere),
        ("GIT_WORK_TREE", "/"),
        ("GIT_INDEX_FILE", "/dev/null"),
        ("GIT_OBJECT_DIRECTORY", "/"),
        ("GIT_EXTERNAL_DIFF", &trap),
        ("GIT_PAGER", &trap),
        ("GIT_SSH_COMMAND", &trap),
        ("GIT_EXEC_PATH", "/"),
        ("GIT_CONFIG_COUNT", "1"),
        ("GIT_CONFIG_KEY_0", "core.fsmonitor"),
        ("GIT_CONFIG_VALUE_0", &trap),
        ("GIT_CONFIG_PARAMETERS", "'core.fsmonitor'='false'"),
        ("GIT_TRACE", "/proc/self/cwd/trace"),
        ("GIT_LITERAL_PATHSPECS", "0"),
        ("LANGUAGE", "de"),
    ];
    assert_nothing_runs("the environment", &scratch, &variables);
    assert!(!scratch.path().join("trace").exists());
}

#[test]
fn a_bare_repository_in_the_place_of_a_store_is_no_repository() {
    let scratch = Scratch::base();
    git(scratch.path(), &["init", "--quiet", "--bare", "evil"]);
    for name in ["HEAD", "config", "objects", "refs"] {
        fs::rename(
            scratch.path().join("evil").join(name),
            scratch.path().join(name),
        )
        .unwrap();
    }
    let told = ended(&mut program(
        &scratch,
        &["diff", "--offline", "--since", "HEAD"],
    ));
    assert_eq!(told.exit, 2);
    assert!(
        told.stderr
            .contains(" is in no git repository\n  = help: run `git init`"),
        "{}",
        told.stderr
    );
}

/// Operations on files, each with the flag that it is a change.
#[test]
fn files_are_compared_by_what_they_contain() {
    type Act = fn(&Scratch);
    let acts: &[(&str, Act, &[&str])] = &[
        (
            "touched",
            |it| it.write(EDITED, &fs::read_to_string(it.path().join(EDITED)).unwrap()),
            &[],
        ),
        ("edited", edit, &[EDITED]),
        (
            "edited and staged",
            |it| (edit(it), git(it.path(), &["add", "."])).1,
            &[EDITED],
        ),
        (
            "edited, staged and taken back on disk",
            |it| {
                let text = fs::read_to_string(it.path().join(EDITED)).unwrap();
                edit(it);
                git(it.path(), &["add", "."]);
                it.write(EDITED, &text);
            },
            &[],
        ),
        (
            "with other line ends",
            |it| {
                it.write(
                    EDITED,
                    &fs::read_to_string(it.path().join(EDITED))
                        .unwrap()
                        .replace('\n', "\r\n"),
                )
            },
            &[],
        ),
        (
            "with other line ends, committed",
            |it| {
                it.write(
                    EDITED,
                    &fs::read_to_string(it.path().join(EDITED))
                        .unwrap()
                        .replace('\n', "\r\n"),
                );
                git(it.path(), &["-c", "core.autocrlf=false", "add", "."]);
            },
            &[EDITED],
        ),
        (
            "deleted",
            |it| fs::remove_file(it.path().join(EDITED)).unwrap(),
            &[EDITED],
        ),
        (
            "a folder",
            |it| {
                (
                    fs::remove_file(it.path().join(EDITED)).unwrap(),
                    it.write(&format!("{EDITED}/x"), ""),
                )
                    .1
            },
            &[EDITED, "catalogue/datasette/graphql.json/x"],
        ),
        (
            "executable on disk alone",
            |it| {
                fs::set_permissions(it.path().join(EDITED), fs::Permissions::from_mode(0o755))
                    .unwrap()
            },
            &[],
        ),
        (
            "executable in the index",
            |it| git(it.path(), &["update-index", "--chmod=+x", EDITED]),
            &[EDITED],
        ),
        (
            "a link to the same",
            |it| {
                fs::rename(it.path().join(EDITED), it.path().join("x.txt")).unwrap();
                symlink("../../x.txt", it.path().join(EDITED)).unwrap();
            },
            &[EDITED, "x.txt"],
        ),
        (
            "behind a link",
            |it| {
                fs::rename(it.path().join("catalogue/datasette"), it.path().join("d")).unwrap();
                symlink("../d", it.path().join("catalogue/datasette")).unwrap();
            },
            &[
                "catalogue/datasette",
                EDITED,
                "catalogue/datasette/host.json",
                "d/graphql.json",
                "d/host.json",
            ],
        ),
        (
            "new",
            |it| it.write("catalogue/datasette/README.md", "x"),
            &["catalogue/datasette/README.md"],
        ),
        (
            "announced",
            |it| {
                (
                    it.write("notes.txt", ""),
                    git(it.path(), &["add", "--intent-to-add", "notes.txt"]),
                )
                    .1
            },
            &["notes.txt"],
        ),
        (
            "ignored",
            |it| {
                (
                    it.write(".git/info/exclude", "*.txt\n"),
                    it.write("notes.txt", "x"),
                )
                    .1
            },
            &[],
        ),
        (
            "another repository",
            |it| git(it.path(), &["init", "--quiet", "other"]),
            &["other/"],
        ),
    ];
    for format in ["sha1", "sha256"] {
        for (what, act, expected) in acts {
            let scratch = Scratch::base();
            git(
                scratch.path(),
                &[
                    "init",
                    "--quiet",
                    "--initial-branch=main",
                    &format!("--object-format={format}"),
                ],
            );
            scratch.commit();
            act(&scratch);
            let (mut told, _) = differences(&scratch, "HEAD");
            // Of removed settings, the report names only the host.
            told.dedup();
            let mut expected = expected.to_vec();
            expected.sort_unstable();
            assert_eq!(told, expected, "{what} ({format})");
        }
    }
}

/// This program wrote the answers on disk. A person reviews those that a branch commits.
#[test]
fn saved_answers_count_when_they_are_committed() {
    let scratch = edited();
    let path = "answers/pypi/datasette.json";
    let text = fs::read_to_string(scratch.path().join(path)).unwrap();
    scratch.write(
        path,
        &text.replace("\"checked_at\": \"2026", "\"checked_at\": \"2027"),
    );
    scratch.write("answers/pypi/new.json", "{}");
    assert_eq!(differences(&scratch, "HEAD").0, [EDITED]);
    git(scratch.path(), &["add", "answers"]);
    assert_eq!(
        differences(&scratch, "HEAD").0,
        [path, "answers/pypi/new.json", EDITED]
    );
}

/// In an untrusted repository, files that are not compared at all would hide changes.
#[test]
fn bits_of_the_index_do_not_hide_what_is_on_disk() {
    for flag in ["--assume-unchanged", "--skip-worktree"] {
        let scratch = Scratch::base();
        scratch.commit();
        git(scratch.path(), &["update-index", flag, EDITED]);
        git(scratch.path(), &["config", "core.sparseCheckout", "true"]);
        git(
            scratch.path(),
            &["config", "sparse.expectFilesOutsideOfPatterns", "true"],
        );
        edit(&scratch);
        assert_eq!(differences(&scratch, "HEAD").0, [EDITED], "{flag}");
    }
}

#[test]
fn a_checkout_for_windows_differs_in_nothing() {
    let scratch = Scratch::base();
    scratch.write(".gitattributes", "* text=auto eol=crlf\n");
    scratch.commit();
    git(scratch.path(), &["rm", "--quiet", "-r", "--cached", "."]);
    git(scratch.path(), &["reset", "--quiet", "--hard"]);
    assert!(
        fs::read_to_string(scratch.path().join(EDITED))
            .unwrap()
            .contains("\r\n")
    );
    assert_eq!(differences(&scratch, "HEAD").0, Vec::<String>::new());
}

#[test]
fn a_missing_revision_is_told_with_the_help_for_its_clone() {
    let scratch = edited();
    let told = ended(&mut program(
        &scratch,
        &["diff", "--offline", "--since", "v9"],
    ));
    assert_eq!(
        (told.exit, told.stderr.as_str()),
        (
            2,
            "error: there is no revision `v9`\n  = help: `git branch --all` lists the branches, `git log --oneline` the commits of this one\n"
        )
    );
    let clone = Scratch::empty();
    let from = format!("file://{}", scratch.path().display());
    git(
        clone.path(),
        &["clone", "--quiet", "--depth=1", &from, "store"],
    );
    let told = ended(&mut program_at(
        &clone.path().join("store"),
        &["diff", "--offline", "--since", "HEAD^1"],
    ));
    assert!(
        told.stderr.ends_with("the clone is shallow; fetch that revision first: `git fetch --depth=1 origin <revision>`\n"),
        "{}",
        told.stderr
    );
}

/// Only root can change the owner of a directory. For other users, `git.rs` tests the messages
/// only.
#[test]
fn the_folder_of_another_user_is_opened_when_its_reader_trusts_it() {
    let scratch = edited();
    let give = |user: u32| {
        Command::new("chown")
            .args(["-R", &user.to_string()])
            .arg(scratch.path())
            .output()
            .unwrap()
            .status
            .success()
    };
    if !give(1234) {
        return;
    }
    let run = || {
        ended(&mut program(
            &scratch,
            &["diff", "--offline", "--since", "HEAD"],
        ))
    };
    let root = scratch.path().canonicalize().unwrap();
    let refused = format!(
        "error: opening the git repository {0}: detected dubious ownership in repository at '{0}'\n  \
         = help: the folder belongs to another user; if you trust it, run `git config --global --add safe.directory {0}`\n",
        root.display()
    );
    let told = run();
    assert_eq!((told.exit, told.stderr), (2, refused.clone()));
    // A repository that marks itself as trusted is still untrusted.
    git_config(&root.join(".git/config"), "*");
    assert_eq!(run().stderr, refused);
    git_config(
        &scratch.path().join(".home/.gitconfig"),
        root.to_str().unwrap(),
    );
    assert_eq!(run().exit, 3, "what the help says helps");
    give(0);
}

fn git_config(file: &Path, trusted: &str) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let status = Command::new("git")
        .args(["config", "--file"])
        .arg(file)
        .args(["--add", "safe.directory", trusted])
        .status()
        .unwrap();
    assert!(status.success());
}
