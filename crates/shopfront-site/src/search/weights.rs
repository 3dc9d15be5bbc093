//! How much each word means for a plugin: by the field that it stands in.

use std::collections::BTreeMap;

use super::dictionary::Dictionary;
use super::digits::WHOLE;
use super::documents::{Seen, seen};
use super::words::{is_stop, joined, words};
use crate::merge::{Listed, Store};
use shopfront_text::names::HostId;

const KEYWORD: u8 = 5;
const AUTHOR: u8 = 4;
const CATEGORY: u8 = 3;
const DESCRIPTION: u8 = 3;

/// What the names of plugins begin with that says only which host they are for, by host; the
/// longest first.
pub(super) fn prefixes(store: &Store<'_>) -> BTreeMap<String, Vec<String>> {
    let of_host = |(id, host): (&HostId, &shopfront_model::catalogue::Host)| {
        let project = host
            .adapter
            .host_project()
            .map(|project| joined(&project.name));
        let mut names: Vec<String> = [joined(id.as_str()), joined(&host.body.title)]
            .into_iter()
            .chain(project)
            .collect();
        names.extend(
            names
                .clone()
                .into_iter()
                .map(|name| format!("{name}plugin")),
        );
        names.retain(|name| !name.is_empty());
        names.sort_by_key(|name| (std::cmp::Reverse(name.len()), name.clone()));
        names.dedup();
        (id.to_string(), names)
    };
    store.catalogue.hosts.iter().map(of_host).collect()
}

/// The words of names, keywords, authors, categories and descriptions.
pub(super) fn dictionary(
    store: &Store<'_>,
    documents: &[Listed<'_>],
    prefixes: &BTreeMap<String, Vec<String>>,
) -> Dictionary {
    let mut dictionary = Dictionary::default();
    let titles = category_titles(store);
    for (number, document) in (0_u32..).zip(documents) {
        let seen = seen(store, *document);
        let prefixes = prefixes
            .get(seen.host)
            .map(Vec::as_slice)
            .unwrap_or_default();
        dictionary.push(number, &weights(&seen, prefixes, &titles));
    }
    dictionary
}

type Titles<'s> = BTreeMap<(&'s str, &'s str), &'s str>;

fn category_titles<'s>(store: &'s Store<'_>) -> Titles<'s> {
    let of_host = |(id, host): (&'s HostId, &'s shopfront_model::catalogue::Host)| {
        host.body
            .categories
            .iter()
            .map(move |category| ((id.as_str(), category.id.as_str()), category.title.as_str()))
    };
    store.catalogue.hosts.iter().flat_map(of_host).collect()
}

/// Every word of `seen` with its weight. A word in several fields counts in each of them once.
fn weights(seen: &Seen<'_>, prefixes: &[String], titles: &Titles<'_>) -> BTreeMap<String, u8> {
    let mut weights: BTreeMap<String, u8> = BTreeMap::new();
    let names: Vec<&str> = [seen.name, seen.id, seen.project, seen.module]
        .into_iter()
        .chain(seen.formerly.iter().copied())
        .collect();
    let of_name = words_of(names.iter().copied());
    add(&mut weights, of_name, name_weight(seen.name, prefixes));
    add(
        &mut weights,
        words_of(seen.keywords.iter().copied()),
        KEYWORD,
    );
    let categories = seen
        .categories
        .iter()
        .flat_map(|id| [Some(*id), titles.get(&(seen.host, *id)).copied()])
        .flatten();
    add(&mut weights, telling(words_of(categories)), CATEGORY);
    add(&mut weights, words_of([seen.author]), AUTHOR);
    add(
        &mut weights,
        telling(words_of([seen.description])),
        DESCRIPTION,
    );
    for name in names.into_iter().filter(|name| !name.is_empty()) {
        weights.insert(key(name, prefixes), WHOLE);
    }
    weights.remove("");
    weights
}

/// A word of a short name means more than one of many.
fn name_weight(name: &str, prefixes: &[String]) -> u8 {
    let own = words(name)
        .into_iter()
        .filter(|word| !prefixes.contains(word))
        .count();
    match own {
        0 | 1 => 12,
        2 => 9,
        3 => 8,
        _ => 7,
    }
}

/// The whole name without what it only says of its host.
fn key(name: &str, prefixes: &[String]) -> String {
    let whole = joined(name);
    let bare = prefixes
        .iter()
        .find_map(|prefix| whole.strip_prefix(prefix.as_str()));
    bare.filter(|bare| bare.chars().count() > 1)
        .map_or_else(|| whole.clone(), str::to_owned)
}

fn words_of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Vec<String> {
    let mut all: Vec<String> = texts.into_iter().flat_map(words).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn telling(words: Vec<String>) -> Vec<String> {
    words.into_iter().filter(|word| !is_stop(word)).collect()
}

fn add(weights: &mut BTreeMap<String, u8>, words: Vec<String>, weight: u8) {
    for word in words {
        let sum = weights.entry(word).or_default();
        *sum = (*sum + weight).min(WHOLE - 1);
    }
}
