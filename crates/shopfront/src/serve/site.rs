//! Shared state of all connections: the directory of the store, and the current build.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::events::Streams;

/// Served store.
pub(super) struct Site {
    /// Directory, which every request opens anew.
    pub(super) folder: PathBuf,
    /// Identifier of this run. Pages of the previous run may still be open.
    born: u128,
    state: Mutex<State>,
    changed: Condvar,
    is_over: AtomicBool,
    pub(super) streams: Streams,
}

struct State {
    base_path: String,
    build: u64,
    why_empty: Option<String>,
}

impl Site {
    pub(super) fn new(folder: PathBuf, base_path: &str, most_streams: usize) -> Site {
        let born = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_millis());
        let state = State {
            base_path: with_slashes(base_path),
            build: 0,
            why_empty: None,
        };
        let (changed, is_over) = (Condvar::new(), AtomicBool::new(false));
        Site {
            folder,
            born,
            state: Mutex::new(state),
            changed,
            is_over,
            streams: Streams::new(most_streams),
        }
    }

    pub(super) fn base_path(&self) -> String {
        self.state().base_path.clone()
    }

    pub(super) fn move_to(&self, base_path: &str) -> bool {
        let base_path = with_slashes(base_path);
        let mut state = self.state();
        let is_another = state.base_path != base_path;
        state.base_path = base_path;
        is_another
    }

    pub(super) fn explain(&self, why: Option<String>) {
        self.state().why_empty = why;
    }

    pub(super) fn why_empty(&self) -> Option<String> {
        self.state().why_empty.clone()
    }

    pub(super) fn reload(&self) {
        self.state().build += 1;
        self.changed.notify_all();
    }

    /// Returns the name of the current build, which is unique across runs.
    pub(super) fn build(&self) -> String {
        self.name_of(self.state().build)
    }

    /// Waits at most `patience` until the build differs from `known`. Returns the current build.
    pub(super) fn build_after(&self, known: &str, patience: Duration) -> String {
        let is_same = |state: &mut State| self.name_of(state.build) == known && !self.is_over();
        let waited = self
            .changed
            .wait_timeout_while(self.state(), patience, is_same);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        self.name_of(state.build)
    }

    pub(super) fn end(&self) {
        self.is_over.store(true, Ordering::SeqCst);
        self.changed.notify_all();
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::SeqCst)
    }

    fn name_of(&self, build: u64) -> String {
        format!("{}-{build}", self.born)
    }

    /// A thread that panicked leaves consistent numbers and texts.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn with_slashes(path: &str) -> String {
    match path.trim_matches('/') {
        "" => "/".to_owned(),
        inner => format!("/{inner}/"),
    }
}
