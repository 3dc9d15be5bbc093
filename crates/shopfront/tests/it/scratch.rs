//! Temporary stores for tests: copies of fixtures in a temporary directory.

use std::fs;
use std::path::{Path, PathBuf};

use shopfront::commands::examine::Workspace;

/// Returns the directory of all fixtures.
pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../xtask/tests/fixtures")
        .canonicalize()
        .unwrap()
}

/// Store in a temporary directory.
pub(crate) struct Scratch {
    folder: tempfile::TempDir,
}

impl Scratch {
    /// Creates an empty directory.
    pub(crate) fn empty() -> Scratch {
        Scratch {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// Creates the small valid store of `fixtures/base`.
    pub(crate) fn base() -> Scratch {
        let scratch = Scratch::empty();
        scratch.overlay(&fixtures().join("base"));
        scratch
    }

    /// Copies every file of `folder`, if it exists, into the directory `below`.
    pub(crate) fn overlay_at(&self, folder: &Path, below: &str) {
        for entry in walkdir::WalkDir::new(folder)
            .into_iter()
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_file())
        {
            let target = self
                .path()
                .join(below)
                .join(entry.path().strip_prefix(folder).unwrap());
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::copy(entry.path(), target).unwrap();
        }
    }

    /// Copies every file of `folder` over the existing ones. `absent.txt` names files to remove.
    pub(crate) fn overlay(&self, folder: &Path) {
        if let Ok(absent) = fs::read_to_string(folder.join("absent.txt")) {
            for path in absent.lines().filter(|line| !line.is_empty()) {
                fs::remove_file(self.path().join(path)).unwrap();
            }
        }
        for entry in walkdir::WalkDir::new(folder)
            .into_iter()
            .map(Result::unwrap)
        {
            let below = entry.path().strip_prefix(folder).unwrap();
            let target = self.path().join(below);
            let is_note = matches!(
                below.to_str(),
                Some("absent.txt" | "report.txt" | "author.txt")
            );
            if entry.file_type().is_dir() {
                fs::create_dir_all(&target).unwrap();
            } else if entry.path_is_symlink() {
                let _ = fs::remove_file(&target);
                std::os::unix::fs::symlink(fs::read_link(entry.path()).unwrap(), &target).unwrap();
            } else if !is_note {
                fs::copy(entry.path(), &target).unwrap();
            }
        }
    }

    /// Writes one file.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let target = self.path().join(path);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::write(target, text).unwrap();
    }

    /// Commits everything, as the revision to compare with.
    pub(crate) fn commit(&self) {
        if !self.path().join(".git").exists() {
            git(self.path(), &["init", "--quiet", "--initial-branch=main"]);
        }
        git(self.path(), &["add", "--all"]);
        git(
            self.path(),
            &["commit", "--quiet", "--allow-empty", "--message=As it was"],
        );
    }

    /// Returns the path of the directory.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Opens the store.
    pub(crate) fn workspace(&self) -> Workspace {
        Workspace::open(self.path()).unwrap()
    }
}

/// Runs git like a person, without the settings of the user who runs the tests.
pub(crate) fn git(folder: &Path, arguments: &[&str]) {
    let settings = [
        "-c",
        "user.name=Mira",
        "-c",
        "user.email=mira@team.example",
        "-c",
        "commit.gpgSign=false",
    ];
    let mut command = std::process::Command::new("git");
    command.current_dir(folder).args(settings).args(arguments);
    command
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env_remove("GIT_DIR");
    command
        .env("GIT_AUTHOR_DATE", "2026-11-20T12:00:00Z")
        .env("GIT_COMMITTER_DATE", "2026-11-20T12:00:00Z");
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "git {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}
