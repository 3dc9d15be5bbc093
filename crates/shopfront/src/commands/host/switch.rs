//! `host enable` and `host disable`: whether the host is to load a plugin. It stays installed.

use super::list;
use super::session::Session;
use crate::outcome::Outcome;
use shopfront_diagnostics::error::Error;

/// What a plugin becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum To {
    /// The host loads it.
    Enabled,
    /// It does not.
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
