//! What is remembered of an environment: what was told to it and what was seen there, never what is
//! installed.
//!
//! That is read from the environment each time, so that nothing here can be wrong about it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::import_check::Outcome;
use crate::venv::Installed;
use shopfront_diagnostics::error::Error;
use shopfront_text::one_line;

/// The version of the format.
const FORMAT: u32 = 1;

/// `shopfront.toml`
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
pub struct State {
    format: u32,
    /// What was begun, until it has ended: a run that finds it knows that another was killed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doing: Option<PendingOperation>,
    /// What is remembered of plugins, by `host/id`.
    #[serde(default)]
    pub plugins: BTreeMap<String, Record>,
}

/// Something that an installer is told to do.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
pub struct PendingOperation {
    /// What.
    pub what: What,
    /// To which plugin: `host/id`.
    pub plugin: String,
    /// To which release of it.
    pub version: String,
    /// Since when.
    pub since: Timestamp,
}

/// What an installer is told to do.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// To install.
    Install,
    /// To uninstall.
    Uninstall,
}

/// What is remembered of a plugin.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
pub struct Record {
    /// Its project at the index.
    pub project: String,
    /// What the host imports.
    pub module_name: String,
    /// The address of the store that it was installed from.
    pub store: String,
    /// Whether the host is to load it.
    pub enabled: bool,
    /// How its last import went.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
}

/// How an import went.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
pub struct Status {
    /// Of which release.
    pub version: String,
    /// When that had been installed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub installed_at: Option<Timestamp>,
    /// When it was tried.
    pub checked_at: Timestamp,
    /// How it went.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What was found of a run that was killed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// Nothing: the last run ended.
    Quiet,
    /// Something, in words; the state has changed.
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
    /// Reads a file of ours.
    ///
    /// # Errors
    /// When it is none.
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

    /// The file.
    ///
    /// # Errors
    /// When there is a value that TOML can not hold.
    pub fn text(&self) -> Result<String, Error> {
        const NOTE: &str = "# What plugins of this environment were told, and how their last import went.\n\
                            # What is installed is not written here: it is read from the environment itself.\n\n";
        let written = toml::to_string(self)
            .map_err(|fault| Error::new(format!("writing `shopfront.toml`: {fault}")))?;
        Ok(format!("{NOTE}{written}"))
    }

    /// Ends what a killed run began: what the environment holds says how far it came.
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
    /// How the last import of what is installed now went.
    pub fn status_of(&self, installed: &Installed) -> Option<&Status> {
        self.status.as_ref().filter(|status| {
            status.version == installed.version && status.installed_at == installed.installed_at
        })
    }
}
