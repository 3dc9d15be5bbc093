//! A category that the host does not list.

use super::{Check, Rule};
use shopfront_diagnostics::fix::{Edit, Fix};
use shopfront_diagnostics::pointer::Pointer;
use shopfront_diagnostics::{Code, Diagnostic, Location, code};
use shopfront_model::catalogue::{Catalogue, Snippet};
use shopfront_text::names::{folded_id, nearest};

static CODE: Code = code!("unknown-category", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Catalogue(run),
};

fn run(catalogue: &Catalogue, diagnostics: &mut Vec<Diagnostic>) {
    for snippet in &catalogue.snippets {
        let listed = &catalogue.host_of(snippet).body.categories;
        if listed.is_empty() {
            continue;
        }
        for (index, category) in snippet.body.categories.iter().enumerate() {
            if listed.iter().all(|it| it.id != *category) {
                diagnostics.push(report(
                    snippet,
                    index,
                    category,
                    &listed.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(),
                ));
            }
        }
    }
}

fn report(snippet: &Snippet, index: usize, category: &str, listed: &[&str]) -> Diagnostic {
    let near = nearest(category, listed.iter().copied());
    let list = listed
        .iter()
        .map(|it| format!("`{it}`"))
        .collect::<Vec<_>>()
        .join(", ");
    let help = near.map_or_else(
        || format!("the categories are: {list}"),
        |near| format!("did you mean `{near}`?"),
    );
    let pointer = Pointer::new(format!("/categories/{index}"));
    // The same letters: there is nothing else that it could stand for.
    let mut alike = listed
        .iter()
        .filter(|it| folded_id(it) == folded_id(category));
    let same = alike.next().filter(|_| alike.next().is_none());
    let fix = same.map(|id| Fix::Edit(Edit::Set(pointer.clone(), (*id).into())));
    let place = Location::value(&snippet.path, pointer.as_str());
    CODE.at(
        place,
        "not listed",
        format!("the host `{}` has no category `{category}`", snippet.host),
    )
    .help(help)
    .fix_if(fix)
}
