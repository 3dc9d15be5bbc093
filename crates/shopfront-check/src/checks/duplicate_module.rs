//! Two entries of one host that load the same module.

use super::{Check, Rule};
use std::collections::HashMap;

use shopfront_diagnostics::{Code, Diagnostic, Location, code};
use shopfront_model::catalogue::{Catalogue, Snippet};

static CODE: Code = code!("duplicate-module", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Catalogue(run),
};

fn run(catalogue: &Catalogue, diagnostics: &mut Vec<Diagnostic>) {
    for host in catalogue.hosts.keys() {
        let mut by_module: HashMap<&str, Vec<&Snippet>> = HashMap::new();
        for snippet in catalogue
            .of_host(host)
            .iter()
            .filter(|it| !it.is_withdrawn())
        {
            if let Some(module_name) = &snippet.body.module_name {
                by_module.entry(module_name).or_default().push(snippet);
            }
        }
        for mut same in by_module.into_values().filter(|same| same.len() > 1) {
            same.sort_by_key(|it| &it.path);
            // Equal in project and module: `duplicate-plugin` says that already.
            diagnostics.extend(
                same.iter()
                    .skip(1)
                    .filter(|later| later.uid != same[0].uid)
                    .map(|later| report(same[0], later)),
            );
        }
    }
}

fn report(first: &Snippet, later: &Snippet) -> Diagnostic {
    let module_name = later.body.module_name.as_deref().unwrap_or_default();
    CODE.at(
        Location::value(&later.path, "/module_name"),
        format!("also loads `{module_name}`"),
        format!("two snippets load the module `{module_name}`"),
    )
    .with_secondary(
        Location::value(&first.path, "/module_name"),
        "first used here",
    )
    .help("keep one of the two files, or point this one at its own module")
}
