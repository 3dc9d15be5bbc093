//! What a page shows of a plugin that was found, in small files of a few plugins each.

use serde::Serialize;
use serde_json::{Value, json};

use super::Out;
use super::documents::{Seen, seen};
use crate::merge::{Listed, Store};
use shopfront_diagnostics::error::Error;

/// Plugins per file: results are spread over the store, so few others come along
/// for nothing.
pub(super) const CHUNK: usize = 5;

#[derive(Serialize)]
struct Cards<'w> {
    stamp: &'w str,
    cards: Vec<Value>,
}

/// Writes every file.
pub(super) fn write(
    store: &Store<'_>,
    documents: &[Listed<'_>],
    stamp: &str,
    out: &Out<'_>,
) -> Result<(), Error> {
    documents
        .chunks(CHUNK)
        .enumerate()
        .try_for_each(|(index, chunk)| {
            let cards = chunk
                .iter()
                .map(|document| card(&seen(store, *document)))
                .collect();
            out.put(&format!("cards-{index}"), &Cards { stamp, cards })
        })
}

/// In the order in which `search.js` takes them apart; what is absent at the end is left out.
fn card(seen: &Seen<'_>) -> Value {
    let mut card = vec![
        json!(seen.host),
        json!(seen.id),
        json!(seen.name),
        json!(seen.author),
        json!(seen.description),
        json!(seen.version),
        json!(seen.released_at.map(|at| at.to_string())),
        json!(seen.marks.join(" ")),
        json!(seen.icon),
        json!(seen.store),
        json!(seen.page),
    ];
    while card
        .last()
        .is_some_and(|value| value.is_null() || *value == "")
    {
        card.pop();
    }
    Value::Array(card)
}
