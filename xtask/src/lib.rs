//! Shopfront: a plugin store that is a git repository.
//!
//! The flow, in reading order: [`load`] makes a [`catalogue::Catalogue`] of files, [`checks`] find what is wrong with
//! it, [`resolve`] asks the [`registry`] what is new and keeps it as [`answers`], [`merge`] makes entries of both,
//! [`emit`] and [`render`] make artifacts of these, and [`publish`] puts them where people see them. [`report`] tells
//! faults. Only the doors ([`files`], [`fresh`], [`shelf`], [`http`], [`git`], [`clock`], [`terminal`], [`dialogue`], [`publish`], [`serve`])
//! touch the world.

pub mod cli;
pub mod commands;

pub mod catalogue;
pub mod checks;
pub mod diagnostic;
pub mod kinds;
pub mod load;
pub mod report;

pub mod answers;
pub mod registry;
pub mod resolve;

pub mod merge;

pub mod artifact;
pub mod emit;
pub mod publish;
pub mod render;

pub mod clock;
pub mod dialogue;
pub mod files;
pub mod fresh;
pub mod git;
pub mod http;
pub mod serve;
pub mod shelf;
pub mod terminal;

pub mod address;
pub mod digest;
pub mod embedded;
pub mod error;
pub mod json;
pub mod names;
pub mod pointer;
pub mod program;
pub mod requirement;
pub mod schema;
pub mod text;
pub mod web;
