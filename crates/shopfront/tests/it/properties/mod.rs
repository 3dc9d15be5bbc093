//! Properties that are true for all untrusted bytes. The fuzz targets in `fuzz/` search for
//! counterexamples, and the test command checks every file in their corpora. A violated property
//! panics.

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

/// Property of bytes, which panics if it is violated.
pub(crate) type Property = fn(&[u8]);

/// All properties, by the name of the fuzz target and its directory in `fuzz/corpus/`.
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

/// Checks the property `name` for `bytes`.
pub(crate) fn check(name: &str, bytes: &[u8]) {
    let (_, holds) = ALL
        .iter()
        .find(|(known, _)| *known == name)
        .expect("every target has its property in the table");
    holds(bytes);
}
