//! A successor that is not in the store.

use super::{Check, Rule};
use shopfront_diagnostics::fix::{Edit, Fix};
use shopfront_diagnostics::pointer::Pointer;
use shopfront_diagnostics::{Code, Diagnostic, Location, code};
use shopfront_model::catalogue::Catalogue;
use shopfront_text::names::{folded_id, nearest};

static CODE: Code = code!("unknown-successor", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Catalogue(run),
};

fn run(catalogue: &Catalogue, diagnostics: &mut Vec<Diagnostic>) {
    for snippet in &catalogue.snippets {
        let Some(successor) = snippet
            .body
            .lifecycle
            .as_ref()
            .and_then(|it| it.successor.as_deref())
        else {
            continue;
        };
        let of_host = catalogue.of_host(&snippet.host);
        if of_host.iter().any(|it| it.id == successor) {
            continue;
        }
        let renamed = of_host
            .iter()
            .find(|it| it.body.formerly.iter().any(|id| id == successor))
            .map(|it| it.id.as_str());
        let near = renamed.or_else(|| {
            nearest(
                successor,
                of_host
                    .iter()
                    .map(|it| it.id.as_str())
                    .filter(|id| *id != snippet.id),
            )
        });
        let same = || {
            of_host
                .iter()
                .map(|it| it.id.as_str())
                .find(|id| folded_id(id) == folded_id(successor) && *id != snippet.id)
        };
        let certain = renamed.filter(|id| *id != snippet.id).or_else(same);
        let message = format!("the host `{}` has no entry `{successor}`", snippet.host);
        diagnostics.push(
            CODE.at(
                Location::value(&snippet.path, "/lifecycle/successor"),
                "not in the store",
                message,
            )
            .help(near.map_or_else(
                || "name the id of an entry of the same host, or take the line out".to_owned(),
                |near| format!("did you mean `{near}`?"),
            ))
            .fix_if(
                certain.map(|id| {
                    Fix::Edit(Edit::Set(Pointer::new("/lifecycle/successor"), id.into()))
                }),
            ),
        );
    }
}
