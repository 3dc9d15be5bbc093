//! The page of all plugins of all hosts. It works without scripts; its first page is where a script
//! searches, narrows and sorts.

use minijinja::Value;
use minijinja::value::Serde;
use rayon::prelude::*;

use super::common::Common;
use super::context::CardContext;
use super::listing::{card, category_links};
use super::paging::{Paging, page_path};
use super::templates::Templates;
use crate::artifact::{Artifact, Sink};
use crate::language::Said;
use crate::merge::Store;
use shopfront_diagnostics::error::Error;

/// Maximum number of entries on one page: small enough for a page that opens at once on a phone.
const PAGE: usize = 60;
const BASE: &str = "plugins/";

/// `plugins/`: all of them, the newest release first.
pub(super) fn plugins(
    store: &Store<'_>,
    templates: &Templates,
    common: &Common<'_>,
    sink: &dyn Sink,
) -> Result<(), Error> {
    let all = store.newest_first();
    let count = all.len().div_ceil(PAGE).max(1);
    let categories = Value::from(Serde(category_links(common, None)));
    (1..=count).into_par_iter().try_for_each(|number| {
        let shown = all.iter().skip((number - 1) * PAGE).take(PAGE);
        let cards: Vec<CardContext<'_>> = shown
            .map(|listed| card(store, *listed, host_title(store, listed.key().0)))
            .collect();
        let path = page_path(BASE, number);
        let own = vec![
            ("total", Value::from(all.len())),
            ("size", Value::from(PAGE)),
            ("model", Value::from(Serde(CardContext::model()))),
            ("categories", categories.clone()),
            ("cards", Value::from(Serde(cards))),
            (
                "paging",
                Value::from(Serde(Paging::of(BASE, number, count))),
            ),
        ];
        let said = [(
            "number",
            Said::Number(u64::try_from(number).unwrap_or_default()),
        )];
        let title = common.title(
            if number == 1 {
                "browse_title"
            } else {
                "browse_title_page"
            },
            &said,
        );
        let context = common.context(&path, &title, &store.file.description, own);
        sink.put(Artifact::new(
            format!("{path}index.html"),
            templates.page("browse.html", context)?,
        ))
    })
}

/// The title of a host; of one that this store does not have, its id.
fn host_title<'s>(store: &'s Store<'_>, id: &'s str) -> &'s str {
    store
        .catalogue
        .hosts
        .iter()
        .find(|(known, _)| known.as_str() == id)
        .map_or(id, |(_, host)| host.body.title.as_str())
}
