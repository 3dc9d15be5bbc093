//! Tests of packages with very many members, entries or diagnostics: the cost of reading grows at
//! most linearly with the size.

use std::io::Cursor;

use serde_json::{Map, Value, json};
use shopfront_archive::{Depth, Form, Limits, ScanOptions, scan};
use shopfront_check::checks::{self, ArchiveContext, PackageContext};
use shopfront_hosts as kinds;
use shopfront_model::adapter::HostVersions;
use shopfront_model::bundle::Bundle;
use shopfront_model::catalogue::Catalogue;
use shopfront_package::Package;
use shopfront_package::facts::Facts;
use shopfront_package::file_name::FileName;

use crate::malformed_archives::{self, Tricks};

const FILE: &str = "datasette_demo-1.0-py3-none-any.whl";
const INFO: &str = "datasette_demo-1.0.dist-info";

type Members = Vec<(String, Vec<u8>)>;

/// Returns the number of visited members per member of a package.
fn visits_each(visits: usize, members: usize) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of members are far below 2^52"
    )]
    return visits as f64 / members as f64;
}

fn member(name: String, text: impl AsRef<[u8]>) -> (String, Vec<u8>) {
    (name, text.as_ref().to_vec())
}

/// Returns wheels with `count` members each. Every shape exercises another reader for each of its
/// members.
fn wheels(count: usize) -> Vec<(&'static str, Members)> {
    let each = |line: &dyn Fn(usize) -> String| (0..count).map(line).collect::<String>();
    let many = |name: &dyn Fn(usize) -> String| {
        (0..count)
            .map(|at| member(name(at), ""))
            .collect::<Members>()
    };
    let with = |file: &str, text: String, mut members: Members| {
        members.push(member(format!("{INFO}/{file}"), text));
        members
    };
    let folders = || many(&|at| format!("datasette_demo/d{at}/f.py"));
    vec![
        ("a folder for each file", folders()),
        (
            "files side by side",
            many(&|at| format!("datasette_demo/f{at}.py")),
        ),
        ("a module for each file", many(&|at| format!("m{at}.py"))),
        ("files of paths", many(&|at| format!("m{at}.pth"))),
        (
            "a folder of metadata for each file",
            many(&|at| format!("d{at}.dist-info/METADATA")),
        ),
        (
            "names that differ in case",
            many(&|at| {
                format!(
                    "datasette_demo/{}{}.py",
                    if at % 2 == 0 { "a" } else { "A" },
                    at / 2
                )
            }),
        ),
        (
            "one name again and again",
            many(&|_| "datasette_demo/again.py".to_owned()),
        ),
        (
            "a line of RECORD for each file",
            with(
                "RECORD",
                each(&|at| format!("datasette_demo/d{at}/f.py,,\n")),
                folders(),
            ),
        ),
        (
            "lines of RECORD for files that are not there",
            with(
                "RECORD",
                each(&|at| format!("absent/{at}.py,,\n")),
                folders(),
            ),
        ),
        (
            "an entry point for each file",
            with(
                "entry_points.txt",
                format!(
                    "[datasette]\n{}",
                    each(&|at| format!("e{at} = datasette_demo.d{at}.f:x\n"))
                ),
                folders(),
            ),
        ),
    ]
}

/// Returns the number of visited members per member when a wheel of this shape is read, checked and
/// reported.
fn of_wheel(members: Members) -> f64 {
    let about =
        "Metadata-Version: 2.1\nName: datasette-demo\nVersion: 1.0\nSummary: A demo.\n\nText.\n";
    let mut members = members;
    members.push(member(format!("{INFO}/METADATA"), about));
    let bytes = malformed_archives::zip(members, &Tricks::default());
    let file_name = FileName::parse(FILE).unwrap();
    let package = Package::read(
        FILE,
        file_name,
        Cursor::new(bytes),
        &Limits::of(100),
        Depth::Whole,
    )
    .unwrap();
    let catalogue = Catalogue::default();
    checks::run_package(&PackageContext {
        package: &package,
        host: None,
        versions: &HostVersions::default(),
        catalogue: &catalogue,
    });
    let _ = (
        Facts::of(&package),
        package.texts(),
        kinds::host_of(&package, &catalogue),
    );
    visits_each(package.scan.members.visits(), package.scan.members.len())
}

#[test]
fn the_cost_of_a_wheel_grows_with_the_number_of_its_members() {
    for ((shape, small), (_, large)) in wheels(500).into_iter().zip(wheels(4_000)) {
        let (small, large) = (of_wheel(small), of_wheel(large));
        assert!(
            large < small * 1.5 && large < 100.0,
            "{shape}: {small:.1} visits a member, {large:.1} in eight times as many"
        );
    }
}

/// Returns packages of other kinds of hosts, with `count` members or manifest entries each.
fn bundles(count: usize) -> Vec<(&'static str, &'static str, Form, Members)> {
    let many = |name: &dyn Fn(usize) -> String| {
        (0..count)
            .map(|at| member(name(at), ""))
            .collect::<Members>()
    };
    let with = |file: &str, value: &Value, mut members: Members| {
        members.push(member(file.to_owned(), value.to_string()));
        members
    };
    let named = |file: &dyn Fn(usize) -> String| {
        (0..count)
            .map(|at| (format!("n{at}"), json!(file(at))))
            .collect::<Map<_, _>>()
    };
    let npm = |red: Value| json!({"name": "node-red-demo", "version": "1.0.0", "node-red": red});
    let files = || many(&|at| format!("package/d{at}/f.js"));
    let install = |path: String| json!({"type": "docker", "path": path});
    let bitcart = |installs: Vec<Value>| json!({"name": "Demo", "author": "mira", "version": "1.0.0", "constraints": {}, "installs": installs});
    let folders = || many(&|at| format!("src/d{at}/components/a.yml"));
    vec![
        (
            "node-red",
            "a-1.0.0.tgz",
            Form::TarGz,
            with(
                "package/package.json",
                &npm(json!({"nodes": named(&|at| format!("d{at}/f.js"))})),
                files(),
            ),
        ),
        (
            "node-red",
            "a-1.0.0.tgz",
            Form::TarGz,
            with(
                "package/package.json",
                &npm(json!({"plugins": named(&|at| format!("absent/{at}.js"))})),
                files(),
            ),
        ),
        (
            "node-red",
            "a-1.0.0.tgz",
            Form::TarGz,
            with(
                "package/package.json",
                &npm(
                    json!({"dependencies": (0..count).map(|at| format!("d{at}")).collect::<Vec<_>>()}),
                ),
                files(),
            ),
        ),
        (
            "bitcart",
            "a.bitcart",
            Form::Zip,
            with(
                "manifest.json",
                &bitcart((0..count).map(|at| install(format!("src/d{at}"))).collect()),
                folders(),
            ),
        ),
        (
            "bitcart",
            "a.bitcart",
            Form::Zip,
            with(
                "manifest.json",
                &bitcart((0..count).map(|_| install("src/d0".to_owned())).collect()),
                folders(),
            ),
        ),
        (
            "oko",
            "a.zip",
            Form::Zip,
            many(&|at| format!("demo/d{at}/f.py")),
        ),
        (
            "fuel",
            "a-1.0.fp",
            Form::Tar,
            many(&|at| format!("demo-1.0/d{at}/f.pp")),
        ),
    ]
}

#[test]
fn the_cost_of_a_package_of_any_kind_grows_with_the_number_of_its_members() {
    let cost = |(kind, file, form, members): (&str, &str, Form, Members)| {
        let bytes = match form {
            Form::TarGz => malformed_archives::tar_gz(members, &Tricks::default()),
            Form::Tar => malformed_archives::tar(members, &Tricks::default()),
            _ => malformed_archives::zip(members, &Tricks::default()),
        };
        let adapter = (kinds::find(kind).unwrap().open)(&Map::new());
        let reader = adapter.reader().unwrap();
        let bundle =
            Bundle::read(file, Cursor::new(bytes), form, &Limits::of(100), reader).unwrap();
        let reading = bundle.reading(reader);
        checks::run_archive(&ArchiveContext::of_bundle(&bundle));
        let _ = bundle.texts();
        assert!(
            reading.found.len() < 200,
            "{kind}: {} faults are told",
            reading.found.len()
        );
        visits_each(bundle.scan.members.visits(), bundle.scan.members.len())
    };
    for (small, large) in bundles(500).into_iter().zip(bundles(4_000)) {
        let kind = small.0;
        let (small, large) = (cost(small), cost(large));
        assert!(
            large < small * 1.5 + 5.0,
            "{kind}: {small:.1} visits a member, {large:.1} in eight times as many"
        );
    }
}

/// The plan of the next read considers the data after a member. For very many kept members, it must
/// not visit all of them each time.
#[test]
fn very_many_members_that_are_kept_are_read_in_few_pieces() {
    let members: Members = (0..20_000)
        .map(|at| member(format!("m{at}.pth"), ""))
        .collect();
    let bytes = malformed_archives::zip(members, &Tricks::default());
    let look = ScanOptions {
        depth: Depth::Directory,
        keep: &|_| true,
    };
    let seen = scan(Cursor::new(bytes), Form::Zip, &Limits::of(100), &look).unwrap();
    assert_eq!(
        seen.members
            .iter()
            .filter(|member| member.bytes.is_some())
            .count(),
        20_000
    );
}
