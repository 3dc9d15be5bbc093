//! Which files changed, by looking at their times and sizes again and again: the same on every
//! system and in containers.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use walkdir::{DirEntry, WalkDir};

/// How often the files are looked at.
const PAUSE: Duration = Duration::from_millis(300);

/// After a look, this many times as long nothing is looked at.
const SPARING: u32 = 5;

/// At most this many files are watched; a catalogue may not have more.
const MOST_FILES: usize = 200_000;

/// How long files that go on changing keep everybody waiting.
const LONGEST_UNREST: Duration = Duration::from_secs(5);

/// Folders that only programs write, or that are not the store's.
const LEFT_OUT: &[&str] = &["node_modules", "target", "dist"];

/// The files below some folders, as they were when somebody looked.
pub struct Watch {
    root: PathBuf,
    folders: Vec<String>,
    seen: Seen,
}

type Seen = BTreeMap<String, (Option<SystemTime>, u64)>;

impl Watch {
    /// Watches `folders` below `root`, which need not be there yet.
    pub fn new(root: &Path, folders: &[&str]) -> Watch {
        let mut watch = Watch {
            root: root.to_path_buf(),
            folders: folders.iter().map(|&it| it.to_owned()).collect(),
            seen: Seen::new(),
        };
        watch.seen = watch.look();
        watch
    }

    /// Waits until something changes, and until it changes no more; the paths that are new, gone or
    /// other, sorted.
    pub fn wait(&mut self) -> Vec<String> {
        loop {
            let begun = Instant::now();
            let changed = self.changed();
            if !changed.is_empty() {
                return self.until_quiet(changed);
            }
            // Where looking takes long, it is done more seldom.
            thread::sleep(PAUSE.max(begun.elapsed() * SPARING));
        }
    }

    /// What changed since the last look, sorted; does not wait.
    pub fn changed(&mut self) -> Vec<String> {
        let now = self.look();
        let changed = difference(&self.seen, &now);
        self.seen = now;
        changed
    }

    /// Takes what is in `folder` for seen: a build that writes there must not cause the next one.
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

    /// A save of many files at once, or a checkout, is one change.
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
            // In order, so that the same files are left out when there are too many.
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

/// Dot files and `file~` are what editors write beside a file.
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
