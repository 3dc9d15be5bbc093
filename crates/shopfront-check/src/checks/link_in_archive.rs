//! A member that is neither a file nor a folder.

use super::{ArchiveContext, Check, Rule, odd_message};
use shopfront_archive::{AnomalyKind, MemberKind};
use shopfront_diagnostics::{Code, Diagnostic, Severity, code};

static CODE: Code = code!("link-in-archive", Error, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Archive(run),
};

fn run(case: &ArchiveContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let is_sdist = case.is_sdist;
    let is_link = |name: &String| {
        case.scan
            .member(name)
            .is_some_and(|member| member.kind == MemberKind::Link)
    };
    for anomaly in case.anomalies(AnomalyKind::Link) {
        let mut fault = CODE
            .at(case.whole(), "no plain file", odd_message(anomaly))
            .help("put the file itself in its place");
        // Source distributions have links within them, and PEP 721 unpacks them; those that lead
        // out are another fault.
        if is_sdist && anomaly.member.as_ref().is_some_and(is_link) {
            fault.severity = Severity::Warning;
        }
        diagnostics.push(fault);
    }
}
