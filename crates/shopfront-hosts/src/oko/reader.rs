//! Reader of OKO Dashboard packages: a zip, flat or with one directory, with a Python package in
//! it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::contents::Contents;
use super::manifest::{self, Manifest};
use super::{page_manifest, ui};
use shopfront_archive::Form;
use shopfront_diagnostics::Diagnostic;
use shopfront_model::bundle::{
    Bundle, BundleMetadata, BundleReader, ClaimedName, DeclaredIdentity,
};
use shopfront_model::codes::ambiguous_manifest;
use shopfront_model::codes::missing_member;
use shopfront_package::facts::{Facts, Links};

pub(super) struct Reader;

/// File that marks a Python package.
const INIT: &str = "__init__.py";

impl BundleReader for Reader {
    fn extensions(&self) -> &'static [(&'static str, Form)] {
        &[(".zip", Form::Zip)]
    }

    fn marker(&self) -> &'static str {
        manifest::FILE
    }

    fn tool(&self) -> &'static str {
        "a plain zip tool"
    }

    fn needs_contents(&self, name: &str) -> bool {
        name == manifest::FILE
            || name == ui::FILE
            || page_manifest::FILES.contains(&name)
            || README.contains(&name)
    }

    fn read(&self, bundle: &Bundle) -> BundleMetadata {
        let mut found = missing(bundle);
        let manifest = manifest::read(bundle, &mut found);
        found.extend(second_plugin(bundle, &manifest));
        let ui = ui::read(bundle, &mut found);
        let page = page_manifest::read(bundle, &manifest, &mut found);
        let shows = [
            (ui.has_page || page.is_enabled, "page"),
            (ui.has_widgets, "widgets"),
        ];
        let shows = shows
            .into_iter()
            .filter(|(is_shown, _)| *is_shown)
            .map(|(_, name)| name.to_owned())
            .collect();
        let contents = Contents::of(&manifest, page.capabilities, shows);
        BundleMetadata {
            says: says(bundle, &contents),
            fields: BTreeMap::new(),
            requires: manifest
                .dashboard()
                .map(|version| ("dashboard".to_owned(), format!(">={version}")))
                .into_iter()
                .collect(),
            facts: serde_json::to_value(&contents).unwrap_or_default(),
            description: README
                .iter()
                .find_map(|name| bundle.text(name))
                .map(|text| (text.to_owned(), "text/markdown")),
            found,
        }
    }

    fn called(&self, facts: &Value) -> DeclaredIdentity {
        let version = Contents::from(facts)
            .map(|contents| contents.version)
            .filter(|version| !version.is_empty());
        DeclaredIdentity {
            version,
            ..DeclaredIdentity::default()
        }
    }

    fn taken_names(&self, facts: &Value) -> Vec<ClaimedName> {
        let name = Contents::from(facts)
            .map(|contents| contents.name)
            .filter(|name| !name.is_empty());
        // Names that differ by case alone are one folder on many machines.
        name.map(|name| ClaimedName {
            of: "the plugin name",
            name: name.to_lowercase(),
        })
        .into_iter()
        .collect()
    }
}

/// Names of a long description, if a plugin has one.
const README: &[&str] = &["README.md", "readme.md", "Readme.md"];

/// Reports missing files of the two that the installer requires.
fn missing(bundle: &Bundle) -> Vec<Diagnostic> {
    let is_missing = |name: &&str| bundle.is_listed_whole() && !bundle.has(name);
    let fault = |name: &str| {
        let message = match name {
            INIT => "the package has no `__init__.py`: the store takes it, and installing it fails"
                .to_owned(),
            _ => format!("the package has no `{name}`, neither at its top nor in its one folder"),
        };
        let help =
            "pack the folder of the plugin, with `__init__.py` and `manifest.py` side by side";
        missing_member::diagnostic(bundle.whole_member(name), "not in the package", message)
            .help(help)
    };
    [INIT, manifest::FILE]
        .into_iter()
        .filter(is_missing)
        .map(fault)
        .collect()
}

/// Reports a directory with the name of the plugin and a plugin in it: the installer uses that
/// one, the store the outer one.
fn second_plugin(bundle: &Bundle, manifest: &Manifest) -> Option<Diagnostic> {
    let name = manifest.name()?;
    let inner = [INIT, manifest::FILE].map(|file| format!("{name}/{file}"));
    if !inner.iter().all(|file| bundle.has(file)) {
        return None;
    }
    let message = format!(
        "the folder `{name}` is a plugin too: the store reads the `manifest.py` outside, the installer takes the one inside"
    );
    let fault = ambiguous_manifest::diagnostic(
        bundle.whole_member(&inner[1]),
        "what is installed",
        message,
    );
    Some(
        fault
            .with_secondary(bundle.whole_member(manifest::FILE), "what the store reads")
            .help("keep one of the two"),
    )
}

fn says(bundle: &Bundle, contents: &Contents) -> Facts {
    let filled = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    Facts {
        name: contents.name.clone(),
        version: contents.version.clone(),
        summary: filled(&contents.description),
        author: contents.author.clone(),
        license_text: contents.license.clone(),
        keywords: contents.tags.clone(),
        links: Links {
            homepage: contents.homepage.clone(),
            ..Links::default()
        },
        files: bundle.scan.files().count(),
        size: bundle.scan.packed,
        unpacked: bundle.scan.unpacked,
        ..Facts::default()
    }
}
