//! Bridge from a store to a backend of OKO Dashboard: the published data, and the one call that no
//! static file can answer.
//!
//! The backend's client needs the path of a directory on its own disk. The bridge fetches the
//! archive, verifies its hash, unpacks it and returns the path. Fetched plugins stay installable
//! when the store cannot be reached.

mod archive;
pub mod folder;
mod listed;
mod source;

use std::collections::BTreeSet;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::serve::calls::{Call, Reply, Verb};
use folder::Folder;
use listed::{Listed, Snapshot};
use shopfront_diagnostics::error::Error;
use shopfront_registry::http::RetryPolicy;
use shopfront_text::counted;
use source::Source;

/// Time for which a response of the store is fresh.
const FRESH: Duration = Duration::from_secs(60);

/// Maximum number of concurrent fetches. Each archive is in memory until it is unpacked.
const MAX_FETCHES: usize = 4;

/// Bridge between a store and a backend.
pub struct Bridge {
    source: Source,
    folder: Folder,
    /// Clock.
    now: fn() -> Timestamp,
    state: Mutex<State>,
    /// Locked while the store is queried.
    asking: Mutex<()>,
    fetches: Fetches,
}

/// Known state of the store.
#[derive(Clone, Default)]
struct State {
    /// Last response, even if the store cannot be reached now.
    snapshot: Option<Arc<Snapshot>>,
    /// Time of the last query.
    asked_at: Option<Timestamp>,
    /// Reason why the last query failed.
    trouble: Option<String>,
}

impl Bridge {
    /// Opens a bridge to `store`, a URL or a directory, that unpacks into `folder`.
    ///
    /// # Errors
    /// Returns an error if `store` is neither, or the directory cannot be created.
    pub fn open(
        store: &str,
        folder: Folder,
        patience: RetryPolicy,
        now: fn() -> Timestamp,
    ) -> Result<Bridge, Error> {
        let snapshot = folder.snapshot().and_then(|bytes| Snapshot::kept(&bytes));
        let state = Mutex::new(State {
            snapshot: snapshot.map(Arc::new),
            ..State::default()
        });
        let source = Source::open(store, patience)?;
        Ok(Bridge {
            source,
            folder,
            now,
            state,
            asking: Mutex::default(),
            fetches: Fetches::default(),
        })
    }

    /// Queries the store and returns a status message: the number of plugins, or the reason why it
    /// cannot be reached.
    pub fn told(&self) -> String {
        let state = self.refreshed();
        let known = state
            .snapshot
            .as_ref()
            .map(|snapshot| counted(snapshot.plugins.len(), "plugin"));
        match (&state.trouble, known) {
            (None, known) => format!(
                "the store has {}",
                known.unwrap_or_else(|| "nothing".to_owned())
            ),
            (Some(why), Some(known)) => {
                format!("warning: the store can not be read: {why}; {known} of an earlier time")
            }
            (Some(why), None) => format!("warning: the store can not be read: {why}"),
        }
    }

    /// Answers a call.
    pub fn answer(&self, call: &Call) -> Reply {
        let parts: Vec<&str> = call.parts.iter().map(String::as_str).collect();
        match (call.verb, parts.as_slice()) {
            (Verb::Get, ["api", "v1", "health"] | ["api", "v1", "rpc", "health"]) => self.health(),
            (Verb::Get, ["api", "v1", "plugins"] | ["api", "v1", "rpc", "plugins"]) => self.list(),
            (Verb::Get, ["api", "v1", "plugins", id]) => {
                self.of(id, |plugin, mark| plugin.info(mark))
            }
            (Verb::Get, ["api", "v1", "rpc", "plugins", id, "manifest"]) => {
                self.of(id, |plugin, _| plugin.manifest_document())
            }
            (Verb::Post, ["api", "v1", "rpc", "plugins", "download"]) => self.download(&call.body),
            _ => Reply::fault(404, "the store has no such call"),
        }
    }

    /// Returns the state of the store, and queries it again unless the last query is recent. This
    /// also applies after a failure if a response is known: a hanging store would otherwise delay
    /// every caller.
    fn refreshed(&self) -> State {
        let before = self.state().clone();
        if before.snapshot.is_some() && self.is_fresh(&before) {
            return before;
        }
        // One caller queries the store. The others use the known response meanwhile. Without one,
        // they wait for the result.
        let _asking = match (self.asking.try_lock(), &before.snapshot) {
            (Ok(asking), _) => asking,
            (Err(TryLockError::WouldBlock), Some(_)) => return before,
            (Err(_), _) => self.asking.lock().unwrap_or_else(PoisonError::into_inner),
        };
        let now_known = self.state().clone();
        if now_known.asked_at != before.asked_at {
            return now_known;
        }
        let answer = self.source.ask((self.now)());
        let mut state = self.state();
        // The age of a slow response counts from its end.
        state.asked_at = Some((self.now)());
        match answer {
            Ok(snapshot) => {
                // A failure to save is ignored here: the store is reachable now.
                let _ = self.folder.keep_snapshot(&snapshot.to_bytes());
                (state.snapshot, state.trouble) = (Some(Arc::new(snapshot)), None);
            }
            Err(why) => state.trouble = Some(why),
        }
        state.clone()
    }

    fn is_fresh(&self, state: &State) -> bool {
        state.asked_at.is_some_and(|at| {
            (self.now)().duration_since(at).as_secs() < FRESH.as_secs().cast_signed()
        })
    }

    /// A thread that panicked leaves consistent values.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Passes the last response of the store to `answer`, with the reason if it is not current.
    fn with(&self, answer: impl Fn(&Snapshot, Option<&str>) -> Reply) -> Reply {
        let state = self.refreshed();
        match &state.snapshot {
            Some(snapshot) => answer(snapshot, state.trouble.as_deref()),
            None => Reply::fault(
                503,
                format!(
                    "the store can not be reached, and never was: {}",
                    state.trouble.as_deref().unwrap_or("?")
                ),
            ),
        }
    }

    fn list(&self) -> Reply {
        self.with(|snapshot, trouble| {
            let plugins: Vec<Value> = snapshot
                .plugins
                .iter()
                .map(|plugin| plugin.info(self.mark(plugin, trouble)))
                .collect();
            Reply::ok(json!({ "total": plugins.len(), "plugins": plugins }))
        })
    }

    fn of(&self, id: &str, told: impl Fn(&Listed, Option<bool>) -> Value) -> Reply {
        self.with(|snapshot, trouble| match snapshot.find(id) {
            Some(plugin) => Reply::ok(told(plugin, self.mark(plugin, trouble))),
            None => no_such(id),
        })
    }

    /// Returns `Some` if the store cannot be reached: `true` if the plugin can still be installed.
    fn mark(&self, plugin: &Listed, trouble: Option<&str>) -> Option<bool> {
        trouble.map(|_| self.folder.find(&plugin.sha256, &plugin.name).is_some())
    }

    fn health(&self) -> Reply {
        self.with(|snapshot, trouble| {
            let age = (self.now)()
                .duration_since(snapshot.asked_at)
                .as_secs()
                .max(0);
            let mut health = json!({
                "status": if trouble.is_some() { "stale" } else { "healthy" },
                "version": env!("CARGO_PKG_VERSION"),
                "storage_path": self.folder.shown(),
                "plugins_count": snapshot.plugins.len(),
                "store": self.source.shown(),
                "generated_at": snapshot.generated_at,
                "asked_at": snapshot.asked_at.to_string(),
                "age_seconds": age,
            });
            if let Some(trouble) = trouble {
                health["trouble"] = json!(trouble);
            }
            Reply::ok(health)
        })
    }

    fn download(&self, body: &[u8]) -> Reply {
        let wanted = shopfront_json::read(body).ok();
        let Some(id) = wanted.as_ref().and_then(|it| it["plugin_id"].as_str()) else {
            return Reply::fault(400, "the body is `{\"plugin_id\": \"…\"}`");
        };
        self.with(|snapshot, trouble| {
            let Some(plugin) = snapshot.find(id) else {
                return no_such(id);
            };
            match self.unpacked(plugin, snapshot) {
                Ok(path) => Reply::ok(json!({
                    "success": true,
                    "plugin_id": plugin.id,
                    "plugin_path": path,
                    "name": plugin.name,
                    "version": plugin.version,
                    "stale": trouble.is_some(),
                })),
                Err(why) => {
                    let detail = format!("`{id}` is not installed: {why}");
                    Reply {
                        status: 502,
                        body: json!({ "success": false, "plugin_id": plugin.id, "detail": detail }),
                    }
                }
            }
        })
    }

    /// Returns the directory of `plugin`. Fetches the plugin if it is not there yet.
    fn unpacked(&self, plugin: &Listed, snapshot: &Snapshot) -> Result<String, String> {
        let find = || self.folder.find(&plugin.sha256, &plugin.name);
        if let Some(path) = find() {
            return Ok(path);
        }
        let _fetch = self.fetches.begin(&plugin.sha256);
        // Another call may have fetched it meanwhile.
        find().map_or_else(|| self.fetch(plugin, snapshot), Ok)
    }

    /// Fetches, verifies and unpacks the plugin. Bytes that differ from the listing are never
    /// written to disk.
    fn fetch(&self, plugin: &Listed, snapshot: &Snapshot) -> Result<String, String> {
        let bytes = self.source.archive(plugin, snapshot)?;
        archive::verify(&bytes, plugin)?;
        let members = archive::members(bytes, plugin)?;
        self.folder
            .keep(&plugin.sha256, &plugin.name, &members)
            .map_err(|fault| fault.to_string())
    }
}

/// Archives that are being fetched, by their hashes.
#[derive(Default)]
struct Fetches {
    running: Mutex<BTreeSet<String>>,
    ended: Condvar,
}

/// Fetch of one archive, which ends when dropped.
struct Fetch<'f> {
    fetches: &'f Fetches,
    sha256: String,
}

impl Fetches {
    /// Waits until no other caller fetches the archive, and until the number of fetches is below
    /// the maximum.
    fn begin(&self, sha256: &str) -> Fetch<'_> {
        let is_busy = |running: &mut BTreeSet<String>| {
            running.contains(sha256) || running.len() >= MAX_FETCHES
        };
        let waited = self.ended.wait_while(self.running(), is_busy);
        waited
            .unwrap_or_else(PoisonError::into_inner)
            .insert(sha256.to_owned());
        Fetch {
            fetches: self,
            sha256: sha256.to_owned(),
        }
    }

    fn running(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Fetch<'_> {
    fn drop(&mut self) {
        self.fetches.running().remove(&self.sha256);
        self.fetches.ended.notify_all();
    }
}

fn no_such(id: &str) -> Reply {
    Reply::fault(
        404,
        format!(
            "the store has no plugin `{}`",
            shopfront_text::one_line(id, 80)
        ),
    )
}
