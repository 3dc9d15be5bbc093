//! Every fault that a contributor's file can have, one file each; the table at the end of this one
//! lists them.
//!
//! A check is data: its code and its rule. A new check has a file here, two lines below, and its
//! page `docs/errors/<code>.md` (without it the code does not compile) with its cases (without them
//! a test fails).

use shopfront_diagnostics::{Code, Diagnostic};
use shopfront_model::answers::Project;
use shopfront_model::catalogue::Catalogue;
use shopfront_model::codes::{
    ambiguous_manifest, bad_library_name, bad_manifest_value, bidirectional_character, blank_text,
    control_character, core_node_type, credentials_in_flow, invisible_character, malformed_flow,
    malformed_manifest, missing_keyword, missing_manifest_field, missing_member, no_amd_module,
    old_manifest, one_line, reserved_id, skipped_member, too_many_marks, undeclared_capability,
    undeclared_dependency, undeclared_module, unknown_manifest_field, unloaded_interface,
};

mod context;
mod run;

use context::odd_message;
pub use context::{AnswerContext, ArchiveContext, HistoryContext, PackageContext, ProjectContext};
pub use run::{find, run, run_answer, run_archive, run_host, run_package, run_past};

mod ambiguous_archive;
mod archive_too_large;
mod archived_project;
pub mod bad_asset;
pub mod bad_file_name;
pub mod bad_url;
pub mod behind_newest_host;
mod broken_entry_point;
pub mod byte_order_mark;
mod case_collision;
mod changed_uid;
mod circular_successor;
mod common_module;
mod confusable_name;
mod corrupt_member;
mod direct_url_dependency;
mod duplicate_id;
pub mod duplicate_item;
pub mod duplicate_key;
mod duplicate_member;
mod duplicate_module;
mod duplicate_plugin;
pub mod equal_versions;
mod escaping_member;
mod foreign_dist_info;
mod foreign_publisher;
mod host_excluded;
mod host_not_required;
pub mod incomplete_archive;
mod incomplete_record;
mod link_in_archive;
mod lost_attestation;
mod malformed_entry_points;
mod malformed_metadata;
mod malformed_module;
mod malformed_record;
pub mod malformed_value;
pub mod manifest_alone;
pub mod markup_in_text;
pub mod missing_asset;
pub mod missing_field;
pub mod missing_host;
mod missing_license_file;
mod missing_metadata;
pub mod missing_package;
mod missing_record;
pub mod missing_store;
mod module_not_in_wheel;
mod module_not_the_project;
mod name_mismatch;
mod no_core_release;
mod no_description;
mod no_entry_point;
mod no_license;
mod no_module;
mod no_plugin_binding;
mod no_release;
mod no_wheel;
pub mod not_a_plain_project;
pub mod not_asked;
pub mod not_canonical;
mod not_for_newest_core;
pub mod not_json;
pub mod not_offered;
pub mod not_utf8;
mod only_prereleases;
mod only_yanked;
pub mod out_of_range;
mod pinned_dependency;
mod platform_wheel;
mod plugin_not_callable;
mod prerelease_package;
mod python_excluded;
mod quarantined_project;
pub mod refused_upstream_entry;
mod revived_tombstone;
mod shadowing_module;
pub mod stale_answer;
pub mod stale_upstream;
mod startup_code;
pub mod stray_file;
mod stray_module;
pub mod symbolic_link;
pub mod taken_name;
pub mod text_too_long;
pub mod too_deep;
pub mod too_large;
pub mod too_many_files;
pub mod too_many_items;
pub mod unclear_source;
mod unknown_category;
pub mod unknown_field;
pub mod unknown_kind;
pub mod unknown_license;
mod unknown_package;
mod unknown_successor;
pub mod unknown_value;
mod unreadable_archive;
mod unrenderable_description;
mod unsupported_host;
mod vanished_id;
mod version_mismatch;
mod vulnerable_release;
mod wrong_core_range;
mod wrong_hash;
pub mod wrong_package;
pub mod wrong_type;
pub mod wrong_version;

/// A code and its rule.
pub struct Check {
    /// Which fault.
    pub code: &'static Code,
    /// Rule that reports the code.
    pub rule: Rule,
}

/// Stage and function that report a code.
pub enum Rule {
    /// While the files are read.
    Load,
    /// By a schema.
    Schema,
    /// By looking at the whole catalogue.
    Catalogue(fn(&Catalogue, &mut Vec<Diagnostic>)),
    /// By holding one snippet against what its registry said.
    Answer(fn(&AnswerContext<'_>, &mut Vec<Diagnostic>)),
    /// By holding a project against what its registry said: that of a snippet, or the own one of a
    /// host.
    Project(fn(&ProjectContext<'_>, &mut Vec<Diagnostic>)),
    /// By looking at the archive of a package, whatever kind it is for.
    Archive(fn(&ArchiveContext<'_>, &mut Vec<Diagnostic>)),
    /// By looking into a package file for Python.
    Package(fn(&PackageContext<'_>, &mut Vec<Diagnostic>)),
    /// Either way: by what the registry said of a release, or by looking into its package file.
    AnswerOrPackage(
        fn(&AnswerContext<'_>, &mut Vec<Diagnostic>),
        fn(&PackageContext<'_>, &mut Vec<Diagnostic>),
    ),
    /// By holding the catalogue against what it was before.
    History(fn(&HistoryContext<'_>, &mut Vec<Diagnostic>)),
    /// When a store is published; it stands in `problems.json` and is no fault of a file.
    Build,
}

/// Returns the reason of a project's status, as the end of a message.
fn status_reason(project: &Project) -> String {
    project
        .status_reason
        .as_deref()
        .map(|reason| format!(": {}", one_line(reason)))
        .unwrap_or_default()
}

/// Every check there is, by code.
pub static ALL: &[&Check] = &[
    &ambiguous_archive::CHECK,
    &Check {
        code: &ambiguous_manifest::CODE,
        rule: Rule::Load,
    },
    &archive_too_large::CHECK,
    &archived_project::CHECK,
    &bad_asset::CHECK,
    &bad_file_name::CHECK,
    &Check {
        code: &bad_library_name::CODE,
        rule: Rule::Load,
    },
    &Check {
        code: &bad_manifest_value::CODE,
        rule: Rule::Load,
    },
    &bad_url::CHECK,
    &behind_newest_host::CHECK,
    &Check {
        code: &bidirectional_character::CODE,
        rule: Rule::Schema,
    },
    &Check {
        code: &blank_text::CODE,
        rule: Rule::Schema,
    },
    &broken_entry_point::CHECK,
    &byte_order_mark::CHECK,
    &case_collision::CHECK,
    &changed_uid::CHECK,
    &circular_successor::CHECK,
    &common_module::CHECK,
    &confusable_name::CHECK,
    &Check {
        code: &control_character::CODE,
        rule: Rule::Schema,
    },
    &Check {
        code: &core_node_type::CODE,
        rule: Rule::Load,
    },
    &corrupt_member::CHECK,
    &Check {
        code: &credentials_in_flow::CODE,
        rule: Rule::Load,
    },
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
    &Check {
        code: &invisible_character::CODE,
        rule: Rule::Schema,
    },
    &link_in_archive::CHECK,
    &lost_attestation::CHECK,
    &malformed_entry_points::CHECK,
    &Check {
        code: &malformed_flow::CODE,
        rule: Rule::Load,
    },
    &Check {
        code: &malformed_manifest::CODE,
        rule: Rule::Load,
    },
    &malformed_metadata::CHECK,
    &malformed_module::CHECK,
    &malformed_record::CHECK,
    &malformed_value::CHECK,
    &manifest_alone::CHECK,
    &markup_in_text::CHECK,
    &missing_asset::CHECK,
    &missing_field::CHECK,
    &missing_host::CHECK,
    &Check {
        code: &missing_keyword::CODE,
        rule: Rule::Load,
    },
    &missing_license_file::CHECK,
    &Check {
        code: &missing_manifest_field::CODE,
        rule: Rule::Load,
    },
    &Check {
        code: &missing_member::CODE,
        rule: Rule::Load,
    },
    &missing_metadata::CHECK,
    &missing_package::CHECK,
    &missing_record::CHECK,
    &missing_store::CHECK,
    &module_not_in_wheel::CHECK,
    &module_not_the_project::CHECK,
    &name_mismatch::CHECK,
    &Check {
        code: &no_amd_module::CODE,
        rule: Rule::Load,
    },
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
    &Check {
        code: &old_manifest::CODE,
        rule: Rule::Load,
    },
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
    &Check {
        code: &reserved_id::CODE,
        rule: Rule::Load,
    },
    &revived_tombstone::CHECK,
    &shadowing_module::CHECK,
    &Check {
        code: &skipped_member::CODE,
        rule: Rule::Load,
    },
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
    &Check {
        code: &too_many_marks::CODE,
        rule: Rule::Schema,
    },
    &unclear_source::CHECK,
    &Check {
        code: &undeclared_capability::CODE,
        rule: Rule::Load,
    },
    &Check {
        code: &undeclared_dependency::CODE,
        rule: Rule::Load,
    },
    &Check {
        code: &undeclared_module::CODE,
        rule: Rule::Load,
    },
    &unknown_category::CHECK,
    &unknown_field::CHECK,
    &unknown_kind::CHECK,
    &unknown_license::CHECK,
    &Check {
        code: &unknown_manifest_field::CODE,
        rule: Rule::Load,
    },
    &unknown_package::CHECK,
    &unknown_successor::CHECK,
    &unknown_value::CHECK,
    &Check {
        code: &unloaded_interface::CODE,
        rule: Rule::Load,
    },
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
