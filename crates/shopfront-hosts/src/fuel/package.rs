//! Reader of Fuel packages: `.fp`, the headers of RPM packages, and source trees in a tar or a
//! zip.

use std::collections::BTreeMap;

use serde_json::Value;

use super::contents::{Contents, Form};
use super::metadata::Metadata;
use super::part::Part;
use super::rules::{self, Format};
use super::{checksums, files, installer, interface, packed};
use shopfront_archive::{self as archive, Depth};
use shopfront_diagnostics::{Diagnostic, Location, Severity};
use shopfront_model::bundle::{
    Bundle, BundleMetadata, BundleReader, ClaimedName, DeclaredIdentity,
};
use shopfront_package::facts::{Facts, Links};
use shopfront_text::one_line;
use shopfront_text::url_policy;

pub(super) struct Packages;

const DESCRIPTIONS: [(&str, &str); 2] =
    [("README.md", "text/markdown"), ("README.rst", "text/x-rst")];

impl BundleReader for Packages {
    fn extensions(&self) -> &'static [(&'static str, archive::Form)] {
        use archive::Form::{Rpm, Tar, TarGz, Zip};
        &[
            (".fp", TarGz),
            (".rpm", Rpm),
            (".tar", Tar),
            (".tar.gz", TarGz),
            (".tgz", TarGz),
            (".zip", Zip),
        ]
    }

    fn marker(&self) -> &'static str {
        files::METADATA
    }

    fn tool(&self) -> &'static str {
        "`fpb --build`"
    }

    fn needs_contents(&self, name: &str) -> bool {
        let read = [
            files::METADATA,
            files::ENVIRONMENT,
            files::TASKS,
            files::DEPLOYMENT_TASKS,
            interface::ENTRY,
            checksums::LIST,
        ];
        read.contains(&name) || DESCRIPTIONS.iter().any(|(file, _)| *file == name)
    }

    fn depth(&self, file: &str) -> Depth {
        if packed::is_fp(file) {
            Depth::Sums
        } else {
            Depth::Whole
        }
    }

    fn read(&self, bundle: &Bundle) -> BundleMetadata {
        let mut reading = match &bundle.scan.rpm {
            Some(header) => {
                let (metadata, found) = installer::read(bundle, header);
                reading(
                    Contents {
                        form: Form::Rpm,
                        root: bundle.root.clone(),
                        metadata,
                        ..Contents::default()
                    },
                    found,
                )
            }
            None => of_tree(bundle),
        };
        reading.says.files = bundle.scan.files().count();
        reading.says.size = bundle.scan.packed;
        reading.says.unpacked = bundle.scan.unpacked;
        reading.description = DESCRIPTIONS
            .iter()
            .find_map(|(name, kind)| Some((bundle.text(name)?.to_owned(), *kind)));
        reading
    }

    fn of_manifest(
        &self,
        manifest: &Value,
        place: &dyn Fn(&str) -> Location,
    ) -> Option<BundleMetadata> {
        let whole = Part::of_json(manifest, "", place);
        let mut found = Vec::new();
        rules::run(&whole, &mut found);
        Some(reading(
            Contents {
                form: Form::Manifest,
                metadata: Metadata::of(&whole),
                ..Contents::default()
            },
            found,
        ))
    }

    fn called(&self, facts: &Value) -> DeclaredIdentity {
        let version = Contents::from(facts)
            .map(|contents| contents.metadata.version)
            .filter(|version| !version.is_empty());
        DeclaredIdentity {
            version,
            ..DeclaredIdentity::default()
        }
    }

    fn taken_names(&self, facts: &Value) -> Vec<ClaimedName> {
        let name = Contents::from(facts)
            .map(|contents| contents.metadata.name)
            .filter(|name| !name.is_empty());
        name.map(|name| ClaimedName {
            of: "the plugin name",
            name,
        })
        .into_iter()
        .collect()
    }
}

/// Returns the metadata of a plugin directory.
fn of_tree(bundle: &Bundle) -> BundleMetadata {
    let mut found = Vec::new();
    let Some(whole) = files::metadata(bundle, &mut found) else {
        return BundleMetadata {
            found,
            ..BundleMetadata::default()
        };
    };
    let format: Option<&Format> = rules::run(&whole, &mut found);
    if let Some(format) = format {
        files::run(bundle, &whole, format, &mut found);
    }
    interface::run(bundle, &whole, &mut found);
    let metadata = Metadata::of(&whole);
    let mut form = Form::Source;
    if packed::is_fp(&bundle.file) {
        form = Form::Fp;
        packed::run(bundle, &whole, &mut found);
        checksums::run(bundle, &mut found);
    }
    let interface = if metadata.ui {
        interface::served(bundle)
    } else {
        Vec::new()
    };
    reading(
        Contents {
            form,
            root: bundle.root.clone(),
            metadata,
            interface,
            ..Contents::default()
        },
        found,
    )
}

fn reading(contents: Contents, found: Vec<Diagnostic>) -> BundleMetadata {
    let contents = Contents {
        is_sound: found.iter().all(|fault| fault.severity != Severity::Error),
        ..contents
    };
    let fuel = &contents.metadata.fuel_version;
    let requires =
        (!fuel.is_empty()).then(|| ("fuel".to_owned(), one_line(&fuel.join(" || "), 500)));
    BundleMetadata {
        says: says(&contents.metadata),
        requires: BTreeMap::from_iter(requires),
        facts: contents.facts(),
        found,
        ..BundleMetadata::default()
    }
}

/// Returns `Mira Okafor` of `Mira Okafor <mira@tides.example>`.
fn without_address(author: &str) -> &str {
    author
        .split_once('<')
        .map(|(name, _)| name.trim())
        .filter(|name| !name.is_empty())
        .unwrap_or(author)
}

/// Returns the facts for a snippet.
fn says(metadata: &Metadata) -> Facts {
    let text = |it: &str, most| Some(one_line(it, most)).filter(|it| !it.is_empty());
    let license = text(&metadata.licenses.join(" AND "), 500);
    let is_expression = license
        .as_deref()
        .is_some_and(|it| spdx::Expression::parse(it).is_ok());
    let homepage = metadata
        .homepage
        .as_deref()
        .map(str::trim)
        .filter(|it| url_policy::check_web_url(it).is_none());
    Facts {
        name: one_line(&metadata.name, 200),
        title: text(&metadata.title, 200),
        version: one_line(&metadata.version, 100),
        summary: text(&metadata.description, 2_000),
        author: text(
            &metadata
                .authors
                .iter()
                .map(|author| without_address(author))
                .collect::<Vec<_>>()
                .join(", "),
            500,
        ),
        license: license.clone().filter(|_| is_expression),
        license_text: text(&metadata.licenses.join(", "), 500).filter(|_| !is_expression),
        links: Links {
            homepage: homepage.map(str::to_owned),
            ..Links::default()
        },
        ..Facts::default()
    }
}
