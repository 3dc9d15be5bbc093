//! Tests of packages of Fuel: each case is the directory of a plugin, packed in memory, beside the
//! expected report.

mod packages;
mod published;

use std::path::{Path, PathBuf};

use serde_json::{Map, json};
use shopfront::commands::examine;
use shopfront::report::{Format, RenderOptions};
use shopfront_archive::Limits;
use shopfront_diagnostics::Location;
use shopfront_hosts as kinds;
use shopfront_model::adapter::Adapter;
use shopfront_model::bundle::{Bundle, BundleMetadata};

use crate::golden;
use crate::scratch::{Scratch, fixtures};

fn folder() -> PathBuf {
    fixtures().join("kinds/fuel")
}

fn adapter() -> Box<dyn Adapter> {
    let settings = json!({ "versions": ["6.0", "6.1", "7.0", "8.0", "9.0", "9.1", "10.0"] });
    (kinds::find("fuel").unwrap().open)(settings.as_object().unwrap_or(&Map::new()))
}

/// Returns a package and its metadata.
fn read(file: &str, bytes: &[u8]) -> (Bundle, BundleMetadata) {
    let adapter = adapter();
    let reader = adapter.reader().unwrap();
    let form = kinds::form_of(file).unwrap();
    let bundle = Bundle::read(
        file,
        std::io::Cursor::new(bytes),
        form,
        &Limits::of(100),
        reader,
    )
    .unwrap();
    let reading = reader.read(&bundle);
    (bundle, reading)
}

fn report(bundle: &Bundle, reading: &BundleMetadata) -> String {
    let look = RenderOptions {
        color: false,
        columns: 100,
    };
    examine::report_with(
        &Scratch::empty().workspace(),
        &reading.found,
        bundle.texts(),
        Format::Human,
        look,
    )
    .unwrap()
}

/// Returns all data that a reader extracts from a package.
fn taken(reading: &BundleMetadata) -> String {
    let says = &reading.says;
    let taken = json!({
        "name": says.name, "version": says.version, "summary": says.summary, "author": says.author,
        "license": says.license, "license_text": says.license_text, "homepage": says.links.homepage,
        "requires": reading.requires, "description": reading.description, "facts": reading.facts,
    });
    serde_json::to_string_pretty(&taken).unwrap() + "\n"
}

/// Returns the nested directories of `group` as cases.
fn cases(group: &str) -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> = std::fs::read_dir(folder().join(group))
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    cases.retain(|case| case.is_dir());
    cases.sort();
    cases
}

fn name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

/// Returns the differences between the report of a case and the expected one. Compares the
/// extracted facts, too, if requested.
fn differences(case: &Path, with_facts: bool) -> Vec<String> {
    let (file, bytes) = packages::pack(case);
    let (bundle, reading) = read(&file, &bytes);
    let report = report(&bundle, &reading);
    let mut found: Vec<String> = golden::difference(&case.join("expected.txt"), &report)
        .into_iter()
        .collect();
    if with_facts {
        found.extend(golden::difference(
            &case.join("expected.json"),
            &taken(&reading),
        ));
    }
    // Exactly the cases with this name are valid.
    let is_sound = !report.contains("error[");
    let is_meant_sound = name(case).starts_with("accepted-");
    if !with_facts && is_sound != is_meant_sound {
        found.push(format!(
            "{} is called so, and its report is\n{report}",
            case.display()
        ));
    }
    found
}

#[test]
fn every_rule_of_the_manifest_refuses_and_accepts() {
    golden::assert_none(
        &cases("manifest")
            .iter()
            .flat_map(|case| differences(case, false))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn every_rule_of_the_files_refuses_and_accepts() {
    golden::assert_none(
        &cases("files")
            .iter()
            .flat_map(|case| differences(case, false))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn every_rule_of_the_interface_refuses_and_accepts() {
    golden::assert_none(
        &cases("interface")
            .iter()
            .flat_map(|case| differences(case, false))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn packages_of_every_form_are_read() {
    golden::assert_none(
        &cases("packed")
            .iter()
            .flat_map(|case| differences(case, true))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn real_plugins_have_the_outcome_that_the_builder_gives_them() {
    let found: Vec<String> = cases("real")
        .iter()
        .flat_map(|case| differences(case, true))
        .collect();
    golden::assert_none(&found);
    // The build hook of this one creates a directory that its tree lacks. The builder refuses it,
    // and accepts all others.
    for case in cases("real") {
        let report = std::fs::read_to_string(case.join("expected.txt")).unwrap_or_default();
        assert_eq!(
            report.is_empty(),
            name(&case) != "fuel-plugin-ovs-1.0.0",
            "{}",
            case.display()
        );
    }
}

#[test]
fn every_field_has_a_case_that_is_refused_and_one_that_is_accepted() {
    let told: Vec<String> = cases("manifest")
        .iter()
        .map(|case| name(case).to_owned())
        .collect();
    let fields = [
        "name",
        "title",
        "description",
        "version",
        "package-version",
        "fuel-version",
        "releases",
        "licenses",
        "authors",
        "homepage",
        "groups",
        "is-hotpluggable",
        "ui",
        "ui-build",
    ];
    for field in fields {
        for outcome in ["accepted", "refused"] {
            let start = format!("{outcome}-{field}-");
            assert!(
                told.iter().any(|case| case.starts_with(&start)),
                "no case {start}…"
            );
        }
    }
}

#[test]
fn a_manifest_alone_is_held_against_the_same_rules() {
    let manifest = json!({ "name": "Tide gauges", "version": "1.0", "package_version": "2.0.0", "fuel_version": ["9.0"], "releases": [{}] });
    let place = |pointer: &str| {
        Location::value(
            "catalogue/fuel/tides.json",
            format!("/source/archive/0/manifest{pointer}"),
        )
    };
    let reading = adapter()
        .reader()
        .unwrap()
        .of_manifest(&manifest, &place)
        .unwrap();
    let told: Vec<String> = reading
        .found
        .iter()
        .map(|it| format!("{}: {:?}", it.message, it.primary.place.spot))
        .collect();
    golden::assert_none(
        &golden::difference(
            &folder().join("manifest-alone.txt"),
            &(told.join("\n") + "\n"),
        )
        .into_iter()
        .collect::<Vec<_>>(),
    );
}

/// For any bytes, the reader terminates.
#[test]
fn broken_packages_of_rpm_are_told_and_never_panic() {
    let (file, bytes) = packages::pack(&folder().join("packed/rpm"));
    for end in (0..bytes.len()).step_by(7) {
        read(&file, &bytes[..end]);
    }
    for at in 96..bytes.len() {
        let mut broken = bytes.clone();
        broken[at] ^= 0xff;
        read(&file, &broken);
    }
}
