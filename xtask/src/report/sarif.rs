//! SARIF 2.1.0 (OASIS), for code scanning.

use serde_json::{Value, json};

use super::{Located, Range};
use crate::checks;
use crate::diagnostic::{Label, Severity};

/// One run with every rule and every result.
pub(super) fn text(found: &[Located<'_>]) -> String {
    let rules: Vec<Value> = checks::ALL
        .iter()
        .map(|check| {
            json!({
                "id": check.code.name,
                "shortDescription": { "text": check.code.summary() },
                "help": { "text": check.code.page, "markdown": check.code.page },
                "defaultConfiguration": { "level": level(check.code.severity) },
            })
        })
        .collect();
    let results: Vec<Value> = found.iter().map(result).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "shopfront", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn result(located: &Located<'_>) -> Value {
    let diagnostic = located.diagnostic;
    let help = diagnostic.help.as_deref().map(|help| format!("; {help}")).unwrap_or_default();
    let related: Vec<Value> = diagnostic.others.iter().zip(&located.others).map(|(label, range)| location(label, range)).collect();
    json!({
        "ruleId": diagnostic.code.name,
        "ruleIndex": checks::ALL.iter().position(|check| check.code.name == diagnostic.code.name),
        "level": level(diagnostic.severity),
        "message": { "text": format!("{}{help}", diagnostic.message) },
        "locations": [location(&diagnostic.primary, &located.primary)],
        "relatedLocations": related,
    })
}

fn location(label: &Label, range: &Range) -> Value {
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(&label.place.path) },
            "region": {
                "startLine": range.start.line,
                "startColumn": range.start.column,
                "endLine": range.end.line,
                "endColumn": range.end.column,
            },
        },
        "message": { "text": label.text },
    })
}

/// A relative reference (RFC 3986): a stranger's file name may hold anything.
fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'.' | b'_' | b'~');
    path.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
