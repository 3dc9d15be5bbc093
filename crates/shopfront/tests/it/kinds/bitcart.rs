//! Tests of archives of Bitcart: a valid plugin with the files of a case over it, and the results
//! of the reader and the adapter.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use shopfront::report::{self, Format, Links, RenderOptions};
use shopfront_archive::Limits;
use shopfront_diagnostics::Location;
use shopfront_hosts as kinds;
use shopfront_hosts::form_of;
use shopfront_model::adapter::Adapter;
use shopfront_model::adapter::HostVersions;
use shopfront_model::answers::{Project, Release};
use shopfront_model::bundle::{Bundle, BundleMetadata};

use crate::golden;
use crate::malformed_archives::{self, Tricks};
use crate::scratch::fixtures;
use crate::wheels::members_of;

fn folder() -> PathBuf {
    fixtures().join("kinds/bitcart")
}

fn adapter() -> Box<dyn Adapter> {
    let settings = json!({ "versions": ["0.9.0.0", "0.10.3.0", "0.11.0.0"] });
    (kinds::find("bitcart").unwrap().open)(settings.as_object().unwrap())
}

/// The archive that `case` stands for: `archive.bin` where it has that, else the sound plugin
/// without what `absent.txt` names, with `plugin/` laid over it, and with what `malformed.json` lists.
fn archive_of(case: &Path) -> Vec<u8> {
    if let Ok(bytes) = fs::read(case.join("archive.bin")) {
        return bytes;
    }
    let mut members = members_of(&folder().join("sound"));
    let absent = fs::read_to_string(case.join("absent.txt")).unwrap_or_default();
    for name in absent.lines().filter(|line| !line.is_empty()) {
        members.retain(|member, _| {
            member != name && !(name.ends_with('/') && member.starts_with(name))
        });
    }
    if case.join("plugin").is_dir() {
        members.extend(members_of(&case.join("plugin")));
    }
    malformed_archives::zip(members.into_iter().collect(), &Tricks::read(case))
}

fn told(reading: &BundleMetadata, texts: &BTreeMap<String, String>) -> String {
    let adapter = adapter();
    let mut told = String::new();
    let says = &reading.says;
    writeln!(
        told,
        "{} {} by {}",
        says.name,
        says.version,
        says.author.as_deref().unwrap_or("-")
    )
    .unwrap();
    for (what, text) in [
        ("summary", &says.summary),
        ("licence", &says.license),
        ("licence in other words", &says.license_text),
        ("homepage", &says.links.homepage),
        ("documentation", &says.links.documentation),
        ("repository", &says.links.repository),
    ] {
        if let Some(text) = text {
            writeln!(told, "{what}: {text}").unwrap();
        }
    }
    writeln!(told, "requires: {:?}", reading.requires).unwrap();
    let (fits, traits) = claimed(adapter.as_ref(), reading);
    writeln!(told, "fits: {}\ntraits: {traits:?}", fits.join(", ")).unwrap();
    for taken in adapter.reader().unwrap().taken_names(&reading.facts) {
        writeln!(told, "takes {} `{}`", taken.of, taken.name).unwrap();
    }
    writeln!(told, "facts: {:#}", reading.facts).unwrap();
    let located = report::locate(&reading.found, texts);
    let look = RenderOptions {
        color: false,
        columns: 100,
    };
    told + "\n" + &report::text(&located, texts, Format::Human, look, &Links::default())
}

/// Returns the adapter's claims about a release with this metadata: the compatible versions, and
/// its facets.
fn claimed(
    adapter: &dyn Adapter,
    reading: &BundleMetadata,
) -> (Vec<String>, Vec<(&'static str, &'static str)>) {
    let contents = json!({ "kind": "bitcart", "of": "", "facts": reading.facts });
    let release = json!({ "version": reading.says.version, "yanked": false, "requires": reading.requires, "contents": contents, "files": [] });
    let release: Release = serde_json::from_value(release).unwrap();
    let project = json!({ "name": "case", "newest": {}, "releases": [release] });
    let project: Project = serde_json::from_value(project).unwrap();
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

fn outcome(case: &Path) -> String {
    let named = fs::read_to_string(case.join("file-name.txt"))
        .unwrap_or_else(|_| "tide-notes.bitcart".to_owned());
    let path = format!("dist/{}", named.trim());
    let adapter = adapter();
    let reader = adapter.reader().unwrap();
    let bundle = Bundle::read(
        &path,
        Cursor::new(archive_of(case)),
        form_of(&path).unwrap(),
        &Limits::of(1),
        reader,
    )
    .unwrap();
    let mut told = told(&reader.read(&bundle), &bundle.texts());
    for anomaly in &bundle.scan.anomalies {
        writeln!(
            told,
            "{:?}: {} {}",
            anomaly.kind,
            anomaly.member.as_deref().unwrap_or("the archive"),
            anomaly.says
        )
        .unwrap();
    }
    told
}

fn cases(of: &str, is_case: fn(&Path) -> bool) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = fs::read_dir(folder().join(of))
        .unwrap()
        .map(|it| it.unwrap().path())
        .filter(|it| is_case(it))
        .collect();
    all.sort();
    assert!(!all.is_empty());
    all
}

#[test]
fn every_archive_of_bitcart_gives_what_stands_beside_it() {
    let all = cases("cases", Path::is_dir);
    let difference =
        |case: &PathBuf| golden::difference(&case.join("expected.txt"), &outcome(case));
    golden::assert_none(&all.iter().filter_map(difference).collect::<Vec<_>>());
}

#[test]
fn every_real_manifest_of_bitcart_gives_what_stands_beside_it() {
    let all = cases("real", |path| {
        path.extension().is_some_and(|it| it == "json")
    });
    let adapter = adapter();
    let outcome = |path: &PathBuf| {
        let text = fs::read_to_string(path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let manifest: Value = serde_json::from_str(&text).unwrap();
        let place = |pointer: &str| Location::value(&name, pointer);
        let reading = adapter
            .reader()
            .unwrap()
            .of_manifest(&manifest, &place)
            .unwrap();
        golden::difference(
            &path.with_extension("expected"),
            &told(&reading, &BTreeMap::from([(name.clone(), text)])),
        )
    };
    golden::assert_none(&all.iter().filter_map(outcome).collect::<Vec<_>>());
}

/// The behavior of the real server was measured. The name of a case states it.
#[test]
fn what_the_server_refuses_has_a_fault_and_what_it_takes_has_none() {
    let mut wrong = Vec::new();
    for case in cases("cases", Path::is_dir) {
        let name = case.file_name().unwrap().to_str().unwrap().to_owned();
        let outcome = outcome(&case);
        let is_faulty = outcome.contains("error[")
            || outcome.lines().any(|line| {
                line.starts_with("Unreadable:")
                    || line.starts_with("Link:")
                    || line.starts_with("Escaping:")
            });
        if is_faulty == name.starts_with("sound-") {
            wrong.push(name);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What the reader says of the sound plugin with `members` laid over it.
fn reading_with(members: &[(&str, String)]) -> BundleMetadata {
    let mut all = members_of(&folder().join("sound"));
    all.extend(
        members
            .iter()
            .map(|(name, text)| ((*name).to_owned(), text.clone().into_bytes())),
    );
    let bytes = malformed_archives::zip(all.into_iter().collect(), &Tricks::default());
    let adapter = adapter();
    let reader = adapter.reader().unwrap();
    let path = "dist/tide-notes.bitcart";
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
fn a_document_with_too_many_values_is_not_read_and_repeated_keys_are_told_a_few_times() {
    let repeated = format!("{{{}}}", vec!["\"name\": 1"; 5_000].join(","));
    let told = reading_with(&[("manifest.json", repeated)]);
    assert_eq!(
        told.found
            .iter()
            .filter(|it| it.message.contains("stands twice"))
            .count(),
        20
    );
    for many in [vec!["\"a\": 0"; 60_000], vec!["\"a\": []"; 60_000]] {
        let told = reading_with(&[("manifest.json", format!("{{{}}}", many.join(",")))]);
        let messages: Vec<&str> = told.found.iter().map(|it| it.message.as_str()).collect();
        assert_eq!(messages, ["`manifest.json` has more than 50000 values"]);
    }
}

#[test]
fn texts_of_a_manifest_that_nobody_can_show_are_cut_where_they_are_kept() {
    let long = |letter: &str| letter.repeat(200_000);
    let manifest = json!({
        "name": long("n"), "author": long("a"), "version": format!("1.0.0 \u{202e}{}", long("v")),
        "constraints": { "bitcart": "" }, "installs": [{ "type": "docker", "path": format!("src/{}", long("p")) }],
    });
    let reading = reading_with(&[("manifest.json", manifest.to_string())]);
    let facts = reading.facts.to_string();
    assert!(facts.len() < 4_000, "{} bytes", facts.len());
    assert_eq!(shopfront_text::hidden(&facts).next(), None);
}
