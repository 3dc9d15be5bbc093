//! Listings of plugins: the data of the store for each, combined with the environment and its saved
//! state.

use std::collections::BTreeMap;
use std::str::FromStr;

use jiff::Timestamp;
use pep440_rs::Version;
use serde::Serialize;

use super::choice::{Choice, Target};
use super::facts::{Host, Plugin};
use super::import_check::Outcome;
use super::state::{Record, State, Status};
use crate::venv::Installed;
use shopfront_text::names::normal_project;

/// Output of `list` and `status`.
#[derive(Debug, Serialize)]
pub struct Listing {
    /// Version of this format.
    pub format: u32,
    /// Environment and host.
    pub environment: Place,
    /// Stores that were read.
    pub stores: Vec<StoreNote>,
    /// Plugins, sorted by id.
    pub plugins: Vec<Row>,
}

/// Environment and its host.
#[derive(Debug, Serialize)]
pub struct Place {
    /// Directory of the environment.
    pub folder: String,
    /// Python version.
    pub python: Option<String>,
    /// Id of the host.
    pub host: String,
    /// Title of the host.
    pub title: String,
    /// Project whose version determines compatibility.
    pub project: String,
    /// Installed version. `None` if the host is not installed.
    pub version: Option<String>,
}

/// State of a store that was read.
#[derive(Clone, Debug, Serialize)]
pub struct StoreNote {
    /// URL or directory of the store.
    pub address: String,
    /// Title of the store. `None` if it was never read.
    pub title: Option<String>,
    /// Build time.
    pub generated_at: Option<Timestamp>,
    /// Time when it was read. `None` for a directory.
    pub checked_at: Option<Timestamp>,
    /// Reason why it could not be read again.
    pub trouble: Option<String>,
}

/// Plugin in a listing.
#[derive(Debug, Serialize)]
pub struct Row {
    /// Id of the entry.
    pub id: String,
    /// Display name. `None` if no store lists the plugin any more.
    pub display_name: Option<String>,
    /// Author.
    pub author: Option<String>,
    /// URL or directory of the store from which the entry comes.
    pub store: Option<String>,
    /// Project name at the index.
    pub project: String,
    /// Module that the host imports.
    pub module_name: String,
    /// Lifecycle state, if not active.
    pub lifecycle: Option<String>,
    /// Newest release for this environment.
    pub newest: Option<Newest>,
    /// Installed version.
    pub installed: Option<String>,
    /// Time of the installation.
    pub installed_at: Option<Timestamp>,
    /// `true` if the installation was interrupted.
    #[serde(rename = "broken_off")]
    pub is_partial: bool,
    /// `true` if `newest` is newer than the installed version.
    #[serde(rename = "update")]
    pub has_update: bool,
    /// `true` if the host is to load the plugin.
    pub enabled: bool,
    /// Result of the last import of the installed release. `None` if it was not imported.
    pub status: Option<StatusNote>,
}

/// Result of an import.
#[derive(Clone, Debug, Serialize)]
pub struct StatusNote {
    /// `imported` or `failed`.
    pub outcome: &'static str,
    /// Reason of the failure.
    pub reason: Option<String>,
    /// Time of the import.
    pub checked_at: Timestamp,
}

impl StatusNote {
    fn of(status: &Status) -> StatusNote {
        let (outcome, reason) = match &status.outcome {
            Outcome::Imported => ("imported", None),
            Outcome::Failed { reason } => ("failed", Some(reason.clone())),
        };
        StatusNote {
            outcome,
            reason,
            checked_at: status.checked_at,
        }
    }
}

/// Release that would be installed.
#[derive(Clone, Debug, Serialize)]
pub struct Newest {
    /// Version of the release.
    pub version: String,
    /// Upload time, if the store has it.
    pub released_at: Option<Timestamp>,
    /// `true` if compatible according to the store. `None` if the store does not list it.
    pub fits: Option<bool>,
}

impl Newest {
    /// Converts the chosen release.
    pub fn of(choice: &Choice) -> Newest {
        Newest {
            version: choice.version.to_string(),
            released_at: choice.released_at,
            fits: choice.is_known_to_fit.then_some(true),
        }
    }
}

impl Place {
    /// Describes the environment in `folder`, for `host`.
    pub fn of(folder: String, host: &Host, target: &Target) -> Place {
        Place {
            folder,
            python: target.python.as_ref().map(ToString::to_string),
            host: host.id.clone(),
            title: host.title.clone(),
            project: host.project.clone(),
            version: target
                .version
                .as_ref()
                .filter(|_| target.is_installed)
                .map(ToString::to_string),
        }
    }
}

impl Row {
    /// Makes the row of a plugin that a store lists.
    pub fn of(
        plugin: &Plugin,
        store: &str,
        newest: Option<Newest>,
        record: Option<&Record>,
        installed: Option<&Installed>,
    ) -> Row {
        let row = Row {
            id: plugin.id.clone(),
            display_name: Some(plugin.display_name.clone()),
            author: Some(plugin.author.clone()),
            store: Some(store.to_owned()),
            project: plugin.project.clone(),
            module_name: plugin.module_name.clone(),
            lifecycle: plugin.lifecycle.as_ref().map(|(state, _)| state.clone()),
            newest,
            installed: None,
            installed_at: None,
            is_partial: false,
            has_update: false,
            enabled: true,
            status: None,
        };
        row.with(record, installed)
    }

    /// Makes the row of a plugin that only the saved state contains.
    pub fn unlisted(id: &str, record: &Record, installed: Option<&Installed>) -> Row {
        let row = Row {
            id: id.to_owned(),
            display_name: None,
            author: None,
            store: None,
            project: record.project.clone(),
            module_name: record.module_name.clone(),
            lifecycle: None,
            newest: None,
            installed: None,
            installed_at: None,
            is_partial: false,
            has_update: false,
            enabled: true,
            status: None,
        };
        row.with(Some(record), installed)
    }

    fn with(self, record: Option<&Record>, installed: Option<&Installed>) -> Row {
        let version = |text: &str| Version::from_str(text).ok();
        let newest = self
            .newest
            .as_ref()
            .and_then(|newest| version(&newest.version));
        let current = installed.and_then(|it| version(&it.version));
        Row {
            installed: installed.map(|it| it.version.clone()),
            installed_at: installed.and_then(|it| it.installed_at),
            is_partial: installed.is_some_and(|it| !it.is_whole),
            has_update: newest
                .zip(current)
                .is_some_and(|(newest, current)| newest > current),
            enabled: record.is_none_or(|record| record.enabled),
            status: record
                .zip(installed)
                .and_then(|(record, installed)| record.status_of(installed).map(StatusNote::of)),
            ..self
        }
    }
}

/// Returns rows for plugins of `host` in `state` that no store lists any more. Only installed
/// plugins are included.
pub fn unlisted(
    host: &str,
    state: &State,
    installed: &BTreeMap<String, Installed>,
    is_listed: &dyn Fn(&str) -> bool,
) -> Vec<Row> {
    let of_host = state
        .plugins
        .iter()
        .filter_map(|(key, record)| Some((key.strip_prefix(host)?.strip_prefix('/')?, record)));
    let gone = of_host.filter(|(id, _)| !is_listed(id));
    gone.filter_map(|(id, record)| {
        Some(Row::unlisted(
            id,
            record,
            Some(installed.get(&normal_project(&record.project))?),
        ))
    })
    .collect()
}
