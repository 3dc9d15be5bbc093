//! Files that are compiled in, so that a store needs nothing of this repository but the program.

use std::collections::BTreeMap;

/// The compiled-in files with those of the repository laid over them, by name.
pub fn overlaid(
    compiled: &[(&str, &str)],
    own: BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> = compiled
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect();
    files.extend(own);
    files
}

/// Pairs of a name and the text of the file of that name.
#[macro_export]
macro_rules! texts {
    ($folder:literal: $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../", $folder, "/", $name)))),*]
    };
}
