//! `host update`: updates installed plugins to the newest release that fits. A failure does not
//! stop the other updates.

use pep440_rs::Version;

use super::installer::BuildPolicy;
use super::session::{Known, Session};
use super::{Options, install, list, status};
use crate::outcome::Outcome;
use shopfront_diagnostics::error::Error;
use shopfront_text::one_line;

pub(super) fn run(
    session: &mut Session,
    options: &Options,
    named: Option<&str>,
    dry_run: bool,
) -> Result<Outcome, Error> {
    let wanted = match named {
        Some(named) => vec![session.installed_one(named)?],
        // What another store lists need not be a plugin: its project may be installed because something else needs it.
        None => session
            .all_installed()
            .into_iter()
            .filter(|known| session.is_ours(known))
            .collect(),
    };
    let (mut updated, mut stdout, mut failed) = (Vec::new(), String::new(), 0);
    for known in wanted {
        let id = known.id.clone();
        match one(session, options, known, dry_run) {
            Ok(Some(Done::Would(text))) => stdout.push_str(&text),
            Ok(Some(Done::Did(known))) => updated.push(known),
            Ok(None) => {}
            Err(fault) => {
                failed = 1;
                let cure = fault
                    .cure()
                    .map(|cure| format!("; {cure}"))
                    .unwrap_or_default();
                session.notes.push(format!(
                    "`{}` stays as it is: {fault}{cure}",
                    one_line(&id, 80)
                ));
            }
        }
    }
    if dry_run || updated.is_empty() {
        let nothing = if stdout.is_empty() && failed == 0 {
            "nothing to update\n"
        } else {
            ""
        };
        return Ok(Outcome {
            stdout: stdout + nothing,
            stderr: list::notes(session),
            exit: failed,
            ..Outcome::default()
        });
    }
    let outcome = status::of(session, options, updated)?;
    Ok(Outcome {
        exit: outcome.exit | failed,
        ..outcome
    })
}

/// Result of one update.
enum Done {
    /// Output of a dry run.
    Would(String),
    /// Updated plugin.
    Did(Known),
}

fn one(
    session: &mut Session,
    options: &Options,
    known: Known,
    dry_run: bool,
) -> Result<Option<Done>, Error> {
    let (known, choice) = install::choose(session, &known.key, None)?;
    let installed = session
        .installed
        .get(&known.project)
        .filter(|installed| installed.is_whole);
    if installed.is_some_and(|it| {
        it.version
            .parse()
            .is_ok_and(|version: Version| version >= choice.version)
    }) {
        return Ok(None);
    }
    session.notes.extend(choice.notes);
    let from = if dry_run {
        BuildPolicy::Wheels
    } else {
        BuildPolicy::Any
    };
    let would = install::dry_run(session, options, &known, &choice.version, from)?;
    if dry_run {
        return Ok(Some(Done::Would(would)));
    }
    install::carry_out(session, options, &known, &choice.version)?;
    Ok(Some(Done::Did(known)))
}
