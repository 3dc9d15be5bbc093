//! Tests of truncated downloads of every kind: the archive is reported as unreadable, in the terms
//! of its kind.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use shopfront::commands::{examine, inspect};

use crate::malformed_archives::{self, Tricks};
use crate::scratch::{Scratch, fixtures};
use crate::wheels::{members_of, zipped};

/// Complete package: its file name, its kind as `inspect` reports it, its builder, and its bytes.
struct Whole {
    file: &'static str,
    kind: &'static str,
    tool: &'static str,
    bytes: Vec<u8>,
}

fn packages() -> Vec<Whole> {
    let example = |path: &str| {
        fs::read(
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../../examples")
                .join(path),
        )
        .unwrap()
    };
    let wheels = fixtures().join("wheels");
    let wheel = zipped(&members_of(
        &wheels.join("datasette_tide_tables-0.4.1-py3-none-any.whl"),
    ));
    let sdist = malformed_archives::tar_gz(
        members_of(&wheels.join("fiab_plugin_ocean-6.0.0.tar.gz"))
            .into_iter()
            .collect(),
        &Tricks::parse("{}"),
    );
    let module = members_of(&fixtures().join("kinds/node-red/sound"));
    let module = malformed_archives::tar_gz(
        module
            .into_iter()
            .map(|(name, bytes)| (format!("package/{name}"), bytes))
            .collect(),
        &Tricks::parse("{}"),
    );
    // The lead of an RPM package, and a signature that declares data which is missing.
    let rpm: Vec<u8> = [0xed, 0xab, 0xee, 0xdb, 3, 0]
        .into_iter()
        .chain([0; 90])
        .chain([0x8e, 0xad, 0xe8, 1])
        .chain([0; 60])
        .collect();
    vec![
        Whole {
            file: "datasette_tide_tables-0.4.1-py3-none-any.whl",
            kind: "python",
            tool: "python -m build",
            bytes: wheel,
        },
        Whole {
            file: "fiab_plugin_ocean-6.0.0.tar.gz",
            kind: "python",
            tool: "python -m build",
            bytes: sdist,
        },
        Whole {
            file: "opening-hours-1.0.0.bitcart",
            kind: "bitcart",
            tool: "plain zip tool",
            bytes: example("bitcart/catalogue/bitcart/packages/opening-hours-1.0.0.bitcart"),
        },
        Whole {
            file: "tide_gauges-1.0.0.fp",
            kind: "fuel",
            tool: "fpb",
            bytes: example("fuel/catalogue/fuel/packages/tide_gauges-1.0.0.fp"),
        },
        Whole {
            file: "tide_gauges-1.0-1.0.0-1.noarch.rpm",
            kind: "fuel",
            tool: "fpb",
            bytes: rpm,
        },
        Whole {
            file: "moon_phase-0.2.0.zip",
            kind: "oko",
            tool: "plain zip tool",
            bytes: example("oko/catalogue/oko/packages/moon_phase-0.2.0.zip"),
        },
        Whole {
            file: "node-red-contrib-tides-1.2.0.tgz",
            kind: "node-red",
            tool: "npm pack",
            bytes: module,
        },
    ]
}

fn shopfront(scratch: &Scratch, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shopfront"));
    command
        .args(arguments)
        .current_dir(scratch.path())
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Returns a store with one host of `kind`.
fn with_host(kind: &str) -> Scratch {
    let scratch = Scratch::empty();
    let store = fs::read_to_string(fixtures().join("base/catalogue/store.json")).unwrap();
    scratch.write("catalogue/store.json", &store);
    let mut host = json!({ "kind": kind, "title": "Host", "description": "Plugins for it." });
    match kind {
        "python" => host["distribution"] = "host".into(),
        _ => host["versions"] = json!(["1.0.0"]),
    }
    scratch.write("catalogue/host/host.json", &format!("{host:#}\n"));
    scratch
}

/// Returns the lengths of truncated downloads.
fn lengths(whole: usize) -> [usize; 6] {
    [0, 1, 7, whole / 10, whole / 2, whole - 30]
}

#[test]
fn a_package_that_was_cut_off_is_an_archive_of_its_kind_that_can_not_be_read() {
    let mut wrong = Vec::new();
    let packages = packages();
    for of_store in ["", "bitcart", "fuel", "node-red", "oko", "python"] {
        let scratch = if of_store.is_empty() {
            Scratch::empty()
        } else {
            with_host(of_store)
        };
        let workspace = scratch.workspace();
        let examined = examine::files_only(&workspace).unwrap();
        for Whole {
            file,
            kind,
            tool,
            bytes,
        } in &packages
        {
            for length in lengths(bytes.len()) {
                let path = scratch.path().join(file);
                fs::write(&path, &bytes[..length]).unwrap();
                let found =
                    inspect::one(&workspace, &examined, &path, None).map(|(_, found)| found);
                let found = found.unwrap_or_else(|fault| {
                    panic!("{length} bytes of {file}, in a store of `{of_store}`: {fault}")
                });
                let told: Vec<String> = found
                    .iter()
                    .map(|it| {
                        format!(
                            "{}: {}; {}",
                            it.code.name,
                            it.message,
                            it.help.as_deref().unwrap_or_default()
                        )
                    })
                    .collect();
                let told = told.join("\n");
                let of_archive = ["unreadable-archive", "corrupt-member", "ambiguous-archive"];
                let is_of_archive = found.iter().any(|it| of_archive.contains(&it.code.name));
                // A store with hosts of another kind with the same file names may treat it as one
                // of their packages.
                let is_fuel = of_store == "fuel"
                    && ["zip", "gz"].iter().any(|ending| file.ends_with(ending))
                    && told.contains("fpb");
                let is_foreign = *kind != "python" && told.contains("python -m build");
                let is_missed = ["missing-member", "missing-metadata", "missing-record"]
                    .iter()
                    .any(|code| told.contains(code));
                if !is_of_archive || !(told.contains(tool) || is_fuel) || is_foreign || is_missed {
                    wrong.push(format!(
                        "{length} bytes of {file}, in a store of `{of_store}`:\n{told}"
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_host_that_is_named_decides_how_a_file_is_read() {
    let mut wrong = Vec::new();
    for Whole {
        file,
        kind,
        tool,
        bytes,
    } in packages()
    {
        let scratch = with_host(kind);
        fs::write(scratch.path().join(file), &bytes[..7]).unwrap();
        let calls: [&[&str]; 3] = [
            &["inspect", "--host", "host", file],
            &["--offline", "add", file, "--to-catalogue", "host"],
            &["--offline", "add", file],
        ];
        for call in calls {
            let told = told(&shopfront(&scratch, call));
            let is_foreign = kind != "python" && told.contains("python -m build")
                || told.contains("neither a wheel");
            if !told.contains("unreadable-archive") || !told.contains(tool) || is_foreign {
                wrong.push(format!("{}\n{told}", call.join(" ")));
            }
        }
        // The store copies the file, and its own check reads it the same way.
        if !matches!(kind, "python" | "node-red") {
            fs::create_dir_all(scratch.path().join("catalogue/host/packages")).unwrap();
            fs::write(
                scratch.path().join("catalogue/host/packages").join(file),
                &bytes[..7],
            )
            .unwrap();
            let source = json!({ "archive": [{ "version": "1.0.0", "file": file, "sha256": shopfront_text::digest::sha256(&bytes[..7]) }] });
            let snippet = json!({ "display_name": "Tides", "display_description": "Tides.", "author": "Mira", "source": source });
            scratch.write("catalogue/host/tides.json", &format!("{snippet:#}\n"));
            let told = told(&shopfront(&scratch, &["check"]));
            if !told.contains("unreadable-archive")
                || !told.contains(tool)
                || told.contains("python -m build")
            {
                wrong.push(format!("check {file}\n{told}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_whole_package_is_read_by_what_lies_in_it_and_not_by_the_hosts_of_the_store() {
    let sdist = zipped(&members_of(
        &fixtures().join("wheels/fiab_plugin_ocean-6.0.0.tar.gz"),
    ));
    for of_store in ["", "bitcart", "fuel", "node-red", "oko", "python"] {
        let scratch = if of_store.is_empty() {
            Scratch::empty()
        } else {
            with_host(of_store)
        };
        fs::write(scratch.path().join("fiab_plugin_ocean-6.0.0.zip"), &sdist).unwrap();
        let told = told(&shopfront(
            &scratch,
            &["inspect", "fiab_plugin_ocean-6.0.0.zip"],
        ));
        assert!(
            told.contains("no-wheel") && !told.contains("manifest") && !told.contains("kind"),
            "{of_store}: {told}"
        );
        for Whole {
            file, kind, bytes, ..
        } in packages()
            .into_iter()
            .filter(|whole| !whole.file.ends_with(".rpm"))
        {
            fs::write(scratch.path().join(file), &bytes).unwrap();
            let facts: Value =
                serde_json::from_slice(&shopfront(&scratch, &["inspect", "--facts", file]).stdout)
                    .unwrap();
            assert_eq!(
                match facts["packages"][0]["kind"].as_str().unwrap() {
                    "wheel" | "sdist" => "python",
                    other => other,
                },
                kind,
                "{file} in a store of `{of_store}`"
            );
        }
    }
}
