//! `answers.json`: all that the registries said, in one document, so that the next build never
//! starts blind.

use std::collections::BTreeMap;
use std::io::Write;

use super::formats::Head;
use crate::artifact::{Sink, Stream};
use crate::merge::Store;
use shopfront_check::schema::{Schema, Schemas};
use shopfront_diagnostics::error::{Context, Error};
use shopfront_json::SpannedJson;
use shopfront_model::answers::{Answer, Ledger};

const PATH: &str = "answers.json";

/// The document while it is written: answers come one by one, in the order of their projects; the
/// ledger stands behind them. It is never in memory as a whole: it grows with the store.
pub struct AnswersDocument<'s> {
    stream: Box<dyn Stream + 's>,
    /// What stands between the answers and the entries of the ledger, and what stands behind
    /// those.
    tail: (String, String),
    past: &'s Ledger,
    past_schema: Schema,
    is_first: bool,
}

/// The schema of one answer in the document.
///
/// # Errors
/// When there is none.
pub fn answer_schema(schemas: &Schemas) -> Result<Schema, Error> {
    schemas
        .get("api-answers.schema.json")?
        .part("/$defs/answer")
}

/// One answer as the document holds it.
///
/// # Errors
/// When it would break `schema`.
pub fn answer_line(answer: &Answer, schema: &Schema) -> Result<String, Error> {
    let written = SpannedJson::compact(answer).with_context(|| format!("writing {PATH}"))?;
    schema.assert_written(PATH, &written)?;
    Ok(written.into_text())
}

impl<'s> AnswersDocument<'s> {
    /// Begins the document.
    ///
    /// # Errors
    /// When what stands around the answers would break the schema, or can not be kept.
    pub fn begin(
        store: &'s Store<'_>,
        schemas: &Schemas,
        sink: &'s dyn Sink,
    ) -> Result<AnswersDocument<'s>, Error> {
        let mut document =
            serde_json::to_value(Head::of(store)).with_context(|| format!("writing {PATH}"))?;
        document["answers"] = serde_json::json!([]);
        let without_entries = Ledger {
            entries: BTreeMap::new(),
            last_change: store.ledger.last_change.clone(),
            ..store.ledger
        };
        document["ledger"] =
            serde_json::to_value(without_entries).with_context(|| format!("writing {PATH}"))?;
        let schema = schemas.get("api-answers.schema.json")?;
        schema.assert(PATH, &document)?;
        let text = SpannedJson::compact(&document)
            .with_context(|| format!("writing {PATH}"))?
            .into_text();
        let lacks = |what: &str| Error::new(format!("{PATH} has no {what}"));
        let (head, rest) = text
            .split_once("\"answers\":[")
            .ok_or_else(|| lacks("answers"))?;
        let (middle, end) = rest
            .split_once("\"entries\":{")
            .ok_or_else(|| lacks("entries"))?;
        let tail = (format!("{middle}\"entries\":{{"), end.to_owned());
        let past_schema =
            schema.part("/properties/ledger/properties/entries/additionalProperties")?;
        let mut begun = AnswersDocument {
            stream: sink.stream(PATH)?,
            tail,
            past: &store.ledger,
            past_schema,
            is_first: true,
        };
        begun.write(head)?;
        begun.write("\"answers\":[")?;
        Ok(begun)
    }

    /// Adds an answer, as [`answer_line`] made it.
    ///
    /// # Errors
    /// When it can not be kept.
    pub fn push(&mut self, line: &str) -> Result<(), Error> {
        self.write(if self.is_first { "\n" } else { ",\n" })?;
        self.is_first = false;
        self.write(line)
    }

    /// Ends the document.
    ///
    /// # Errors
    /// When its last bytes can not be kept.
    pub fn finish(mut self) -> Result<(), Error> {
        let (middle, end) = std::mem::take(&mut self.tail);
        self.write("\n")?;
        self.write(&middle)?;
        let past = self.past;
        for (index, (key, entry)) in past.entries.iter().enumerate() {
            let written = SpannedJson::compact(entry).with_context(|| format!("writing {PATH}"))?;
            self.past_schema.assert_written(PATH, &written)?;
            let comma = if index == 0 { "" } else { "," };
            self.write(&format!(
                "{comma}\n{}:{}",
                SpannedJson::compact(key)?.text(),
                written.text()
            ))?;
        }
        self.write(&end)?;
        self.write("\n")?;
        self.stream.finish()
    }

    fn write(&mut self, text: &str) -> Result<(), Error> {
        self.stream
            .write_all(text.as_bytes())
            .with_context(|| format!("writing {PATH}"))
    }
}
