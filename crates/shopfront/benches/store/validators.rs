//! JSON Schema validators on the command line: the peers of `check`, which does that and much more.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use shopfront_diagnostics::error::{Context, Error};

use crate::generate::{pretty, snippet_path, write};
use crate::measure::{Call, find};
use crate::plugin::plugin;

struct Peer {
    /// Name of the project.
    name: &'static str,
    program: &'static str,
    /// Environment variable with the path of the program, if it is not on the PATH.
    variable: &'static str,
    /// Arguments before the schema.
    before_schema: &'static [&'static str],
    /// Arguments before each file.
    before_file: &'static [&'static str],
}

#[rustfmt::skip]
const PEERS: &[Peer] = &[
    Peer { name: "jsonschema (Rust)", program: "jsonschema-cli", variable: "BENCH_JSONSCHEMA_CLI", before_schema: &["validate"], before_file: &["-i"] },
    Peer { name: "boon", program: "boon", variable: "BENCH_BOON", before_schema: &["--quiet"], before_file: &[] },
    Peer { name: "sourcemeta jsonschema", program: "jsonschema-sourcemeta", variable: "BENCH_SOURCEMETA", before_schema: &["validate"], before_file: &[] },
    Peer { name: "ajv-cli", program: "ajv", variable: "BENCH_AJV", before_schema: &["validate", "--spec=draft2020", "-s"], before_file: &["-d"] },
    Peer { name: "check-jsonschema", program: "check-jsonschema", variable: "BENCH_CHECK_JSONSCHEMA", before_schema: &["--schemafile"], before_file: &[] },
];

/// Maximum size of the arguments of a program, in bytes. Linux allows two million, including the
/// environment.
const MOST_ARGUMENTS: usize = 1_800_000;

/// Returns every installed peer, each with the command that checks all snippets of the store at
/// `root`.
pub(crate) fn calls(
    root: &Path,
    scratch: &Path,
    count: usize,
) -> Result<Vec<(&'static str, Call)>, Error> {
    let schema = scratch.join("plugin.schema.json");
    write(&schema, &pretty(&schema_for_peers()?))?;
    // Relative to their directory, so that the paths are short.
    let short = |index: usize| {
        snippet_path(Path::new("catalogue"), &plugin(index))
            .components()
            .skip(1)
            .collect::<PathBuf>()
    };
    let files: Vec<PathBuf> = (0..count).map(short).collect();
    let length = |more: usize| {
        files
            .iter()
            .map(|file| file.as_os_str().len() + 9 + more)
            .sum::<usize>()
    };
    let mut calls = Vec::new();
    for peer in PEERS {
        let Some(program) = find(peer.program, peer.variable) else {
            continue;
        };
        let separators: usize = peer.before_file.iter().map(|it| it.len() + 9).sum();
        if length(separators) > MOST_ARGUMENTS {
            continue;
        }
        let mut call = Call::new(program, root)
            .arguments(peer.before_schema)
            .arguments([&schema]);
        for file in &files {
            call = call.arguments(peer.before_file).arguments([file]);
        }
        calls.push((peer.name, call));
    }
    Ok(calls)
}

/// Returns the schema of all snippets with all references resolved, for peers that do not support
/// them. It also lacks the project's own formats, which no peer has. The peers therefore do less
/// work than `check`.
fn schema_for_peers() -> Result<Value, Error> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schema/plugin.schema.json");
    let bytes = fs::read(&path).with_context(|| "reading schema/plugin.schema.json".to_owned())?;
    let schema: Value = serde_json::from_slice(&bytes)
        .with_context(|| "reading schema/plugin.schema.json".to_owned())?;
    let mut plain = plain(&schema, &schema);
    if let Some(members) = plain.as_object_mut() {
        members.remove("$defs");
    }
    Ok(plain)
}

fn plain(part: &Value, whole: &Value) -> Value {
    match part {
        Value::Object(members) => {
            if let Some(found) = members
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|it| whole.pointer(it.strip_prefix('#')?))
            {
                return plain(found, whole);
            }
            let is_kept = |key: &str| {
                !matches!(key, "format" | "examples" | "description") && !key.starts_with("x-")
            };
            members
                .iter()
                .filter(|(key, value)| is_kept(key) || value.is_object())
                .map(|(key, value)| (key.clone(), plain(value, whole)))
                .collect()
        }
        Value::Array(items) => items.iter().map(|item| plain(item, whole)).collect(),
        other => other.clone(),
    }
}
