//! Every fault that a contributor's file can have, one file each; the table at the end of this one lists them.
//!
//! A check is data: its code and how it is found. Whoever adds one adds a file here, its two lines below, its page
//! `docs/errors/<code>.md` (without it the code does not compile) and its fixture folder (without it a test fails).

use crate::answers::{Answer, Fitness, Release};
use crate::catalogue::{Catalogue, Host, Snippet};
use crate::change::Side;
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::kinds::HostVersions;

pub(crate) mod bad_asset;
pub(crate) mod bad_file_name;
pub(crate) mod bad_url;
pub(crate) mod bidirectional_character;
pub(crate) mod blank_text;
pub(crate) mod byte_order_mark;
mod changed_uid;
mod circular_successor;
mod confusable_name;
pub(crate) mod control_character;
mod duplicate_id;
pub(crate) mod duplicate_item;
pub(crate) mod duplicate_key;
mod duplicate_module;
mod duplicate_plugin;
mod host_excluded;
mod host_not_required;
pub(crate) mod malformed_value;
pub(crate) mod markup_in_text;
pub(crate) mod missing_asset;
pub(crate) mod missing_field;
pub(crate) mod missing_host;
pub(crate) mod missing_store;
mod module_not_the_project;
mod no_core_release;
mod no_release;
pub(crate) mod not_a_plain_project;
pub(crate) mod not_asked;
pub(crate) mod not_canonical;
mod not_for_newest_core;
pub(crate) mod not_json;
pub(crate) mod not_utf8;
mod only_prereleases;
mod only_yanked;
pub(crate) mod out_of_range;
pub(crate) mod reserved_id;
mod revived_tombstone;
pub(crate) mod stale_answer;
pub(crate) mod stale_upstream;
pub(crate) mod stray_file;
pub(crate) mod symbolic_link;
pub(crate) mod text_too_long;
pub(crate) mod too_deep;
pub(crate) mod too_large;
pub(crate) mod too_many_files;
pub(crate) mod too_many_items;
mod unknown_category;
pub(crate) mod unknown_field;
pub(crate) mod unknown_kind;
pub(crate) mod unknown_license;
mod unknown_package;
mod unknown_successor;
pub(crate) mod unknown_value;
mod vanished_id;
pub(crate) mod wrong_type;

/// One fault and how it is found.
pub struct Check {
    /// Which fault.
    pub code: &'static Code,
    /// How it is found.
    pub rule: Rule,
}

/// How a fault is found.
pub enum Rule {
    /// While the files are read.
    Reading,
    /// By a schema.
    Schema,
    /// By looking at the whole catalogue.
    Catalogue(fn(&Catalogue, &mut Vec<Diagnostic>)),
    /// By holding one snippet against what its registry said.
    Answer(fn(&Case<'_>, &mut Vec<Diagnostic>)),
    /// By holding the catalogue against what it was before.
    Past(fn(&Past<'_>, &mut Vec<Diagnostic>)),
    /// When a store is published; it stands in `problems.json` and is no fault of a file.
    Publication,
}

/// One snippet with all that can be held against it.
pub struct Case<'c> {
    /// Its host.
    pub host: &'c Host,
    /// The versions of its host.
    pub versions: &'c HostVersions,
    /// The snippet.
    pub snippet: &'c Snippet,
    /// What its registry said.
    pub answer: &'c Answer,
}

/// The catalogue as it was, and as it is.
pub struct Past<'c> {
    /// As it was.
    pub before: &'c Side<'c>,
    /// As it is.
    pub after: &'c Side<'c>,
}

impl<'c> Case<'c> {
    fn is_kind(&self, name: &str) -> bool {
        self.host.kind.name == name
    }

    fn newest(&self) -> Option<(&'c Release, Fitness)> {
        self.answer.found()?.newest_release()
    }

    /// What the newest release requires, where the registry tells that of this release.
    fn requirements(&self) -> Option<&'c [String]> {
        let project = self.answer.found()?;
        let (release, _) = project.newest_release()?;
        project.facts_of(release)?.requires_dist.as_deref()
    }
}

/// Every fault that shows in the catalogue as a whole.
pub fn run(catalogue: &Catalogue) -> Vec<Diagnostic> {
    use rayon::prelude::*;
    let of_rule = |check: &&Check| {
        let mut found = Vec::new();
        if let Rule::Catalogue(run) = check.rule {
            run(catalogue, &mut found);
        }
        found
    };
    ALL.par_iter().flat_map_iter(of_rule).collect()
}

/// Every fault of one snippet that shows in what its registry said. A tombstone has none: nothing of it is used.
pub fn run_answer(case: &Case<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if case.snippet.is_withdrawn() {
        return found;
    }
    for check in ALL {
        if let Rule::Answer(run) = check.rule {
            run(case, &mut found);
        }
    }
    found
}

/// Every fault that shows when the catalogue is held against what it was before.
pub fn run_past(past: &Past<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for check in ALL {
        if let Rule::Past(run) = check.rule {
            run(past, &mut found);
        }
    }
    found
}

/// The check with this code.
pub fn find(code: &str) -> Option<&'static Check> {
    ALL.iter().copied().find(|check| check.code.name == code)
}

/// The name of the project in the file of `snippet`.
fn source_place(snippet: &Snippet) -> Place {
    Place::value(&snippet.path, format!("/source/{}", snippet.source.registry))
}

/// What a stranger wrote, fit to stand in a message: one line, not too long, nothing that moves a cursor.
fn one_line(text: &str) -> String {
    const MOST: usize = 160;
    let plain = |it: char| if it.is_control() || crate::text::is_bidirectional(it) { ' ' } else { it };
    let line: String = text.chars().map(plain).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MOST { line } else { line.chars().take(MOST).chain(['…']).collect() }
}

/// Every check there is, by code.
pub static ALL: &[&Check] = &[
    &bad_asset::CHECK,
    &bad_file_name::CHECK,
    &bad_url::CHECK,
    &bidirectional_character::CHECK,
    &blank_text::CHECK,
    &byte_order_mark::CHECK,
    &changed_uid::CHECK,
    &circular_successor::CHECK,
    &confusable_name::CHECK,
    &control_character::CHECK,
    &duplicate_id::CHECK,
    &duplicate_item::CHECK,
    &duplicate_key::CHECK,
    &duplicate_module::CHECK,
    &duplicate_plugin::CHECK,
    &host_excluded::CHECK,
    &host_not_required::CHECK,
    &malformed_value::CHECK,
    &markup_in_text::CHECK,
    &missing_asset::CHECK,
    &missing_field::CHECK,
    &missing_host::CHECK,
    &missing_store::CHECK,
    &module_not_the_project::CHECK,
    &no_core_release::CHECK,
    &no_release::CHECK,
    &not_a_plain_project::CHECK,
    &not_asked::CHECK,
    &not_canonical::CHECK,
    &not_for_newest_core::CHECK,
    &not_json::CHECK,
    &not_utf8::CHECK,
    &only_prereleases::CHECK,
    &only_yanked::CHECK,
    &out_of_range::CHECK,
    &reserved_id::CHECK,
    &revived_tombstone::CHECK,
    &stale_answer::CHECK,
    &stale_upstream::CHECK,
    &stray_file::CHECK,
    &symbolic_link::CHECK,
    &text_too_long::CHECK,
    &too_deep::CHECK,
    &too_large::CHECK,
    &too_many_files::CHECK,
    &too_many_items::CHECK,
    &unknown_category::CHECK,
    &unknown_field::CHECK,
    &unknown_kind::CHECK,
    &unknown_license::CHECK,
    &unknown_package::CHECK,
    &unknown_successor::CHECK,
    &unknown_value::CHECK,
    &vanished_id::CHECK,
    &wrong_type::CHECK,
];
