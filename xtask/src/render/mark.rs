//! The mark of an entry or a host that has no icon: a small drawing made of its id, the same in every build.

use minijinja::Value;

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

/// How many turns of the hue the stylesheet knows: `.t0` and on.
const HUES: u32 = 6;

/// The mark of `id` as an inline drawing: four cells, each with a shape, two of them paler. `site-template/mark.js` draws
/// the same.
pub(super) fn svg(id: &str) -> Value {
    let hash = hash(id);
    let bits = |from: u32, most: u32| usize::try_from((hash >> from) % most).unwrap_or_default();
    let shape = |index: u32| SHAPES[bits(index * 3, 8)];
    // Which diagonal is the strong one.
    let cells = if bits(12, 2) == 0 { ["M0 0", "M2 2", "M2 0", "M0 2"] } else { ["M2 0", "M0 2", "M0 0", "M2 2"] };
    let path = |first: u32| {
        let at = usize::try_from(first).unwrap_or_default();
        format!("{}{}{}{}", cells[at], shape(first), cells[at + 1], shape(first + 1))
    };
    Value::from_safe_string(format!(
        "<svg class=\"tile t{}\" viewBox=\"-1 -1 6 6\" aria-hidden=\"true\"><path d=\"{}\"/><path class=\"pale\" d=\"{}\"/></svg>",
        bits(16, HUES),
        path(0),
        path(2),
    ))
}

/// FNV-1a, and one more mixing so that ids that differ in their last letter alone differ in every bit.
fn hash(id: &str) -> u32 {
    let fnv = id.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    (fnv ^ (fnv >> 15)).wrapping_mul(0x85eb_ca6b)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::svg;

    #[test]
    fn marks_are_drawings_that_differ_and_stay_the_same() {
        let marks: BTreeSet<String> = (0..200).map(|number| svg(&format!("plugin-{number}")).to_string()).collect();
        assert!(marks.len() > 190, "only {} of 200 differ", marks.len());
        assert_eq!(svg("ecmwf"), svg("ecmwf"));
        assert!(marks.iter().all(|it| it.len() < 300 && it.starts_with("<svg class=\"tile t")));
    }
}
