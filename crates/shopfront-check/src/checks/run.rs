//! Runs the checks of the table, each by the rule that it has.

use super::{
    ALL, AnswerContext, ArchiveContext, Check, HistoryContext, PackageContext, ProjectContext, Rule,
};
use shopfront_diagnostics::{self as diagnostic, Diagnostic};
use shopfront_model::answers::Answer;
use shopfront_model::catalogue::{Catalogue, Host};

/// Every fault that shows in the catalogue as a whole.
pub fn run(catalogue: &Catalogue) -> Vec<Diagnostic> {
    use rayon::prelude::*;
    let of_rule = |check: &&Check| {
        let mut diagnostics = Vec::new();
        if let Rule::Catalogue(run) = check.rule {
            run(catalogue, &mut diagnostics);
        }
        diagnostics
    };
    ALL.par_iter().flat_map_iter(of_rule).collect()
}

/// Every fault of one snippet that shows in what its registry said. A tombstone has none: nothing
/// of it is used.
pub fn run_answer(case: &AnswerContext<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    if case.snippet.is_withdrawn() {
        return diagnostics;
    }
    let project = ProjectContext::of_plugin(case);
    for check in ALL {
        match check.rule {
            Rule::Answer(run) | Rule::AnswerOrPackage(run, _) => run(case, &mut diagnostics),
            Rule::Project(run) => run(&project, &mut diagnostics),
            _ => {}
        }
    }
    diagnostics
}

/// Every fault of the own project of a host that shows in what its registry said.
pub fn run_host(host: &Host, answer: &Answer) -> Vec<Diagnostic> {
    let project = ProjectContext::of_host(host, answer);
    let mut diagnostics = Vec::new();
    for check in ALL {
        if let Rule::Project(run) = check.rule {
            run(&project, &mut diagnostics);
        }
    }
    diagnostics
}

/// A stranger's package may have one fault a hundred thousand times: so many are told, and show
/// what is wrong.
const MOST_OF_ONE_CHECK: usize = 20;

/// Every fault of one package file, [`MOST_OF_ONE_CHECK`] of each kind.
pub fn run_package(case: &PackageContext<'_>) -> Vec<Diagnostic> {
    let archive = ArchiveContext::of_package(case.package);
    let mut diagnostics = Vec::new();
    for check in ALL {
        let told = diagnostics.len();
        match check.rule {
            Rule::Archive(run) => run(&archive, &mut diagnostics),
            Rule::Package(run) | Rule::AnswerOrPackage(_, run) => run(case, &mut diagnostics),
            _ => continue,
        }
        diagnostic::keep_few(&mut diagnostics, told, MOST_OF_ONE_CHECK);
    }
    diagnostics.extend(case.hidden_in_metadata().take(MOST_OF_ONE_CHECK));
    diagnostics
}

/// Returns the diagnostics of an archive as such, at most [`MOST_OF_ONE_CHECK`] of each kind.
pub fn run_archive(case: &ArchiveContext<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for check in ALL {
        if let Rule::Archive(run) = check.rule {
            let told = diagnostics.len();
            run(case, &mut diagnostics);
            diagnostic::keep_few(&mut diagnostics, told, MOST_OF_ONE_CHECK);
        }
    }
    diagnostics
}

/// Every fault that shows when the catalogue is held against what it was before.
pub fn run_past(past: &HistoryContext<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for check in ALL {
        if let Rule::History(run) = check.rule {
            run(past, &mut diagnostics);
        }
    }
    diagnostics
}

/// The check with this code.
pub fn find(code: &str) -> Option<&'static Check> {
    ALL.iter().copied().find(|check| check.code.name == code)
}
