//! Parts of a Bitcart plugin: the files that each needs, and its contents.

use std::collections::BTreeSet;

use serde_json::Value;

use super::compose;
use super::contents::Brings;
use super::document::{Document, text_of};
use super::folders;
use super::manifest::{Install, Kind, Manifest, type_of};
use shopfront_diagnostics::{Diagnostic, Location};
use shopfront_model::bundle::Bundle;
use shopfront_model::codes::bad_manifest_value;
use shopfront_model::codes::missing_manifest_field;
use shopfront_model::codes::missing_member;
use shopfront_text::one_line;

/// Inspection of a plugin's parts.
pub(super) struct Parts<'p> {
    bundle: &'p Bundle,
    manifest: &'p Manifest,
    /// Locations of the paths in the manifest.
    place: &'p dyn Fn(&str) -> Location,
    brings: Brings,
    found: Vec<Diagnostic>,
}

impl<'p> Parts<'p> {
    /// Returns the contents of the parts in `manifest`, and their diagnostics.
    pub(super) fn read(
        bundle: &'p Bundle,
        manifest: &'p Manifest,
        place: &'p dyn Fn(&str) -> Location,
    ) -> (Brings, Vec<Diagnostic>) {
        let mut parts = Parts {
            bundle,
            manifest,
            place,
            brings: Brings::default(),
            found: Vec::new(),
        };
        // A directory named twice is reported with the manifest, and read once.
        let mut read = BTreeSet::new();
        for install in manifest
            .installs
            .iter()
            .filter(|install| read.insert((install.kind.name(), folders::plain(&install.path))))
        {
            parts.part(install);
        }
        (parts.brings.bounded(), parts.found)
    }

    fn part(&mut self, install: &Install) {
        let folder = folders::plain(&install.path);
        if !self.bundle.has_folder(&folder) {
            return self.no_folder(install, &folder);
        }
        match install.kind {
            Kind::Backend => self.backend(install, &folder),
            Kind::Admin | Kind::Store => self.pages(install, &folder),
            Kind::Docker => self.docker(install, &folder),
        }
    }

    fn path_place(&self, install: &Install) -> Location {
        (self.place)(&format!("/installs/{}/path", install.index))
    }

    fn missing(&mut self, install: &Install, label: String, message: String, help: String) {
        // If an archive cannot be read to its end, no member can be called missing.
        if self.bundle.is_listed_whole() {
            self.found.push(
                missing_member::diagnostic(self.path_place(install), label, message).help(help),
            );
        }
    }

    fn no_folder(&mut self, install: &Install, folder: &str) {
        let name = one_line(folder, 120);
        let (label, message) = if self.bundle.has(folder) {
            ("a file", format!("`{name}` is a file; a part is a folder"))
        } else {
            (
                "not in the archive",
                format!("the archive has no folder `{name}`"),
            )
        };
        self.missing(
            install,
            label.to_owned(),
            message,
            "name a folder of the archive, or pack this one too".to_owned(),
        );
    }

    fn needs(&mut self, install: &Install, folder: &str, files: &[&str]) {
        for file in files
            .iter()
            .filter(|file| !self.bundle.has(&format!("{folder}/{file}")))
        {
            let message = format!(
                "the {} part `{}` has no `{file}`",
                install.kind.name(),
                one_line(folder, 120)
            );
            self.missing(
                install,
                format!("no `{file}`"),
                message,
                format!("add `{}/{file}`", one_line(folder, 120)),
            );
        }
    }

    fn backend(&mut self, install: &Install, folder: &str) {
        self.needs(install, folder, &["plugin.py"]);
        self.brings.migrations |= self
            .below(folder, "versions/")
            .any(|name| name.ends_with(".py"));
        let patches: Vec<String> = self.below(folder, "patches/").map(cut).collect();
        self.brings.patches.extend(patches);
        let requirements = format!("{folder}/requirements.txt");
        if self.bundle.has(&requirements) {
            match text_of(self.bundle, &requirements) {
                Ok(text) => self.brings.python.extend(requirement_lines(text)),
                Err(faults) => self.found.extend(faults),
            }
        }
    }

    fn pages(&mut self, install: &Install, folder: &str) {
        self.needs(
            install,
            folder,
            &["index.js", "package.json", "config/index.js"],
        );
        let member = format!("{folder}/package.json");
        if !self.bundle.has(&member) {
            return;
        }
        match Document::read(self.bundle, &member) {
            Ok((document, repeated)) => {
                self.found.extend(repeated);
                self.npm_name(install, &document);
                self.npm_dependencies(&document.value);
            }
            Err(faults) => self.found.extend(faults),
        }
    }

    /// Checks the npm name. The part becomes a package in the workspace of the panel or the
    /// storefront, which finds it by name and by directory.
    fn npm_name(&mut self, install: &Install, document: &Document<'_>) {
        if self.manifest.author.is_empty() {
            return;
        }
        let expected = one_line(
            &folders::target(install.kind, &self.manifest.author, &install.path),
            120,
        );
        let help = format!("write `\"name\": \"{expected}\"`");
        let found = match document.value.get("name") {
            Some(Value::String(name)) if *name == expected => return,
            Some(Value::String(name)) => {
                let message = format!(
                    "the package is called `{}`, and its folder on the server `{expected}`",
                    one_line(name, 120)
                );
                bad_manifest_value::diagnostic(document.place("/name"), "another name", message)
            }
            Some(other) => {
                let message = format!("`name` is {}, not a text", type_of(other));
                bad_manifest_value::diagnostic(document.place("/name"), "not a text", message)
            }
            None => missing_manifest_field::diagnostic(
                document.place(""),
                "no `name`",
                format!("the package `{expected}` has no `name`"),
            ),
        };
        self.found.push(found.help(help));
    }

    fn npm_dependencies(&mut self, package: &Value) {
        let dependencies = package.get("dependencies").and_then(Value::as_object);
        for (name, range) in dependencies.into_iter().flatten() {
            let range = range.as_str().unwrap_or_default();
            self.brings
                .npm
                .insert(one_line(name, 120), one_line(range, 120));
        }
    }

    fn docker(&mut self, install: &Install, folder: &str) {
        let components: Vec<String> = self
            .below(folder, "components/")
            .filter(|name| name.ends_with(".yml"))
            .map(str::to_owned)
            .collect();
        let rules: Vec<String> = self
            .below(folder, "rules/")
            .filter(|name| name.ends_with(".py"))
            .map(cut)
            .collect();
        if components.is_empty() && rules.is_empty() {
            let folder = one_line(folder, 120);
            let message = format!(
                "the docker part `{folder}` has neither `components/*.yml` nor `rules/*.py`"
            );
            self.missing(
                install,
                "brings nothing".to_owned(),
                message,
                format!(
                    "add `{folder}/components/{}.yml`",
                    folders::last_part(&folder)
                ),
            );
        }
        self.brings.rules.extend(rules);
        for component in &components {
            let (services, found) = compose::services(self.bundle, component);
            self.brings.services.extend(services);
            self.found.extend(found);
        }
    }

    /// Returns the plain files directly in `inner` of `folder`, by their names in the archive.
    fn below(&self, folder: &str, inner: &str) -> impl Iterator<Item = &'p str> + use<'p> {
        let start = format!("{folder}/{inner}");
        let files = self.bundle.files_below(&start);
        files.into_iter().filter(move |name| {
            name.strip_prefix(&start)
                .is_some_and(|rest| !rest.contains('/'))
        })
    }
}

fn cut(name: &str) -> String {
    one_line(name, 200)
}

/// Lines of `requirements.txt` beyond these are not read.
const MAX_REQUIREMENTS: usize = 2_000;

/// The lines that mean something to `pip`, comments taken away.
fn requirement_lines(text: &str) -> impl Iterator<Item = String> + '_ {
    let without_comment = |line: &str| {
        let line = line.trim();
        let end = if line.starts_with('#') {
            0
        } else {
            line.find(" #").unwrap_or(line.len())
        };
        one_line(line.get(..end).unwrap_or_default(), 200)
    };
    text.lines()
        .map(without_comment)
        .filter(|line| !line.is_empty())
        .take(MAX_REQUIREMENTS)
}
