//! A newest release that is known to be vulnerable.

use super::AnswerContext;
use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, code};
use shopfront_model::answers::Vulnerability;

static CODE: Code = code!("vulnerable-release", Warning, Answers);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Answer(run),
};

/// So many vulnerabilities stand in a message; the page has all of them.
const MOST: usize = 3;

fn run(case: &AnswerContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let (Some(project), Some((release, _))) = (case.answer.found(), case.newest()) else {
        return;
    };
    let known = project
        .facts_of(release)
        .map(|facts| facts.vulnerabilities.as_slice())
        .unwrap_or_default();
    if known.is_empty() {
        return;
    }
    let mut told: Vec<String> = known.iter().take(MOST).map(one).collect();
    if known.len() > MOST {
        told.push(format!("and {} more", known.len() - MOST));
    }
    let message = format!(
        "`{}` {}, its newest release, is known to be vulnerable: {}",
        project.name,
        release.version,
        told.join(", ")
    );
    diagnostics.push(
        CODE.at(
            case.snippet.source_place(),
            "known vulnerabilities",
            message,
        )
        .help("upload a release that is free of them"),
    );
}

/// "PYSEC-2026-7 (CVE-2026-1234, fixed in 1.2)".
fn one(known: &Vulnerability) -> String {
    let cve = known
        .aliases
        .iter()
        .find(|alias| alias.starts_with("CVE-"))
        .map(|alias| super::one_line(alias));
    let fixed = if known.fixed_in.is_empty() {
        None
    } else {
        Some(format!(
            "fixed in {}",
            super::one_line(&known.fixed_in.join(", "))
        ))
    };
    let notes: Vec<String> = [cve, fixed].into_iter().flatten().collect();
    let id = super::one_line(&known.id);
    if notes.is_empty() {
        id
    } else {
        format!("{id} ({})", notes.join(", "))
    }
}
