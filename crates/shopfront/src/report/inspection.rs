//! Document of `inspect --facts`: contents of packages, in the format of `api-facts.schema.json`.

use pep508_rs::VersionOrUrl;
use serde::Serialize;
use serde_json::{Value, json};

use super::json::fault;
use super::{Located, Texts, locate};
use crate::any_package::{AnyPackage, BundlePackage};
use shopfront_archive::ArchiveScan;
use shopfront_diagnostics::Diagnostic;
use shopfront_package::Package;
use shopfront_package::facts::{Facts, Links};
use shopfront_package::file_name::FileName;
use shopfront_package::modules::ModuleKind;
use shopfront_package::requirement::{self, Reading};

/// Inspected package.
pub struct Inspection {
    /// Package file with its metadata.
    pub package: AnyPackage,
    /// Id of the host for which it was checked.
    pub host: Option<String>,
    /// Diagnostics of the package.
    pub found: Vec<Diagnostic>,
}

/// Returns the document of all `inspections`, with lines and columns from `texts`.
pub fn document(inspections: &[Inspection], texts: &Texts) -> Value {
    let packages: Vec<Value> = inspections
        .iter()
        .map(|it| package(it, &locate(&it.found, texts)))
        .collect();
    json!({ "format": 1, "packages": packages })
}

/// Returns `document` as text.
pub fn text(document: &Value) -> String {
    shopfront_text::workflow_commands::pretty_json(document)
}

/// Facts of one package, with keys in output order.
#[derive(Serialize)]
struct PackageFacts<'p> {
    path: &'p str,
    kind: &'static str,
    host: Option<&'p str>,
    name: String,
    title: Option<String>,
    version: String,
    summary: Option<String>,
    author: Option<String>,
    license: Option<String>,
    license_text: Option<String>,
    keywords: Vec<String>,
    links: Links,
    requires_python: Option<String>,
    requires: Vec<Required>,
    modules: Vec<Value>,
    entry_points: Vec<Value>,
    platforms: Vec<String>,
    size: u64,
    unpacked: u64,
    files: Vec<Value>,
    contents: Option<Value>,
    faults: Vec<super::json::Fault<'p>>,
}

fn package<'p>(inspection: &'p Inspection, found: &'p [Located<'p>]) -> Value {
    let faults = found.iter().map(fault).collect();
    let host = inspection.host.as_deref();
    let told = match &inspection.package {
        AnyPackage::Python(package) => PackageFacts {
            host,
            faults,
            ..of_python(package)
        },
        AnyPackage::Bundle(held) => PackageFacts {
            host,
            faults,
            ..of_bundle(held)
        },
    };
    serde_json::to_value(told).expect("strings, numbers and lists can be written as JSON")
}

/// Returns the facts that all kinds of packages have.
fn plain<'p>(path: &'p str, kind: &'static str, facts: Facts) -> PackageFacts<'p> {
    PackageFacts {
        path,
        kind,
        host: None,
        name: facts.name,
        title: facts.title,
        version: facts.version,
        summary: facts.summary,
        author: facts.author,
        license: facts.license,
        license_text: facts.license_text,
        keywords: facts.keywords,
        links: facts.links,
        requires_python: facts.requires_python,
        requires: facts
            .requires_dist
            .iter()
            .map(|written| Required::of(written))
            .collect(),
        modules: Vec::new(),
        entry_points: Vec::new(),
        platforms: facts.platforms,
        size: facts.size,
        unpacked: facts.unpacked,
        files: Vec::new(),
        contents: None,
        faults: Vec::new(),
    }
}

fn of_python(package: &Package) -> PackageFacts<'_> {
    let kind = match package.file_name {
        FileName::Wheel(_) => "wheel",
        FileName::Sdist(_) => "sdist",
    };
    let entry_points = package.entry_points.iter().flat_map(|it| &it.all);
    PackageFacts {
        modules: package.modules.iter().map(|it| json!({"name": it.name, "kind": word(it.kind), "source": it.source})).collect(),
        entry_points: entry_points
            .map(|it| json!({"group": it.group, "name": it.name, "module": it.module, "attribute": it.attribute}))
            .collect(),
        files: files(&package.scan),
        ..plain(&package.path, kind, Facts::of(package))
    }
}

fn of_bundle(held: &BundlePackage) -> PackageFacts<'_> {
    let scan = &held.bundle.scan;
    let facts = Facts {
        size: scan.packed,
        unpacked: scan.unpacked,
        ..held.reading.says.clone()
    };
    PackageFacts {
        files: files(scan),
        contents: Some(held.reading.facts.clone()),
        ..plain(&held.bundle.path, held.kind, facts)
    }
}

fn files(scan: &ArchiveScan) -> Vec<Value> {
    scan.files()
        .map(|it| json!({"path": it.name, "size": it.size}))
        .collect()
}

fn word(kind: ModuleKind) -> &'static str {
    match kind {
        ModuleKind::Package => "package",
        ModuleKind::File => "file",
        ModuleKind::Compiled => "compiled",
        ModuleKind::Namespace => "namespace",
    }
}

/// Requirement (PEP 508) with its parts.
#[derive(Serialize)]
struct Required {
    requirement: String,
    project: String,
    extras: Vec<String>,
    versions: Option<String>,
    url: Option<String>,
    marker: Option<String>,
}

impl Required {
    fn of(written: &str) -> Required {
        let mut required = Required {
            requirement: written.to_owned(),
            project: requirement::project_of(written),
            extras: Vec::new(),
            versions: None,
            url: None,
            marker: None,
        };
        let Reading::Valid(read) = requirement::read(written) else {
            return required;
        };
        required.extras = read.extras.iter().map(ToString::to_string).collect();
        let before_marker = match &read.version_or_url {
            None => {
                required.versions = Some(String::new());
                ";"
            }
            Some(VersionOrUrl::VersionSpecifier(specifiers)) => {
                required.versions = Some(specifiers.to_string());
                ";"
            }
            // A URL may contain a semicolon of its own.
            Some(VersionOrUrl::Url(url)) => {
                required.url = Some(url.to_string());
                " ;"
            }
        };
        required.marker = written
            .split_once(before_marker)
            .map(|(_, marker)| marker.trim().to_owned());
        required
    }
}
