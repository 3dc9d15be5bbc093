//! Index as npm: one document per package, and a tarball for each version that is a directory.

use std::fmt::Display;
use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{FakeIndex, JSON};
use crate::malformed_archives::{self, Tricks};
use crate::wheels::members_of;

impl FakeIndex {
    /// Serves the document of the package `name`. The slash of a scoped name is part of the name.
    pub(crate) fn npm(&self, name: &str, body: impl Display) {
        self.serve(&npm_path(name), JSON, body.to_string());
    }

    /// Serves `bytes` as the tarball of a version. Returns its `dist` for a document.
    pub(crate) fn tarball(&self, name: &str, version: &str, bytes: &[u8]) -> Value {
        let path = format!(
            "/{name}/-/{}-{version}.tgz",
            name.rsplit('/').next().unwrap()
        );
        self.serve(&path, "application/octet-stream", bytes);
        json!({ "tarball": format!("{}{path}", self.base()), "integrity": integrity(bytes), "shasum": "0".repeat(40) })
    }

    /// Serves every package below `folder`. Each has a `document.json`, and a directory with the
    /// contents of the tarball for each version.
    pub(crate) fn npm_folder(&self, folder: &Path) {
        for entry in walkdir::WalkDir::new(folder)
            .max_depth(3)
            .into_iter()
            .map(Result::unwrap)
            .filter(|it| it.file_name() == "document.json")
        {
            let mut document: Value =
                serde_json::from_slice(&fs::read(entry.path()).unwrap()).unwrap();
            let name = document["name"].as_str().unwrap().to_owned();
            for (version, manifest) in document["versions"].as_object_mut().unwrap() {
                let packed = entry.path().parent().unwrap().join(version);
                manifest["dist"] = self.tarball(&name, version, &tgz(&packed));
            }
            self.npm(&name, document);
        }
    }
}

/// Returns the path of the document of a package.
pub(crate) fn npm_path(name: &str) -> String {
    format!("/{}", name.replace('/', "%2f"))
}

/// Returns a document with one release for each `(version, dist)`, the last of them `latest`.
pub(crate) fn npm_document(name: &str, releases: &[(&str, Value)]) -> Value {
    let mut document = json!({ "name": name, "dist-tags": {}, "versions": {}, "time": {} });
    for (at, (version, dist)) in releases.iter().enumerate() {
        document["dist-tags"]["latest"] = (*version).into();
        document["time"][*version] = format!("2026-01-{:02}T08:00:00.000Z", at + 1).into();
        document["versions"][*version] = json!({ "name": name, "version": version, "description": "What it is.", "license": "MIT", "dist": dist });
    }
    document
}

/// Returns the contents of `folder` as a tarball. Empty if it does not exist.
pub(crate) fn tgz(folder: &Path) -> Vec<u8> {
    let members = if folder.is_dir() {
        members_of(folder)
    } else {
        Default::default()
    };
    malformed_archives::tar_gz(members.into_iter().collect(), &Tricks::read(folder))
}

/// Returns the Subresource Integrity. npm accepts SHA-256 as well as its own SHA-512.
fn integrity(bytes: &[u8]) -> String {
    let hex = shopfront_text::digest::sha256(bytes);
    let digest: Vec<u8> = (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect();
    format!("sha256-{}", STANDARD.encode(digest))
}
