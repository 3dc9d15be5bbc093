//! `bridge`: serves a store to a backend of OKO Dashboard on this machine, the one call included
//! that no file can answer.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use crate::bridge::Bridge;
use crate::bridge::folder::Folder;
use crate::clock;
use crate::outcome::Outcome;
use crate::prompt::status;
use crate::serve::Limits;
use crate::serve::calls::Calls;
use shopfront_diagnostics::error::Error;
use shopfront_registry::http::RetryPolicy;

/// Which store, and where.
pub struct Options {
    /// The address of the store with the folder of its host, or that folder on this machine.
    pub store: String,
    /// Where plugins are unpacked; the backend sees the same folder under the same path.
    pub folder: PathBuf,
    /// The port; the first free one when nobody cares.
    pub port: Option<u16>,
    /// The patience with the store.
    pub patience: RetryPolicy,
}

/// Serves until somebody stops the program.
///
/// # Errors
/// When no server can be started, or the store or the folder are none.
pub fn run(options: &Options) -> Result<Outcome, Error> {
    let bridge = Arc::new(Bridge::open(
        &options.store,
        Folder::open(&options.folder)?,
        options.patience,
        clock::now,
    )?);
    let of_calls = Arc::clone(&bridge);
    let calls = Calls::start(options.port, Limits::default(), move |call| {
        of_calls.answer(call)
    })?;
    status(&format!(
        "serving the store to OKO Dashboard: OKO_STORE_URL={}/api/v1",
        calls.address()
    ));
    status(&bridge.told());
    loop {
        thread::park();
    }
}
