//! Plugins that have no release for the newest major version of their host.

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Location, code};
use shopfront_model::catalogue::Host;

static CODE: Code = code!("behind-newest-host", Warning, Answers);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Build,
};

/// So many ids stand in the message.
const MOST: usize = 20;

/// The plugins `behind` of `host` have no release for its version `major`, and `ready` others have
/// one.
pub fn diagnostic(host: &Host, major: &str, behind: &[&str], ready: usize) -> Diagnostic {
    let title = &host.body.title;
    let more = if behind.len() > MOST {
        format!(" and {} more", behind.len() - MOST)
    } else {
        String::new()
    };
    let shown = behind
        .iter()
        .take(MOST)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    let message = format!(
        "{} of {} plugins have no release for {title} {major}: {shown}{more}",
        behind.len(),
        behind.len() + ready
    );
    CODE.at(Location::whole(&host.path), "moved on", message)
        .help("tell their authors; `lifecycle` says it of one that nobody works on")
}
