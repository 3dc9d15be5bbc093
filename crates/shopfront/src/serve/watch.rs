//! File watcher that polls times and sizes: it works equally on every system and in containers.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use walkdir::{DirEntry, WalkDir};

/// Interval between two scans.
const PAUSE: Duration = Duration::from_millis(300);

/// Minimum pause after a scan, as a multiple of its duration.
const SPARING: u32 = 5;

/// Maximum number of watched files, equal to the maximum of a catalogue.
const MOST_FILES: usize = 200_000;

/// Maximum time to wait for files that continue to change.
const LONGEST_UNREST: Duration = Duration::from_secs(5);

/// Directories that only programs write, or that do not belong to the store.
const LEFT_OUT: &[&str] = &["node_modules", "target", "dist"];

/// Files below some directories, as of the last scan.
pub struct Watch {
    root: PathBuf,
    folders: Vec<String>,
    seen: Seen,
}

type Seen = BTreeMap<String, (Option<SystemTime>, u64)>;

impl Watch {
    /// Watches `folders` below `root`, which need not exist yet.
    pub fn new(root: &Path, folders: &[&str]) -> Watch {
        let mut watch = Watch {
            root: root.to_path_buf(),
            folders: folders.iter().map(|&it| it.to_owned()).collect(),
            seen: Seen::new(),
        };
        watch.seen = watch.look();
        watch
    }

    /// Waits until files change, and until the changes stop. Returns the new, removed and modified
    /// paths, sorted.
    pub fn wait(&mut self) -> Vec<String> {
        loop {
            let begun = Instant::now();
            let changed = self.changed();
            if !changed.is_empty() {
                return self.until_quiet(changed);
            }
            // Slow scans are done less often.
            thread::sleep(PAUSE.max(begun.elapsed() * SPARING));
        }
    }

    /// Returns the sorted paths that changed since the last scan, without waiting.
    pub fn changed(&mut self) -> Vec<String> {
        let now = self.look();
        let changed = difference(&self.seen, &now);
        self.seen = now;
        changed
    }

    /// Accepts the current state of `folder`: a build that writes there must not trigger the next
    /// one.
    pub fn overlook(&mut self, folder: &str) {
        let is_below = |path: &String| {
            path.strip_prefix(folder)
                .is_some_and(|rest| rest.starts_with('/'))
        };
        self.seen.retain(|path, _| !is_below(path));
        let now = self.look();
        self.seen
            .extend(now.into_iter().filter(|(path, _)| is_below(path)));
    }

    /// Waits for the end of a series of changes. Saving many files at once, or a checkout, counts
    /// as one change.
    fn until_quiet(&mut self, mut changed: Vec<String>) -> Vec<String> {
        let begun = Instant::now();
        while begun.elapsed() < LONGEST_UNREST {
            thread::sleep(PAUSE / 3);
            let more = self.changed();
            if more.is_empty() {
                break;
            }
            changed.extend(more);
        }
        changed.sort();
        changed.dedup();
        changed
    }

    fn look(&self) -> Seen {
        let mut seen = Seen::new();
        for folder in &self.folders {
            // Sorted, so that the same files are omitted if there are too many.
            let walk = WalkDir::new(self.root.join(folder))
                .sort_by_file_name()
                .into_iter();
            for entry in walk.filter_entry(is_watched).filter_map(Result::ok) {
                let Ok(metadata) = entry.metadata() else {
                    continue;
                };
                if metadata.is_dir() {
                    continue;
                }
                if seen.len() >= MOST_FILES {
                    return seen;
                }
                seen.insert(
                    name(&self.root, &entry),
                    (metadata.modified().ok(), metadata.len()),
                );
            }
        }
        seen
    }
}

/// Returns `false` for dot files and `file~`, which editors write beside a file.
fn is_watched(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    let is_left_out = name.starts_with('.')
        || name.ends_with('~')
        || (entry.file_type().is_dir() && LEFT_OUT.contains(&name.as_ref()));
    entry.depth() == 0 || !is_left_out
}

fn name(root: &Path, entry: &DirEntry) -> String {
    let below = entry.path().strip_prefix(root).unwrap_or(entry.path());
    let parts: Vec<_> = below
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}

fn difference(before: &Seen, after: &Seen) -> Vec<String> {
    let gone = before.keys().filter(|path| !after.contains_key(*path));
    let other = after
        .iter()
        .filter(|(path, state)| before.get(*path) != Some(*state))
        .map(|(path, _)| path);
    let mut paths: Vec<String> = gone.chain(other).cloned().collect();
    paths.sort();
    paths
}
