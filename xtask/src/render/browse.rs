//! The page of all plugins of all hosts, and the pages of categories. They work without scripts; the first page of all
//! plugins is where a script then searches, filters and sorts.

use std::collections::BTreeMap;

use minijinja::Value;
use minijinja::value::Serde;
use rayon::prelude::*;
use serde::Serialize;

use super::common::Common;
use super::context::CardContext;
use super::listing::{Paging, foreign_card};
use super::templates::Templates;
use crate::artifact::{Artifact, Sink};
use crate::catalogue::Category;
use crate::error::Error;
use crate::merge::Store;
use crate::search::{Document, newest_first};

/// How many entries one page lists: small enough for a page that opens at once on a phone.
const PAGE: usize = 60;

/// What one listing says above its entries.
#[derive(Serialize)]
struct Heading<'s> {
    title: String,
    lead: Option<&'s str>,
    /// The host and the category that the listing is of.
    host: Option<&'s str>,
    host_title: Option<&'s str>,
    category: Option<&'s str>,
    /// Whether a script searches here: relative links must not change their meaning while it does.
    searched: bool,
    count: usize,
}

/// A category with its page, for links to it.
#[derive(Serialize)]
struct CategoryLink<'s> {
    title: &'s str,
    description: Option<&'s str>,
    path: String,
    count: usize,
}

/// The categories of one host.
#[derive(Serialize)]
struct CategoriesOfHost<'s> {
    id: &'s str,
    title: &'s str,
    categories: Vec<CategoryLink<'s>>,
}

/// `plugins/`: all of them, the newest release first.
pub(super) fn plugins(
    store: &Store<'_>,
    categories: &Categories<'_>,
    templates: &Templates,
    common: &Common<'_>,
    sink: &dyn Sink,
) -> Result<(), Error> {
    let documents = newest_first(store);
    let heading = Heading {
        title: "All plugins".to_owned(),
        lead: None,
        host: None,
        host_title: None,
        category: None,
        searched: true,
        count: documents.len(),
    };
    listing(store, "plugins/", &documents, &heading, categories, templates, common, sink)
}

/// Every category that some entry has, with its entries.
pub(super) struct Categories<'s> {
    all: BTreeMap<(&'s str, Named<'s>), Vec<Document<'s>>>,
    /// Links to them by host, for templates.
    pub(super) links: Value,
}

impl<'s> Categories<'s> {
    /// Those of `store`; each with its entries by name.
    pub(super) fn of(store: &'s Store<'_>) -> Categories<'s> {
        let mut all = by_category(store);
        all.values_mut().for_each(|documents| documents.sort_by_cached_key(|document| (document.name(), document.key())));
        let links = Value::from(Serde(links(store, &all)));
        Categories { all, links }
    }

    /// Where they are listed, for the sitemap.
    pub(super) fn paths(&self) -> impl Iterator<Item = String> {
        let of_categories = self.all.keys().map(|(host, category)| category_path(host, category.id));
        std::iter::once("categories/".to_owned()).chain(of_categories)
    }

    /// `categories/`, and a listing of each.
    pub(super) fn write(&self, store: &Store<'_>, templates: &Templates, common: &Common<'_>, sink: &dyn Sink) -> Result<(), Error> {
        let title = format!("Categories · {}", common.store_title);
        let context = common.context("categories/", &title, "", vec![("all", self.links.clone())]);
        sink.put(Artifact::new("categories/index.html", templates.page("categories.html", context)?))?;
        for ((host, category), documents) in &self.all {
            let heading = Heading {
                title: category.title.to_owned(),
                lead: category.description,
                host: Some(host),
                host_title: Some(host_title(store, host)),
                category: Some(category.id),
                searched: false,
                count: documents.len(),
            };
            listing(store, &category_path(host, category.id), documents, &heading, self, templates, common, sink)?;
        }
        Ok(())
    }
}

/// What a listing is called, sorted as the host sorts its categories.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Named<'s> {
    place: usize,
    id: &'s str,
    title: &'s str,
    description: Option<&'s str>,
}

/// The entries of each category that has some, by host and in the order of the host.
fn by_category<'s>(store: &'s Store<'_>) -> BTreeMap<(&'s str, Named<'s>), Vec<Document<'s>>> {
    let mut all: BTreeMap<(&str, Named<'_>), Vec<Document<'_>>> = BTreeMap::new();
    for document in newest_first(store) {
        let (host, _) = document.key();
        let known = store.catalogue.hosts.iter().find(|(id, _)| id.as_str() == host).map(|(_, host)| host.body.categories.as_slice());
        // A host without a list lets every word pass, and the entries of other stores come with words of their own.
        let Some(known) = known else { continue };
        for id in document.categories() {
            let named = named(known, id);
            all.entry((host, named)).or_default().push(document);
        }
    }
    all
}

fn named<'s>(known: &'s [Category], id: &'s str) -> Named<'s> {
    match known.iter().enumerate().find(|(_, category)| category.id == id) {
        Some((place, Category { title, description, .. })) => Named { place, id, title, description: description.as_deref() },
        None => Named { place: known.len(), id, title: id, description: None },
    }
}

fn links<'s>(store: &'s Store<'_>, entries: &BTreeMap<(&'s str, Named<'s>), Vec<Document<'s>>>) -> Vec<CategoriesOfHost<'s>> {
    let mut all: Vec<CategoriesOfHost<'_>> = Vec::new();
    for ((host, category), documents) in entries {
        if all.last().is_none_or(|last| last.id != *host) {
            all.push(CategoriesOfHost { id: host, title: host_title(store, host), categories: Vec::new() });
        }
        let path = category_path(host, category.id);
        let link = CategoryLink { title: category.title, description: category.description, path, count: documents.len() };
        if let Some(last) = all.last_mut() {
            last.categories.push(link);
        }
    }
    all
}

fn category_path(host: &str, category: &str) -> String {
    format!("categories/{host}/{category}/")
}

/// The title of a host; of one that this store does not have, its id.
fn host_title<'s>(store: &'s Store<'_>, id: &'s str) -> &'s str {
    store.catalogue.hosts.iter().find(|(known, _)| known.as_str() == id).map_or(id, |(_, host)| host.body.title.as_str())
}

#[expect(clippy::too_many_arguments, reason = "what a page is made of, once")]
fn listing(
    store: &Store<'_>,
    folder: &str,
    documents: &[Document<'_>],
    heading: &Heading<'_>,
    categories: &Categories<'_>,
    templates: &Templates,
    common: &Common<'_>,
    sink: &dyn Sink,
) -> Result<(), Error> {
    let count = documents.len().div_ceil(PAGE).max(1);
    let path_of = |number: usize| if number == 1 { folder.to_owned() } else { format!("{folder}_/{number}/") };
    let title = format!(
        "{} · {}",
        heading.host_title.map_or_else(|| heading.title.clone(), |host| format!("{}, {host}", heading.title)),
        common.store_title
    );
    let description = heading.lead.unwrap_or(&store.file.description).to_owned();
    let shared = [("heading", Value::from(Serde(heading))), ("categories", categories.links.clone())];
    (1..=count).into_par_iter().try_for_each(|number| {
        let shown = documents.iter().skip((number - 1) * PAGE).take(PAGE);
        let cards: Vec<CardContext<'_>> = shown.map(|document| card(store, document)).collect();
        let own = [("cards", Value::from(Serde(cards))), ("paging", Value::from(Serde(Paging::of(number, count, path_of))))];
        let path = path_of(number);
        let context = common.context(&path, &title, &description, shared.iter().cloned().chain(own).collect());
        sink.put(Artifact::new(format!("{path}index.html"), templates.page("browse.html", context)?))
    })
}

fn card<'s>(store: &'s Store<'_>, document: &Document<'s>) -> CardContext<'s> {
    match *document {
        Document::Own(entry) => CardContext::of(store, entry),
        Document::Foreign(upstream, entry) => foreign_card(upstream, entry, host_title(store, &entry.host)),
    }
}
