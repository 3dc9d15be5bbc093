//! Two entries of one host that are the same plugin.

use super::{Check, Rule};
use std::collections::HashMap;

use shopfront_diagnostics::{Code, Diagnostic, code};
use shopfront_model::catalogue::{Catalogue, Snippet};

static CODE: Code = code!("duplicate-plugin", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Catalogue(run),
};

fn run(catalogue: &Catalogue, diagnostics: &mut Vec<Diagnostic>) {
    for host in catalogue.hosts.keys() {
        let mut by_uid: HashMap<&str, Vec<&Snippet>> = HashMap::new();
        for snippet in catalogue
            .of_host(host)
            .iter()
            .filter(|it| !it.is_withdrawn())
        {
            by_uid.entry(&snippet.uid.0).or_default().push(snippet);
        }
        for mut same in by_uid.into_values().filter(|same| same.len() > 1) {
            same.sort_by_key(|it| &it.path);
            diagnostics.extend(same.iter().skip(1).map(|later| report(same[0], later)));
        }
    }
}

fn report(first: &Snippet, later: &Snippet) -> Diagnostic {
    let message = format!(
        "`{}` and `{}` are the same plugin: one project, one module",
        first.id, later.id
    );
    CODE.at(later.source_place(), "listed again", message)
        .with_secondary(first.source_place(), "listed first")
        .help("keep one of the two files; a plugin that was renamed names its old id under `formerly`")
}
