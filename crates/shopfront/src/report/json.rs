//! JSON report for programs: an array of objects, with `null` for absent values.

use serde::Serialize;

use super::{Located, Range};
use shopfront_diagnostics::{Label, Span};

/// Renders the array in the order of the report.
pub(super) fn text(found: &[Located<'_>]) -> String {
    let faults: Vec<Fault<'_>> = found.iter().map(fault).collect();
    shopfront_text::workflow_commands::pretty_json(&faults)
}

/// Diagnostic as JSON.
#[derive(Serialize)]
pub(super) struct Fault<'d> {
    code: &'static str,
    severity: String,
    message: &'d str,
    #[serde(flatten)]
    at: Place<'d>,
    pointer: Option<&'d str>,
    labels: Vec<Other<'d>>,
    help: Option<&'d str>,
    fix: Option<String>,
    explain: Option<String>,
}

#[derive(Serialize)]
struct Place<'d> {
    path: &'d str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
struct Other<'d> {
    #[serde(flatten)]
    at: Place<'d>,
    message: &'d str,
}

pub(super) fn fault<'d>(located: &'d Located<'_>) -> Fault<'d> {
    let diagnostic = located.diagnostic;
    let pointer = match &diagnostic.primary.place.spot {
        Span::Whole => None,
        Span::At(pointer, _) | Span::Bytes(_, pointer) => Some(pointer.as_str()),
    };
    Fault {
        code: diagnostic.code.name,
        severity: diagnostic.severity.to_string(),
        message: &diagnostic.message,
        at: place(&diagnostic.primary, &located.primary),
        pointer,
        labels: diagnostic
            .secondary
            .iter()
            .zip(&located.secondary)
            .map(|(label, range)| Other {
                at: place(label, range),
                message: &label.text,
            })
            .collect(),
        help: diagnostic.help.as_deref(),
        fix: diagnostic.command(),
        explain: Some(format!(
            "{} explain {}",
            shopfront_diagnostics::program::name(),
            diagnostic.code.name
        )),
    }
}

fn place<'d>(label: &'d Label, range: &Range) -> Place<'d> {
    Place {
        path: &label.place.path,
        line: range.start.line,
        column: range.start.column,
        end_line: range.end.line,
        end_column: range.end.column,
    }
}
