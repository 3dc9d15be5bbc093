//! Client side of a store, without I/O: data of published documents, release selection, saved
//! state, and output.
//!
//! Reference for consuming a store in a host application. `docs/hosts/client.md` describes it in
//! prose.

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

/// Returns the key of an entry for maps and messages: `host/id`.
pub fn key(host: &str, id: &str) -> String {
    format!("{host}/{id}")
}
