//! `answers.json`: all that the registries said, in one document, so that the next build never starts blind.

use std::collections::BTreeSet;
use std::io::Write;

use rayon::prelude::*;
use serde_json::Value;

use super::CHUNK;
use super::formats::Head;
use crate::answers::ProjectKey;
use crate::artifact::Sink;
use crate::error::{Doing, Error};
use crate::merge::Store;
use crate::schema::Schemas;
use crate::shelf::Shelf;

const PATH: &str = "answers.json";

/// Writes every saved answer that the catalogue needs, one a line, then the ledger.
pub(super) fn document(store: &Store<'_>, shelf: &Shelf, schemas: &Schemas, sink: &dyn Sink) -> Result<(), Error> {
    let schema = schemas.get("api-answers.schema.json")?;
    let item_schema = schema.part("/$defs/answer")?;
    let projects: BTreeSet<ProjectKey> = store.catalogue.projects();
    let projects: Vec<ProjectKey> = projects.into_iter().collect();
    let mut document = serde_json::to_value(Head::of(store)).doing(|| format!("writing {PATH}"))?;
    document["answers"] = Value::Array(Vec::new());
    document["ledger"] = serde_json::to_value(&store.ledger).doing(|| format!("writing {PATH}"))?;
    schema.assert(PATH, &document)?;
    let text = serde_json::to_string(&document).doing(|| format!("writing {PATH}"))?;
    // The ledger stands behind the answers: it is written when they are.
    let (head, tail) = text.split_once("\"answers\":[").ok_or_else(|| Error::new(format!("{PATH} has no list")))?;
    let mut stream = sink.stream(PATH)?;
    let mut write = |text: &str| stream.write_all(text.as_bytes()).doing(|| format!("writing {PATH}"));
    write(head)?;
    write("\"answers\":[")?;
    let mut is_first = true;
    for chunk in projects.chunks(CHUNK) {
        let line = |key: &ProjectKey| -> Result<Option<String>, Error> {
            let Some(answer) = shelf.answer(key)? else { return Ok(None) };
            let value = serde_json::to_value(&answer).doing(|| format!("writing {PATH}"))?;
            item_schema.assert(PATH, &value)?;
            serde_json::to_string(&value).doing(|| format!("writing {PATH}")).map(Some)
        };
        let lines: Vec<Option<String>> = chunk.par_iter().map(line).collect::<Result<_, _>>()?;
        for line in lines.into_iter().flatten() {
            write(if is_first { "\n" } else { ",\n" })?;
            write(&line)?;
            is_first = false;
        }
    }
    write("\n")?;
    write(tail)?;
    write("\n")?;
    stream.finish()
}
