//! Source of a plugin's releases, as its snippet declares it.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::answers::ProjectKey;
use crate::bundle::BundleReader;
use crate::registry_rules;

/// Input of the resolver beside the name of a project.
#[derive(Clone, Copy, Default)]
pub struct ResolveTarget<'c> {
    /// Source data of the snippet.
    pub locator: Option<&'c Locator>,
    /// Kind of its host and the package reader of that kind, if it has one.
    pub reader: Option<(&'static str, &'c dyn BundleReader)>,
}

/// Data of a `source` beyond the name of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Locator {
    /// Pinned archives, if they are the source.
    pub archive: Vec<Pin>,
    /// Branch, tag or commit of a repository, if used instead of its releases.
    #[serde(rename = "ref")]
    pub reference: Option<String>,
    /// File of each release, with `*` for the variable part; otherwise the archive of its tag.
    pub asset: Option<String>,
    /// Directory of the plugin in its repository.
    pub subdirectory: Option<String>,
}

/// Locator of a source that declares only the name of a project.
pub static PLAIN: Locator = Locator {
    archive: Vec::new(),
    reference: None,
    asset: None,
    subdirectory: None,
};

/// Archive of a snippet whose source is a list of archives: its location, or its manifest if no
/// archive is available.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Pin {
    /// Version of the archive.
    pub version: String,
    /// URL of the archive.
    pub url: Option<String>,
    /// Name in `catalogue/<host>/packages/`.
    pub file: Option<String>,
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: Option<String>,
    /// Release date or time.
    pub released: Option<String>,
    /// Contents of the manifest, if there is no archive.
    pub manifest: Option<Value>,
}

impl Pin {
    /// Returns the path from the root of the store if the store serves the file itself. `host` is
    /// the directory of its host.
    pub fn local_path(&self, host: &str) -> Option<String> {
        self.file
            .as_ref()
            .map(|file| format!("catalogue/{host}/packages/{file}"))
    }

    /// Returns the name of its file.
    pub fn file_name(&self) -> Option<&str> {
        let of_url = || {
            self.url
                .as_deref()
                .and_then(|url| url.split(['?', '#']).next()?.rsplit('/').next())
        };
        self.file
            .as_deref()
            .or_else(of_url)
            .filter(|name| !name.is_empty())
    }
}

/// Returns the source of the snippet `id` of `host` that passed its schema; `None` if it names no
/// registry or two.
pub fn source_of(body: &Map<String, Value>, host: &str, id: &str) -> Option<(ProjectKey, Locator)> {
    let source = body.get("source")?;
    let mut named = registry_rules::ALL
        .iter()
        .filter(|registry| source.get(registry.id()).is_some());
    let registry = named.next().filter(|_| named.next().is_none())?;
    let key = match source.get(registry.id())?.as_str() {
        Some(name) => ProjectKey::new(registry.id(), name)?,
        None => ProjectKey::new(registry.id(), &format!("{host}/{id}"))?,
    };
    Some((key, serde_json::from_value(source.clone()).ok()?))
}
