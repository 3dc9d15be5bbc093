//! Saved state of an environment: settings and observations, but not the list of installed
//! packages.
//!
//! Installed packages are read from the environment each time, so that the state cannot contradict
//! it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::import_check::Outcome;
use crate::venv::Installed;
use shopfront_diagnostics::error::Error;
use shopfront_text::one_line;

/// Version of the format.
const FORMAT: u32 = 1;

/// State in `shopfront.toml`.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
pub struct State {
    format: u32,
    /// Pending operation. If a run finds one, an earlier run was killed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doing: Option<PendingOperation>,
    /// Records of plugins, by `host/id`.
    #[serde(default)]
    pub plugins: BTreeMap<String, Record>,
}

/// Operation of an installer.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
pub struct PendingOperation {
    /// Kind of the operation.
    pub what: What,
    /// Plugin as `host/id`.
    pub plugin: String,
    /// Release of the plugin.
    pub version: String,
    /// Start time.
    pub since: Timestamp,
}

/// Kind of an operation.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// Installation.
    Install,
    /// Uninstallation.
    Uninstall,
}

/// Record of a plugin.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
pub struct Record {
    /// Project name at the index.
    pub project: String,
    /// Module that the host imports.
    pub module_name: String,
    /// URL or directory of the store from which it was installed.
    pub store: String,
    /// `true` if the host is to load the plugin.
    pub enabled: bool,
    /// Result of its last import.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
}

/// Result of an import.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
pub struct Status {
    /// Imported release.
    pub version: String,
    /// Time when that release was installed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub installed_at: Option<Timestamp>,
    /// Time of the import.
    pub checked_at: Timestamp,
    /// Outcome of the import.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// Result of the recovery from a killed run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// The last run completed: nothing to recover.
    Quiet,
    /// A pending operation was recovered, and the state changed. Contains a message.
    Told(String),
}

impl Default for State {
    fn default() -> State {
        State {
            format: FORMAT,
            doing: None,
            plugins: BTreeMap::new(),
        }
    }
}

impl State {
    /// Parses a state file.
    ///
    /// # Errors
    /// Returns an error if the text is not a valid state file.
    pub fn parse(text: &str) -> Result<State, Error> {
        let cure = "move the file away: all that is lost is which plugins were disabled, and how their last import went";
        let state: State = toml::from_str(text).map_err(|fault| {
            let place = fault
                .span()
                .map(|span| format!("line {}: ", text[..span.start].matches('\n').count() + 1));
            Error::new(format!(
                "`shopfront.toml`: {}{}",
                place.unwrap_or_default(),
                one_line(fault.message(), 200)
            ))
            .help(cure)
        })?;
        if state.format != FORMAT {
            let message = format!(
                "`shopfront.toml` has format {}, and this program knows {FORMAT}",
                state.format
            );
            return Err(Error::new(message).help("use the newer program that wrote it"));
        }
        Ok(state)
    }

    /// Returns the text of the state file.
    ///
    /// # Errors
    /// Returns an error if TOML cannot represent a value.
    pub fn text(&self) -> Result<String, Error> {
        const NOTE: &str = "# What plugins of this environment were told, and how their last import went.\n\
                            # What is installed is not written here: it is read from the environment itself.\n\n";
        let written = toml::to_string(self)
            .map_err(|fault| Error::new(format!("writing `shopfront.toml`: {fault}")))?;
        Ok(format!("{NOTE}{written}"))
    }

    /// Completes the operation of a killed run. The contents of the environment show how far it
    /// came.
    pub fn recover(&mut self, installed: &BTreeMap<String, Installed>) -> Recovery {
        let Some(doing) = self.doing.take() else {
            return Recovery::Quiet;
        };
        let PendingOperation {
            what,
            plugin,
            version,
            since,
        } = doing;
        let there = self
            .plugins
            .get(&plugin)
            .and_then(|record| installed.get(&record.project));
        let is_there = there.is_some_and(|it| it.is_whole);
        let told = match (what, there) {
            (What::Install, Some(it)) if it.is_whole && it.version == version => {
                format!("it had ended: {version} is installed")
            }
            (What::Install, Some(it)) if it.is_whole => format!(
                "{} is installed, not {version}; install it again",
                it.version
            ),
            (What::Install, _) => format!("{version} is not installed; install it again"),
            (What::Uninstall, Some(_)) if is_there => {
                "it is still installed; uninstall it again".to_owned()
            }
            (What::Uninstall, Some(_)) => "half of it is left; uninstall it again".to_owned(),
            (What::Uninstall, None) => {
                self.plugins.remove(&plugin);
                "it had ended".to_owned()
            }
        };
        let what = match what {
            What::Install => "installing",
            What::Uninstall => "uninstalling",
        };
        Recovery::Told(format!(
            "{what} `{plugin}` was broken off at {since}: {told}"
        ))
    }
}

impl Record {
    /// Returns the result of the last import of the release that is installed now.
    pub fn status_of(&self, installed: &Installed) -> Option<&Status> {
        self.status.as_ref().filter(|status| {
            status.version == installed.version && status.installed_at == installed.installed_at
        })
    }
}
