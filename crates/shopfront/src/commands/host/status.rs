//! `host status`: imports the installed and enabled plugins, and records the results.

use super::import::{self, Import};
use super::session::{Known, Session};
use super::{Options, list};
use crate::cli::ListFormat;
use crate::client::{self, Status};
use crate::clock;
use crate::outcome::Outcome;
use crate::processes;
use crate::venv::TempWorkDir;
use shopfront_diagnostics::error::Error;

pub(super) fn run(
    session: &mut Session,
    options: &Options,
    named: Option<&str>,
    format: ListFormat,
) -> Result<Outcome, Error> {
    let wanted = match named {
        Some(named) => vec![session.installed_one(named)?],
        None => session.all_installed(),
    };
    let exit = import_all(session, options, &wanted)?;
    let outcome = list::told(session, list::rows(session, &wanted), format)?;
    Ok(Outcome { exit, ..outcome })
}

/// Imports each of `wanted` and returns their rows.
pub(super) fn of(
    session: &mut Session,
    options: &Options,
    wanted: Vec<Known>,
) -> Result<Outcome, Error> {
    let exit = import_all(session, options, &wanted)?;
    Ok(Outcome {
        stdout: client::rows_text(&list::rows(session, &wanted)),
        stderr: list::notes(session),
        exit,
        ..Outcome::default()
    })
}

/// Returns 1 if an import failed, else 0.
fn import_all(session: &mut Session, options: &Options, wanted: &[Known]) -> Result<u8, Error> {
    let mut exit = 0;
    for known in wanted {
        let is_enabled = session
            .state
            .plugins
            .get(&known.key)
            .is_none_or(|record| record.enabled);
        let Some(installed) = session
            .installed
            .get(&known.project)
            .cloned()
            .filter(|_| is_enabled)
        else {
            continue;
        };
        let folder = TempWorkDir::new()?;
        let import = Import {
            module_name: &known.module_name,
            kind: session.host.kind,
            limit: options.limit,
            folder: folder.path(),
            // The host itself would pass its whole environment, too.
            gets: processes::EnvPolicy::Kept,
        };
        let outcome = import::run(&session.environment, &import)?;
        exit |= u8::from(outcome != client::Outcome::Imported);
        let status = Status {
            version: installed.version.clone(),
            installed_at: installed.installed_at,
            checked_at: clock::now(),
            outcome,
        };
        session.record(known).status = Some(status);
        session.save()?;
    }
    Ok(exit)
}
