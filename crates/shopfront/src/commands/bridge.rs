//! `bridge`: serves a store to a backend of OKO Dashboard on this machine, including the one call
//! that no static file can answer.

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

/// Options of `bridge`.
pub struct Options {
    /// URL of the store including the directory of its host, or that directory on this machine.
    pub store: String,
    /// Directory into which plugins are unpacked. The backend sees the same directory under the
    /// same path.
    pub folder: PathBuf,
    /// Port. `None` selects the first free one.
    pub port: Option<u16>,
    /// Timeouts and retries of requests to the store.
    pub patience: RetryPolicy,
}

/// Serves until the process is stopped.
///
/// # Errors
/// Returns an error if no server can be started, or if the store or the directory is invalid.
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
