//! Part of a plugin that Fuel's web interface loads: `ui_static/`, whose `plugin.js` is an AMD
//! module.

use shopfront_diagnostics::Diagnostic;
use shopfront_model::adapter;
use shopfront_model::bundle::Bundle;
use shopfront_model::codes::missing_member;
use shopfront_model::codes::no_amd_module;
use shopfront_model::codes::unloaded_interface;

use super::part::{Is, Part};

pub(super) const FOLDER: &str = "ui_static";
/// Script that is loaded first.
pub(super) const ENTRY: &str = "ui_static/plugin.js";

/// Reports all problems of the interface of a plugin with the manifest `metadata`.
pub(super) fn run(bundle: &Bundle, metadata: &Part, found: &mut Vec<Diagnostic>) {
    let ui = metadata.get("ui");
    let Some(ui) = ui.filter(|ui| matches!(ui.is, Is::Bool(true))) else {
        if bundle.has_folder(FOLDER) {
            let place = ui.map_or_else(|| metadata.place.clone(), |ui| ui.place.clone());
            found.push(unloaded_interface::diagnostic(place, FOLDER));
        }
        return;
    };
    if !bundle.has(ENTRY) {
        if bundle.is_listed_whole() {
            let message = format!("`ui` is true, and the package has no file `{ENTRY}`");
            let help = format!("add `{ENTRY}`, a module that calls `define(`, or take `ui` out");
            found.push(
                missing_member::diagnostic(ui.place.clone(), format!("no `{ENTRY}`"), message)
                    .help(help),
            );
        }
        return;
    }
    if bundle
        .bytes(ENTRY)
        .is_some_and(|bytes| !calls_define(&String::from_utf8_lossy(bytes)))
    {
        found.push(no_amd_module::diagnostic(bundle.whole_member(ENTRY), ENTRY));
    }
}

/// So many files of an interface are served, of so many bytes each.
const MOST_FILES: usize = 500;
const MOST_BYTES: u64 = 4 << 20;

/// Returns the files of the interface that a store may serve, by their path below its directory,
/// sorted.
pub(super) fn served(bundle: &Bundle) -> Vec<String> {
    let folder = format!("{}{FOLDER}/", bundle.root);
    let files = bundle
        .scan
        .files()
        .filter(|member| member.size <= MOST_BYTES);
    let mut served: Vec<String> = files
        .filter_map(|member| member.name.strip_prefix(&folder))
        .filter(|path| may_be_served(path))
        .map(str::to_owned)
        .collect();
    served.sort();
    served.dedup();
    served.truncate(MOST_FILES);
    served
}

fn may_be_served(path: &str) -> bool {
    let is_plain = |step: &str| {
        !step.is_empty()
            && !step.starts_with('.')
            && step.bytes().all(|it| {
                it.is_ascii_alphanumeric() || matches!(it, b'.' | b'_' | b'-' | b'@' | b'+')
            })
    };
    path.len() <= 200 && path.split('/').all(is_plain) && adapter::may_be_served(path)
}

/// Returns `true` if a script calls `define` outside its comments and strings.
fn calls_define(script: &str) -> bool {
    let bytes = script.as_bytes();
    let is_of_a_name = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'.') || !byte.is_ascii()
    };
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        at += match rest {
            [b'/', b'/', ..] => rest
                .iter()
                .position(|byte| *byte == b'\n')
                .unwrap_or(rest.len()),
            [b'/', b'*', ..] => rest
                .windows(2)
                .skip(2)
                .position(|pair| pair == b"*/")
                .map_or(rest.len(), |end| end + 4),
            [quote @ (b'"' | b'\'' | b'`'), ..] => end_of_text(rest, *quote),
            _ if rest.starts_with(b"define")
                && !at
                    .checked_sub(1)
                    .is_some_and(|before| is_of_a_name(bytes[before])) =>
            {
                let behind = &rest["define".len()..];
                if behind.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'(') {
                    return true;
                }
                "define".len()
            }
            _ => 1,
        };
    }
    false
}

/// Returns the length in bytes of the quoted string at the start of `rest`. A string in single or
/// double quotes ends at the latest with its line.
fn end_of_text(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            b'\n' if quote != b'`' => return at,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::{calls_define, may_be_served};

    #[test]
    fn only_a_call_is_a_call() {
        for script in [
            "define([], function() {})",
            "/* x */define (\n['a'])",
            "'it''s';define({})",
            "if(a)define(b)",
            "// x\ndefine({})",
        ] {
            assert!(calls_define(script), "{script}");
        }
        let others = [
            "",
            "// define(",
            "/* define( */",
            "'define('",
            "predefine()",
            "a.define()",
            "define = 1",
            "`define(`",
            "defined()",
            "'define(",
        ];
        for script in others {
            assert!(!calls_define(script), "{script}");
        }
    }

    #[test]
    fn no_page_is_served() {
        for path in [
            "plugin.js",
            "img/a.PNG",
            "fonts/a-b@2x.woff2",
            "nls/de.json",
        ] {
            assert!(may_be_served(path), "{path}");
        }
        for path in [
            "a.html",
            "a.svg",
            "a",
            ".js",
            "../a.js",
            "a//b.js",
            "a/.git/b.js",
            "a b.js",
            "a.xhtml",
            "x\\a.js",
        ] {
            assert!(!may_be_served(path), "{path}");
        }
    }
}
