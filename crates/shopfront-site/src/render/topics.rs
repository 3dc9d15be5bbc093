//! What entries have in common: categories, authors and keywords, over all hosts, and the addresses
//! of their pages.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::merge::{Listed, Store};
use shopfront_model::catalogue::Host;
use shopfront_text::digest;

/// Below how many entries an author or a keyword has no page: the entry itself says as much.
const FEWEST: usize = 2;
/// How many authors, and how many keywords, have a page; those with the most entries.
const MOST: usize = 2_000;
/// The longest slug before its digest.
const MAX_SLUG: usize = 40;
/// Digits of the digest: 80 bits, for which nobody finds a second name.
const DIGITS: usize = 20;

/// All of them, each sorted by slug.
pub(super) struct Topics<'s> {
    pub(super) categories: Vec<Topic<'s>>,
    pub(super) authors: Vec<Topic<'s>>,
    pub(super) keywords: Vec<Topic<'s>>,
}

/// Entries that have something in common.
pub(super) struct Topic<'s> {
    pub(super) slug: String,
    pub(super) title: String,
    pub(super) description: String,
    /// With their hosts, sorted by name.
    pub(super) items: Vec<(Listed<'s>, &'s Host)>,
}

impl<'s> Topics<'s> {
    pub(super) fn of(store: &'s Store<'_>) -> Topics<'s> {
        let with_host = |listed: Listed<'s>| {
            let host = store
                .catalogue
                .hosts
                .values()
                .find(|host| host.id.as_str() == listed.key().0)?;
            Some((listed, host))
        };
        let mut items: Vec<(Listed<'s>, &'s Host)> = store
            .everything()
            .into_iter()
            .filter_map(with_host)
            .collect();
        items.sort_by_cached_key(|(item, host)| (item.name(), host.id.clone()));
        let mut categories = Groups::default();
        let mut authors = Groups::default();
        let mut keywords = Groups::default();
        for item in &items {
            item.0
                .categories()
                .into_iter()
                .for_each(|id| categories.add(id.to_owned(), id, item));
            authors.add(slug(item.0.author()), item.0.author(), item);
            item.0
                .keywords()
                .into_iter()
                .for_each(|word| keywords.add(slug(word), word, item));
        }
        let mut categories = categories.topics(1);
        categories
            .iter_mut()
            .for_each(|topic| topic.name_category());
        Topics {
            categories,
            authors: authors.topics(FEWEST),
            keywords: keywords.topics(FEWEST),
        }
    }

    /// The paths of all lists and pages.
    pub(super) fn paths(&self) -> impl Iterator<Item = String> {
        let kinds = [
            ("categories", &self.categories),
            ("authors", &self.authors),
            ("keywords", &self.keywords),
        ];
        kinds.into_iter().flat_map(|(kind, topics)| {
            std::iter::once(format!("{kind}/")).chain(
                topics
                    .iter()
                    .map(move |topic| format!("{kind}/{}/", topic.slug)),
            )
        })
    }

    /// The path of the page of a category, when there is one.
    pub(super) fn category_path(&self, id: &str) -> Option<String> {
        has(&self.categories, id).then(|| format!("categories/{id}/"))
    }

    /// The path of the page of an author's name, when there is one.
    pub(super) fn author_path(&self, name: &str) -> Option<String> {
        has(&self.authors, &slug(name)).then(|| format!("authors/{}/", slug(name)))
    }

    /// The path of the page of a keyword, when there is one.
    pub(super) fn keyword_path(&self, word: &str) -> Option<String> {
        has(&self.keywords, &slug(word)).then(|| format!("keywords/{}/", slug(word)))
    }
}

fn has(topics: &[Topic<'_>], slug: &str) -> bool {
    topics
        .binary_search_by(|topic| topic.slug.as_str().cmp(slug))
        .is_ok()
}

impl Topic<'_> {
    /// A category has its title and its description from the first host that explains it.
    fn name_category(&mut self) {
        let known = self
            .items
            .iter()
            .flat_map(|(_, host)| &host.body.categories)
            .find(|it| it.id == self.slug);
        let Some(category) = known else { return };
        let (title, description) = (
            category.title.clone(),
            category.description.clone().unwrap_or_default(),
        );
        self.title = title;
        self.description = description;
    }
}

#[derive(Default)]
struct Groups<'s>(BTreeMap<String, Group<'s>>);

#[derive(Default)]
struct Group<'s> {
    /// Number of uses of each spelling in this store, and in all.
    spellings: BTreeMap<String, (usize, usize)>,
    /// Number of entries of this store.
    own: usize,
    items: Vec<(Listed<'s>, &'s Host)>,
}

impl<'s> Groups<'s> {
    fn add(&mut self, slug: String, spelling: &str, item: &(Listed<'s>, &'s Host)) {
        let group = self.0.entry(slug).or_default();
        let is_own = matches!(item.0, Listed::Local(_));
        // What this store itself calls something weighs more than what any number of entries of
        // others do.
        let (own, all) = group.spellings.entry(spelling.to_owned()).or_default();
        *own += usize::from(is_own);
        *all += 1;
        group.own += usize::from(is_own);
        // Two spellings of one keyword in one entry are one.
        if group
            .items
            .last()
            .is_none_or(|last| last.0.name() != item.0.name() || last.1.id != item.1.id)
        {
            group.items.push(*item);
        }
    }

    /// Those with at least `fewest` entries, and of these the largest, those of this store first;
    /// sorted by slug.
    fn topics(self, fewest: usize) -> Vec<Topic<'s>> {
        let mut sizes: Vec<((usize, usize), &String)> = self
            .0
            .iter()
            .map(|(slug, group)| ((group.own, group.items.len()), slug))
            .collect();
        sizes.retain(|((_, size), _)| *size >= fewest);
        sizes.sort_by_key(|(sizes, slug)| (std::cmp::Reverse(*sizes), *slug));
        let kept: BTreeSet<String> = sizes.iter().take(MOST).map(|it| it.1.clone()).collect();
        let made = |(slug, group): (String, Group<'s>)| {
            let most = group
                .spellings
                .iter()
                .max_by_key(|(spelling, count)| (**count, std::cmp::Reverse(*spelling)));
            let title = most
                .map(|(spelling, _)| spelling.clone())
                .unwrap_or_default();
            Topic {
                slug,
                title,
                description: String::new(),
                items: group.items,
            }
        };
        self.0
            .into_iter()
            .filter(|(slug, _)| kept.contains(slug))
            .map(made)
            .collect()
    }
}

/// The name of a folder for what people wrote: small letters, digits and `-`. Spellings that differ
/// in case, accents and `-_.` alone share one; where more than that is lost, as in `c++`, a digest
/// keeps it apart.
pub(super) fn slug(text: &str) -> String {
    let folded: String = text
        .nfkd()
        .filter(|it| !is_combining_mark(*it))
        .flat_map(char::to_lowercase)
        .collect();
    let mut slug = String::with_capacity(folded.len());
    let mut has_lost = false;
    for letter in folded.trim().chars() {
        match letter {
            'a'..='z' | '0'..='9' => slug.push(letter),
            ' ' | '-' | '_' | '.' | '/' | ',' | '\'' | '’' => {
                if !slug.is_empty() && !slug.ends_with('-') {
                    slug.push('-');
                }
            }
            _ => has_lost = true,
        }
    }
    if slug.len() > MAX_SLUG {
        slug.truncate(MAX_SLUG);
        has_lost = true;
    }
    let kept = slug.trim_end_matches('-');
    if !has_lost && !kept.is_empty() {
        return kept.to_owned();
    }
    // Two hyphens in a row, and one in front, have no slugs but these: nobody is called like the
    // page of somebody else.
    let digest = &digest::sha256(folded.trim().as_bytes())[..DIGITS];
    if kept.is_empty() {
        format!("-{digest}")
    } else {
        format!("{kept}--{digest}")
    }
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn slugs_are_safe_and_keep_apart_what_differs() {
        let cases = [
            ("Data Science", "data-science"),
            ("data__science", "data-science"),
            ("José", "jose"),
            ("c", "c"),
            ("O\u{2019}Neill", "o-neill"),
        ];
        for (text, expected) in cases {
            assert_eq!(slug(text), expected);
        }
        for text in ["Ærø & Søn", "c++", "../..", "日本", "_", "<script>"] {
            assert!(
                slug(text)
                    .bytes()
                    .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-'),
                "{}",
                slug(text)
            );
            assert!(slug(text).len() >= 20, "{} has no digest", slug(text));
            assert_ne!(
                slug(&slug(text)),
                slug(text),
                "who is called as the page of another has it"
            );
        }
        assert_eq!(slug("Data Science"), slug("data.science"));
        assert_ne!(slug("c++"), slug("c#"));
        assert_ne!(slug("日本"), slug("中国"));
        assert!(slug(&"long ".repeat(40)).len() <= 64);
    }
}
