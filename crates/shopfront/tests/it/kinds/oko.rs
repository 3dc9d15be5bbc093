//! Tests of packages of OKO Dashboard: a valid plugin with the files of a case over it, and the
//! results of the reader and the adapter.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use serde_json::json;
use shopfront::report::{self, Format, Links, RenderOptions};
use shopfront_archive::Limits;
use shopfront_hosts as kinds;
use shopfront_hosts::form_of;
use shopfront_model::adapter::Adapter;
use shopfront_model::adapter::HostVersions;
use shopfront_model::answers::{Project, Release};
use shopfront_model::bundle::{Bundle, BundleMetadata};

use crate::golden;
use crate::scratch::fixtures;
use crate::wheels::{Members, members_of, zipped};

fn folder() -> PathBuf {
    fixtures().join("kinds/oko")
}

fn adapter() -> Box<dyn Adapter> {
    let settings = json!({ "versions": ["1.1.0", "1.4.0", "2.0.1"] });
    (kinds::find("oko").unwrap().open)(settings.as_object().unwrap())
}

/// Returns the valid plugin without the files in `absent.txt`, with `plugin/` over it, in the
/// directory that `folder.txt` names.
fn members(case: &Path) -> Members {
    let mut members = members_of(&folder().join("sound"));
    let absent = fs::read_to_string(case.join("absent.txt")).unwrap_or_default();
    members.retain(|member, _| absent.lines().all(|line| line != member));
    if case.join("plugin").is_dir() {
        members.extend(members_of(&case.join("plugin")));
    }
    match fs::read_to_string(case.join("folder.txt")) {
        Ok(name) => members
            .into_iter()
            .map(|(member, bytes)| (format!("{}/{member}", name.trim()), bytes))
            .collect(),
        Err(_) => members,
    }
}

fn outcome(case: &Path) -> String {
    let (path, adapter) = ("dist/tide_tables-1.2.0.zip", adapter());
    let reader = adapter.reader().unwrap();
    let bundle = Bundle::read(
        path,
        Cursor::new(zipped(&members(case))),
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
    let homepage = &says.links.homepage;
    for (what, text) in [
        ("summary", &says.summary),
        ("licence", &says.license_text),
        ("homepage", homepage),
    ] {
        if let Some(text) = text {
            writeln!(told, "{what}: {text}").unwrap();
        }
    }
    let (fits, traits) = claimed(adapter, reading);
    writeln!(
        told,
        "requires: {:?}\nfits: {}\ntraits: {traits:?}",
        reading.requires,
        fits.join(", ")
    )
    .unwrap();
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
    let contents = json!({ "kind": "oko", "of": "", "facts": reading.facts });
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

fn cases() -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = fs::read_dir(folder().join("cases"))
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    all.sort();
    assert!(!all.is_empty());
    all
}

#[test]
fn every_package_of_oko_gives_what_stands_beside_it() {
    let difference =
        |case: &PathBuf| golden::difference(&case.join("expected.txt"), &outcome(case));
    golden::assert_none(&cases().iter().filter_map(difference).collect::<Vec<_>>());
}

#[test]
fn a_package_of_oko_is_faulty_unless_its_case_is_called_sound() {
    let mut wrong = Vec::new();
    for case in cases() {
        let name = case.file_name().unwrap().to_str().unwrap().to_owned();
        let is_faulty = outcome(&case)
            .lines()
            .any(|line| line.starts_with("error[") || line.starts_with("warning["));
        // It is valid, but too new for every version that the store shows, which a check of the
        // catalogue reports.
        if is_faulty == (name.starts_with("sound-") || name == "newer-dashboard") {
            wrong.push(name);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
