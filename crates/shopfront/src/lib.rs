//! Shopfront: a static plugin store in a Git repository.
//!
//! Modules of this crate: [`cli`] parses the command line, and [`commands`] runs each command as a
//! sequence of stages. [`report`] renders diagnostics, [`change`] describes and judges the changes
//! of a branch, and [`draft`] makes snippets from packages. [`client`] reads published stores for
//! host applications.
//!
//! Only these modules do I/O: [`files`], [`scaffold`], [`answers_dir`], [`card_cache`], [`venv`],
//! [`git`], [`clock`], [`terminal`], [`prompt`], [`processes`], [`publish`], [`serve`], [`bridge`],
//! and `http` in the registry crate.

pub mod cli;
pub mod commands;
pub mod issue_form;

pub mod report;
pub mod change;

pub mod any_package;
pub mod draft;

pub mod client;

pub mod files;
pub mod scaffold;
pub mod answers_dir;
pub mod card_cache;
pub mod venv;
pub mod publish;
pub mod git;
pub mod clock;
pub mod outcome;
pub mod terminal;
pub mod prompt;
pub mod processes;
pub mod serve;
pub mod bridge;
