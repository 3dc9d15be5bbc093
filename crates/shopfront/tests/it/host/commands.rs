//! Tests of command sequences in one environment, each with the transcript that a person would see.

use std::fs;

use super::{Berth, plain};
use crate::golden;
use crate::scratch::{Scratch, fixtures};
use crate::support::{ended, program};

/// Returns the projects that are installed in the environment of a case before its first command.
fn installed(name: &str) -> &'static [&'static str] {
    if name == "a-host-in-python" {
        &["tide-core==6.1.0", "harbour==2.0"]
    } else {
        &["tide-core==6.1.0"]
    }
}

fn transcript(name: &str) -> String {
    let berth = Berth::with(installed(name));
    let commands =
        fs::read_to_string(fixtures().join(format!("host/cases/{name}.commands"))).unwrap();
    let mut text = String::new();
    for line in commands.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let run = berth.run(&words);
        let exit = if run.exit == 0 {
            String::new()
        } else {
            format!("exit {}\n", run.exit)
        };
        text.push_str(&format!("$ {line}\n{}{}{exit}\n", run.stderr, run.stdout));
    }
    plain(&text, &berth)
}

#[test]
fn commands_tell_what_the_files_beside_them_say() {
    let folder = fixtures().join("host/cases");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.retain(|name| name.ends_with(".commands"));
    names.sort();
    let mut differences = Vec::new();
    for name in names {
        let name = name.trim_end_matches(".commands");
        differences.extend(golden::difference(
            &folder.join(format!("{name}.txt")),
            &transcript(name),
        ));
    }
    golden::assert_none(&differences);
}

#[test]
fn nothing_that_a_plugin_writes_reaches_the_terminal() {
    let berth = Berth::with(&["tide-core==6.1.0"]);
    let run = berth.run(&["host", "install", "siren"]);
    assert_eq!(run.exit, 1, "{}", run.stderr);
    let said = run.stdout + &run.stderr;
    assert!(said.contains("RuntimeError: the last line"), "{said}");
    assert!(!said.contains("listen to me"), "{said}");
    let is_plain = |it: char| it == '\n' || !(it.is_control() || it == '\u{202e}');
    assert!(said.chars().all(is_plain), "{said:?}");
}

#[test]
fn what_is_no_environment_is_refused_with_a_cure() {
    let scratch = Scratch::empty();
    let dist = super::WORLD.path().join("dist").display().to_string();
    let run = |environment: &str| {
        ended(
            program(&scratch, &["host", "list", "--store", &dist])
                .args(["--environment", environment]),
        )
    };
    let empty = run(scratch.path().to_str().unwrap());
    assert_eq!(empty.exit, 2);
    assert!(
        empty.stderr.contains("is no virtual environment")
            && empty.stderr.contains("python3 -m venv"),
        "{}",
        empty.stderr
    );
    let none = ended(&mut program(&scratch, &["host", "list", "--store", &dist]));
    assert!(
        none.stderr.contains("no environment was named") && none.stderr.contains("--environment"),
        "{}",
        none.stderr
    );
}

#[test]
fn an_environment_laid_out_as_on_windows_is_read() {
    let berth = Berth::with(&["tide-core==6.0.0", "tide-plugin-moon==6.0.0"]);
    let folder = berth.folder();
    let site_packages = berth.site_packages();
    fs::create_dir_all(folder.join("Lib")).unwrap();
    fs::rename(site_packages, folder.join("Lib/site-packages")).unwrap();
    fs::remove_dir_all(folder.join("lib")).unwrap();
    fs::create_dir(folder.join("Scripts")).unwrap();
    fs::remove_dir_all(folder.join("bin")).unwrap();
    // Reading an environment runs none of its code.
    fs::write(folder.join("Scripts/python.exe"), "not for running").unwrap();
    let rows = berth.rows();
    assert_eq!(
        (&rows["moon"]["installed"], &rows["moon"]["update"]),
        (&"6.0.0".into(), &true.into())
    );
}

#[test]
fn what_was_installed_by_hand_is_seen_and_a_plugin_that_is_no_longer_listed_stays_in_hand() {
    let berth = Berth::with(&["tide-core==6.1.0", "tide-plugin-moon==6.1.0"]);
    assert_eq!(berth.rows()["moon"]["installed"], "6.1.0");
    assert_eq!(berth.run(&["host", "disable", "moon"]).exit, 0);
    // The same store without the plugin.
    let other = Scratch::empty();
    other.overlay_at(&super::WORLD.path().join("dist"), "dist");
    let path = other.path().join("dist/plugins.json");
    let text = fs::read_to_string(&path).unwrap();
    let kept: Vec<&str> = text
        .lines()
        .filter(|line| !line.contains("\"id\":\"moon\""))
        .collect();
    fs::write(&path, kept.join("\n")).unwrap();
    let store = path.parent().unwrap().to_str().unwrap();
    let run = |arguments: &[&str]| ended(&mut berth.program_for(&[store], arguments));
    let listed = run(&["host", "list", "--installed"]);
    assert!(
        listed.stdout.contains("disabled, no longer listed"),
        "{}{}",
        listed.stdout,
        listed.stderr
    );
    assert_eq!(run(&["host", "enable", "moon"]).exit, 0);
    assert_eq!(run(&["host", "uninstall", "moon"]).exit, 0);
    assert!(
        run(&["host", "install", "moon"])
            .stderr
            .contains("no store has a plugin `moon`")
    );
}

#[test]
fn an_id_that_comes_to_mean_another_project_is_not_updated() {
    let berth = Berth::with(&["tide-core==6.1.0", "tide-plugin-fog==6.0.0"]);
    assert_eq!(berth.run(&["host", "disable", "fog"]).exit, 0);
    let other = Scratch::empty();
    other.overlay_at(&super::WORLD.path().join("dist"), "dist");
    let path = other.path().join("dist/plugins.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(
        &path,
        text.replace(
            "\"name\":\"tide-plugin-fog\"",
            "\"name\":\"tide-plugin-moon\"",
        ),
    )
    .unwrap();
    let store = path.parent().unwrap().to_str().unwrap();
    for command in ["install", "update"] {
        let run = ended(&mut berth.program_for(&[store], &["host", command, "fog"]));
        let said =
            "`fog` is installed as tide-plugin-fog, and the store now means tide-plugin-moon by it";
        assert!(run.exit != 0 && run.stderr.contains(said), "{}", run.stderr);
    }
}

/// Its project may be there because something else requires it.
#[test]
fn what_only_another_store_lists_is_updated_where_it_was_installed_as_a_plugin_and_nowhere_else() {
    let other = Scratch::empty();
    other.overlay_at(&super::WORLD.path().join("dist"), "dist");
    let path = other.path().join("dist/plugins.json");
    let text = fs::read_to_string(&path).unwrap();
    let of_another = |line: &str| {
        let (before, behind) = line.split_once("\"store\":{\"id\":\"").unwrap();
        format!(
            "{before}\"store\":{{\"id\":\"sister{}",
            &behind[behind.find('"').unwrap()..]
        )
    };
    let lines = text.lines().map(|line| {
        if line.contains("\"id\":\"moon\"") {
            of_another(line)
        } else {
            line.to_owned()
        }
    });
    fs::write(&path, lines.collect::<Vec<_>>().join("\n")).unwrap();
    let store = path.parent().unwrap().to_str().unwrap();
    let berth = Berth::with(&["tide-core==6.0.0", "tide-plugin-moon==6.0.0"]);
    let update = || ended(&mut berth.program_for(&[store], &["host", "update", "--dry-run"]));
    let run = update();
    assert_eq!(
        (run.exit, run.stdout.as_str()),
        (0, "nothing to update\n"),
        "{}",
        run.stderr
    );
    assert_eq!(
        ended(&mut berth.program_for(&[store], &["host", "enable", "moon"])).exit,
        0
    );
    // It is looked at now, and would be installed from an index that only a person may name.
    assert!(
        update().stderr.contains("`moon` stays as it is"),
        "{}",
        update().stderr
    );
}

#[test]
fn a_state_that_is_none_of_ours_is_refused_and_kept() {
    let berth = Berth::with(&["tide-core==6.1.0"]);
    for (text, word) in [
        ("format = 1\nplugins = 3\n", "line 2"),
        ("format = 2\n", "format 2"),
        ("\u{1b}[2J", "shopfront.toml"),
    ] {
        fs::write(berth.folder().join("shopfront.toml"), text).unwrap();
        let run = berth.run(&["host", "list"]);
        assert_eq!(run.exit, 2);
        assert!(
            run.stderr.contains(word) && !run.stderr.contains('\u{1b}'),
            "{}",
            run.stderr
        );
        assert_eq!(berth.state().as_deref(), Some(text));
    }
}

#[test]
fn the_installer_asks_the_index_that_the_store_was_built_from_unless_a_person_names_another() {
    let berth = Berth::with(&["tide-core==6.1.0"]);
    let asked = berth.folder().join("asked.txt");
    let indexes = |options: &[&str], version: &str| {
        let _ = fs::remove_file(&asked);
        let arguments = [&["host", "install", "moon", "--version", version], options].concat();
        let run = ended(berth.program(&arguments).env("STUB_ASKED", &asked));
        assert_eq!(run.exit, 0, "{}", run.stderr);
        fs::read_to_string(&asked)
            .unwrap()
            .lines()
            .map(str::to_owned)
            .collect::<std::collections::BTreeSet<_>>()
    };
    let of_store = indexes(&[], "6.0.0");
    assert!(
        of_store.len() == 1
            && of_store
                .iter()
                .all(|url| url.starts_with("http://127.0.0.1:") && url.ends_with("/simple/")),
        "{of_store:?}"
    );
    let named = indexes(
        &["--index-url", "https://pypi.corp.example/simple/"],
        "6.1.0",
    );
    assert_eq!(
        named.into_iter().collect::<Vec<_>>(),
        ["https://pypi.corp.example/simple/"]
    );
}

#[test]
fn an_index_that_a_merged_store_chose_is_used_only_when_a_person_names_it() {
    let berth = Berth::with(&["tide-core==6.1.0"]);
    let other = Scratch::empty();
    other.overlay_at(&super::WORLD.path().join("dist"), "dist");
    let path = other.path().join("dist/plugins.json");
    let text = fs::read_to_string(&path).unwrap();
    let mut document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let own = document["store"]["id"].clone();
    for plugin in document["plugins"]
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .filter(|plugin| plugin["id"] == "moon")
    {
        assert_eq!(plugin["store"]["id"], own);
        plugin["store"]["id"] = "sister".into();
        plugin["source"]["registry_url"] = "https://pypi.sister.example/simple/".into();
    }
    fs::write(&path, document.to_string()).unwrap();
    let store = path.parent().unwrap().to_str().unwrap();
    let asked = berth.folder().join("asked.txt");
    let install = |options: &[&str]| {
        let arguments = [&["host", "install", "moon"], options].concat();
        ended(
            berth
                .program_for(&[store], &arguments)
                .env("STUB_ASKED", &asked),
        )
    };
    let refused = install(&[]);
    assert!(
        refused.exit == 2
            && refused
                .stderr
                .contains("with an index of its own: https://pypi.sister.example/simple/"),
        "{}",
        refused.stderr
    );
    assert!(!asked.exists(), "nobody was asked");
    let named = install(&["--index-url", "https://pypi.sister.example/simple/"]);
    assert_eq!(named.exit, 0, "{}", named.stderr);
}
