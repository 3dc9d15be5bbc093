//! What all connections share: where the store lies, and which build it is.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::events::Streams;

/// The store that is served.
pub(super) struct Site {
    /// The folder; opened anew by every request.
    pub(super) folder: PathBuf,
    /// Tells this run from the one before, whose pages may still be open.
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

    /// Names the build that is served now; never the same in two runs.
    pub(super) fn build(&self) -> String {
        self.name_of(self.state().build)
    }

    /// Waits until the build is another than `known`, at most `patience`; the build then.
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

    /// A thread that panicked leaves numbers and texts, all of them whole.
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
