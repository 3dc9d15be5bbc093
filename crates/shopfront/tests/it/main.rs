//! The only test binary: compares visible outputs with files that a contributor would recognize.
//!
//! `UPDATE_GOLDEN=1 cargo test` accepts changes. Review the difference before you commit it.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "tests"
)]

mod addresses;
mod archive;
mod bridge;
mod build;
mod calls;
mod shrinking;
mod sources;
mod settings;
mod sparse;
mod strangers;
mod past;
mod small_store;
mod cards;
mod checks;
mod cli;
mod corpus;
mod diff;
mod error_pages;
mod kinds;
mod leftovers;
mod looking;
mod mend;
mod npm;
mod sarif;
mod set_aside;
mod tombstones;
mod docs;
mod fake_index;
mod fake_index_tests;
mod feeds;
mod fiab_document;
mod formats;
mod github;
mod golden;
mod guide;
mod host;
mod helps;
mod hidden_changes;
mod hostile;
mod libraries;
mod taken_names;
mod package;
mod package_growth;
mod pasted;
mod private_registry;
mod publish;
mod readers;
mod readme_budget;
mod readmes;
mod registry;
mod repositories;
mod resolve;
mod resolve_many;
mod credentials;
mod cut_off;
mod from_published;
mod init;
mod inspect;
mod issue_form;
mod properties;
mod scratch;
mod search;
mod support;
mod trust;
mod upstream_guards;
mod upstream_budget;
mod upstreams;
mod visible_text;
mod words;
mod yaml;
mod workflow_commands;
mod workflows;
mod serve;
mod serve_reload;
mod malformed_archives;
mod wheels;
mod add;
mod add_from_index;
