//! Tests of kills at any moment, of the program alone or with its installer. No user setting is
//! lost, and the next run continues from the actual contents of the environment.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use super::Berth;

/// Pause between two files that the installer writes: long enough that kills occur between them.
const PAUSE: &str = "0.01";

/// Process to kill.
#[derive(Clone, Copy)]
enum Victim {
    /// Only the program. The installer continues.
    Program,
    Everybody,
}

fn start(berth: &Berth, arguments: &[&str]) -> Child {
    berth
        .program(arguments)
        .env("STUB_PAUSE", PAUSE)
        .process_group(0)
        .spawn()
        .unwrap()
}

fn kill(mut child: Child, victim: Victim) {
    match victim {
        Victim::Program => child.kill().unwrap(),
        Victim::Everybody => {
            let group = format!("-{}", child.id());
            assert!(
                Command::new("kill")
                    .args(["-9", "--", &group])
                    .status()
                    .unwrap()
                    .success()
            );
        }
    }
    child.wait().unwrap();
}

/// Runs `arguments` when no process is active any more: an installer that outlived the program
/// holds the lock.
fn once_free(berth: &Berth, arguments: &[&str]) -> crate::support::Ended {
    let begun = Instant::now();
    loop {
        let run = berth.run(arguments);
        if !run.stderr.contains("another run is at work") {
            return run;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{}", run.stderr);
        thread::sleep(Duration::from_millis(20));
    }
}

/// Fails if a setting from before the kill is lost.
fn assert_nothing_lost(berth: &Berth, run: u32) {
    if let Some(text) = berth.state() {
        toml::from_str::<toml::Table>(&text)
            .unwrap_or_else(|fault| panic!("run {run}: {fault}\n{text}"));
    }
    let listed = once_free(berth, &["host", "list", "--installed"]);
    assert_eq!(listed.exit, 0, "run {run}: {}", listed.stderr);
    assert_eq!(berth.rows()["fog"]["enabled"], false, "run {run}");
    assert_eq!(berth.rows()["fog"]["installed"], "6.0.0", "run {run}");
}

#[test]
fn a_kill_at_any_moment_loses_nothing_and_the_next_run_heals() {
    const RUNS: u32 = 16;
    let berth = Berth::with(&["tide-core==6.1.0", "tide-plugin-fog==6.0.0"]);
    assert_eq!(berth.run(&["host", "disable", "fog"]).exit, 0);
    let begun = Instant::now();
    let child = start(&berth, &["host", "install", "moon"]);
    assert!(child.wait_with_output().unwrap().status.success());
    let whole = begun.elapsed();
    let (mut broken, mut ended) = (0, 0);
    for run in 0..RUNS {
        let victim = if run % 2 == 0 {
            Victim::Program
        } else {
            Victim::Everybody
        };
        // An update from another release removes the old one first. Every fourth run uninstalls the
        // plugin instead.
        let arguments: &[&str] = match run % 4 {
            3 => &["host", "uninstall", "moon"],
            _ if berth.rows()["moon"]["installed"] == "6.0.0" => &["host", "update"],
            _ => &["host", "install", "moon", "--version", "6.0.0"],
        };
        let child = start(&berth, arguments);
        thread::sleep(whole * (run + 1) / RUNS);
        kill(child, victim);
        assert_nothing_lost(&berth, run);
        match berth.rows()["moon"]["installed"].as_str() {
            Some("6.0.0" | "6.1.0") if berth.rows()["moon"]["broken_off"] == false => ended += 1,
            _ => broken += 1,
        }
        // In any state, the same command completes the operation.
        let healed = once_free(&berth, &["host", "install", "moon"]);
        assert_eq!(
            healed.exit, 0,
            "run {run}: {}{}",
            healed.stdout, healed.stderr
        );
        let row = &berth.rows()["moon"];
        assert_eq!(
            (&row["installed"], &row["status"]["outcome"]),
            (&"6.1.0".into(), &"imported".into()),
            "run {run}"
        );
        assert!(!berth.state().unwrap().contains("[doing]"), "run {run}");
    }
    assert!(
        broken > 0 && ended > 0,
        "{broken} were broken off, {ended} had ended: the moments are badly chosen"
    );
    let left: Vec<String> = std::fs::read_dir(berth.folder())
        .unwrap()
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(
        !left.iter().any(|name| name.starts_with(".shopfront-")),
        "{left:?}"
    );
}

#[test]
fn while_an_installer_is_at_work_nobody_else_changes_anything() {
    let berth = Berth::with(&["tide-core==6.1.0"]);
    let gate = berth.scratch.path().join("gate");
    std::fs::write(&gate, "").unwrap();
    let child = berth
        .program(&["host", "install", "moon"])
        .env("STUB_GATE", &gate)
        .process_group(0)
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while !berth.state().is_some_and(|text| text.contains("[doing]"))
        && begun.elapsed() < Duration::from_secs(60)
    {
        thread::sleep(Duration::from_millis(10));
    }
    // The installer starts shortly after the state is written.
    thread::sleep(Duration::from_secs(2));
    kill(child, Victim::Program);
    let refused = berth.run(&["host", "install", "fog"]);
    assert_eq!(refused.exit, 2);
    assert!(
        refused.stderr.contains("another run is at work"),
        "{}",
        refused.stderr
    );
    // Reading needs no lock.
    assert_eq!(berth.run(&["host", "list"]).exit, 0);
    std::fs::remove_file(&gate).unwrap();
    let told = once_free(&berth, &["host", "status"]);
    assert!(
        told.stderr
            .contains("installing `tide/moon` was broken off")
            && told.stderr.contains("it had ended"),
        "{}",
        told.stderr
    );
    assert_eq!(berth.rows()["moon"]["status"]["outcome"], "imported");
}
