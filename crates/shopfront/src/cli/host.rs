//! The command `host`: types only.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::TextFormat;

/// What every command below `host` takes.
#[derive(Args, Clone, Debug)]
pub struct Hosting {
    /// A published store, by its address or its folder; may stand several times, and of one id the
    /// earliest store's plugin counts [default: dist/ of the store at --root]
    #[arg(long = "store", global = true, value_name = "URL|FOLDER")]
    pub stores: Vec<String>,
    /// The host, by its id in the store [default: the one that is installed in the environment]
    #[arg(long = "host", global = true, value_name = "ID")]
    pub host: Option<String>,
    /// The virtual environment of Python in which the host lives
    #[arg(long, global = true, env = "VIRTUAL_ENV", value_name = "DIR")]
    pub environment: Option<PathBuf>,
    /// Read stores again that were read within the hour, too
    #[arg(long, global = true)]
    pub refresh: bool,
    /// Who installs [default: uv where it is found, else the pip of the environment]
    #[arg(long, global = true, value_enum, value_name = "TOOL")]
    pub installer: Option<Tool>,
    /// The index to install from [default: the one that the store names, else the installer's own]
    #[arg(
        long,
        global = true,
        env = "SHOPFRONT_INDEX_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub index_url: Option<String>,
    /// An import may take so long
    #[arg(long, global = true, default_value_t = 60, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub import_timeout: u64,
}

/// Who installs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Tool {
    /// `uv pip`
    Uv,
    /// `python -m pip`, of the environment.
    Pip,
}

/// How plugins are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For people.
    Human,
    /// For programs.
    Json,
}

/// What to do with plugins.
#[derive(Clone, Debug, Subcommand)]
pub enum HostCommand {
    /// What the store has, and what of it is installed
    List {
        /// Only what is installed
        #[arg(long)]
        installed: bool,
        /// The form of the list
        #[arg(long, value_enum, default_value = "human")]
        format: ListFormat,
    },
    /// Install a plugin, and try to import it
    #[command(disable_version_flag = true)]
    Install {
        /// Its id in the store
        id: String,
        /// This release [default: the newest that fits]
        #[arg(long, value_name = "V")]
        version: Option<String>,
        /// Only find out what would be installed
        #[arg(long)]
        dry_run: bool,
    },
    /// Take a plugin out; what it required stays
    Uninstall {
        /// Its id in the store
        id: String,
    },
    /// Let the host load a plugin again
    Enable {
        /// Its id in the store
        id: String,
    },
    /// Keep a plugin installed, and the host from loading it
    Disable {
        /// Its id in the store
        id: String,
    },
    /// Install the newest releases that fit of what is installed
    Update {
        /// Only this one
        id: Option<String>,
        /// Only find out what would be installed
        #[arg(long)]
        dry_run: bool,
    },
    /// Import every plugin that is installed and enabled, each in a process of its own, and tell
    /// how it went
    Status {
        /// Only this one
        id: Option<String>,
        /// The form of the list
        #[arg(long, value_enum, default_value = "human")]
        format: ListFormat,
    },
    /// Install and import plugins for a try, each in a new environment that is thrown away; this
    /// runs strangers' code
    Try {
        /// These plugins, by id or `host/id`
        #[arg(
            value_name = "ID",
            required_unless_present = "all",
            conflicts_with = "all"
        )]
        ids: Vec<String>,
        /// Every plugin of the store
        #[arg(long)]
        all: bool,
        /// Say that you know what a try does: it runs the code of every plugin, with your rights,
        /// on this machine
        #[arg(long)]
        i_know_this_runs_code: bool,
        /// How many are tried at once
        #[arg(long, default_value_t = 2, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=32))]
        jobs: u8,
        /// The Python that new environments are made of
        #[arg(long, default_value = "python3", value_name = "PROGRAM")]
        python: PathBuf,
        /// Write `tries.json` and `tries.md` into this folder, too
        #[arg(long, value_name = "DIR")]
        report: Option<PathBuf>,
        /// The form of the report
        #[arg(long, value_enum, default_value = "markdown")]
        format: TextFormat,
    },
}
