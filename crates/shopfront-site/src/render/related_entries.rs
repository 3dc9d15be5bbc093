//! Which entries belong together: what else there is for the same purpose, and the same plugin in
//! the lists of other hosts.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::merge::{Entry, Store};
use shopfront_model::catalogue::Uid;
use shopfront_text::names::HostId;

/// Maximum number of alternatives on a page.
const MOST: usize = 4;
/// A topic of more entries than this says nothing of any of them.
const MOST_OF_TOPIC: usize = 200;
/// What a topic that two entries share alone with one other is worth; one of many is worth less.
const WORTH: usize = 10_000;

/// Which entries share which topics, and which are the same plugin.
pub struct RelatedEntries<'s> {
    /// The positions in the catalogue of the listed entries of one plugin; only of those that
    /// stand in several lists.
    by_uid: BTreeMap<&'s Uid, Vec<usize>>,
    /// The positions in the catalogue of the entries of one topic of one host.
    by_topic: BTreeMap<(&'s HostId, Topic<'s>), Vec<usize>>,
}

/// Something that entries can have in common.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Topic<'s> {
    Category(&'s str),
    Keyword(&'s str),
}

impl<'s> RelatedEntries<'s> {
    /// Those of `store`; alternatives are entries that people can start to use today.
    pub fn of(store: &'s Store<'_>) -> RelatedEntries<'s> {
        let mut by_topic: BTreeMap<(&HostId, Topic<'_>), Vec<usize>> = BTreeMap::new();
        for (position, entry) in store
            .all()
            .enumerate()
            .filter(|(_, entry)| is_recommendable(*entry))
        {
            for topic in topics(entry) {
                by_topic
                    .entry((&entry.snippet.host, topic))
                    .or_default()
                    .push(position);
            }
        }
        by_topic.retain(|_, entries| (2..=MOST_OF_TOPIC).contains(&entries.len()));
        let mut by_uid: BTreeMap<&Uid, Vec<usize>> = BTreeMap::new();
        for (position, entry) in store
            .all()
            .enumerate()
            .filter(|(_, entry)| !entry.snippet.is_withdrawn())
        {
            by_uid.entry(&entry.snippet.uid).or_default().push(position);
        }
        by_uid.retain(|_, entries| entries.len() > 1);
        RelatedEntries { by_uid, by_topic }
    }

    /// The positions in the catalogue of the same plugin in the lists of other hosts.
    pub fn elsewhere(&self, store: &Store<'_>, entry: Entry<'_>) -> Vec<usize> {
        let same = self
            .by_uid
            .get(&entry.snippet.uid)
            .map(Vec::as_slice)
            .unwrap_or_default();
        same.iter()
            .copied()
            .filter(|position| store.catalogue.snippets[*position].host != entry.snippet.host)
            .collect()
    }

    /// The positions in the catalogue of what is nearest to `entry`, the nearest first; of two that
    /// are equally near the one that was released last.
    pub fn alternatives(&self, store: &Store<'_>, entry: Entry<'_>) -> Vec<usize> {
        let mut shares: Vec<(usize, usize)> = Vec::new();
        for topic in topics(entry) {
            let alike = self
                .by_topic
                .get(&(&entry.snippet.host, topic))
                .map(Vec::as_slice)
                .unwrap_or_default();
            shares.extend(
                alike
                    .iter()
                    .map(|position| (*position, WORTH / alike.len())),
            );
        }
        shares.sort_unstable();
        // Of hundreds that share a topic a handful is shown: only those are put in order.
        let mut nearest: Vec<Near<'_>> = Vec::with_capacity(MOST + 1);
        for of_one in shares.chunk_by(|one, other| one.0 == other.0) {
            let position = of_one[0].0;
            let id = store.catalogue.snippets[position].id.as_str();
            if id == entry.snippet.id {
                continue;
            }
            let worth = of_one.iter().map(|(_, worth)| worth).sum();
            let near = Near {
                order: (Reverse((worth, store.cards[position].released_at)), id),
                position,
            };
            let place = nearest.partition_point(|it| it.order < near.order);
            if place < MOST {
                nearest.insert(place, near);
                nearest.truncate(MOST);
            }
        }
        nearest.into_iter().map(|it| it.position).collect()
    }
}

/// An entry that shares something, and its place among the others.
struct Near<'s> {
    order: (Reverse<(usize, Option<Timestamp>)>, &'s str),
    position: usize,
}

/// Returns `true` if nothing speaks against starting to use it.
fn is_recommendable(entry: Entry<'_>) -> bool {
    entry.snippet.body.lifecycle.is_none()
        && entry.card.version.is_some()
        && entry.card.offered
        && !entry.card.is_yanked()
}

fn topics(entry: Entry<'_>) -> impl Iterator<Item = Topic<'_>> {
    let body = &entry.snippet.body;
    let categories = body.categories.iter().map(|it| Topic::Category(it));
    categories.chain(body.keywords.iter().map(|it| Topic::Keyword(it)))
}
