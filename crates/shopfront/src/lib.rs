//! Shopfront: a plugin store that is a git repository.
//!
//! The flow, in reading order: [`load`] makes a [`catalogue::Catalogue`] of files, [`checks`] find what is wrong with
//! it, [`package`] reads what an [`archive`] of a stranger holds, [`resolve`] asks the [`registry`] what is new and keeps it as [`answers`], [`merge`] makes entries of both,
//! [`emit`], [`render`] and [`search`] make artifacts of these, and [`publish`] puts them where people see them. [`report`] tells
//! faults. Only the doors ([`files`], [`fresh`], [`shelf`], [`drawer`], [`environment`], [`http`], [`git`], [`clock`], [`terminal`], [`dialogue`], [`processes`], [`publish`], [`serve`], [`bridge`])
//! touch the world.

pub mod cli;
pub mod commands;
pub mod issue_form;

pub mod load;
pub mod catalogue;
pub mod register;
pub mod adapter;
pub mod kinds;
pub mod codes;
pub mod checks;
pub mod diagnostic;
pub mod fix;
pub mod report;
pub mod change;

pub mod resolve;
pub mod registry;
pub mod registry_rules;
pub mod answers;

pub mod archive;
pub mod bundle;
pub mod any_package;
pub mod package;
pub mod draft;

pub mod client;

pub mod merge;
pub mod emit;
pub mod readme;
pub mod language;
pub mod render;
pub mod feeds;
pub mod picture;
pub mod search;
pub mod artifact;

pub mod files;
pub mod fresh;
pub mod shelf;
pub mod drawer;
pub mod environment;
pub mod publish;
pub mod http;
pub mod web;
pub mod git;
pub mod clock;
pub mod outcome;
pub mod terminal;
pub mod dialogue;
pub mod processes;
pub mod serve;
pub mod bridge;

pub mod schema;
pub mod embedded;
pub mod json;
mod markdown;
pub mod yaml;
pub mod pointer;
pub mod names;
pub mod pasted;
pub mod text;
pub mod image_header;
pub mod workflow_commands;
mod xml;
pub mod address;
pub mod requirement;
pub mod python;
pub mod digest;
pub mod error;
pub mod program;
