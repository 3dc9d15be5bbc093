//! Every fault that a contributor's file can have, one file each; the table at the end of this one lists them.
//!
//! A check is data: its code and how it is found. Whoever adds one adds a file here, its two lines below, its page
//! `docs/errors/<code>.md` (without it the code does not compile) and its fixture folder (without it a test fails).

use std::str::FromStr;

use pep440_rs::Version;

use crate::answers::{Answer, Fitness, Project, ProjectKey, Release};
use crate::archive::{Oddity, OddityKind};
use crate::catalogue::{Catalogue, Host, Snippet};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::kinds::HostVersions;
use crate::names::normal_project;
use crate::package::file_name::{FileName, WheelName};
use crate::package::metadata::{Field, Metadata};
use crate::package::modules::{Module, ModuleKind};
use crate::package::{Flaw, Package};

mod ambiguous_archive;
mod archive_too_large;
mod archived_project;
pub(crate) mod bad_asset;
pub(crate) mod bad_file_name;
pub(crate) mod bad_url;
pub(crate) mod bidirectional_character;
pub(crate) mod blank_text;
mod broken_entry_point;
pub(crate) mod byte_order_mark;
mod case_collision;
mod circular_successor;
mod common_module;
mod confusable_name;
pub(crate) mod control_character;
mod corrupt_member;
mod direct_url_dependency;
mod duplicate_id;
pub(crate) mod duplicate_item;
pub(crate) mod duplicate_key;
mod duplicate_member;
mod duplicate_module;
mod duplicate_plugin;
mod escaping_member;
mod foreign_dist_info;
mod foreign_publisher;
mod host_excluded;
mod host_not_required;
mod incomplete_record;
mod link_in_archive;
mod lost_attestation;
mod malformed_entry_points;
mod malformed_metadata;
mod malformed_record;
pub(crate) mod malformed_value;
pub(crate) mod markup_in_text;
pub(crate) mod missing_asset;
pub(crate) mod missing_field;
pub(crate) mod missing_host;
mod missing_license_file;
mod missing_metadata;
mod missing_record;
pub(crate) mod missing_store;
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
pub(crate) mod not_a_plain_project;
pub(crate) mod not_asked;
pub(crate) mod not_canonical;
mod not_for_newest_core;
pub(crate) mod not_json;
pub(crate) mod not_utf8;
mod only_prereleases;
mod only_yanked;
pub(crate) mod out_of_range;
mod pinned_dependency;
mod platform_wheel;
mod plugin_not_callable;
mod prerelease_package;
mod python_excluded;
mod quarantined_project;
pub(crate) mod reserved_id;
mod shadowing_module;
pub(crate) mod stale_answer;
pub(crate) mod stale_upstream;
mod startup_code;
pub(crate) mod stray_file;
mod stray_module;
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
mod unreadable_archive;
mod unrenderable_description;
mod version_mismatch;
mod vulnerable_release;
mod wrong_core_range;
mod wrong_hash;
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
    /// By looking into a package file.
    Package(fn(&PackageCase<'_>, &mut Vec<Diagnostic>)),
    /// Either way: by what the registry said of a release, or by looking into its package file.
    AnswerOrPackage(fn(&Case<'_>, &mut Vec<Diagnostic>), fn(&PackageCase<'_>, &mut Vec<Diagnostic>)),
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

/// One package file with all that can be held against it.
pub struct PackageCase<'p> {
    /// The package.
    pub package: &'p Package,
    /// The host that it is for; `None` when nobody named one and the package does not show it.
    pub host: Option<&'p Host>,
    /// The versions of that host.
    pub versions: &'p HostVersions,
    /// The store that it goes into.
    pub catalogue: &'p Catalogue,
}

impl<'p> PackageCase<'p> {
    fn is_kind(&self, name: &str) -> bool {
        self.host.is_some_and(|host| host.kind.name == name)
    }

    /// The metadata, where all of it could be read: of other metadata nobody can say what it lacks.
    fn metadata(&self) -> Option<&'p Metadata> {
        self.package.metadata.as_ref().filter(|metadata| metadata.is_whole)
    }

    /// The host application's own project.
    fn host_project(&self) -> Option<ProjectKey> {
        self.host?.adapter.host_project()
    }

    /// The project that the package is of, in the registry's normal form.
    fn project(&self) -> String {
        let name = self.metadata().and_then(|metadata| metadata.value("Name"));
        normal_project(name.unwrap_or_else(|| self.package.file_name.distribution()))
    }

    fn version(&self) -> Option<Version> {
        let written = self.metadata().and_then(|metadata| metadata.value("Version"));
        Version::from_str(written.unwrap_or_else(|| self.package.file_name.version())).ok()
    }

    /// The name of the wheel, when it is one whose list of members is whole. Of another package nobody can say what it
    /// does not hold.
    fn whole_wheel(&self) -> Option<&'p WheelName> {
        match &self.package.file_name {
            FileName::Wheel(name) if self.package.is_listed_whole() => Some(name),
            _ => None,
        }
    }

    /// The module that is called like the project.
    fn own_module(&self) -> Option<&'p Module> {
        let project = self.project();
        self.package.modules.iter().find(|module| module.kind != ModuleKind::Namespace && normal_project(&module.name) == project)
    }

    /// Where `field` of the metadata stands.
    fn place_of(&self, field: &Field) -> Place {
        match self.package.metadata_member() {
            Some(member) => self.package.place(&member, field.bytes.clone()),
            None => self.package.whole(),
        }
    }

    /// A flaw that a reader found in the text of `member`.
    fn flaw(&self, code: &'static Code, member: &str, flaw: &Flaw, label: &str) -> Diagnostic {
        code.at(self.package.place(member, flaw.bytes.clone()), label, flaw.says.clone()).help_if(flaw.help.clone())
    }

    /// The metadata as a whole, for what it does not say.
    fn whole_metadata(&self) -> Place {
        self.package.metadata_member().map_or_else(|| self.package.whole(), |member| self.package.whole_member(&member))
    }
}

impl PackageCase<'_> {
    /// What is odd in this way about the archive of the package.
    fn oddities(&self, kind: OddityKind) -> impl Iterator<Item = &Oddity> {
        self.package.survey.oddities.iter().filter(move |oddity| oddity.kind == kind)
    }

    /// The same, as messages.
    fn odd_messages(&self, kind: OddityKind) -> impl Iterator<Item = String> {
        self.oddities(kind).map(odd_message)
    }
}

/// An oddity in words that stand alone.
fn odd_message(oddity: &Oddity) -> String {
    match &oddity.member {
        Some(name) => format!("the member `{}` {}", shown_name(name), shown_name(&oddity.says)),
        None => format!("the archive {}", oddity.says),
    }
}

/// The name of a member, fit to stand in a message: what can not be seen is spelled out, for it is what matters here.
fn shown_name(name: &str) -> String {
    let is_hidden = |it: char| it.is_control() || crate::text::is_bidirectional(it);
    name.chars().flat_map(|it| if is_hidden(it) { it.escape_unicode().collect::<Vec<_>>() } else { vec![it] }).collect()
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
        if let Rule::Answer(run) | Rule::AnswerOrPackage(run, _) = check.rule {
            run(case, &mut found);
        }
    }
    found
}

/// A stranger's package may have one fault a hundred thousand times: so many are told, and show what is wrong.
const MOST_OF_ONE_CHECK: usize = 20;

/// Every fault of one package file, [`MOST_OF_ONE_CHECK`] of each kind.
pub fn run_package(case: &PackageCase<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for check in ALL {
        if let Rule::Package(run) | Rule::AnswerOrPackage(_, run) = check.rule {
            let told = found.len();
            run(case, &mut found);
            found.truncate(told + MOST_OF_ONE_CHECK);
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

/// Why a project has its status, as the end of a message.
fn status_reason(project: &Project) -> String {
    project.status_reason.as_deref().map(|reason| format!(": {}", one_line(reason))).unwrap_or_default()
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
    &ambiguous_archive::CHECK,
    &archive_too_large::CHECK,
    &archived_project::CHECK,
    &bad_asset::CHECK,
    &bad_file_name::CHECK,
    &bad_url::CHECK,
    &bidirectional_character::CHECK,
    &blank_text::CHECK,
    &broken_entry_point::CHECK,
    &byte_order_mark::CHECK,
    &case_collision::CHECK,
    &circular_successor::CHECK,
    &common_module::CHECK,
    &confusable_name::CHECK,
    &control_character::CHECK,
    &corrupt_member::CHECK,
    &direct_url_dependency::CHECK,
    &duplicate_id::CHECK,
    &duplicate_item::CHECK,
    &duplicate_key::CHECK,
    &duplicate_member::CHECK,
    &duplicate_module::CHECK,
    &duplicate_plugin::CHECK,
    &escaping_member::CHECK,
    &foreign_dist_info::CHECK,
    &foreign_publisher::CHECK,
    &host_excluded::CHECK,
    &host_not_required::CHECK,
    &incomplete_record::CHECK,
    &link_in_archive::CHECK,
    &lost_attestation::CHECK,
    &malformed_entry_points::CHECK,
    &malformed_metadata::CHECK,
    &malformed_record::CHECK,
    &malformed_value::CHECK,
    &markup_in_text::CHECK,
    &missing_asset::CHECK,
    &missing_field::CHECK,
    &missing_host::CHECK,
    &missing_license_file::CHECK,
    &missing_metadata::CHECK,
    &missing_record::CHECK,
    &missing_store::CHECK,
    &module_not_in_wheel::CHECK,
    &module_not_the_project::CHECK,
    &name_mismatch::CHECK,
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
    &not_utf8::CHECK,
    &only_prereleases::CHECK,
    &only_yanked::CHECK,
    &out_of_range::CHECK,
    &pinned_dependency::CHECK,
    &platform_wheel::CHECK,
    &plugin_not_callable::CHECK,
    &prerelease_package::CHECK,
    &python_excluded::CHECK,
    &quarantined_project::CHECK,
    &reserved_id::CHECK,
    &shadowing_module::CHECK,
    &stale_answer::CHECK,
    &stale_upstream::CHECK,
    &startup_code::CHECK,
    &stray_file::CHECK,
    &stray_module::CHECK,
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
    &unreadable_archive::CHECK,
    &unrenderable_description::CHECK,
    &version_mismatch::CHECK,
    &vulnerable_release::CHECK,
    &wrong_core_range::CHECK,
    &wrong_hash::CHECK,
    &wrong_type::CHECK,
];
