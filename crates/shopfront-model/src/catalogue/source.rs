//! Where the releases of a plugin are, as its snippet says it.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::answers::ProjectKey;
use crate::bundle::BundleReader;
use crate::registry_rules;

/// What is asked of a registry beside the name of a project.
#[derive(Clone, Copy, Default)]
pub struct ResolveTarget<'c> {
    /// What the snippet says of its source.
    pub locator: Option<&'c Locator>,
    /// The kind of its host and what reads its packages, where that kind reads some.
    pub reader: Option<(&'static str, &'c dyn BundleReader)>,
}

/// What a `source` says beyond the name of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Locator {
    /// The archives themselves, where they are the source.
    pub archive: Vec<Pin>,
    /// The branch, tag or commit of a repository, where not its releases are wanted.
    #[serde(rename = "ref")]
    pub reference: Option<String>,
    /// The file of each release, with `*` for what changes; else the archive of its tag.
    pub asset: Option<String>,
    /// The folder of the plugin in its repository.
    pub subdirectory: Option<String>,
}

/// The locator of a source that says no more than the name of a project.
pub static PLAIN: Locator = Locator {
    archive: Vec::new(),
    reference: None,
    asset: None,
    subdirectory: None,
};

/// One archive of a snippet whose source is a list of them: where it lies, or its manifest where it
/// lies nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Pin {
    /// Its version.
    pub version: String,
    /// Where it lies.
    pub url: Option<String>,
    /// Its name in `catalogue/<host>/packages/`.
    pub file: Option<String>,
    /// In lower-case hexadecimal.
    pub sha256: Option<String>,
    /// When it was released: a day, or a time.
    pub released: Option<String>,
    /// What its manifest says, where there is no archive.
    pub manifest: Option<Value>,
}

impl Pin {
    /// The file from the root of the store, where the store serves it itself; `host` is the folder
    /// of its host.
    pub fn local_path(&self, host: &str) -> Option<String> {
        self.file
            .as_ref()
            .map(|file| format!("catalogue/{host}/packages/{file}"))
    }

    /// The name of its file.
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

/// The source of the snippet `id` of `host` that passed its schema; `None` when it names no
/// registry, or two.
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
