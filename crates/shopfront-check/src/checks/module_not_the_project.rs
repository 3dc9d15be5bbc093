//! A module of Forecast in a Box that is not called like its project.

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Location, code};
use shopfront_model::catalogue::Catalogue;
use shopfront_text::names::normal_project;

static CODE: Code = code!("module-not-the-project", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Catalogue(run),
};

fn run(catalogue: &Catalogue, diagnostics: &mut Vec<Diagnostic>) {
    for snippet in &catalogue.snippets {
        let Some(module_name) = &snippet.body.module_name else {
            continue;
        };
        if catalogue.host_of(snippet).kind.name != "fiab"
            || normal_project(module_name) == snippet.source.name
        {
            continue;
        }
        let message = format!(
            "the module `{module_name}` is not called like the project `{}`",
            snippet.source.name
        );
        diagnostics.push(
            CODE.at(
                Location::value(&snippet.path, "/module_name"),
                "another name",
                message,
            )
            .with_secondary(snippet.source_place(), "the project")
            .help(format!(
                "write `{}`; when the package really holds another module, rename that",
                snippet.source.name.replace('-', "_")
            )),
        );
    }
}
