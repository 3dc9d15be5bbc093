//! `host`: manages the plugins of a host in a Python virtual environment. Serves as the reference
//! for consuming a store in a host application.

mod import;
mod install;
mod installer;
mod list;
mod session;
mod status;
mod stores;
mod switch;
mod smoke_test;
mod uninstall;
mod update;

use std::path::PathBuf;
use std::time::Duration;

use crate::cli::{GlobalArgs, HostCommand, Hosting, Tool};
use crate::files;
use crate::outcome::Outcome;
use session::{Access, Session};
use shopfront_diagnostics::error::Error;
use shopfront_registry::http::RetryPolicy;
use stores::{Reading, Stores};

/// Options of every command below `host`.
pub(super) struct Options {
    /// URLs and directories.
    stores: Vec<String>,
    host: Option<String>,
    environment: Option<PathBuf>,
    /// Root of a store. Copies that belong to no environment are kept there.
    root: PathBuf,
    refresh: bool,
    offline: bool,
    installer: Option<Tool>,
    index_url: Option<String>,
    /// Time limit of an import.
    limit: Duration,
    /// Prints a status line immediately: installers take long.
    say: fn(&str),
}

impl Options {
    /// Reads the stores, with copies below `cache`.
    fn stores(&self, cache: PathBuf) -> Result<Stores, Error> {
        let patience = RetryPolicy {
            request_timeout: Duration::from_secs(30),
            retries: 2,
            ..RetryPolicy::default()
        };
        Stores::open(
            &self.stores,
            Reading {
                cache,
                refresh: self.refresh,
                offline: self.offline,
                patience,
            },
        )
    }
}

/// Runs a command below `host`.
///
/// # Errors
/// Returns an error if I/O fails, or the request cannot be fulfilled.
pub fn run(common: &GlobalArgs, what: HostCommand, hosting: &Hosting) -> Result<Outcome, Error> {
    let root = files::root(&common.root)?;
    let stores = if hosting.stores.is_empty() {
        vec![root.join("dist").display().to_string()]
    } else {
        hosting.stores.clone()
    };
    let options = Options {
        stores,
        host: hosting.host.clone(),
        environment: hosting.environment.clone(),
        root,
        refresh: hosting.refresh,
        offline: common.offline,
        installer: hosting.installer,
        index_url: hosting.index_url.clone(),
        limit: Duration::from_secs(hosting.import_timeout),
        say: crate::prompt::status,
    };
    match what {
        HostCommand::List { installed, format } => {
            list::run(&Session::open(&options, Access::Read)?, installed, format)
        }
        HostCommand::Install {
            id,
            version,
            dry_run,
        } => {
            let intent = install::Intent {
                version: version.as_deref(),
                dry_run,
            };
            install::run(
                &mut Session::open(&options, Access::Write)?,
                &options,
                &id,
                &intent,
            )
        }
        HostCommand::Uninstall { id } => {
            uninstall::run(&mut Session::open(&options, Access::Write)?, &options, &id)
        }
        HostCommand::Enable { id } => switch::run(
            &mut Session::open(&options, Access::Write)?,
            &id,
            switch::To::Enabled,
        ),
        HostCommand::Disable { id } => switch::run(
            &mut Session::open(&options, Access::Write)?,
            &id,
            switch::To::Disabled,
        ),
        HostCommand::Update { id, dry_run } => update::run(
            &mut Session::open(&options, Access::Write)?,
            &options,
            id.as_deref(),
            dry_run,
        ),
        HostCommand::Status { id, format } => status::run(
            &mut Session::open(&options, Access::Write)?,
            &options,
            id.as_deref(),
            format,
        ),
        HostCommand::Try {
            ids,
            i_know_this_runs_code,
            jobs,
            python,
            report,
            format,
            ..
        } => {
            let wanted = smoke_test::Wanted {
                ids,
                is_known_to_run_code: i_know_this_runs_code,
                jobs: usize::from(jobs),
                python,
                report,
                format,
            };
            smoke_test::run(&options, &wanted)
        }
    }
}
