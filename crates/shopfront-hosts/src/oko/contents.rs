//! Saved facts of a package, as needed by the published files, the facets and the bridge.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::manifest::Manifest;
use shopfront_text::one_line;
use shopfront_text::url_policy;

/// Maximum length of a saved line and of a saved list.
const LINE: usize = 300;
const ITEMS: usize = 50;

/// Saved facts of a package.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Contents {
    /// `PLUGIN_NAME`; empty if missing or unusable.
    pub(super) name: String,
    /// `PLUGIN_VERSION`
    pub(super) version: String,
    /// `PLUGIN_DESCRIPTION`
    pub(super) description: String,
    /// `PLUGIN_AUTHOR`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) author: Option<String>,
    /// `PLUGIN_HOMEPAGE`, if a page may link to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) homepage: Option<String>,
    /// `PLUGIN_LICENSE`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) license: Option<String>,
    /// `PLUGIN_TAGS`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) tags: Vec<String>,
    /// `PLUGIN_CAPABILITIES`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) capabilities: Vec<String>,
    /// Capabilities of its page.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) page_capabilities: Vec<String>,
    /// Parts of the user interface: `page`, `widgets`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) shows: Vec<String>,
}

impl Contents {
    /// Returns the facts of `manifest` and of its pages.
    pub(super) fn of(
        manifest: &Manifest,
        page_capabilities: Vec<String>,
        shows: Vec<String>,
    ) -> Contents {
        let text = |name: &str| manifest.text(name).map(|text| one_line(text, LINE));
        let list = |items: &[String]| {
            items
                .iter()
                .take(ITEMS)
                .map(|it| one_line(it, LINE))
                .filter(|it| !it.is_empty())
                .collect()
        };
        Contents {
            name: manifest.name().unwrap_or_default().to_owned(),
            version: text("PLUGIN_VERSION").unwrap_or_default(),
            description: text("PLUGIN_DESCRIPTION").unwrap_or_default(),
            author: text("PLUGIN_AUTHOR"),
            homepage: text("PLUGIN_HOMEPAGE")
                .filter(|url| url_policy::check_web_url(url).is_none()),
            license: text("PLUGIN_LICENSE"),
            tags: list(manifest.tuple("PLUGIN_TAGS")),
            capabilities: list(manifest.tuple("PLUGIN_CAPABILITIES")),
            page_capabilities: list(&page_capabilities),
            shows,
        }
    }

    /// Returns the saved facts; `None` if they have another format.
    pub(super) fn from(facts: &Value) -> Option<Contents> {
        serde_json::from_value(facts.clone()).ok()
    }

    /// Returns the capability facet: the prefix `exec.` marks actions of the dashboard, all
    /// others only read access.
    pub(super) fn capability(&self) -> &'static str {
        let all = || self.capabilities.iter().chain(&self.page_capabilities);
        match () {
            () if all().any(|it| it.starts_with("exec.")) => "exec",
            () if all().next().is_some() => "other",
            () => "none",
        }
    }

    /// Returns the facet of the visible parts.
    pub(super) fn interface(&self) -> &'static str {
        match self.shows.first().map(String::as_str) {
            Some("page") => "page",
            Some(_) => "widgets",
            None => "none",
        }
    }
}
