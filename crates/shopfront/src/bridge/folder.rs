//! Directory from which a backend installs: each plugin is there completely, or not at all.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::archive::Member;
use crate::files;
use shopfront_diagnostics::error::{Context, Error};

/// Prefix of the directories into which plugins are unpacked. A leftover belongs to a run that was
/// killed.
const BEGUN: &str = ".unpacking-";
/// Lock of every bridge that uses the directory.
const LOCK: &str = ".lock";
/// Last response of the store.
const SNAPSHOT: &str = "store.json";
/// Maximum size of this response, in bytes.
const MAX_SNAPSHOT: usize = 80 << 20;

/// Directory of unpacked plugins. Each is at `plugins/<sha256 of its archive>/<name>/`: another
/// archive gets another directory.
pub struct Folder {
    root: PathBuf,
    /// Shared lock of every process that may be unpacking.
    _lock: fs::File,
}

impl Folder {
    /// Opens `path`, creates it if it does not exist, and removes leftovers of killed runs.
    ///
    /// # Errors
    /// Returns an error if it cannot be created or read.
    pub fn open(path: &Path) -> Result<Folder, Error> {
        let shown = || format!("opening the folder {}", path.display());
        fs::create_dir_all(path.join("plugins")).with_context(shown)?;
        let root = path.canonicalize().with_context(shown)?;
        let lock = fs::File::create(root.join(LOCK)).with_context(shown)?;
        // While another bridge uses the directory, unfinished directories may be its own.
        if lock.try_lock().is_ok() {
            for name in files::clear_leftovers_in(&root) {
                if name.to_string_lossy().starts_with(BEGUN) {
                    fs::remove_dir_all(root.join(name)).with_context(shown)?;
                }
            }
            let _ = lock.unlock();
        }
        let _ = lock.lock_shared();
        Ok(Folder { root, _lock: lock })
    }

    /// Returns the path as display text.
    pub(super) fn shown(&self) -> String {
        self.root.display().to_string()
    }

    /// Returns the last response of the store.
    pub(super) fn snapshot(&self) -> Option<Vec<u8>> {
        files::read_plain(&self.root, SNAPSHOT, MAX_SNAPSHOT).ok()?
    }

    /// Saves the response of the store.
    pub(super) fn keep_snapshot(&self, bytes: &[u8]) -> Result<(), Error> {
        files::replace(&self.root, SNAPSHOT, bytes).map(drop)
    }

    /// Returns the directory of the plugin from the archive with this hash, if it is unpacked. It
    /// is the parent of the directory `name`.
    pub(super) fn find(&self, sha256: &str, name: &str) -> Option<String> {
        let place = self.place(sha256);
        let is_there =
            fs::symlink_metadata(place.join(name).join("manifest.py")).is_ok_and(|it| it.is_file());
        is_there.then(|| place.display().to_string())
    }

    fn place(&self, sha256: &str) -> PathBuf {
        self.root.join("plugins").join(sha256)
    }

    /// Writes the files of a plugin to a temporary directory, and moves them to their place in one
    /// step. Returns the directory.
    pub(super) fn keep(
        &self,
        sha256: &str,
        name: &str,
        members: &[Member],
    ) -> Result<String, Error> {
        let shown = || format!("unpacking `{name}`");
        // Dropped on every error, together with all written files.
        let begun = tempfile::Builder::new()
            .prefix(BEGUN)
            .tempdir_in(&self.root)
            .with_context(shown)?;
        let plugin = begun.path().join(name);
        fs::create_dir(&plugin).with_context(shown)?;
        for member in members {
            let target = plugin.join(&member.path);
            if let Some(folder) = target.parent() {
                fs::create_dir_all(folder).with_context(shown)?;
            }
            // Never writes through an existing link.
            let mut file = fs::File::create_new(&target)
                .with_context(|| format!("writing {}", member.path))?;
            file.write_all(&member.bytes)
                .with_context(|| format!("writing {}", member.path))?;
            file.sync_all()
                .with_context(|| format!("writing {}", member.path))?;
        }
        let place = self.place(sha256);
        // An incomplete directory at this place is useless.
        if place.exists() {
            fs::remove_dir_all(&place).with_context(shown)?;
        }
        make_readable(begun.path()).with_context(shown)?;
        fs::rename(begun.path(), &place).with_context(shown)?;
        let _ = begun.keep();
        Ok(place.display().to_string())
    }
}

/// Makes the directory readable for others. Temporary directories are private, but the backend may
/// run as another user.
#[cfg(unix)]
fn make_readable(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_readable(_folder: &Path) -> std::io::Result<()> {
    Ok(())
}
