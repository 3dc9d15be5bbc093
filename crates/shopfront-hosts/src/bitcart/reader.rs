//! Reader of `.bitcart` archives that follows the server's installer and reports problems that
//! the installer does not.

use std::collections::BTreeMap;

use serde_json::Value;

use super::contents::Contents;
use super::document::Document;
use super::folders;
use super::manifest::Manifest;
use super::parts::Parts;
use shopfront_archive::Form;
use shopfront_diagnostics::{Diagnostic, Location};
use shopfront_model::bundle::{
    Bundle, BundleMetadata, BundleReader, ClaimedName, DeclaredIdentity,
};
use shopfront_model::codes::missing_member;
use shopfront_model::codes::old_manifest;
use shopfront_model::codes::skipped_member;
use shopfront_package::facts::{Facts, Links};
use shopfront_text::one_line;
use shopfront_text::url_policy;

pub(super) struct Reader;

const MANIFEST: &str = "manifest.json";
const DESCRIPTION: &str = "README.md";

/// Maximum number of diagnostics for skipped members. An untrusted archive may repeat one error
/// 100 000 times.
const MOST_SKIPPED: usize = 20;

impl BundleReader for Reader {
    fn extensions(&self) -> &'static [(&'static str, Form)] {
        &[(".bitcart", Form::Zip), (".bitcartcc", Form::Zip)]
    }

    fn marker(&self) -> &'static str {
        MANIFEST
    }

    fn tool(&self) -> &'static str {
        "a plain zip tool"
    }

    fn needs_contents(&self, name: &str) -> bool {
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
        let is_component =
            folder.rsplit('/').next() == Some("components") && file.ends_with(".yml");
        matches!(name, MANIFEST | DESCRIPTION)
            || matches!(file, "requirements.txt" | "package.json")
                && !folder.contains("node_modules")
            || is_component
    }

    /// The server reads the manifest at the root only.
    fn may_lie_in_a_folder(&self) -> bool {
        false
    }

    fn read(&self, bundle: &Bundle) -> BundleMetadata {
        let mut found: Vec<Diagnostic> = old_ending(bundle)
            .into_iter()
            .chain(skipped(bundle))
            .collect();
        let mut reading = match manifest_of(bundle) {
            Ok((document, repeated)) => {
                found.extend(repeated);
                of_document(bundle, &document)
            }
            Err(faults) => {
                found.extend(faults);
                // A file with this extension is still a Bitcart plugin, although nothing more is
                // known of it.
                BundleMetadata {
                    facts: Contents {
                        refused: true,
                        ..Contents::default()
                    }
                    .facts(),
                    ..BundleMetadata::default()
                }
            }
        };
        reading.says.files = bundle.scan.files().count();
        reading.says.size = bundle.scan.packed;
        reading.says.unpacked = bundle.scan.unpacked;
        reading.description = bundle
            .text(DESCRIPTION)
            .map(|text| (text.to_owned(), "text/markdown"));
        found.append(&mut reading.found);
        BundleMetadata { found, ..reading }
    }

    fn of_manifest(
        &self,
        manifest: &Value,
        place: &dyn Fn(&str) -> Location,
    ) -> Option<BundleMetadata> {
        let (manifest, found) = Manifest::read(manifest, place);
        let contents = Contents {
            refused: !found.is_empty(),
            ..Contents::of(&manifest)
        };
        Some(BundleMetadata {
            found,
            ..reading(&manifest, &contents)
        })
    }

    fn called(&self, facts: &Value) -> DeclaredIdentity {
        let version = Contents::from(facts)
            .and_then(|contents| contents.version)
            .filter(|version| !version.is_empty());
        DeclaredIdentity {
            version,
            ..DeclaredIdentity::default()
        }
    }

    fn taken_names(&self, facts: &Value) -> Vec<ClaimedName> {
        let Some(contents) = Contents::from(facts).filter(|contents| !contents.refused) else {
            return Vec::new();
        };
        let folder = format!("{}/{}", contents.author, contents.name).to_lowercase();
        let whole = ClaimedName {
            of: "the folder of plugins",
            name: folder,
        };
        let parts = contents.parts.iter().map(|part| {
            let of = match part.kind.name() {
                "admin" => "the folder of admin parts",
                "store" => "the folder of store parts",
                "backend" => "the folder of backend parts",
                _ => "the folder of docker parts",
            };
            ClaimedName {
                of,
                name: part.target.clone(),
            }
        });
        std::iter::once(whole).chain(parts).collect()
    }
}

fn of_document(bundle: &Bundle, document: &Document<'_>) -> BundleMetadata {
    let place = |pointer: &str| document.place(pointer);
    let (manifest, mut found) = Manifest::read(&document.value, &place);
    let (brings, of_parts) = Parts::read(bundle, &manifest, &place);
    found.extend(of_parts);
    let contents = Contents {
        brings: Some(brings),
        refused: !found.is_empty(),
        ..Contents::of(&manifest)
    };
    BundleMetadata {
        found,
        ..reading(&manifest, &contents)
    }
}

fn reading(manifest: &Manifest, contents: &Contents) -> BundleMetadata {
    let limits = !manifest.constraint.is_empty();
    let requires = limits.then(|| ("bitcart".to_owned(), one_line(&manifest.constraint, 400)));
    BundleMetadata {
        says: says(manifest),
        requires: BTreeMap::from_iter(requires),
        facts: contents.facts(),
        ..BundleMetadata::default()
    }
}

fn says(manifest: &Manifest) -> Facts {
    let expression = manifest
        .license
        .as_deref()
        .map(str::trim)
        .filter(|it| spdx::Expression::parse(it).is_ok());
    let text = |it: &Option<String>| {
        it.as_deref()
            .map(|it| one_line(it, 2_000))
            .filter(|it| !it.is_empty())
    };
    let link = |it: &Option<String>| text(it).filter(|it| url_policy::check_web_url(it).is_none());
    Facts {
        name: one_line(&manifest.name, 200),
        version: one_line(&manifest.version, 100),
        summary: text(&manifest.description),
        author: Some(one_line(&manifest.author, 200)).filter(|it| !it.is_empty()),
        license: expression.map(str::to_owned),
        license_text: text(&manifest.license).filter(|_| expression.is_none()),
        links: Links {
            homepage: link(&manifest.website),
            documentation: link(&manifest.docs_url),
            repository: link(&manifest.source_url),
            issues: None,
        },
        ..Facts::default()
    }
}

fn manifest_of(bundle: &Bundle) -> Result<(Document<'_>, Vec<Diagnostic>), Vec<Diagnostic>> {
    if bundle.has(MANIFEST) {
        return Document::read(bundle, MANIFEST);
    }
    if !bundle.is_listed_whole() {
        return Err(Vec::new());
    }
    let deeper = bundle
        .files()
        .into_iter()
        .find(|name| folders::last_part(name) == MANIFEST);
    let fault = match deeper {
        Some(name) => {
            let name = one_line(name, 120);
            let message = format!(
                "the manifest lies at `{name}`, and the server looks for it at the root of the archive"
            );
            missing_member::diagnostic(bundle.whole(), "no `manifest.json` at the root", message)
                .help("pack what is in the folder, not the folder: `cd example && zip -r ../example.bitcart .`")
        }
        None => missing_member::diagnostic(
            bundle.whole(),
            "no `manifest.json`",
            "the archive has no `manifest.json`",
        )
        .help("add `manifest.json` at the root of the archive"),
    };
    Err(vec![fault])
}

/// Reports the package extension `.bitcartcc`, which was used until 2023.
fn old_ending(bundle: &Bundle) -> Option<Diagnostic> {
    let stem = bundle
        .file
        .to_ascii_lowercase()
        .ends_with(".bitcartcc")
        .then(|| &bundle.file[..bundle.file.len() - ".bitcartcc".len()])?;
    let message = "the file name ends with `.bitcartcc`, which Bitcart gave up in 2023";
    Some(
        old_manifest::diagnostic(bundle.whole(), "of BitcartCC", message)
            .help(format!("call it `{}.bitcart`", one_line(stem, 120))),
    )
}

/// Reports names with `..`, which Python's `shutil.unpack_archive` skips. Those that leave the
/// archive are reported for every archive.
fn skipped(bundle: &Bundle) -> impl Iterator<Item = Diagnostic> + '_ {
    let climbs = |name: &str| name.split(['/', '\\']).any(|part| part == "..");
    let names = bundle
        .scan
        .members
        .iter()
        .map(|member| member.name.as_str());
    names
        .filter(move |name| name.contains("..") && !name.starts_with('/') && !climbs(name))
        .take(MOST_SKIPPED)
        .map(|name| {
            let message = format!(
                "the installer leaves `{}` out: it takes no name with `..` in it",
                one_line(name, 120)
            );
            skipped_member::diagnostic(bundle.whole_member(name), "never unpacked", message)
                .help("call the file something without `..`")
        })
}
