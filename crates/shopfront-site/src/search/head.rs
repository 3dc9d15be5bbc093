//! The head of the index: what a page fetches first, and by which it finds the rest.

use std::collections::BTreeMap;

use serde::Serialize;

use super::digits::{push_digits, width};
use super::documents::seen;
use super::facets::Facet;
use super::readmes::Readmes;
use super::{FORMAT, Out, cards, words};
use crate::merge::{Listed, Store};
use shopfront_diagnostics::error::{Context, Error};
use shopfront_text::digest::sha256;

/// The first word of each shard.
pub(super) struct Shards {
    /// Of the dictionary of names, keywords, authors, categories and descriptions.
    pub(super) words: Vec<String>,
    /// Of the same words, each read from its end.
    pub(super) back: Vec<String>,
    /// Of the words of long descriptions.
    pub(super) text: Vec<String>,
}

#[derive(Serialize)]
struct Head<'w> {
    format: u32,
    stamp: &'w str,
    count: usize,
    chunk: usize,
    hosts: BTreeMap<&'w str, &'w str>,
    stores: BTreeMap<&'w str, &'w str>,
    prefixes: Vec<&'w str>,
    stop: String,
    words: String,
    back: String,
    text: String,
    facets: Vec<Facet>,
}

/// By which all files of one build are known to belong together: it changes with everything that
/// they are made of.
pub(super) fn stamp(
    store: &Store<'_>,
    documents: &[Listed<'_>],
    readmes: &Readmes,
) -> Result<String, Error> {
    let mut stamp = sha256(format!("{FORMAT} {}", store.generated_at).as_bytes());
    for document in documents {
        let seen = serde_json::to_string(&seen(store, *document))
            .with_context(|| "writing the search index".to_owned())?;
        stamp = sha256(format!("{stamp}{seen}").as_bytes());
    }
    let words = serde_json::to_vec(&readmes.words())
        .with_context(|| "writing the search index".to_owned())?;
    let hosts: Vec<_> = store
        .catalogue
        .hosts
        .iter()
        .map(|(id, host)| format!("{id} {} {:?}", host.body.title, category_words(host)))
        .collect();
    stamp = sha256(format!("{stamp}{}{}", sha256(&words), hosts.join("\n")).as_bytes());
    Ok(stamp[..12].to_owned())
}

fn category_words(host: &shopfront_model::catalogue::Host) -> Vec<(&str, &str)> {
    host.body
        .categories
        .iter()
        .map(|category| (category.id.as_str(), category.title.as_str()))
        .collect()
}

/// Writes the head; it comes last, when all that it names is there.
pub(super) fn write(
    store: &Store<'_>,
    count: usize,
    stamp: &str,
    shards: &Shards,
    facets: Vec<Facet>,
    prefixes: &BTreeMap<String, Vec<String>>,
    out: &Out<'_>,
) -> Result<(), Error> {
    let mut prefixes: Vec<&str> = prefixes.values().flatten().map(String::as_str).collect();
    prefixes.sort_by_key(|prefix| (std::cmp::Reverse(prefix.len()), *prefix));
    prefixes.dedup();
    let head = Head {
        format: FORMAT,
        stamp,
        count,
        chunk: cards::CHUNK,
        hosts: store
            .catalogue
            .hosts
            .iter()
            .map(|(id, host)| (id.as_str(), host.body.title.as_str()))
            .collect(),
        stores: store
            .upstreams
            .iter()
            .map(|upstream| (upstream.id.as_str(), upstream.title.as_str()))
            .collect(),
        prefixes,
        stop: words::STOP.join(" "),
        words: shards.words.join(" "),
        back: shards.back.join(" "),
        text: shards.text.join(" "),
        facets,
    };
    out.put("head", &head)
}

#[derive(Serialize)]
struct Order<'w> {
    stamp: &'w str,
    width: u32,
    numbers: String,
}

/// Writes the orders other than that of the numbers themselves.
pub(super) fn orders(
    store: &Store<'_>,
    documents: &[Listed<'_>],
    stamp: &str,
    out: &Out<'_>,
) -> Result<(), Error> {
    let mut by_name: Vec<usize> = (0..documents.len()).collect();
    by_name.sort_by_cached_key(|number| (documents[*number].name(), documents[*number].key()));
    let numbers: BTreeMap<(&str, &str), usize> = documents
        .iter()
        .enumerate()
        .map(|(number, document)| (document.key(), number))
        .collect();
    let by_listing: Vec<usize> = store
        .newest_entries_first()
        .iter()
        .filter_map(|listed| numbers.get(&listed.key()).copied())
        .collect();
    for (name, order) in [("name", by_name), ("listed", by_listing)] {
        let width = width(documents.len());
        let mut numbers = String::with_capacity(order.len() * 3);
        order.iter().for_each(|number| {
            push_digits(
                &mut numbers,
                u32::try_from(*number).unwrap_or_default(),
                width,
            )
        });
        out.put(
            &format!("order-{name}"),
            &Order {
                stamp,
                width,
                numbers,
            },
        )?;
    }
    Ok(())
}
