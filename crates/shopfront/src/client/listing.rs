//! What there is to tell of plugins: what the store says of each, beside what the environment and
//! its memory say.

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

/// The answer to `list` and `status`.
#[derive(Debug, Serialize)]
pub struct Listing {
    /// The version of this format.
    pub format: u32,
    /// Where, and for whom.
    pub environment: Place,
    /// What was asked.
    pub stores: Vec<StoreNote>,
    /// Sorted by id.
    pub plugins: Vec<Row>,
}

/// An environment and its host.
#[derive(Debug, Serialize)]
pub struct Place {
    /// Its folder.
    pub folder: String,
    /// Its Python.
    pub python: Option<String>,
    /// The id of the host.
    pub host: String,
    /// What people call that.
    pub title: String,
    /// The project whose version says what fits.
    pub project: String,
    /// The version that is installed; `None` when the host is not.
    pub version: Option<String>,
}

/// A store that was asked.
#[derive(Clone, Debug, Serialize)]
pub struct StoreNote {
    /// Its address, or its folder.
    pub address: String,
    /// Its title; `None` when nothing is known of it.
    pub title: Option<String>,
    /// When it was built.
    pub generated_at: Option<Timestamp>,
    /// When it was read; `None` for a folder.
    pub checked_at: Option<Timestamp>,
    /// Why it could not be read again.
    pub trouble: Option<String>,
}

/// A plugin.
#[derive(Debug, Serialize)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// What people call it; `None` when no store lists it any more.
    pub display_name: Option<String>,
    /// Who makes it.
    pub author: Option<String>,
    /// The address of the store that it comes from.
    pub store: Option<String>,
    /// Its project at the index.
    pub project: String,
    /// What the host imports.
    pub module_name: String,
    /// The state of one that is no longer plainly alive.
    pub lifecycle: Option<String>,
    /// The newest release for this environment.
    pub newest: Option<Newest>,
    /// The version that is installed.
    pub installed: Option<String>,
    /// When that was installed.
    pub installed_at: Option<Timestamp>,
    /// Whether its installation was broken off.
    #[serde(rename = "broken_off")]
    pub is_partial: bool,
    /// Whether `newest` is newer.
    #[serde(rename = "update")]
    pub has_update: bool,
    /// Whether the host is to load it.
    pub enabled: bool,
    /// How the last import of what is installed went; `None` when that was not tried.
    pub status: Option<StatusNote>,
}

/// How an import went.
#[derive(Clone, Debug, Serialize)]
pub struct StatusNote {
    /// `imported` or `failed`.
    pub outcome: &'static str,
    /// Why it failed.
    pub reason: Option<String>,
    /// When it was tried.
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

/// The release that would be installed.
#[derive(Clone, Debug, Serialize)]
pub struct Newest {
    /// Its version.
    pub version: String,
    /// When it was uploaded, where the store tells.
    pub released_at: Option<Timestamp>,
    /// `true` when the store says that it fits; `None` when it does not know.
    pub fits: Option<bool>,
}

impl Newest {
    /// The release that was chosen.
    pub fn of(choice: &Choice) -> Newest {
        Newest {
            version: choice.version.to_string(),
            released_at: choice.released_at,
            fits: choice.is_known_to_fit.then_some(true),
        }
    }
}

impl Place {
    /// The environment in `folder`, for `host`.
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
    /// A plugin that a store lists.
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

    /// A plugin that only the memory of the environment knows.
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

/// The rows of what `state` remembers of `host` and no store lists any more; only what is still
/// installed.
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
