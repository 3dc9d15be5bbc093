//! Every fault that a contributor's file can have, one file each; the table at the end of this one lists them.
//!
//! A check is data: its code and how it is found. Whoever adds one adds a file here, its two lines below, its page
//! `docs/errors/<code>.md` (without it the code does not compile) and its fixture folder (without it a test fails).

use serde_json::Value;

use crate::answers::Project;
use crate::catalogue::{Catalogue, Snippet};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::json;
use crate::schema;
use crate::text::{self, Hidden, HiddenKind};

mod cases;
mod run;

use cases::odd_message;
pub use cases::{ArchiveCase, Case, PackageCase, Past, ProjectCase};
pub use run::{find, run, run_answer, run_archive, run_host, run_package, run_past};

mod ambiguous_archive;
pub(crate) mod ambiguous_manifest;
mod archive_too_large;
mod archived_project;
pub(crate) mod bad_asset;
pub(crate) mod bad_file_name;
pub(crate) mod bad_library_name;
pub(crate) mod bad_manifest_value;
pub(crate) mod bad_url;
pub(crate) mod behind_newest_host;
mod bidirectional_character;
pub(crate) mod blank_text;
mod broken_entry_point;
pub(crate) mod byte_order_mark;
mod case_collision;
mod changed_uid;
mod circular_successor;
mod common_module;
mod confusable_name;
mod control_character;
pub(crate) mod core_node_type;
mod corrupt_member;
pub(crate) mod credentials_in_flow;
mod direct_url_dependency;
mod duplicate_id;
pub(crate) mod duplicate_item;
pub(crate) mod duplicate_key;
mod duplicate_member;
mod duplicate_module;
mod duplicate_plugin;
pub(crate) mod equal_versions;
mod escaping_member;
mod foreign_dist_info;
mod foreign_publisher;
mod host_excluded;
mod host_not_required;
pub(crate) mod incomplete_archive;
pub(crate) mod incomplete_record;
mod invisible_character;
mod link_in_archive;
mod lost_attestation;
mod malformed_entry_points;
pub(crate) mod malformed_flow;
pub(crate) mod malformed_manifest;
mod malformed_metadata;
mod malformed_module;
mod malformed_record;
pub(crate) mod malformed_value;
pub(crate) mod manifest_alone;
pub(crate) mod markup_in_text;
pub(crate) mod missing_asset;
pub(crate) mod missing_field;
pub(crate) mod missing_host;
pub(crate) mod missing_keyword;
mod missing_license_file;
pub(crate) mod missing_manifest_field;
pub(crate) mod missing_member;
mod missing_metadata;
pub(crate) mod missing_package;
mod missing_record;
pub(crate) mod missing_store;
mod module_not_in_wheel;
mod module_not_the_project;
pub(crate) mod name_mismatch;
pub(crate) mod no_amd_module;
mod no_core_release;
mod no_description;
mod no_entry_point;
pub(crate) mod no_license;
mod no_module;
mod no_plugin_binding;
mod no_release;
mod no_wheel;
pub(crate) mod not_a_plain_project;
pub(crate) mod not_asked;
pub(crate) mod not_canonical;
mod not_for_newest_core;
pub(crate) mod not_json;
pub(crate) mod not_offered;
pub(crate) mod not_utf8;
pub(crate) mod old_manifest;
mod only_prereleases;
mod only_yanked;
pub(crate) mod out_of_range;
mod pinned_dependency;
mod platform_wheel;
mod plugin_not_callable;
mod prerelease_package;
mod python_excluded;
mod quarantined_project;
pub(crate) mod refused_upstream_entry;
pub(crate) mod reserved_id;
mod revived_tombstone;
pub(crate) mod shadowing_module;
pub(crate) mod skipped_member;
pub(crate) mod stale_answer;
pub(crate) mod stale_upstream;
mod startup_code;
pub(crate) mod stray_file;
mod stray_module;
pub(crate) mod symbolic_link;
pub(crate) mod taken_name;
pub(crate) mod text_too_long;
pub(crate) mod too_deep;
pub(crate) mod too_large;
pub(crate) mod too_many_files;
pub(crate) mod too_many_items;
mod too_many_marks;
pub(crate) mod unclear_source;
pub(crate) mod undeclared_capability;
pub(crate) mod undeclared_dependency;
pub(crate) mod undeclared_module;
mod unknown_category;
pub(crate) mod unknown_field;
pub(crate) mod unknown_kind;
pub(crate) mod unknown_license;
pub(crate) mod unknown_manifest_field;
mod unknown_package;
mod unknown_successor;
pub(crate) mod unknown_value;
pub(crate) mod unloaded_interface;
mod unreadable_archive;
pub(crate) mod unrenderable_description;
mod unsupported_host;
mod vanished_id;
mod version_mismatch;
mod vulnerable_release;
mod wrong_core_range;
pub(crate) mod wrong_hash;
pub(crate) mod wrong_package;
pub(crate) mod wrong_type;
pub(crate) mod wrong_version;

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
    /// By holding a project against what its registry said: that of a snippet, or the own one of a host.
    Project(fn(&ProjectCase<'_>, &mut Vec<Diagnostic>)),
    /// By looking at the archive of a package, whatever kind it is for.
    Archive(fn(&ArchiveCase<'_>, &mut Vec<Diagnostic>)),
    /// By looking into a package file for Python.
    Package(fn(&PackageCase<'_>, &mut Vec<Diagnostic>)),
    /// Either way: by what the registry said of a release, or by looking into its package file.
    AnswerOrPackage(fn(&Case<'_>, &mut Vec<Diagnostic>), fn(&PackageCase<'_>, &mut Vec<Diagnostic>)),
    /// By holding the catalogue against what it was before.
    Past(fn(&Past<'_>, &mut Vec<Diagnostic>)),
    /// When a store is published; it stands in `problems.json` and is no fault of a file.
    Publication,
}

/// The name of the project in the file of `snippet`.
pub(crate) fn source_place(snippet: &Snippet) -> Place {
    Place::value(&snippet.path, format!("/source/{}", snippet.source.registry))
}

/// The text at `place`, which messages call `name`, contains a character that its readers do not see.
pub(crate) fn hidden_character(place: Place, name: &str, hidden: Hidden) -> Diagnostic {
    match hidden.kind {
        HiddenKind::Control => control_character::found(place, name, hidden.character),
        HiddenKind::Bidirectional => bidirectional_character::found(place, name, hidden.character),
        HiddenKind::Mark => too_many_marks::found(place, name, hidden),
        HiddenKind::Invisible | HiddenKind::Private | HiddenKind::Unassigned => invisible_character::found(place, name, hidden),
    }
}

/// Every hidden character in the keys and texts of `value`, the document at `path`, the first of each text; lines may end.
pub(crate) fn hidden_characters(path: &str, value: &Value) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    json::texts(value, &mut |at, part, text| {
        if let Some(hidden) = text::hidden(text).find(|it| !it.ends_or_indents()) {
            found.push(hidden_character(Place::part(path, at.clone(), part), &schema::field_name(at), hidden));
        }
    });
    found
}

/// Why a project has its status, as the end of a message.
fn status_reason(project: &Project) -> String {
    project.status_reason.as_deref().map(|reason| format!(": {}", one_line(reason))).unwrap_or_default()
}

/// What a stranger wrote, fit to stand in a message: one line, not too long, nothing that moves a cursor.
fn one_line(text: &str) -> String {
    text::one_line(text, 160)
}

/// Every check there is, by code.
pub static ALL: &[&Check] = &[
    &ambiguous_archive::CHECK,
    &ambiguous_manifest::CHECK,
    &archive_too_large::CHECK,
    &archived_project::CHECK,
    &bad_asset::CHECK,
    &bad_file_name::CHECK,
    &bad_library_name::CHECK,
    &bad_manifest_value::CHECK,
    &bad_url::CHECK,
    &behind_newest_host::CHECK,
    &bidirectional_character::CHECK,
    &blank_text::CHECK,
    &broken_entry_point::CHECK,
    &byte_order_mark::CHECK,
    &case_collision::CHECK,
    &changed_uid::CHECK,
    &circular_successor::CHECK,
    &common_module::CHECK,
    &confusable_name::CHECK,
    &control_character::CHECK,
    &core_node_type::CHECK,
    &corrupt_member::CHECK,
    &credentials_in_flow::CHECK,
    &direct_url_dependency::CHECK,
    &duplicate_id::CHECK,
    &duplicate_item::CHECK,
    &duplicate_key::CHECK,
    &duplicate_member::CHECK,
    &duplicate_module::CHECK,
    &duplicate_plugin::CHECK,
    &equal_versions::CHECK,
    &escaping_member::CHECK,
    &foreign_dist_info::CHECK,
    &foreign_publisher::CHECK,
    &host_excluded::CHECK,
    &host_not_required::CHECK,
    &incomplete_archive::CHECK,
    &incomplete_record::CHECK,
    &invisible_character::CHECK,
    &link_in_archive::CHECK,
    &lost_attestation::CHECK,
    &malformed_entry_points::CHECK,
    &malformed_flow::CHECK,
    &malformed_manifest::CHECK,
    &malformed_metadata::CHECK,
    &malformed_module::CHECK,
    &malformed_record::CHECK,
    &malformed_value::CHECK,
    &manifest_alone::CHECK,
    &markup_in_text::CHECK,
    &missing_asset::CHECK,
    &missing_field::CHECK,
    &missing_host::CHECK,
    &missing_keyword::CHECK,
    &missing_license_file::CHECK,
    &missing_manifest_field::CHECK,
    &missing_member::CHECK,
    &missing_metadata::CHECK,
    &missing_package::CHECK,
    &missing_record::CHECK,
    &missing_store::CHECK,
    &module_not_in_wheel::CHECK,
    &module_not_the_project::CHECK,
    &name_mismatch::CHECK,
    &no_amd_module::CHECK,
    &no_core_release::CHECK,
    &no_description::CHECK,
    &no_entry_point::CHECK,
    &no_license::CHECK,
    &no_module::CHECK,
    &no_plugin_binding::CHECK,
    &no_release::CHECK,
    &no_wheel::CHECK,
    &not_a_plain_project::CHECK,
    &not_asked::CHECK,
    &not_canonical::CHECK,
    &not_for_newest_core::CHECK,
    &not_json::CHECK,
    &not_offered::CHECK,
    &not_utf8::CHECK,
    &old_manifest::CHECK,
    &only_prereleases::CHECK,
    &only_yanked::CHECK,
    &out_of_range::CHECK,
    &pinned_dependency::CHECK,
    &platform_wheel::CHECK,
    &plugin_not_callable::CHECK,
    &prerelease_package::CHECK,
    &python_excluded::CHECK,
    &quarantined_project::CHECK,
    &refused_upstream_entry::CHECK,
    &reserved_id::CHECK,
    &revived_tombstone::CHECK,
    &shadowing_module::CHECK,
    &skipped_member::CHECK,
    &stale_answer::CHECK,
    &stale_upstream::CHECK,
    &startup_code::CHECK,
    &stray_file::CHECK,
    &stray_module::CHECK,
    &symbolic_link::CHECK,
    &taken_name::CHECK,
    &text_too_long::CHECK,
    &too_deep::CHECK,
    &too_large::CHECK,
    &too_many_files::CHECK,
    &too_many_items::CHECK,
    &too_many_marks::CHECK,
    &unclear_source::CHECK,
    &undeclared_capability::CHECK,
    &undeclared_dependency::CHECK,
    &undeclared_module::CHECK,
    &unknown_category::CHECK,
    &unknown_field::CHECK,
    &unknown_kind::CHECK,
    &unknown_license::CHECK,
    &unknown_manifest_field::CHECK,
    &unknown_package::CHECK,
    &unknown_successor::CHECK,
    &unknown_value::CHECK,
    &unloaded_interface::CHECK,
    &unreadable_archive::CHECK,
    &unrenderable_description::CHECK,
    &unsupported_host::CHECK,
    &vanished_id::CHECK,
    &version_mismatch::CHECK,
    &vulnerable_release::CHECK,
    &wrong_core_range::CHECK,
    &wrong_hash::CHECK,
    &wrong_package::CHECK,
    &wrong_type::CHECK,
    &wrong_version::CHECK,
];
