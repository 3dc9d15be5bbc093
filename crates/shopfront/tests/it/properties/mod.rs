//! What holds for whatever bytes a stranger sends. The fuzz targets in `fuzz/` look for bytes for
//! which it does not; the test command asks the same of every file in their corpora. A property
//! panics where it is broken.

mod archive;
mod html;
mod image;
pub(crate) mod inert;
mod json;
mod memory;
mod package;
mod publication;
pub(crate) mod readme;
mod registry;
mod snippet;
mod yaml;

/// A property of some bytes: it panics where they do not have it.
pub(crate) type Property = fn(&[u8]);

/// Every property by the name of its fuzz target and of its folder in `fuzz/corpus/`.
pub(crate) static ALL: &[(&str, Property)] = &[
    ("archive", archive::holds),
    ("bindings", package::bindings_hold),
    ("entry_points", package::entry_points_hold),
    ("image", image::holds),
    ("json", json::holds),
    ("metadata", package::metadata_holds),
    ("publication", publication::holds),
    ("readme", readme::holds),
    ("record", package::record_holds),
    ("registry_json", registry::json_holds),
    ("registry_npm", registry::npm_holds),
    ("registry_simple", registry::simple_holds),
    ("snippet", snippet::holds),
    ("wheel", package::wheel_holds),
    ("yaml", yaml::holds),
];

/// Asks the property called `name` of `bytes`.
pub(crate) fn check(name: &str, bytes: &[u8]) {
    let (_, holds) = ALL
        .iter()
        .find(|(known, _)| *known == name)
        .expect("every target has its property in the table");
    holds(bytes);
}
