//! What all connections share: where the store lies, which build it is, and how many are connected.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The store that is served.
pub(super) struct Site {
    /// The folder; opened anew by every request.
    pub(super) folder: PathBuf,
    /// Tells this run from the one before, whose pages may still be open.
    born: u128,
    state: Mutex<State>,
    changed: Condvar,
    is_over: AtomicBool,
    connections: Arc<AtomicUsize>,
}

struct State {
    base_path: String,
    build: u64,
    why_empty: Option<String>,
}

/// A place among the connections; given back when dropped.
pub(super) struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Site {
    pub(super) fn new(folder: PathBuf, base_path: &str) -> Site {
        let born = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        let state = State { base_path: with_slashes(base_path), build: 0, why_empty: None };
        let (changed, connections) = (Condvar::new(), Arc::new(AtomicUsize::new(0)));
        Site { folder, born, state: Mutex::new(state), changed, is_over: AtomicBool::new(false), connections }
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
        let waited = self.changed.wait_timeout_while(self.state(), patience, is_same);
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

    /// A place for one more connection, unless there are `most` already.
    pub(super) fn take_place(&self, most: usize) -> Option<Place> {
        let place = Place(Arc::clone(&self.connections));
        (self.connections.fetch_add(1, Ordering::SeqCst) < most).then_some(place)
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
