//! `answers.json`: all that the registries said, in one document, so that the next build never starts blind.

use std::io::Write;

use super::formats::Head;
use crate::answers::Answer;
use crate::artifact::{Sink, Stream};
use crate::error::{Doing, Error};
use crate::merge::Store;
use crate::schema::{Schema, Schemas};

const PATH: &str = "answers.json";

/// The document while it is written: answers come one by one, in the order of their projects; the ledger stands
/// behind them.
pub struct AnswersDocument<'s> {
    stream: Box<dyn Stream + 's>,
    tail: String,
    is_first: bool,
}

/// The schema of one answer in the document.
///
/// # Errors
/// When there is none.
pub fn answer_schema(schemas: &Schemas) -> Result<Schema, Error> {
    schemas.get("api-answers.schema.json")?.part("/$defs/answer")
}

/// One answer as the document holds it.
///
/// # Errors
/// When it would break `schema`.
pub fn answer_line(answer: &Answer, schema: &Schema) -> Result<String, Error> {
    let value = serde_json::to_value(answer).doing(|| format!("writing {PATH}"))?;
    schema.assert(PATH, &value)?;
    serde_json::to_string(&value).doing(|| format!("writing {PATH}"))
}

impl<'s> AnswersDocument<'s> {
    /// Begins the document.
    ///
    /// # Errors
    /// When what stands around the answers would break the schema, or can not be kept.
    pub fn begin(store: &Store<'_>, schemas: &Schemas, sink: &'s dyn Sink) -> Result<AnswersDocument<'s>, Error> {
        let mut document = serde_json::to_value(Head::of(store)).doing(|| format!("writing {PATH}"))?;
        document["answers"] = serde_json::json!([]);
        document["ledger"] = serde_json::to_value(&store.ledger).doing(|| format!("writing {PATH}"))?;
        schemas.get("api-answers.schema.json")?.assert(PATH, &document)?;
        let text = serde_json::to_string(&document).doing(|| format!("writing {PATH}"))?;
        let (head, tail) = text.split_once("\"answers\":[").ok_or_else(|| Error::new(format!("{PATH} has no list")))?;
        let mut begun = AnswersDocument { stream: sink.stream(PATH)?, tail: tail.to_owned(), is_first: true };
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
        let tail = std::mem::take(&mut self.tail);
        self.write("\n")?;
        self.write(&tail)?;
        self.write("\n")?;
        self.stream.finish()
    }

    fn write(&mut self, text: &str) -> Result<(), Error> {
        self.stream.write_all(text.as_bytes()).doing(|| format!("writing {PATH}"))
    }
}
