//! Tests of `add` with project names: queries of the index, and the result for each name of a list.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use shopfront::commands::add::{self, Options};
use shopfront::commands::resolve;
use shopfront::draft::Overrides;
use shopfront_model::answers::ProjectKey;
use shopfront_model::registry_rules;
use shopfront_text::digest::sha256;

use crate::fake_index::{FakeIndex, Fault, project_json};
use crate::scratch::{Scratch, fixtures};
use crate::support::{LOOK, asking, tree};
use crate::wheels::{Members, members_of, with_record, zipped};

const TIDES: &str = "datasette_tide_tables-0.4.1-py3-none-any.whl";

/// Returns the valid wheel for Datasette, modified by `change`.
fn tides(change: impl FnOnce(&mut Members)) -> Vec<u8> {
    let mut members = members_of(&fixtures().join("wheels").join(TIDES));
    change(&mut members);
    zipped(&with_record(members))
}

fn metadata(members: &mut Members) -> &mut Vec<u8> {
    members
        .get_mut("datasette_tide_tables-0.4.1.dist-info/METADATA")
        .unwrap()
}

/// Adds the project `name` with one release, this file, to `index`.
fn offer(index: &FakeIndex, name: &str, file: &str, body: &[u8]) {
    let version = file.split('-').nth(1).unwrap();
    let mut document = project_json(name, &[(version, "2026-03-01T10:00:00Z")]);
    let file_json = json!({
        "filename": file, "url": format!("../../files/{name}/{file}"), "size": body.len(), "digests": {"sha256": sha256(body)},
        "packagetype": "bdist_wheel", "upload_time_iso_8601": "2026-03-01T10:00:00Z", "yanked": false, "requires_python": ">=3.10",
    });
    document["releases"][version] = json!([file_json]);
    document["urls"] = json!([file_json]);
    document["info"]["requires_dist"] = json!(["datasette>=0.64"]);
    index.json(name, document);
    index.serve(
        &format!("/files/{name}/{file}"),
        "application/octet-stream",
        body,
    );
}

/// Adds the project `name` with the valid wheel for Datasette to `index`. Its metadata also
/// contains `words`.
pub(crate) fn offer_wheel(index: &FakeIndex, name: &str, words: &str) {
    let wheel = tides(|members| {
        let text = String::from_utf8(metadata(members).clone()).unwrap();
        let (head, body) = text.split_once("\n\n").unwrap_or((text.trim_end(), ""));
        *metadata(members) = format!("{head}\n{words}\n\n{body}").into_bytes();
    });
    offer(index, name, TIDES, &wheel);
}

fn options(index: &FakeIndex) -> Options {
    Options {
        what: Vec::new(),
        from_list: None,
        from_issue: None,
        report: None,
        to_catalogue: None,
        id: None,
        said: Overrides::default(),
        url: None,
        draft: false,
        update: false,
        asking: Some(resolve::Options {
            refresh: false,
            ..asking(&index.base())
        }),
        look: LOOK,
    }
}

fn written(scratch: &Scratch, path: &str) -> Option<Value> {
    fs::read(scratch.path().join(path))
        .ok()
        .map(|bytes| serde_json::from_slice(&bytes).unwrap())
}

#[test]
fn a_project_is_listed_from_its_newest_release_without_taking_the_whole_file() {
    let index = FakeIndex::start();
    // Most of the file is irrelevant data.
    let mut state = 1_u32;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    };
    let noise: Vec<u8> = (0..2_000_000).map(|_| random()).collect();
    let wheel = tides(|members| {
        drop(members.insert("datasette_tide_tables/harbours.bin".to_owned(), noise))
    });
    assert!(wheel.len() > 1_500_000);
    offer(&index, "datasette-tide-tables", TIDES, &wheel);
    let scratch = Scratch::base();
    let outcome = add::run_with(
        &scratch.workspace(),
        &Options {
            what: vec!["Datasette_Tide.Tables".to_owned()],
            ..options(&index)
        },
        None,
    )
    .unwrap();
    assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
    let snippet = written(&scratch, "catalogue/datasette/datasette-tide-tables.json").unwrap();
    assert_eq!(snippet["module_name"], "datasette_tide_tables");
    assert_eq!(snippet["source"], json!({"pypi": "datasette-tide-tables"}));
    assert!(written(&scratch, "answers/pypi/datasette-tide-tables.json").is_some());
    let of_file: Vec<_> = index
        .requests()
        .into_iter()
        .filter(|it| it.path.starts_with("/files/"))
        .collect();
    assert!(
        of_file.iter().all(|it| it.header("range").is_some()),
        "the whole file was asked for"
    );
}

#[test]
fn a_project_that_the_index_does_not_know_is_no_snippet() {
    let index = FakeIndex::start();
    let scratch = Scratch::base();
    let fault = add::run_with(
        &scratch.workspace(),
        &Options {
            what: vec!["datasette-nothing".to_owned()],
            ..options(&index)
        },
        None,
    )
    .unwrap_err();
    assert_eq!(
        fault.to_string(),
        "the index knows no project `datasette-nothing`"
    );
}

#[test]
fn questions_are_asked_for_what_is_missing_and_answers_are_checked() {
    let index = FakeIndex::start();
    let wheel = tides(|members| {
        let text = String::from_utf8(metadata(members).clone()).unwrap();
        *metadata(members) = text.replace("Author: Sol Example\n", "").into_bytes();
    });
    offer(&index, "datasette-tide-tables", TIDES, &wheel);
    let scratch = Scratch::base();
    let only = Options {
        what: vec!["datasette-tide-tables".to_owned()],
        ..options(&index)
    };
    let silence = |_: &str, _: &str| Ok(String::new());
    let refused = add::run_with(&scratch.workspace(), &only, Some(&silence)).unwrap();
    assert_eq!(refused.exit, 1);
    assert!(written(&scratch, "catalogue/datasette/datasette-tide-tables.json").is_none());
    let person = |field: &str, _: &str| {
        assert_eq!(field, "author");
        Ok("Sol Example".to_owned())
    };
    assert_eq!(
        add::run_with(&scratch.workspace(), &only, Some(&person))
            .unwrap()
            .exit,
        0
    );
    assert_eq!(
        written(&scratch, "catalogue/datasette/datasette-tide-tables.json").unwrap()["author"],
        "Sol Example"
    );
}

#[test]
fn every_name_of_a_list_is_written_or_explained() {
    let index = FakeIndex::start();
    offer(&index, "datasette-tide-tables", TIDES, &tides(|_| ()));
    let nameless = tides(|members| {
        let text = String::from_utf8(metadata(members).clone()).unwrap();
        *metadata(members) = text
            .replace("Author: Sol Example\n", "")
            .replace("datasette-tide-tables", "datasette-tide-nameless")
            .into_bytes();
    });
    offer(&index, "datasette-tide-nameless", TIDES, &nameless);
    offer(
        &index,
        "datasette-broken-zip",
        "datasette_broken_zip-1.0-py3-none-any.whl",
        b"PK\x03\x04 and nothing more",
    );
    index.json(
        "datasette-down",
        project_json("datasette-down", &[("1.0", "2024-01-01T00:00:00Z")]),
    );
    index.fault("datasette-down", Fault::ServerError500 { times: 100 });
    let mut empty = project_json("datasette-empty", &[("1.0", "2024-01-01T00:00:00Z")]);
    empty["releases"]["1.0"] = json!([]);
    empty["urls"] = json!([]);
    index.json("datasette-empty", empty);
    index.json(
        "datasette-graphql",
        project_json("datasette-graphql", &[("2.2", "2024-01-01T00:00:00Z")]),
    );
    let scratch = Scratch::base();
    scratch.write(
        "names.txt",
        "# a list\ndatasette-tide-tables\ndatasette-graphql # listed before\n\ndatasette-tide-nameless\ndatasette-nothing\ndatasette-down\ndatasette-empty\nDatasette.Tide.Tables\ndatasette-broken-zip\ndatasette-another-name\n",
    );
    offer(&index, "datasette-another-name", TIDES, &tides(|_| ()));
    let report = scratch.path().join("report.json");
    let listed = Options {
        from_list: Some(scratch.path().join("names.txt")),
        report: Some(report.clone()),
        ..options(&index)
    };
    let outcome = add::run_with(&scratch.workspace(), &listed, None).unwrap();
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""));
    let told: Value = serde_json::from_slice(&fs::read(report).unwrap()).unwrap();
    let fates: Vec<(&str, &str)> = told
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["name"].as_str().unwrap(), it["fate"].as_str().unwrap()))
        .collect();
    assert_eq!(
        fates,
        [
            ("datasette-tide-tables", "written"),
            ("datasette-graphql", "listed"),
            ("datasette-tide-nameless", "needs-a-person"),
            ("datasette-nothing", "gone"),
            ("datasette-down", "failed"),
            ("datasette-empty", "gone"),
            ("datasette-broken-zip", "needs-a-person"),
            ("datasette-another-name", "failed"),
        ],
        "{told:#}"
    );
    assert!(
        told.as_array()
            .unwrap()
            .iter()
            .all(|it| it["fate"] == "written" || !it["reasons"].as_array().unwrap().is_empty())
    );
    assert!(
        outcome.stderr.starts_with(
            "8 names: 1 written, 1 listed already, 2 need a person, 0 refused, 2 gone, 2 failed; "
        ),
        "{}",
        outcome.stderr
    );
    assert!(
        scratch
            .path()
            .join("catalogue/datasette/datasette-tide-tables.json")
            .is_file()
    );
    assert_eq!(
        fs::read_dir(scratch.path().join("catalogue/datasette"))
            .unwrap()
            .count(),
        3,
        "only the good one was written"
    );
}

#[test]
fn of_two_new_ones_that_quarrel_the_first_of_the_list_is_written() {
    let index = FakeIndex::start();
    offer(&index, "datasette-tide-tables", TIDES, &tides(|_| ()));
    let copy = tides(|members| {
        let text = String::from_utf8(metadata(members).clone()).unwrap();
        *metadata(members) = text
            .replace("Name: datasette-tide-tables", "Name: datasette-sea-levels")
            .into_bytes();
    });
    offer(&index, "datasette-sea-levels", TIDES, &copy);
    let scratch = Scratch::base();
    scratch.write("names.txt", "datasette-sea-levels\ndatasette-tide-tables\n");
    let listed = Options {
        from_list: Some(scratch.path().join("names.txt")),
        ..options(&index)
    };
    let outcome = add::run_with(&scratch.workspace(), &listed, None).unwrap();
    let told: Value = serde_json::from_str(&outcome.stdout).unwrap();
    // The copy is refused for its name alone: its file belongs to the other project.
    assert_eq!(
        (told[0]["fate"].as_str(), told[1]["fate"].as_str()),
        (Some("refused"), Some("written")),
        "{told:#}"
    );
    assert!(written(&scratch, "catalogue/datasette/datasette-sea-levels.json").is_none());
}

#[test]
fn a_line_of_a_list_that_is_no_name_is_told_with_its_place() {
    let index = FakeIndex::start();
    let scratch = Scratch::base();
    scratch.write("names.txt", "datasette-graphql\ndatasette==1.0\n");
    let path = scratch.path().join("names.txt");
    let fault = add::run_with(
        &scratch.workspace(),
        &Options {
            from_list: Some(path.clone()),
            ..options(&index)
        },
        None,
    )
    .unwrap_err();
    assert_eq!(
        fault.to_string(),
        format!(
            "{}:2: `datasette==1.0` is no name of a project",
            Path::new(&path).display()
        )
    );
}

#[test]
fn what_people_paste_for_a_project_is_never_listed_as_another_one() {
    let index = FakeIndex::start();
    for name in ["pip", "uv", "datasette", "datasette-tide-tables"] {
        offer(&index, name, TIDES, &tides(|_| ()));
    }
    let texts = [
        "pip install datasette-tide-tables",
        "uv add datasette-tide-tables",
        &registry_rules::page(&ProjectKey::pypi("datasette-tide-tables")),
        "datasette tide tables",
    ];
    for text in texts {
        let scratch = Scratch::base();
        let by_name = Options {
            what: vec![text.to_owned()],
            ..options(&index)
        };
        scratch.write("names.txt", &format!("{text}\n"));
        let by_list = Options {
            from_list: Some(scratch.path().join("names.txt")),
            ..options(&index)
        };
        scratch.write(
            "issue.md",
            &format!(
                "### Host\n\ndatasette\n\n### Project\n\n{text}\n\n### Consent\n\n- [x] Yes.\n"
            ),
        );
        let by_issue = Options {
            from_issue: Some(scratch.path().join("issue.md")),
            ..options(&index)
        };
        let before = tree(&scratch.path().join("catalogue"));
        for wanted in [by_name, by_list] {
            let fault = add::run_with(&scratch.workspace(), &wanted, None).unwrap_err();
            assert!(
                fault
                    .cure()
                    .unwrap_or_default()
                    .contains("write `datasette-tide-tables`"),
                "{text}: {fault} {:?}",
                fault.cure()
            );
        }
        let outcome = add::run_with(&scratch.workspace(), &by_issue, None).unwrap();
        assert!(
            outcome.exit == 1 && outcome.stderr.contains("write `datasette-tide-tables`"),
            "{text}: {}",
            outcome.stderr
        );
        assert_eq!(tree(&scratch.path().join("catalogue")), before, "{text}");
    }
}
