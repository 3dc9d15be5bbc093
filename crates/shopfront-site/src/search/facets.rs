//! The facets by which a listing is narrowed: of each its values with their counts, and a column
//! that tells which of them each plugin has.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use serde::Serialize;

use super::Out;
use super::digits::{push_digits, width};
use super::documents::{Seen, seen};
use crate::merge::{Listed, Store};
use shopfront_diagnostics::error::Error;
use shopfront_model::adapter::major_label;

/// Maximum number of values of one facet: those that most plugins have.
const MOST_VALUES: usize = 60;
/// Other values are names that only readers can distinguish.
const LICENSE: spdx::ParseMode = spdx::ParseMode {
    allow_deprecated: true,
    ..spdx::ParseMode::STRICT
};

/// A facet, as the head of the index tells it.
#[derive(Serialize)]
pub(super) struct Facet {
    id: String,
    /// The value, how many plugins have it, and what people read where that is no word of the
    /// interface.
    values: Vec<(String, usize, Option<String>)>,
}

/// Which values each plugin has.
#[derive(Serialize)]
struct Column<'w> {
    stamp: &'w str,
    /// Every combination of values that occurs, as indexes of values.
    combinations: Vec<Vec<usize>>,
    /// Number of digits of the number of a combination.
    width: u32,
    /// For each plugin the number of its combination.
    of: String,
}

/// Writes a column for each facet that divides the store.
pub(super) fn write(
    store: &Store<'_>,
    documents: &[Listed<'_>],
    stamp: &str,
    out: &Out<'_>,
) -> Result<Vec<Facet>, Error> {
    let traits: BTreeSet<&'static str> = documents
        .iter()
        .filter_map(|it| {
            if let Listed::Local(entry) = it {
                Some(&entry.card.traits)
            } else {
                None
            }
        })
        .flatten()
        .map(|it| it.0)
        .collect();
    let ids = ["host", "category"].into_iter().chain(traits).chain([
        "compatible",
        "recent",
        "lifecycle",
        "license",
        "store",
    ]);
    let mut facets = Vec::new();
    for id in ids {
        let of = |document: &Listed<'_>| values(id, store, &seen(store, *document));
        let mut counts: BTreeMap<String, Counts> = BTreeMap::new();
        for document in documents {
            let is_own = matches!(document, Listed::Local(_));
            for value in of(document) {
                let counted = counts.entry(value).or_default();
                counted.own += usize::from(is_own);
                counted.all += 1;
            }
        }
        let offered = offered(counts);
        if offered.is_empty() || (offered.len() == 1 && offered[0].1 == documents.len()) {
            continue;
        }
        let places: BTreeMap<&str, usize> = offered
            .iter()
            .enumerate()
            .map(|(place, (value, _))| (value.as_str(), place))
            .collect();
        let combination = |document: &Listed<'_>| -> Vec<usize> {
            let mut all: Vec<usize> = of(document)
                .iter()
                .filter_map(|value| places.get(value.as_str()).copied())
                .collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        let combinations: Vec<Vec<usize>> = documents.iter().map(combination).collect();
        out.put(&format!("facet-{id}"), &column(&combinations, stamp))?;
        let values = offered
            .into_iter()
            .map(|(value, count)| (title(id, &value, store), value, count))
            .map(|(title, value, count)| (value, count, title));
        facets.push(Facet {
            id: id.to_owned(),
            values: values.collect(),
        });
    }
    Ok(facets)
}

/// Number of plugins per value.
#[derive(Clone, Copy, Default)]
struct Counts {
    /// Of this store.
    own: usize,
    all: usize,
}

/// The values that most plugins have, the most first. Those of plugins of this store are chosen
/// first: another store can name more values than there is room for.
fn offered(counts: BTreeMap<String, Counts>) -> Vec<(String, usize)> {
    let mut offered: Vec<(String, Counts)> = counts.into_iter().collect();
    offered.sort_by(|a, b| {
        (b.1.own, b.1.all)
            .cmp(&(a.1.own, a.1.all))
            .then_with(|| a.0.cmp(&b.0))
    });
    offered.truncate(MOST_VALUES);
    let mut offered: Vec<(String, usize)> = offered
        .into_iter()
        .map(|(value, counts)| (value, counts.all))
        .collect();
    offered.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    offered
}

/// The combinations by how often they occur, so that most plugins have the same first digit.
fn column<'w>(combinations: &[Vec<usize>], stamp: &'w str) -> Column<'w> {
    let mut counts: BTreeMap<&Vec<usize>, usize> = BTreeMap::new();
    combinations
        .iter()
        .for_each(|combination| *counts.entry(combination).or_default() += 1);
    let mut sorted: Vec<(&Vec<usize>, usize)> = counts.into_iter().collect();
    sorted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let numbers: BTreeMap<&Vec<usize>, u32> = sorted
        .iter()
        .zip(0_u32..)
        .map(|((combination, _), number)| (*combination, number))
        .collect();
    let width = width(sorted.len());
    let mut of = String::with_capacity(combinations.len() * 2);
    combinations
        .iter()
        .for_each(|combination| push_digits(&mut of, numbers[combination], width));
    Column {
        stamp,
        combinations: sorted
            .into_iter()
            .map(|(combination, _)| combination.clone())
            .collect(),
        width,
        of,
    }
}

fn values(facet: &str, store: &Store<'_>, seen: &Seen<'_>) -> Vec<String> {
    let one = |value: &str| vec![value.to_owned()];
    match facet {
        "host" => one(seen.host),
        "category" => seen.categories.iter().map(|it| (*it).to_owned()).collect(),
        "compatible" => seen
            .majors
            .iter()
            .map(|major| format!("{}/{major}", seen.host))
            .collect(),
        "recent" => {
            let year_ago = store
                .generated_at
                .checked_sub((365 * 24).hours())
                .unwrap_or(store.generated_at);
            if seen.released_at.is_some_and(|at| at >= year_ago) {
                one("year")
            } else {
                Vec::new()
            }
        }
        "lifecycle" => one(seen.state.unwrap_or("active")),
        "license" => one(license(seen.license)),
        "store" => one(seen.store.unwrap_or(&store.file.id)),
        _ => seen
            .traits
            .iter()
            .filter(|(id, _)| *id == facet)
            .map(|(_, value)| (*value).to_owned())
            .collect(),
    }
}

/// A licence as a value to choose: an SPDX expression as it is; what packages call theirs
/// otherwise, or whole texts of licences, are one value, and so is that nothing is said.
fn license(stated: Option<&str>) -> &str {
    match stated {
        None => "none",
        Some(text) if spdx::Expression::parse_mode(text, LICENSE).is_ok() => text,
        Some(_) => "other",
    }
}

/// Returns the label of a value.
fn title(facet: &str, value: &str, store: &Store<'_>) -> Option<String> {
    let host = |id: &str| {
        store
            .catalogue
            .hosts
            .iter()
            .find(|(known, _)| known.as_str() == id)
            .map(|(_, host)| host.body.title.clone())
    };
    match facet {
        "host" => host(value),
        "category" => {
            let all = store
                .catalogue
                .hosts
                .values()
                .flat_map(|host| &host.body.categories);
            all.into_iter()
                .find(|category| category.id == value)
                .map(|category| category.title.clone())
        }
        "compatible" => value.split_once('/').map(|(id, major)| {
            format!(
                "{} {}",
                host(id).unwrap_or_else(|| id.to_owned()),
                major_label(major)
            )
        }),
        "store" if value == store.file.id => Some(store.file.title.clone()),
        "store" => store
            .upstreams
            .iter()
            .find(|upstream| upstream.id == value)
            .map(|upstream| upstream.title.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Counts, MOST_VALUES, offered};

    #[test]
    fn values_of_this_store_stay_however_many_another_one_brings() {
        let own = ("zebra".to_owned(), Counts { own: 1, all: 1 });
        let foreign = (0..2 * MOST_VALUES)
            .map(|number| (format!("a{number}"), Counts { own: 0, all: 1_000 }));
        let offered = offered(foreign.chain([own]).collect());
        assert_eq!(
            (offered.len(), offered.last()),
            (MOST_VALUES, Some(&("zebra".to_owned(), 1)))
        );
    }
}
