//! A long description in another language than its type says, or one that costs too much to render.

use super::{Check, PackageContext, Rule};
use shopfront_diagnostics::Diagnostic;
use shopfront_markdown::readme::ReadmeHtml;
use shopfront_model::codes::unrenderable_description::{CODE, diagnostic as too_costly};
use shopfront_package::description::{self, Markup};

/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Package(run),
};

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let (Some(metadata), Some(text)) = (case.metadata(), description::of(case.package)) else {
        return;
    };
    // As much of it as a registry gives to a store.
    let excess = ReadmeHtml::of(
        &shopfront_text::description(text),
        metadata.value("Description-Content-Type"),
        None,
    )
    .excess;
    diagnostics.extend(excess.map(|excess| too_costly(case.whole_metadata(), excess)));
    let written_in = description::written_in(text);
    let Some(field) = metadata.one("Description-Content-Type") else {
        if written_in == Some(Markup::Markdown) {
            let message = "the long description is written in Markdown, and no `Description-Content-Type` says so";
            diagnostics.push(
                CODE.at(
                    case.whole_metadata(),
                    "no `Description-Content-Type`",
                    message,
                )
                .help(HELP),
            );
        }
        return;
    };
    // A type that is none of these is told by `malformed-metadata`.
    let kind = metadata
        .content_type()
        .map(|it| it.kind)
        .unwrap_or_default();
    let message = match (kind.as_str(), written_in) {
        ("text/markdown", Some(Markup::ReStructuredText)) => {
            "the long description is written in reStructuredText, and its type says Markdown"
        }
        ("text/x-rst", Some(Markup::Markdown)) => {
            "the long description is written in Markdown, and its type says reStructuredText"
        }
        _ => return,
    };
    diagnostics.push(
        CODE.at(
            case.place_of(field),
            "not the language of the text",
            message,
        )
        .help(HELP),
    );
}

const HELP: &str = "name the file with its right ending (`readme = \"README.md\"` or `\"README.rst\"`) in `pyproject.toml`, so that the build tool writes `text/markdown` or `text/x-rst`";
