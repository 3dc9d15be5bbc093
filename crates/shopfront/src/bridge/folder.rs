//! The door to the folder that a backend installs from: a plugin is in it whole, or not at all.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::archive::Member;
use crate::files;
use shopfront_diagnostics::error::{Context, Error};

/// How the folders begin in which a plugin is unpacked; what is left of one belongs to a run that
/// was killed.
const BEGUN: &str = ".unpacking-";
/// Locked by every bridge that works on the folder.
const LOCK: &str = ".lock";
/// What the store said last.
const SNAPSHOT: &str = "store.json";
/// The largest of these that is read.
const MAX_SNAPSHOT: usize = 80 << 20;

/// The folder. Each plugin lies at `plugins/<sha256 of its archive>/<name>/`: another archive is
/// another folder.
pub struct Folder {
    root: PathBuf,
    /// Held by everybody who may be unpacking.
    _lock: fs::File,
}

impl Folder {
    /// Opens `path`, makes it where it is not there, and takes away what a run that was killed
    /// began.
    ///
    /// # Errors
    /// When it can not be made or read.
    pub fn open(path: &Path) -> Result<Folder, Error> {
        let shown = || format!("opening the folder {}", path.display());
        fs::create_dir_all(path.join("plugins")).with_context(shown)?;
        let root = path.canonicalize().with_context(shown)?;
        let lock = fs::File::create(root.join(LOCK)).with_context(shown)?;
        // While another bridge works on the folder, what was begun there may be its own.
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

    /// As people may see it.
    pub(super) fn shown(&self) -> String {
        self.root.display().to_string()
    }

    /// What the store said last.
    pub(super) fn snapshot(&self) -> Option<Vec<u8>> {
        files::read_plain(&self.root, SNAPSHOT, MAX_SNAPSHOT).ok()?
    }

    /// Keeps what the store says.
    pub(super) fn keep_snapshot(&self, bytes: &[u8]) -> Result<(), Error> {
        files::replace(&self.root, SNAPSHOT, bytes).map(drop)
    }

    /// The folder of the plugin from the archive with this hash, where it was unpacked: the one
    /// around the folder `name`.
    pub(super) fn find(&self, sha256: &str, name: &str) -> Option<String> {
        let place = self.place(sha256);
        let is_there =
            fs::symlink_metadata(place.join(name).join("manifest.py")).is_ok_and(|it| it.is_file());
        is_there.then(|| place.display().to_string())
    }

    fn place(&self, sha256: &str) -> PathBuf {
        self.root.join("plugins").join(sha256)
    }

    /// Writes the files of a plugin beside where they belong, and moves them there in one step;
    /// gives the folder.
    pub(super) fn keep(
        &self,
        sha256: &str,
        name: &str,
        members: &[Member],
    ) -> Result<String, Error> {
        let shown = || format!("unpacking `{name}`");
        // Dropped on the way out of every fault, and with it all that was written.
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
            // Never through what is there already.
            let mut file = fs::File::create_new(&target)
                .with_context(|| format!("writing {}", member.path))?;
            file.write_all(&member.bytes)
                .with_context(|| format!("writing {}", member.path))?;
            file.sync_all()
                .with_context(|| format!("writing {}", member.path))?;
        }
        let place = self.place(sha256);
        // What lies there without being whole is of no use to anybody.
        if place.exists() {
            fs::remove_dir_all(&place).with_context(shown)?;
        }
        make_readable(begun.path()).with_context(shown)?;
        fs::rename(begun.path(), &place).with_context(shown)?;
        let _ = begun.keep();
        Ok(place.display().to_string())
    }
}

/// Temporary folders are private; the backend may be another user.
#[cfg(unix)]
fn make_readable(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_readable(_folder: &Path) -> std::io::Result<()> {
    Ok(())
}
