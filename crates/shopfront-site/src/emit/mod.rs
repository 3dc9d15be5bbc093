//! The published data: every format has types of its own, so that none moves when the program does.

mod answers;
mod badges;
mod details;
mod documents;
mod formats;
mod host_list;
mod hosts;
mod links;
mod open_api;

pub use answers::{AnswersDocument, answer_line, answer_schema};
pub use badges::badges;
pub use details::{detail, install};
pub(crate) use documents::freshness;
pub use documents::{Freshness, Source, all_problems};
pub(crate) use formats::api_path;
pub use formats::{Detail, EventNote, Head, IndexEntry, PluginEntry};
pub use hosts::{ReadPackage, left_out};
pub use links::{Link, of as links};

use std::io::Write;

use rayon::prelude::*;
use serde::Serialize;
use serde_json::Value;

use crate::artifact::{Artifact, Sink, Stream};
use crate::merge::Store;
use shopfront_check::schema::{Schema, Schemas};
use shopfront_diagnostics::error::{Context, Error};
use shopfront_json::SpannedJson;
use shopfront_text::names::HostId;

/// Entries per batch: enough for every core, too few to be felt in memory.
pub const CHUNK: usize = 512;

/// Writes all data of the store but what is made of one answer after the other: that is [`detail`]
/// of each entry and [`AnswersDocument`]. `read` is a way to the packages that the store serves
/// itself.
///
/// # Errors
/// When a document would break its schema, or can not be kept.
pub fn run(
    store: &Store<'_>,
    schemas: &Schemas,
    read: &ReadPackage<'_>,
    sink: &dyn Sink,
) -> Result<(), Error> {
    documents::plugins(store, schemas, sink)?;
    documents::index(store, schemas, sink)?;
    host_list::document(store, schemas, sink)?;
    documents::health(store, schemas, sink)?;
    documents::problems(store, schemas, sink)?;
    documents::changes(store, schemas, sink)?;
    open_api::document(store, schemas, sink)?;
    hosts::documents(store, schemas, read, sink)
}

/// The schemas themselves, as people and programs fetch them.
///
/// # Errors
/// When one can not be kept.
pub fn schemas(store: &Store<'_>, schemas: &Schemas, sink: &dyn Sink) -> Result<(), Error> {
    schemas
        .published(&store.file.url)
        .try_for_each(|(name, document)| {
            sink.put(Artifact::new(format!("schema/{name}"), pretty(&document)?))
        })
}

/// A small document, checked and written whole.
fn whole(
    path: &str,
    schema: &str,
    document: &impl Serialize,
    schemas: &Schemas,
    sink: &dyn Sink,
) -> Result<(), Error> {
    let document = SpannedJson::pretty(document).with_context(|| format!("writing {path}"))?;
    schemas.get(schema)?.assert_written(path, &document)?;
    sink.put(Artifact::new(path, document.into_line()))
}

/// JSON as we publish it: two spaces, a final newline.
pub fn pretty(value: &Value) -> Result<Vec<u8>, Error> {
    SpannedJson::pretty(value).map(SpannedJson::into_line)
}

/// A document that grows with the store: its head, then the list `key` of what `make` gives, one a
/// line, each held against `item_schema`. The parts are made in parallel and written in order.
fn listed<T: Sync>(
    path: &str,
    (schema, key): (&str, &str),
    head: &Head<'_>,
    items: &[T],
    make: &(dyn Fn(&T) -> Result<SpannedJson, Error> + Sync),
    schemas: &Schemas,
    sink: &dyn Sink,
) -> Result<(), Error> {
    let schema = schemas.get(schema)?;
    let item_schema = schema.part("/$defs/plugin")?;
    let mut document = serde_json::to_value(head).with_context(|| format!("writing {path}"))?;
    document[key] = Value::Array(Vec::new());
    schema.assert(path, &document)?;
    let mut stream = sink.stream(path)?;
    // The document is written as if it were whole: the empty list at its end is opened.
    let text = SpannedJson::compact(&document)
        .with_context(|| format!("writing {path}"))?
        .into_text();
    let opened = text
        .strip_suffix("]}")
        .ok_or_else(|| Error::new(format!("{path} does not end with its list")))?;
    write(&mut stream, path, opened)?;
    let mut is_first = true;
    for chunk in items.chunks(CHUNK) {
        let lines: Vec<String> = chunk
            .par_iter()
            .map(|item| line(path, item, make, &item_schema))
            .collect::<Result<_, _>>()?;
        for line in lines {
            write(&mut stream, path, if is_first { "\n" } else { ",\n" })?;
            write(&mut stream, path, &line)?;
            is_first = false;
        }
    }
    write(&mut stream, path, "\n]}\n")?;
    stream.finish()
}

fn line<T>(
    path: &str,
    item: &T,
    make: &(dyn Fn(&T) -> Result<SpannedJson, Error> + Sync),
    schema: &Schema,
) -> Result<String, Error> {
    let written = make(item).with_context(|| format!("writing {path}"))?;
    schema.assert_written(path, &written)?;
    Ok(written.into_text())
}

fn write(stream: &mut Box<dyn Stream + '_>, path: &str, text: &str) -> Result<(), Error> {
    stream
        .write_all(text.as_bytes())
        .with_context(|| format!("writing {path}"))
}

/// Returns the published path of an image of a host; `asset` is `<id>/<file>`.
pub(crate) fn image_path(host: &HostId, asset: &str) -> String {
    format!("assets/{host}/{asset}")
}
