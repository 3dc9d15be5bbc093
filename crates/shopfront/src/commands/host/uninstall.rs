//! `host uninstall`: uninstalls a plugin and deletes its record.

use super::installer::Installer;
use super::session::Session;
use super::{Options, list};
use crate::client::{PendingOperation, What};
use crate::clock;
use crate::outcome::Outcome;
use shopfront_diagnostics::error::Error;

pub(super) fn run(session: &mut Session, options: &Options, named: &str) -> Result<Outcome, Error> {
    let known = session.installed_one(named)?;
    let installed = session.installed[&known.project].clone();
    (options.say)(&format!(
        "uninstalling {} {}",
        known.project, installed.version
    ));
    session.record(&known);
    let doing = PendingOperation {
        what: What::Uninstall,
        plugin: known.key.clone(),
        version: installed.version.clone(),
        since: clock::now(),
    };
    session.state.doing = Some(doing);
    session.save()?;
    let result = if installed.is_whole {
        Installer::find(options.installer)?
            .uninstall(&session.environment, &known.project, session.lock.as_ref())
            .map(drop)
    } else {
        // Installers remove nothing without a list of installed files.
        session.notes.push(format!(
            "its installation was broken off: what it left of `{}` may stay",
            known.module_name
        ));
        session.environment.remove_partial(&installed)
    };
    session.state.doing = None;
    session.look()?;
    if !session.installed.contains_key(&known.project) {
        session.state.plugins.remove(&known.key);
    }
    session.save()?;
    result?;
    Ok(Outcome {
        stdout: format!("`{}` is uninstalled\n", known.id),
        stderr: list::notes(session),
        ..Outcome::default()
    })
}
