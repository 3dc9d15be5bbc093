//! The client side of a store, without the world: what published documents say, which release is taken, what is
//! remembered, and what there is to tell.
//!
//! It is how a host application should consume a store; `docs/hosts/client.md` says it in prose.

mod choice;
mod facts;
mod listing;
mod state;
mod told;
mod trial;
mod tried;

pub use choice::{Choice, Fit, Target, Wanted, choose};
pub use facts::{Host, Kind, Plugin, Release, Releases, Store};
pub use listing::{Listing, Newest, Place, Row, StoreNote, unlisted};
pub use state::{Doing, Record, Settled, State, Status, What};
pub use told::{human, json, rows_text};
pub use trial::{CODE, Outcome, Trial, read as read_trial};
pub use tried::{Tried, Try, TryResult};

/// A host and the id of an entry, as keys and messages write them.
pub fn key(host: &str, id: &str) -> String {
    format!("{host}/{id}")
}
