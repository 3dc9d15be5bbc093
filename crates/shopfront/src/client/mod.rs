//! The client side of a store, without the world: what published documents say, which release is
//! taken, what is remembered, and what there is to tell.
//!
//! It is how a host application should consume a store; `docs/hosts/client.md` says it in prose.

mod choice;
mod facts;
mod listing;
mod state;
mod output;
mod import_check;
mod smoke_report;

pub use choice::{Choice, Fit, Target, Wanted, choose};
pub use facts::{Host, Kind, Plugin, Release, Releases, Store};
pub use import_check::{CODE, ImportCheck, Outcome, read as read_trial};
pub use listing::{Listing, Newest, Place, Row, StoreNote, unlisted};
pub use output::{human, json, rows_text};
pub use smoke_report::{SmokeReport, SmokeResult, SmokeTest};
pub use state::{PendingOperation, Record, Recovery, State, Status, What};

/// A host and the id of an entry, as keys and messages write them.
pub fn key(host: &str, id: &str) -> String {
    format!("{host}/{id}")
}
