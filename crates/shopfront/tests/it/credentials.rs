//! Tests of user and password for a private index: their sources, their recipients, and their
//! confidentiality.

use std::fs;
use std::path::{Path, PathBuf};

use crate::fake_index::{FakeIndex, Fault, project_json};
use crate::support::{RELEASES, ended, harbour, program, tree};

const PASSWORD: &str = "s3cret/&%";

fn netrc(folder: &Path) -> PathBuf {
    let path = folder.join("netrc");
    fs::write(
        &path,
        format!("machine 127.0.0.1\n  login quay\n  password {PASSWORD}\n"),
    )
    .unwrap();
    path
}

#[test]
fn user_and_password_come_from_the_address_the_environment_or_netrc_and_are_never_printed() {
    let (scratch, index) = harbour(1);
    let elsewhere = FakeIndex::start();
    elsewhere.json("harbour-anchor", project_json("harbour-anchor", &RELEASES));
    index.require_basic("quay", PASSWORD);
    let plain = index.base();
    let with_password = plain.replace("http://", "http://quay:s3cret%2F%26%25@");
    let arguments = ["build", "--refresh", "--retries", "0", "--timeout", "2"];
    let mut told = String::new();
    for way in [
        "nothing",
        "flag",
        "variable",
        "environment",
        "netrc",
        "wrong",
        "elsewhere",
    ] {
        let mut command = program(&scratch, &arguments);
        match way {
            "flag" => command.args(["--pypi-url", &with_password]),
            "variable" => command.env("SHOPFRONT_PYPI_URL", &with_password),
            "environment" => command
                .env("SHOPFRONT_PYPI_URL", &plain)
                .env("SHOPFRONT_PYPI_USERNAME", "quay")
                .env("SHOPFRONT_PYPI_PASSWORD", PASSWORD),
            "netrc" => command
                .env("SHOPFRONT_PYPI_URL", &plain)
                .env("NETRC", netrc(scratch.path())),
            "wrong" => command.args(["--pypi-url", &with_password.replace("quay:", "boat:")]),
            "elsewhere" => {
                index.fault(
                    "*",
                    Fault::RedirectElsewhere {
                        to: format!("{}/pypi/harbour-anchor/json", elsewhere.base()),
                    },
                );
                command.args(["--pypi-url", &with_password])
            }
            _ => command.args(["--pypi-url", &plain]),
        };
        let run = ended(&mut command);
        assert_eq!(run.exit, 0, "{way}: {}", run.stderr);
        let is_let_in = matches!(way, "flag" | "variable" | "environment" | "netrc");
        assert_eq!(
            run.stderr.contains(" 0 failed;"),
            is_let_in,
            "{way}: {}",
            run.stderr
        );
        told.push_str(&run.stdout);
        told.push_str(&run.stderr);
    }
    let addresses = [
        "http://quay:s3cret%2F%26%25@:1",
        "ftp://quay:s3cret%2F%26%25@h.example",
        "http://quay:s3cret%2F%26%25@127.0.0.1:1",
    ];
    for (address, exit) in addresses.into_iter().zip([2, 2, 0]) {
        let run = ended(
            program(&scratch, &["resolve", "--refresh", "--retries", "0"])
                .args(["--pypi-url", address]),
        );
        assert_eq!(run.exit, exit, "{address}: {}", run.stderr);
        told.push_str(&run.stderr);
    }
    assert!(elsewhere.requests().is_empty());
    let mut written: String = tree(&scratch.path().join("answers"))
        .values()
        .map(|it| String::from_utf8_lossy(it).into_owned())
        .collect();
    written.extend(
        tree(&scratch.path().join("dist"))
            .values()
            .map(|it| String::from_utf8_lossy(it).into_owned()),
    );
    for text in [told, written] {
        assert!(!text.contains("s3cret"), "{text}");
    }
}
