//! SARIF 2.1.0 (OASIS), for code scanning.

use serde_json::{Value, json};

use super::{Links, Located, Range};
use shopfront_check::checks;
use shopfront_diagnostics::{Code, Diagnostic, Label, Needs, Severity, Span};
use shopfront_text::digest;

/// Renders one run with all rules and results.
pub(super) fn text(found: &[Located<'_>], links: &Links) -> String {
    let rules: Vec<Value> = checks::ALL
        .iter()
        .map(|check| rule(check.code, links))
        .collect();
    let results: Vec<Value> = found.iter().map(result).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "shopfront", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "invocations": [{ "executionSuccessful": true }],
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    shopfront_text::workflow_commands::pretty_json(&log)
}

/// Returns the rule of a code: its sentence, its page, and the URL of the page.
fn rule(code: &Code, links: &Links) -> Value {
    let mut rule = json!({
        "id": code.name,
        "shortDescription": { "text": code.summary() },
        "fullDescription": { "text": code.summary() },
        "help": { "text": code.page, "markdown": code.page },
        "defaultConfiguration": { "level": level(code.severity) },
        "properties": { "tags": [match code.needs { Needs::Files => "catalogue", Needs::Answers => "registry", Needs::Package => "package" }] },
    });
    if let Some(store) = &links.store {
        rule["helpUri"] = format!("{store}errors/{}/", code.name).into();
    }
    rule
}

fn result(located: &Located<'_>) -> Value {
    let diagnostic = located.diagnostic;
    let help = diagnostic
        .help
        .as_deref()
        .map(|help| format!("; {help}"))
        .unwrap_or_default();
    let fix = diagnostic
        .command()
        .map(|command| format!("; to mend it, run `{command}`"))
        .unwrap_or_default();
    let related: Vec<Value> = diagnostic
        .secondary
        .iter()
        .zip(&located.secondary)
        .map(|(label, range)| location(label, range))
        .collect();
    json!({
        "ruleId": diagnostic.code.name,
        "ruleIndex": checks::ALL.iter().position(|check| check.code.name == diagnostic.code.name),
        "level": level(diagnostic.severity),
        "message": { "text": plain(&format!("{}{help}{fix}", diagnostic.message)) },
        "locations": [location(&diagnostic.primary, &located.primary)],
        "relatedLocations": related,
        "partialFingerprints": { "shopfront/v1": fingerprint(diagnostic) },
    })
}

/// Returns a fingerprint that is stable when lines move: code, file, pointer and message.
fn fingerprint(diagnostic: &Diagnostic) -> String {
    let place = &diagnostic.primary.place;
    let pointer = match &place.spot {
        Span::Whole => "",
        Span::At(pointer, _) | Span::Bytes(_, pointer) => pointer.as_str(),
    };
    let text = format!(
        "{}\n{}\n{pointer}\n{}",
        diagnostic.code.name, place.path, diagnostic.message
    );
    digest::sha256(text.as_bytes())[..32].to_owned()
}

fn location(label: &Label, range: &Range) -> Value {
    // A diagnostic of a whole file has no columns.
    let region = match range.bytes.is_empty() && range.start == range.end {
        true => json!({ "startLine": range.start.line }),
        false => json!({
            "startLine": range.start.line,
            "startColumn": range.start.column,
            "endLine": range.end.line,
            "endColumn": range.end.column,
        }),
    };
    json!({
        "physicalLocation": { "artifactLocation": { "uri": uri(&label.place.path), "uriBaseId": "%SRCROOT%" }, "region": region },
        "message": { "text": plain(&label.text) },
    })
}

/// A text that only shows what a stranger wrote: hidden characters are marked, and brackets make no link (SARIF 2.1.0, section 3.11.6).
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in shopfront_text::marked(text).chars() {
        if matches!(character, '[' | ']' | '\\') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

/// A relative reference (RFC 3986): a stranger's file name may hold anything.
fn uri(path: &str) -> String {
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'.' | b'_' | b'~');
    path.bytes()
        .map(|byte| {
            if plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
