//! `host enable` and `host disable`: set if the host loads a plugin. The plugin stays installed.

use super::list;
use super::session::Session;
use crate::outcome::Outcome;
use shopfront_diagnostics::error::Error;

/// New state of a plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum To {
    /// The host loads it.
    Enabled,
    /// The host does not load it.
    Disabled,
}

pub(super) fn run(session: &mut Session, named: &str, to: To) -> Result<Outcome, Error> {
    let known = session.installed_one(named)?;
    session.record(&known).enabled = to == To::Enabled;
    session.save()?;
    let word = match to {
        To::Enabled => "enabled",
        To::Disabled => "disabled",
    };
    Ok(Outcome {
        stdout: format!("`{}` is {word}\n", known.id),
        stderr: list::notes(session),
        ..Outcome::default()
    })
}
