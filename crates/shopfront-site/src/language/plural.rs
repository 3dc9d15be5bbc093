//! Which form of a message a count takes: the cardinal rules of CLDR (UTS 35, part 3, section 5),
//! for whole numbers.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use serde_json::{Value as Json, json};

/// `cldr-core/supplemental/plurals.json` of CLDR 48, as it was published: rules, and samples for
/// them.
static CLDR: LazyLock<Json> =
    LazyLock::new(|| serde_json::from_str(include_str!("cldr/plurals.json")).unwrap_or_default());

/// A plural category of CLDR.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Category {
    Zero,
    One,
    Two,
    Few,
    Many,
    Other,
}

const NAMES: [(Category, &str); 6] = [
    (Category::Zero, "zero"),
    (Category::One, "one"),
    (Category::Two, "two"),
    (Category::Few, "few"),
    (Category::Many, "many"),
    (Category::Other, "other"),
];

impl Category {
    /// The category that a catalogue names.
    pub(super) fn named(name: &str) -> Option<Category> {
        NAMES
            .into_iter()
            .find(|(_, own)| *own == name)
            .map(|(category, _)| category)
    }

    /// The name of the category in catalogues and in CLDR.
    pub(super) fn name(self) -> &'static str {
        NAMES
            .into_iter()
            .find(|(category, _)| *category == self)
            .map_or("other", |(_, name)| name)
    }
}

/// The rules of one language: for each category but `other` that a whole number can have, when it
/// has it.
#[derive(Default)]
pub(super) struct Plurals(Vec<(Category, Condition)>);

/// Holds when all relations of one of its lists do.
type Condition = Vec<Vec<Relation>>;

/// A count, or what is left of it, lies in one of some ranges, or in none.
#[derive(Debug)]
struct Relation {
    modulo: Option<u64>,
    ranges: Vec<RangeInclusive<u64>>,
    is_negated: bool,
}

impl Plurals {
    /// The rules for a language tag, or for the part of it that CLDR knows: `hr-HR` has those of
    /// `hr`. `None` without any.
    pub(super) fn of(tag: &str) -> Option<Plurals> {
        let languages = CLDR["supplemental"]["plurals-type-cardinal"].as_object()?;
        let mut wanted = own_rules(&tag.to_ascii_lowercase());
        loop {
            // The root of CLDR, which has no language, is no answer.
            if let Some((_, rules)) = languages
                .iter()
                .find(|(known, _)| known.eq_ignore_ascii_case(&wanted) && *known != "und")
            {
                return Plurals::read(rules);
            }
            wanted.truncate(wanted.rfind('-')?);
        }
    }

    fn read(rules: &Json) -> Option<Plurals> {
        let mut all = Vec::new();
        for (category, name) in NAMES {
            let Some(text) = rules[format!("pluralRule-count-{name}")].as_str() else {
                continue;
            };
            let condition = condition(text.split('@').next().unwrap_or_default().trim())?;
            if category != Category::Other && !condition.is_empty() {
                all.push((category, condition));
            }
        }
        Some(Plurals(all))
    }

    /// The category of `count`.
    pub(super) fn category(&self, count: u64) -> Category {
        let holds = |condition: &Condition| {
            condition
                .iter()
                .any(|all| all.iter().all(|relation| relation.holds(count)))
        };
        self.0
            .iter()
            .find(|(_, condition)| holds(condition))
            .map_or(Category::Other, |(category, _)| *category)
    }

    /// The categories of counts up to a thousand, each with its lowest count. French and others
    /// have one more for millions.
    pub(super) fn usual(&self) -> BTreeMap<Category, u64> {
        (0..=1_000)
            .rev()
            .map(|count| (self.category(count), count))
            .collect()
    }

    /// The same rules for scripts, which choose forms as pages do, whatever the browser knows of
    /// the language.
    pub(super) fn for_scripts(&self) -> Json {
        let ranges = |it: &Relation| {
            it.ranges
                .iter()
                .map(|range| json!([range.start(), range.end()]))
                .collect::<Vec<_>>()
        };
        let relation = |it: &Relation| json!({ "modulo": it.modulo, "ranges": ranges(it), "negated": it.is_negated });
        let condition = |it: &Condition| {
            it.iter()
                .map(|all| all.iter().map(relation).collect())
                .collect::<Vec<Vec<Json>>>()
        };
        self.0
            .iter()
            .map(|(category, it)| json!([category.name(), condition(it)]))
            .collect()
    }
}

/// The tag under which CLDR has the rules. All Portuguese but that of Brazil follows that of
/// Portugal (`parentLocales`).
fn own_rules(tag: &str) -> String {
    let is_portuguese = tag.starts_with("pt-")
        && tag
            .split('-')
            .skip(1)
            .any(|part| part.len() == 2 && part != "br");
    if is_portuguese {
        "pt-pt".to_owned()
    } else {
        tag.to_owned()
    }
}

impl Relation {
    fn holds(&self, count: u64) -> bool {
        let value = self.modulo.map_or(count, |modulo| count % modulo);
        self.ranges.iter().any(|range| range.contains(&value)) != self.is_negated
    }
}

/// Reads a rule such as `v = 0 and i % 10 = 1 and i % 100 != 11 or f % 10 = 1`; empty when it holds
/// for no whole number.
fn condition(rule: &str) -> Option<Condition> {
    let mut condition = Vec::new();
    for all in rule.split(" or ").filter(|all| !all.is_empty()) {
        let mut relations = Vec::new();
        let mut is_possible = true;
        for text in all.split(" and ") {
            let (operand, relation) = relation(text)?;
            match operand {
                // The absolute value of a number, and its digits before the mark: the same for a
                // whole one.
                "n" | "i" => relations.push(relation),
                // Of digits behind the mark, and of powers of ten that are written as such, a whole
                // number has none.
                "v" | "w" | "f" | "t" | "c" | "e" => is_possible &= relation.holds(0),
                _ => return None,
            }
        }
        if is_possible {
            condition.push(relations);
        }
    }
    Some(condition)
}

/// Reads `n % 100 = 3..10,13`.
fn relation(text: &str) -> Option<(&str, Relation)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (operand, modulo, sign, ranges) = match words.as_slice() {
        [operand, sign, ranges] => (*operand, None, *sign, *ranges),
        [operand, "%", modulo, sign, ranges] => {
            (*operand, Some(modulo.parse().ok()?), *sign, *ranges)
        }
        _ => return None,
    };
    let is_negated = match sign {
        "=" => false,
        "!=" => true,
        _ => return None,
    };
    let range = |text: &str| {
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        Some(first.parse().ok()?..=last.parse().ok()?)
    };
    let ranges = ranges.split(',').map(range).collect::<Option<_>>()?;
    Some((
        operand,
        Relation {
            modulo,
            ranges,
            is_negated,
        },
    ))
}

#[cfg(test)]
mod tests {
    use std::ops::RangeInclusive;

    use super::{CLDR, Category, Plurals};

    /// The whole numbers that CLDR gives as samples of a rule; those that are written as `1c6` are
    /// none of ours.
    fn samples(rule: &str) -> Vec<RangeInclusive<u64>> {
        let of_integers = rule
            .split("@integer")
            .nth(1)
            .unwrap_or_default()
            .split('@')
            .next()
            .unwrap_or_default();
        let numbers = of_integers
            .split(',')
            .map(str::trim)
            .filter(|it| !matches!(*it, "" | "…") && !it.contains('c'));
        let range = |text: &str| {
            let (first, last) = text.split_once('~').unwrap_or((text, text));
            first.parse().expect(text)..=last.parse().expect(text)
        };
        numbers.map(range).collect()
    }

    #[test]
    fn every_language_of_cldr_counts_as_its_samples_say() {
        let languages = CLDR["supplemental"]["plurals-type-cardinal"]
            .as_object()
            .expect("the file has languages");
        assert!(languages.len() > 200);
        let mut counted = 0;
        for (tag, rules) in languages.iter().filter(|(tag, _)| *tag != "und") {
            let plurals = Plurals::of(tag).expect(tag);
            for (name, rule) in rules.as_object().into_iter().flatten() {
                let name = name.strip_prefix("pluralRule-count-").expect(name);
                let category = Category::named(name).expect(name);
                for count in samples(rule.as_str().unwrap_or_default())
                    .into_iter()
                    .flatten()
                {
                    assert_eq!(plurals.category(count), category, "{tag}: {count}");
                    counted += 1;
                }
            }
        }
        assert!(counted > 5_000, "{counted} samples");
    }

    #[test]
    fn a_tag_has_the_rules_of_the_language_that_cldr_knows() {
        let category = |tag: &str, count| Plurals::of(tag).map(|it| it.category(count));
        for (tag, count, expected) in [
            ("pt", 0, Category::One),
            ("pt-BR", 0, Category::One),
            ("pt-PT", 0, Category::Other),
            ("pt-AO", 0, Category::Other),
            ("PT-pt", 0, Category::Other),
            ("pt-Latn-PT", 0, Category::Other),
            ("fr-CA", 1_000_000, Category::Many),
            ("es", 1_000_000, Category::Many),
            ("it", 2_000_000, Category::Many),
            ("pt-BR", 1_000_000, Category::Many),
            ("sr-Latn-RS", 2, Category::Few),
            ("zh-Hant-TW", 1, Category::Other),
            ("hr-HR", 2, Category::Few),
            ("de-AT", 1, Category::One),
        ] {
            assert_eq!(category(tag, count), Some(expected), "{tag}: {count}");
        }
        for tag in ["la", "tlh", "und", "xx-HR", "", "h"] {
            assert!(Plurals::of(tag).is_none(), "{tag}");
        }
    }
}
