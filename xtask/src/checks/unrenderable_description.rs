//! A long description that no page can show as it was meant.

use super::{Check, PackageCase, Rule, one_line};
use crate::diagnostic::{Code, Diagnostic, code};
use crate::package::description::{self, ContentType, Markup};

static CODE: Code = code!("unrenderable-description", Warning, Package);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Package(run) };

fn run(case: &PackageCase<'_>, found: &mut Vec<Diagnostic>) {
    let (Some(metadata), Some(text)) = (case.metadata(), description::of(case.package)) else { return };
    let Some(field) = metadata.one("Description-Content-Type") else {
        if description::written_in(text) == Some(Markup::Markdown) {
            let message = "the long description is written in Markdown, and no `Description-Content-Type` says so";
            found.push(CODE.at(case.whole_metadata(), "no `Description-Content-Type`", message).help(HELP));
        }
        return;
    };
    let fault = match ContentType::parse(&field.value) {
        Err(fault) => format!("the type of the long description, `{}`, {fault}", one_line(&field.value)),
        Ok(ContentType::Markdown) if description::written_in(text) == Some(Markup::ReStructuredText) => {
            "the long description is written in reStructuredText, and its type says Markdown".to_owned()
        }
        Ok(ContentType::ReStructuredText) if description::written_in(text) == Some(Markup::Markdown) => {
            "the long description is written in Markdown, and its type says reStructuredText".to_owned()
        }
        Ok(_) => return,
    };
    found.push(CODE.at(case.place_of(field), "not what the text is", fault).help(HELP));
}

const HELP: &str = "name the file with its right ending (`readme = \"README.md\"` or `\"README.rst\"`) in `pyproject.toml`, so that the build tool writes `text/markdown` or `text/x-rst`";
