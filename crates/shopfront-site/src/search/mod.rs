//! The search index: what the search of the pages reads, split so that a question fetches little of
//! it.
//!
//! Plugins are numbered from the newest release on. A *dictionary* tells for each word the numbers
//! of the plugins that have it, and how much it means there; it is cut into shards, ranges of the
//! alphabet, of which a question needs one or two. There is one of the words of names, keywords,
//! authors, categories and descriptions, and one of long descriptions. What a page shows of a
//! plugin lies in small files of a few plugins each. `site-template/search.js` is the reader.

mod cards;
mod dictionary;
mod digits;
mod documents;
mod facets;
mod head;
mod prose;
mod readmes;
mod weights;
mod words;

use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use crate::artifact::{Artifact, Sink};
use crate::merge::{Entry, Listed, Store};
use shopfront_check::schema::{Schema, Schemas};
use shopfront_diagnostics::error::{Context, Error};
use shopfront_json::SpannedJson;

use head::Shards;
use readmes::Readmes;

/// The version of the format: scripts of another one read nothing of this.
const FORMAT: u32 = 2;
/// Path of the index, beside the scripts that read it.
const FOLDER: &str = "assets/search";

/// The index of one store, while the words of long descriptions are collected.
pub struct Search<'s> {
    store: &'s Store<'s>,
    documents: Vec<Listed<'s>>,
    /// For each snippet of the catalogue the number of its plugin.
    numbers: Vec<Option<u32>>,
    readmes: Mutex<Readmes>,
}

impl<'s> Search<'s> {
    /// The index of what `store` lists, without long descriptions so far.
    pub fn of(store: &'s Store<'s>) -> Search<'s> {
        let documents = store.newest_first();
        let mut numbers = vec![None; store.catalogue.snippets.len()];
        for (number, document) in (0_u32..).zip(&documents) {
            let Listed::Local(entry) = document else {
                continue;
            };
            if let Some(position) = store.position(&entry.snippet.host, &entry.snippet.id) {
                numbers[position] = Some(number);
            }
        }
        let readmes = Mutex::new(Readmes::of(documents.len()));
        Search {
            store,
            documents,
            numbers,
            readmes,
        }
    }

    /// Takes the words of the long description of `entry`.
    pub fn read_me(&self, entry: Entry<'_>, text: &str) {
        let position = self.store.position(&entry.snippet.host, &entry.snippet.id);
        let Some(number) = position.and_then(|position| self.numbers[position]) else {
            return;
        };
        let words = prose::words(text);
        self.readmes
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take(number, &words);
    }

    /// Writes the index.
    ///
    /// # Errors
    /// When a file breaks its schema, or can not be kept.
    pub fn write(self, schemas: &Schemas, sink: &dyn Sink) -> Result<(), Error> {
        let out = &Out {
            schema: schemas.get("search-index.schema.json")?,
            sink,
        };
        let Search {
            store,
            documents,
            readmes,
            ..
        } = self;
        let readmes = readmes.into_inner().unwrap_or_else(PoisonError::into_inner);
        let prefixes = weights::prefixes(store);
        let stamp = head::stamp(store, &documents, &readmes)?;
        let text = readmes.write("text", &stamp, out)?;
        drop(readmes);
        let dictionary = weights::dictionary(store, &documents, &prefixes);
        let words = dictionary.write("words", &stamp, out)?;
        let back = dictionary.write_backwards("back", &stamp, out)?;
        let shards = Shards { words, back, text };
        let facets = facets::write(store, &documents, &stamp, out)?;
        cards::write(store, &documents, &stamp, out)?;
        head::orders(store, &documents, &stamp, out)?;
        head::write(
            store,
            documents.len(),
            &stamp,
            &shards,
            facets,
            &prefixes,
            out,
        )
    }
}

/// Receiver of the files of the index.
struct Out<'o> {
    schema: &'o Schema,
    sink: &'o dyn Sink,
}

impl Out<'_> {
    /// Writes one file of the index.
    fn put(&self, name: &str, content: &impl Serialize) -> Result<(), Error> {
        let path = format!("{FOLDER}/{name}.json");
        let document = SpannedJson::compact(content).with_context(|| format!("writing {path}"))?;
        self.schema.assert_written(&path, &document)?;
        self.sink.put(Artifact::new(path, document.into_line()))
    }
}
