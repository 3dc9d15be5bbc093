//! Shopfront: a plugin store that is a git repository.
//!
//! The flow, in reading order: [`load`] makes a [`catalogue::Catalogue`] of files, [`checks`] find
//! what is wrong with it, [`package`] reads what an [`archive`] of a stranger holds, [`resolve`]
//! asks the [`registry`] what is new and keeps it as [`answers`], [`merge`] makes entries of both,
//! [`emit`], [`render`] and [`search`] make artifacts of these, and [`publish`] puts them where
//! people see them. [`report`] tells faults. Only the doors ([`files`], [`fresh`], [`answers_dir`],
//! [`card_cache`], [`environment`], [`http`], [`git`], [`clock`], [`terminal`], [`dialogue`],
//! [`processes`], [`publish`], [`serve`], [`bridge`]) touch the world.

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
