//! Compiled-in files, so that a store needs only the program and not this repository.

use std::collections::BTreeMap;

/// Returns the compiled-in files, overridden by those of the repository, by name.
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

/// Returns pairs of a file name and the text of that file.
#[macro_export]
macro_rules! texts {
    ($folder:literal: $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../", $folder, "/", $name)))),*]
    };
}
