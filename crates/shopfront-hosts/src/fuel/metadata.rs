//! Typed contents of `metadata.yaml`, as saved for each version.

use serde::{Deserialize, Serialize};

use super::part::{Is, Part};
use shopfront_text::visible_lines;

/// Fields of one version of a plugin. Missing and invalid fields are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Metadata {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) version: String,
    pub(super) description: String,
    pub(super) package_version: String,
    pub(super) fuel_version: Vec<String>,
    pub(super) releases: Vec<Target>,
    pub(super) groups: Vec<String>,
    pub(super) licenses: Vec<String>,
    pub(super) authors: Vec<String>,
    pub(super) homepage: Option<String>,
    pub(super) is_hotpluggable: bool,
    pub(super) ui: bool,
    pub(super) ui_build: bool,
}

/// Release of OpenStack that a plugin can be deployed on, with keys in the order of the API.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Target {
    pub(super) os: String,
    pub(super) version: String,
    pub(super) mode: Vec<String>,
    pub(super) deployment_scripts_path: String,
    pub(super) repository_path: String,
}

/// Maximum number of saved list items; real plugins have ten.
const MOST_ITEMS: usize = 100;
/// Maximum number of saved characters per text; texts with their own limit have a lower one.
const MOST_CHARACTERS: usize = 1_000;

impl Metadata {
    /// Returns the fields of `whole` that can be saved.
    pub(super) fn of(whole: &Part) -> Metadata {
        let text_of = |key| whole.get(key).and_then(text).unwrap_or_default();
        let texts_of = |key| whole.get(key).map(texts).unwrap_or_default();
        let is_true = |key| {
            whole
                .get(key)
                .is_some_and(|it| matches!(it.is, Is::Bool(true)))
        };
        let releases = whole
            .get("releases")
            .and_then(Part::items)
            .unwrap_or_default();
        Metadata {
            name: text_of("name"),
            title: text_of("title"),
            version: text_of("version"),
            description: text_of("description"),
            package_version: text_of("package_version"),
            fuel_version: texts_of("fuel_version"),
            releases: releases.iter().take(MOST_ITEMS).map(target).collect(),
            groups: texts_of("groups"),
            licenses: texts_of("licenses"),
            authors: texts_of("authors"),
            homepage: whole.get("homepage").and_then(text),
            is_hotpluggable: is_true("is_hotpluggable"),
            ui: is_true("ui"),
            ui_build: is_true("ui_build"),
        }
    }
}

fn target(part: &Part) -> Target {
    let text_of = |key| part.get(key).and_then(text).unwrap_or_default();
    Target {
        os: text_of("os"),
        version: text_of("version"),
        mode: part.get("mode").map(texts).unwrap_or_default(),
        deployment_scripts_path: text_of("deployment_scripts_path"),
        repository_path: text_of("repository_path"),
    }
}

fn texts(part: &Part) -> Vec<String> {
    let items = part.items().unwrap_or_default().iter();
    items.filter_map(text).take(MOST_ITEMS).collect()
}

fn text(part: &Part) -> Option<String> {
    Some(
        visible_lines(part.text()?)
            .chars()
            .take(MOST_CHARACTERS)
            .collect(),
    )
}
