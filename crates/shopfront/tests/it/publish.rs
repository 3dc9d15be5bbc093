//! Tests of publication: at any moment, the old or the new store is visible, and foreign files are
//! never modified.

use std::fs;
use std::path::Path;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use shopfront::publish::{self, Places, Staging};
use shopfront_site::artifact::{Artifact, Sink};

use crate::scratch::Scratch;
use crate::support::{
    HARBOUR, assert_whole, build, built, difference, ended, harbour, program, snippet, text, tree,
};

/// Returns a store with enough pages that a build takes some time, and its answers.
fn store() -> Scratch {
    let scratch = Scratch::base();
    for name in HARBOUR {
        scratch.write(&format!("catalogue/datasette/{name}.json"), &snippet(name));
    }
    scratch
}

fn offline(scratch: &Scratch) -> Command {
    program(scratch, &["build", "--offline"])
}

/// Returns the names beside the published store that do not belong to the repository.
fn left_over(scratch: &Scratch) -> Vec<String> {
    let names = walkdir::WalkDir::new(scratch.path())
        .into_iter()
        .map(|it| it.unwrap().file_name().to_str().unwrap().to_owned());
    let mut names: Vec<String> = names
        .filter(|name| name.contains(".dist.") || name.contains(".shopfront-"))
        .collect();
    // The lock and the cache of image cards stay. Partially written cards do not.
    names.retain(|name| name != ".dist.lock" && name != ".shopfront-cache");
    names
}

/// Sets the title of the front page, which identifies the visible store.
fn rename(scratch: &Scratch, title: &str) {
    let path = scratch.path().join("catalogue/store.json");
    let text = fs::read_to_string(&path).unwrap();
    let old = text
        .lines()
        .find(|line| line.contains("\"title\": \"") && line.starts_with("  \""))
        .unwrap();
    fs::write(
        &path,
        text.replace(old, &format!("  \"title\": \"{title}\",")),
    )
    .unwrap();
}

/// Returns the time limit of a run, in thousandths of a whole build. Limits cover the whole build,
/// with more of them near its end, where the swap is. The last ones are long enough on any machine.
fn part_of(run: u32, runs: u32) -> u32 {
    match run {
        _ if run + 3 > runs => 4_000,
        _ if run.is_multiple_of(2) => run * 1_000 / runs,
        _ => 700 + run * 450 / runs,
    }
}

fn wait(child: &mut Child, most: Duration) {
    let begun = Instant::now();
    while begun.elapsed() < most && child.try_wait().unwrap().is_none() {
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_kill_at_any_moment_leaves_the_old_store_or_the_new_one() {
    const RUNS: u32 = 30;
    let scratch = store();
    rename(&scratch, "Store 0");
    let begun = Instant::now();
    let first = ended(&mut offline(&scratch));
    let whole = begun.elapsed();
    assert_eq!(first.exit, 0, "{}", first.stderr);
    let mut seen = 0;
    let mut swaps = 0;
    for run in 1..=RUNS {
        rename(&scratch, &format!("Store {run}"));
        let mut child = offline(&scratch).spawn().unwrap();
        wait(&mut child, whole * part_of(run, RUNS) / 1_000);
        child.kill().unwrap();
        child.wait().unwrap();
        assert_whole(&scratch.path().join("dist"));
        let page = text(&scratch, "index.html");
        let is_old = page.contains(&format!("Store {seen}<"));
        assert!(
            is_old || page.contains(&format!("Store {run}<")),
            "run {run}: neither the old nor the new store"
        );
        if !is_old {
            seen = run;
            swaps += 1;
        }
    }
    let last = ended(&mut offline(&scratch));
    assert_eq!(last.exit, 0, "{}", last.stderr);
    assert!(text(&scratch, "index.html").contains(&format!("Store {RUNS}<")));
    assert_whole(&scratch.path().join("dist"));
    assert_eq!(left_over(&scratch), Vec::<String>::new());
    assert!(
        swaps > 0 && swaps < RUNS,
        "{swaps} of {RUNS} runs ended before they were killed: the moments are badly chosen"
    );
}

#[test]
fn what_a_killed_exchange_by_two_renames_left_is_put_right() {
    let scratch = store();
    built(&scratch, None);
    fs::rename(
        scratch.path().join("dist"),
        scratch.path().join(".dist.previous"),
    )
    .unwrap();
    fs::create_dir_all(scratch.path().join(".dist.staging/half")).unwrap();
    fs::write(scratch.path().join(".dist.staging/half/a.html"), "half").unwrap();
    // A run that is refused before it publishes does no harm, and the next one that begins restores
    // the store.
    scratch.write("catalogue/fiab/broken.json", "{");
    assert_eq!(build(&scratch, None).unwrap().exit, 1);
    fs::remove_file(scratch.path().join("catalogue/fiab/broken.json")).unwrap();
    drop(staging(&scratch));
    assert_whole(&scratch.path().join("dist"));
    built(&scratch, None);
    assert_whole(&scratch.path().join("dist"));
    assert_eq!(left_over(&scratch), Vec::<String>::new());
}

#[test]
fn a_folder_that_is_not_ours_is_never_replaced() {
    let scratch = store();
    scratch.write("dist/thesis.txt", "years of work");
    let run = ended(&mut offline(&scratch));
    assert_eq!(run.exit, 2);
    assert!(
        run.stderr
            .contains("holds something that is no published store"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("--out"), "{}", run.stderr);
    assert_eq!(tree(&scratch.path().join("dist")).len(), 1);
    assert_eq!(left_over(&scratch), Vec::<String>::new());
    fs::remove_file(scratch.path().join("dist/thesis.txt")).unwrap();
    // An empty directory may be replaced.
    assert_eq!(ended(&mut offline(&scratch)).exit, 0);
    assert_whole(&scratch.path().join("dist"));
}

#[test]
fn what_people_wrote_is_no_place_to_publish_into() {
    let scratch = store();
    let before = tree(scratch.path());
    let parent = scratch
        .path()
        .parent()
        .unwrap()
        .to_str()
        .unwrap()
        .to_owned();
    let own = scratch.path().to_str().unwrap().to_owned();
    let refused = [
        ".",
        "./",
        "..",
        "/",
        "catalogue",
        "catalogue/dist",
        "catalogue/fiab/../new",
        "answers/x",
        "dist/..",
        "dist/../catalogue",
        "new/../catalogue/x",
        &own,
        &parent,
    ];
    for out in refused {
        let run = ended(offline(&scratch).args(["--out", out]));
        assert_eq!(run.exit, 2, "{out}: {}", run.stderr);
        assert!(run.stderr.contains("--out"), "{out}: {}", run.stderr);
    }
    // Not even if it has a file with the same name.
    scratch.write("SHA256SUMS", "");
    scratch.write("catalogue/SHA256SUMS", "");
    for out in [".", "catalogue"] {
        let run = ended(offline(&scratch).args(["--out", out]));
        assert_eq!(run.exit, 2, "{out}: {}", run.stderr);
    }
    fs::remove_file(scratch.path().join("SHA256SUMS")).unwrap();
    fs::remove_file(scratch.path().join("catalogue/SHA256SUMS")).unwrap();
    assert_eq!(tree(scratch.path()), before);
}

#[test]
fn the_folder_may_be_anywhere_else() {
    let scratch = store();
    let elsewhere = Scratch::empty();
    let absolute = elsewhere
        .path()
        .join("deep/er/www")
        .to_str()
        .unwrap()
        .to_owned();
    for out in ["public", "build/site", &absolute] {
        let run = ended(offline(&scratch).args(["--out", out]));
        assert_eq!(run.exit, 0, "{out}: {}", run.stderr);
        assert_whole(&scratch.path().join(out));
    }
    assert_eq!(
        difference(&scratch.path().join("public"), Path::new(&absolute)),
        Vec::<String>::new()
    );
}

#[test]
fn a_link_to_a_folder_stays_a_link() {
    let scratch = store();
    let www = Scratch::empty();
    std::os::unix::fs::symlink(www.path().join("store"), scratch.path().join("dist")).unwrap();
    fs::create_dir(www.path().join("store")).unwrap();
    for _ in 0..2 {
        let run = ended(&mut offline(&scratch));
        assert_eq!(run.exit, 0, "{}", run.stderr);
        assert_whole(&www.path().join("store"));
        assert!(
            fs::symlink_metadata(scratch.path().join("dist"))
                .unwrap()
                .is_symlink()
        );
    }
}

#[test]
fn two_builds_at_once_publish_one_store() {
    let scratch = store();
    built(&scratch, None);
    let spawn = || offline(&scratch).spawn().unwrap();
    let children: Vec<_> = (0..4).map(|_| spawn()).collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        let is_clean = output.status.success()
            || (output.status.code() == Some(2) && stderr.contains("another run is publishing"));
        assert!(is_clean, "{stderr}");
        assert_whole(&scratch.path().join("dist"));
    }
    assert_eq!(ended(&mut offline(&scratch)).exit, 0);
    assert_eq!(left_over(&scratch), Vec::<String>::new());
}

/// Makes a place unwritable. Root may write everywhere, so this is done by other means.
fn block(folder: &Path) {
    // A directory cannot be created in place of a file.
    fs::write(folder.join(".dist.staging"), "in the way").unwrap();
}

#[test]
fn a_disk_that_can_not_be_written_keeps_the_old_store() {
    let scratch = store();
    built(&scratch, None);
    let before = tree(&scratch.path().join("dist"));
    rename(&scratch, "Another title");
    block(scratch.path());
    let run = ended(&mut offline(&scratch));
    assert_eq!(run.exit, 2, "{}", run.stderr);
    assert!(run.stderr.starts_with("error: clearing "), "{}", run.stderr);
    assert_eq!(tree(&scratch.path().join("dist")), before);
    fs::remove_file(scratch.path().join(".dist.staging")).unwrap();
    assert_eq!(ended(&mut offline(&scratch)).exit, 0);
}

#[test]
fn a_full_disk_keeps_the_old_store() {
    let scratch = store();
    built(&scratch, None);
    let before = tree(&scratch.path().join("dist"));
    rename(&scratch, "Another title");
    // A limit on the size of files simulates a full disk. The signal of the system must be ignored
    // for the error to occur.
    let plain = offline(&scratch);
    let mut limited = Command::new("sh");
    limited.env_clear().envs(
        plain
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    limited
        .args(["-c", "trap '' XFSZ; ulimit -f 16; exec \"$@\"", "sh"])
        .arg(plain.get_program())
        .args(plain.get_args());
    let run = ended(&mut limited);
    assert_eq!(run.exit, 2, "{}", run.stderr);
    assert!(run.stderr.starts_with("error: writing "), "{}", run.stderr);
    assert_eq!(tree(&scratch.path().join("dist")), before);
    assert_eq!(ended(&mut offline(&scratch)).exit, 0);
    assert_eq!(left_over(&scratch), Vec::<String>::new());
}

fn staging(scratch: &Scratch) -> Staging {
    Staging::begin(Places::of(&scratch.path().join("dist")).unwrap()).unwrap()
}

#[test]
fn a_path_that_leaves_the_folder_is_no_output() {
    let scratch = Scratch::empty();
    let staging = staging(&scratch);
    for path in [
        "../x",
        "a/../../x",
        "/x",
        "a//b",
        "./a",
        "a/.",
        "a\\b",
        "",
        "SHA256SUMS",
        "a/\0",
    ] {
        assert!(staging.put(Artifact::new(path, "x")).is_err(), "{path:?}");
        assert!(staging.stream(path).is_err(), "{path:?}");
    }
}

#[test]
fn two_outputs_can_not_have_one_path() {
    let scratch = Scratch::empty();
    let staging = staging(&scratch);
    staging.put(Artifact::new("a", "x")).unwrap();
    assert!(staging.put(Artifact::new("a", "y")).is_err());
}

#[test]
fn a_file_that_is_not_as_it_was_written_stops_publishing() {
    for spoil in [
        |path: &Path| fs::write(path, "shorter").unwrap(),
        |path: &Path| fs::remove_file(path).unwrap(),
    ] {
        let scratch = Scratch::empty();
        let staging = staging(&scratch);
        staging
            .put(Artifact::new("index.html", "a whole page"))
            .unwrap();
        spoil(&scratch.path().join(".dist.staging/index.html"));
        let fault = staging.finish().err().unwrap();
        assert_eq!(
            fault.to_string(),
            "index.html was not written whole; nothing was published"
        );
        assert!(!scratch.path().join("dist").exists());
    }
}

#[test]
fn a_target_that_somebody_filled_meanwhile_is_not_replaced() {
    let scratch = Scratch::empty();
    let staging = staging(&scratch);
    staging.put(Artifact::new("index.html", "page")).unwrap();
    let staged = staging.finish().unwrap();
    scratch.write("dist/thesis.txt", "years of work");
    assert!(publish::publish(staged).is_err());
    assert_eq!(tree(&scratch.path().join("dist")).len(), 1);
}

#[test]
fn a_run_that_only_looks_changes_nothing() {
    let (scratch, index) = harbour(2);
    drop(index);
    let before = tree(scratch.path());
    let checked = ended(&mut program(&scratch, &["check"]));
    assert_eq!(checked.exit, 0, "{}{}", checked.stdout, checked.stderr);
    assert_eq!(tree(scratch.path()), before);
}
