//! The mark of an entry or a host that has no icon: a small drawing made of its id, the same in
//! every build.

use minijinja::value::Kwargs;
use minijinja::{Error, Value};

/// Shapes that fill a cell of two by two units, as a path from its upper left corner.
const SHAPES: [&str; 8] = [
    "h2v2h-2z",
    "h2a2 2 0 0 1-2 2z",
    "a2 2 0 0 0 2 2v-2z",
    "m2 0v2h-2a2 2 0 0 1 2-2z",
    "a2 2 0 0 1 2 2h-2z",
    "m0 1a1 1 0 0 1 2 0a1 1 0 0 1-2 0z",
    "h2l-2 2z",
    "m0 2h2l-2-2z",
];

/// Number of turns of the hue in the stylesheet: `.t0` and on.
const HUES: usize = 6;

/// The mark of `id` as an inline drawing; of a host with the `hue` that it has among all.
/// `site-template/mark.js` draws the same, and `site-template/tests/marks.json` holds both to it.
pub(super) fn svg(id: &str, options: Kwargs) -> Result<Value, Error> {
    let hue = options.get::<Option<usize>>("hue")?;
    options.assert_all_used()?;
    let Drawing { turn, strong, pale } = Drawing::of(id);
    let turn = hue.unwrap_or(turn);
    Ok(Value::from_safe_string(format!(
        "<svg class=\"tile t{turn}\" viewBox=\"-1 -1 6 6\" aria-hidden=\"true\"><path d=\"{strong}\"/><path class=\"pale\" d=\"{pale}\"/></svg>"
    )))
}

/// The turn of the hue of the host `id` among `all` of them, sorted: its own, or the next one that
/// none before it has.
pub(super) fn hue_among<'i>(id: &str, all: impl Iterator<Item = &'i str>) -> usize {
    let mut taken: Vec<usize> = Vec::new();
    for host in all {
        let own = Drawing::of(host).turn;
        let free = (0..HUES)
            .map(|step| (own + step) % HUES)
            .find(|turn| !taken.contains(turn))
            .unwrap_or(own);
        if host == id {
            return free;
        }
        taken.push(free);
    }
    Drawing::of(id).turn
}

/// Four cells, each with a shape, two of them paler.
#[cfg_attr(test, derive(Debug, PartialEq, serde::Deserialize))]
struct Drawing {
    turn: usize,
    strong: String,
    pale: String,
}

impl Drawing {
    fn of(id: &str) -> Drawing {
        let hash = hash(id);
        let bits =
            |from: u32, most: usize| usize::try_from(hash >> from).unwrap_or_default() % most;
        let shape = |index: u32| SHAPES[bits(index * 3, 8)];
        // Which diagonal is the strong one.
        let cells = if bits(12, 2) == 0 {
            ["M0 0", "M2 2", "M2 0", "M0 2"]
        } else {
            ["M2 0", "M0 2", "M0 0", "M2 2"]
        };
        Drawing {
            turn: bits(16, HUES),
            strong: format!("{}{}{}{}", cells[0], shape(0), cells[1], shape(1)),
            pale: format!("{}{}{}{}", cells[2], shape(2), cells[3], shape(3)),
        }
    }
}

/// FNV-1a, and one more mixing so that ids that differ in their last letter alone differ in every
/// bit.
fn hash(id: &str) -> u32 {
    let fnv = id.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    (fnv ^ (fnv >> 15)).wrapping_mul(0x85eb_ca6b)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::{Drawing, hue_among};

    #[test]
    fn marks_are_drawings_that_differ() {
        let marks: BTreeSet<String> = (0..200)
            .map(|number| format!("{:?}", Drawing::of(&format!("plugin-{number}"))))
            .collect();
        assert!(marks.len() > 190, "only {} of 200 differ", marks.len());
    }

    #[test]
    fn a_mark_is_the_same_in_every_build_and_in_a_script() {
        let examples = include_str!("../../../../site-template/tests/marks.json");
        for (id, expected) in serde_json::from_str::<BTreeMap<String, Drawing>>(examples).unwrap() {
            assert_eq!(Drawing::of(&id), expected, "{id}");
        }
    }

    #[test]
    fn hosts_have_hues_of_their_own_as_long_as_there_are_enough() {
        let hosts = ["bitcart", "datasette", "fiab", "fuel", "node-red", "oko"];
        let hues: BTreeSet<usize> = hosts
            .iter()
            .map(|host| hue_among(host, hosts.into_iter()))
            .collect();
        assert_eq!(hues.len(), hosts.len());
        assert!(hue_among("seventh", ["seventh"].into_iter()) < 6);
    }
}
