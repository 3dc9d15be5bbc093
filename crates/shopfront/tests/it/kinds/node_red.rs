//! Tests of modules of Node-RED: a valid one with the files of a case over it, and the results of
//! the reader and the adapter. Also tests a whole published store, whose entries are named after
//! the rules that they test.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use serde_json::json;
use shopfront::commands::check::{self, Options};
use shopfront::commands::resolve;
use shopfront::report::{self, Format, Links};
use shopfront_archive::Limits;
use shopfront_hosts as kinds;
use shopfront_hosts::form_of;
use shopfront_model::adapter::Adapter;
use shopfront_model::adapter::HostVersions;
use shopfront_model::answers::{Project, ProjectKey, Release};
use shopfront_model::bundle::{Bundle, BundleMetadata};

use crate::fake_index::FakeIndex;
use crate::golden;
use crate::malformed_archives::{self, Tricks};
use crate::npm::asking_npm;
use crate::scratch::{Scratch, fixtures};
use crate::support::{LOOK, built, tree};
use crate::wheels::members_of;

fn folder() -> PathBuf {
    fixtures().join("kinds/node-red")
}

fn adapter() -> Box<dyn Adapter> {
    (kinds::find("node-red").unwrap().open)(
        json!({ "versions": ["3", "4", "5"] }).as_object().unwrap(),
    )
}

/// Returns the tarball of `case`: the valid module without the files in `absent.txt`, with
/// `plugin/` over it, in the directory that `folder.txt` names.
fn tarball_of(case: &Path) -> Vec<u8> {
    let mut members = members_of(&folder().join("sound"));
    let absent = fs::read_to_string(case.join("absent.txt")).unwrap_or_default();
    members.retain(|member, _| absent.lines().all(|line| line != member));
    if case.join("plugin").is_dir() {
        members.extend(members_of(&case.join("plugin")));
    }
    let top = fs::read_to_string(case.join("folder.txt")).unwrap_or_else(|_| "package".to_owned());
    let packed = members
        .into_iter()
        .map(|(member, bytes)| (format!("{}/{member}", top.trim()), bytes));
    malformed_archives::tar_gz(packed.collect(), &Tricks::default())
}

fn outcome(case: &Path) -> String {
    let (path, adapter) = ("dist/node-red-contrib-tides-1.2.0.tgz", adapter());
    let reader = adapter.reader().unwrap();
    let bundle = Bundle::read(
        path,
        Cursor::new(tarball_of(case)),
        form_of(path).unwrap(),
        &Limits::of(1),
        reader,
    )
    .unwrap();
    told(adapter.as_ref(), &reader.read(&bundle), &bundle.texts())
}

fn told(
    adapter: &dyn Adapter,
    reading: &BundleMetadata,
    texts: &BTreeMap<String, String>,
) -> String {
    let says = &reading.says;
    let mut told = format!(
        "{} {} by {}\n",
        says.name,
        says.version,
        says.author.as_deref().unwrap_or("-")
    );
    for (what, text) in [
        ("summary", &says.summary),
        ("licence", &says.license),
        ("licence in other words", &says.license_text),
        ("homepage", &says.links.homepage),
        ("repository", &says.links.repository),
    ] {
        if let Some(text) = text {
            writeln!(told, "{what}: {text}").unwrap();
        }
    }
    let (fits, traits) = claimed(adapter, reading);
    writeln!(
        told,
        "keywords: {}\nrequires: {:?}",
        says.keywords.join(", "),
        reading.requires
    )
    .unwrap();
    writeln!(told, "fits: {}\ntraits: {traits:?}", fits.join(", ")).unwrap();
    for taken in adapter.reader().unwrap().taken_names(&reading.facts) {
        writeln!(told, "takes {} `{}`", taken.of, taken.name).unwrap();
    }
    writeln!(told, "facts: {:#}", reading.facts).unwrap();
    told + "\n"
        + &report::text(
            &report::locate(&reading.found, texts),
            texts,
            Format::Human,
            LOOK,
            &Links::default(),
        )
}

/// Returns the adapter's claims about a release with this metadata: the compatible versions, and
/// its facets.
fn claimed(
    adapter: &dyn Adapter,
    reading: &BundleMetadata,
) -> (Vec<String>, Vec<(&'static str, &'static str)>) {
    let contents = json!({ "kind": "node-red", "of": "", "facts": reading.facts });
    let release = json!({ "version": "1.2.0", "yanked": false, "requires": reading.requires, "contents": contents, "files": [] });
    let release: Release = serde_json::from_value(release).unwrap();
    let project: Project =
        serde_json::from_value(json!({ "name": "case", "newest": {}, "releases": [release] }))
            .unwrap();
    let versions = HostVersions {
        majors: adapter.majors(None),
        ..HostVersions::default()
    };
    let fits = adapter.compatible_majors(&versions, &project, &release);
    (
        fits.into_iter()
            .map(|at| versions.majors[at].name.clone())
            .collect(),
        adapter.facets(&release),
    )
}

fn cases(of: &str) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = fs::read_dir(folder().join(of))
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    all.sort();
    assert!(!all.is_empty());
    all
}

#[test]
fn every_module_of_node_red_gives_what_stands_beside_it() {
    let difference =
        |case: &PathBuf| golden::difference(&case.join("expected.txt"), &outcome(case));
    golden::assert_none(
        &cases("cases")
            .iter()
            .filter_map(difference)
            .collect::<Vec<_>>(),
    );
}

#[test]
fn a_module_of_node_red_is_faulty_unless_its_case_is_called_sound() {
    let mut wrong = Vec::new();
    for case in cases("cases") {
        let name = case.file_name().unwrap().to_str().unwrap().to_owned();
        let is_faulty = outcome(&case)
            .lines()
            .any(|line| line.starts_with("error[") || line.starts_with("warning["));
        if is_faulty == name.starts_with("sound-") {
            wrong.push(name);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Returns the store in `case` with the answers of the npm beside it, at a fixed time, and that
/// npm.
fn asked(case: &Path) -> (Scratch, FakeIndex) {
    let scratch = Scratch::empty();
    scratch.overlay_at(&case.join("catalogue"), "catalogue");
    let index = FakeIndex::start();
    index.npm_folder(&case.join("npm"));
    let workspace = scratch.workspace();
    resolve::run(&workspace, &asking_npm(&index.base())).unwrap();
    for snippet in tree(&case.join("catalogue/node-red"))
        .values()
        .filter_map(|bytes| serde_json::from_slice::<serde_json::Value>(bytes).ok())
    {
        let key = snippet["source"]["npm"]
            .as_str()
            .and_then(|name| ProjectKey::new("npm", name));
        let Some(answer) = key
            .as_ref()
            .and_then(|key| workspace.answers_dir.answer(key).unwrap())
        else {
            continue;
        };
        let checked_at = "2026-11-20T12:00:00Z".parse().unwrap();
        workspace
            .answers_dir
            .save(
                &key.unwrap(),
                &shopfront_model::answers::Answer {
                    checked_at,
                    ..answer
                },
            )
            .unwrap();
    }
    (scratch, index)
}

#[test]
fn a_store_of_modules_is_published_as_node_red_reads_it() {
    let case = folder().join("store");
    let (scratch, _) = asked(&case);
    built(&scratch, None);
    let published = tree(&scratch.path().join("dist/node-red"));
    let is_read = |path: &str| path == "catalogue.json" || path.starts_with("library/");
    let read: BTreeMap<_, _> = published.iter().filter(|(path, _)| is_read(path)).collect();
    let text = |bytes: &Vec<u8>| String::from_utf8(bytes.clone()).unwrap();
    let mut differences: Vec<String> = read
        .iter()
        .filter_map(|(path, bytes)| {
            golden::difference(&case.join("published").join(path), &text(bytes))
        })
        .collect();
    if case.join("published").is_dir() {
        let expected = tree(&case.join("published"));
        differences.extend(
            expected
                .keys()
                .filter(|path| !read.contains_key(path))
                .filter_map(|path| golden::difference(&case.join("published").join(path), "")),
        );
    }
    golden::assert_none(&differences);
}

/// Checks the properties on which the editor relies, independently of the golden file.
#[test]
fn the_palette_of_node_red_opens_with_what_is_published() {
    let (scratch, _) = asked(&folder().join("store"));
    built(&scratch, None);
    let document = crate::support::json(&scratch, "node-red/catalogue.json");
    let modules = document["modules"].as_array().unwrap();
    let ids: BTreeSet<&str> = modules
        .iter()
        .map(|module| module["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), modules.len());
    assert!(
        !ids.contains("node-red") && !document["name"].as_str().unwrap().contains(['<', '>', '&'])
    );
    let mut types = BTreeSet::new();
    for module in modules {
        for field in ["id", "version", "description", "updated_at", "url"] {
            assert!(
                !module[field].as_str().unwrap().is_empty(),
                "{field} of {module}"
            );
        }
        let version = module["version"].as_str().unwrap();
        assert!(
            version
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte)),
            "{version}"
        );
        assert!(
            module["updated_at"]
                .as_str()
                .unwrap()
                .parse::<jiff::Timestamp>()
                .is_ok()
        );
        assert!(
            module["url"]
                .as_str()
                .unwrap()
                .starts_with("https://store.example/sea/node-red/")
        );
        assert!(module["description"].as_str().unwrap().chars().count() <= 255);
        assert!(module["keywords"].is_array() && module.get("downloads").is_none());
        for kind in module["types"].as_array().unwrap() {
            assert!(types.insert(kind.as_str().unwrap()), "{kind}");
        }
    }
}

#[test]
fn a_flow_is_given_the_modules_of_its_nodes_where_one_alone_can_be_meant() {
    let (scratch, _) = asked(&folder().join("store"));
    let options = Options {
        paths: Vec::new(),
        since: None,
        asking: None,
        format: Format::Human,
        look: LOOK,
        links: Links::default(),
    };
    let library = "catalogue/node-red/library/flows/";
    let flows = [
        (
            "Indented",
            "[\n    {\"id\": \"a\", \"type\": \"plain-version\"}\n]\n",
        ),
        (
            "Packed",
            r#"[{"id":"a","type":"plain-version"},{"id":"b","type":"inject"}]"#,
        ),
        (
            "Settings without modules",
            r#"[{"id":"c","type":"global-config","env":[]},{"id":"a","type":"plain-version"}]"#,
        ),
        (
            "Too few modules",
            r#"[{"id":"c","type":"global-config","modules":{"node-red-contrib-several-types":"1.2.0"}},{"id":"a","type":"plain-version"}]"#,
        ),
        (
            "Nobody has it",
            r#"[{"id":"a","type":"plain-version"},{"id":"b","type":"of nobody"}]"#,
        ),
    ];
    for (name, text) in flows {
        scratch.write(&format!("{library}{name}.json"), text);
    }
    let told = check::mend(&scratch.workspace(), &options).unwrap();
    let mut seen: String = told
        .stderr
        .lines()
        .filter(|line| line.starts_with("mended"))
        .fold(String::new(), |all, line| all + line + "\n");
    for (name, _) in flows {
        let text =
            fs::read_to_string(scratch.path().join(format!("{library}{name}.json"))).unwrap();
        writeln!(seen, "\n{name}\n{}", text.trim_end()).unwrap();
    }
    golden::assert_none(
        &golden::difference(&folder().join("completed.txt"), &seen)
            .into_iter()
            .collect::<Vec<_>>(),
    );
}

#[test]
fn the_example_offers_its_modules_without_asking_anybody() {
    let scratch = Scratch::empty();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/node-red");
    for part in ["catalogue", "answers"] {
        scratch.overlay_at(&example.join(part), part);
    }
    built(&scratch, None);
    let document = crate::support::json(&scratch, "node-red/catalogue.json");
    let ids: Vec<&str> = document["modules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|module| module["id"].as_str().unwrap())
        .collect();
    assert_eq!(
        ids,
        [
            "@flowfuse/node-red-dashboard",
            "node-red-contrib-cron-plus",
            "node-red-node-smooth"
        ]
    );
}

#[test]
fn what_two_modules_can_not_share_is_refused() {
    let mut differences = Vec::new();
    for case in cases("refused") {
        let (scratch, index) = asked(&case);
        let asking = Some(asking_npm(&index.base()));
        let options = Options {
            paths: Vec::new(),
            since: None,
            asking,
            format: Format::Human,
            look: LOOK,
            links: Links::default(),
        };
        let told = check::run(&scratch.workspace(), &options).unwrap();
        assert!(!told.stdout.is_empty(), "{}", case.display());
        differences.extend(golden::difference(&case.join("report.txt"), &told.stdout));
    }
    golden::assert_none(&differences);
}

#[test]
fn a_flow_that_is_too_large_is_refused() {
    let scratch = Scratch::empty();
    scratch.overlay_at(&folder().join("store/catalogue"), "catalogue");
    let told = |bytes: usize| {
        scratch.write(
            "catalogue/node-red/library/flows/Large.json",
            &format!("[{}]", " ".repeat(bytes - 2)),
        );
        let options = Options {
            paths: Vec::new(),
            since: None,
            asking: None,
            format: Format::Human,
            look: LOOK,
            links: Links::default(),
        };
        check::run(&scratch.workspace(), &options).unwrap().stdout
    };
    let most = 512 << 10;
    assert!(!told(most).contains("Large.json") && told(most + 1).contains("error[too-large]"));
}

#[test]
fn our_own_plugin_is_a_sound_module() {
    let (path, adapter) = ("dist/node-red-library-shopfront-1.0.0.tgz", adapter());
    let reader = adapter.reader().unwrap();
    let members =
        members_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../clients/node-red-library"));
    let packed = members
        .into_iter()
        .map(|(member, bytes)| (format!("package/{member}"), bytes));
    let bytes = malformed_archives::tar_gz(packed.collect(), &Tricks::default());
    let bundle = Bundle::read(
        path,
        Cursor::new(bytes),
        form_of(path).unwrap(),
        &Limits::of(1),
        reader,
    )
    .unwrap();
    let reading = reader.read(&bundle);
    assert!(reading.found.is_empty() && bundle.scan.anomalies.is_empty());
    assert_eq!(reading.facts["plugins"], json!(["shopfront-library"]));
}

/// What the reader says of a module whose `package.json` is `manifest`.
fn reading_of(manifest: &str) -> BundleMetadata {
    let members = [(
        "package/package.json".to_owned(),
        manifest.as_bytes().to_vec(),
    )];
    let bytes = malformed_archives::tar_gz(members.into_iter().collect(), &Tricks::default());
    let (path, adapter) = ("dist/node-red-contrib-tides-1.2.0.tgz", adapter());
    let reader = adapter.reader().unwrap();
    reader.read(
        &Bundle::read(
            path,
            Cursor::new(bytes),
            form_of(path).unwrap(),
            &Limits::of(1),
            reader,
        )
        .unwrap(),
    )
}

#[test]
fn a_manifest_with_too_many_values_is_not_read() {
    let told = reading_of(&format!(
        "{{\"name\": \"node-red-contrib-tides\", \"x\": [{}]}}",
        vec!["0"; 60_000].join(",")
    ));
    let messages: Vec<&str> = told.found.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(messages, ["`package.json` has more than 50000 values"]);
}

#[test]
fn texts_of_a_manifest_that_nobody_can_show_are_cut_where_they_are_kept() {
    let long = |start: &str| format!("{start}\u{202e}{}", "a".repeat(1 << 20));
    let manifest = json!({
        "name": long("n"), "version": long("v"), "engines": { "node": ">=1 \u{202e}" }, "keywords": [long("k")],
        "node-red": { "nodes": { long("x"): "a.js" }, "plugins": { long("y"): "a.js" } }, "dependencies": { long("d"): long("r") },
    });
    let reading = reading_of(&manifest.to_string());
    let kept = format!("{}{:?}{:?}", reading.facts, reading.requires, reading.says);
    assert!(kept.len() < 8_000, "{} bytes", kept.len());
    assert_eq!(shopfront_text::hidden(&kept).next(), None);
}
