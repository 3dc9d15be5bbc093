//! Test harness: the repository, directories below `target/` and in memory, and execution of
//! programs.
//!
//! Part of the I/O boundary: only this module creates, copies and empties these directories.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use walkdir::WalkDir;

use super::Options;
use shopfront::files;
use shopfront::processes::{self, EnvPolicy, ProcessSpec};
use shopfront_diagnostics::error::{Context, Error};

/// Directory of the in-memory file system on Linux.
const MEMORY: &str = "/dev/shm";
/// Required free space, in MB. The tests need a tenth of it.
const MEMORY_MB: u64 = 2_000;

/// Environment of one test run.
pub(super) struct TestHarness<'b> {
    /// Absolute path of the root of the repository.
    pub(super) root: PathBuf,
    /// Path of the running program, which is tested.
    pub(super) program: PathBuf,
    /// Browser that the user named.
    pub(super) chromium: Option<PathBuf>,
    say: &'b dyn Fn(&str),
}

impl<'b> TestHarness<'b> {
    /// Opens the harness of the repository at `root`.
    pub(super) fn open(root: &Path, options: &Options<'b>) -> Result<TestHarness<'b>, Error> {
        let root = files::root(root)?;
        if !root.join("crates/shopfront/Cargo.toml").is_file() {
            let fault = Error::new(format!(
                "{} is not the repository of this program",
                root.display()
            ));
            return Err(fault.help("a store is checked with `cargo xtask check`; this command tests the program itself"));
        }
        let target = root.join("target");
        fs::create_dir_all(&target).with_context(|| "making target".to_owned())?;
        Ok(TestHarness {
            root,
            program: processes::this_program()?,
            chromium: options.chromium.clone(),
            say: options.say,
        })
    }

    /// Prints a line immediately.
    pub(super) fn say(&self, line: &str) {
        (self.say)(line);
    }

    /// Prints the start of a step.
    pub(super) fn title(&self, name: &str, about: &str) {
        self.say(&format!("\n== {name}: {about}"));
    }

    /// Runs a program at the root as a test, and shows its output. Returns the error if it fails.
    pub(super) fn run(&self, program: &str, arguments: &[&str]) -> Vec<String> {
        self.run_in(&self.root, Path::new(program), arguments, &[])
    }

    /// Runs a program like [`TestHarness::run`], in another directory and with these variables.
    pub(super) fn run_in(
        &self,
        folder: &Path,
        program: &Path,
        arguments: &[&str],
        variables: &[(&str, &OsStr)],
    ) -> Vec<String> {
        self.show(&ProcessSpec {
            program,
            arguments,
            folder,
            environment: EnvPolicy::Scrubbed,
            variables,
        })
    }

    /// Runs this program on the store at the root of the repository.
    pub(super) fn run_this(&self, arguments: &[&str]) -> Vec<String> {
        self.run_in(&self.root, &self.program, arguments, &[])
    }

    /// Runs a program that may use the network. It inherits the whole environment.
    pub(super) fn install(
        &self,
        folder: &Path,
        program: &str,
        arguments: &[&str],
    ) -> Result<(), Error> {
        let task = ProcessSpec {
            program: Path::new(program),
            arguments,
            folder,
            environment: EnvPolicy::Kept,
            variables: &[],
        };
        match self.show(&task).pop() {
            Some(fault) => Err(Error::new(fault)),
            None => Ok(()),
        }
    }

    /// Returns the output of a program at the root. Returns `None` if it does not exist or fails.
    pub(super) fn ask(&self, program: &str, arguments: &[&str]) -> Option<String> {
        let task = ProcessSpec {
            program: Path::new(program),
            arguments,
            folder: &self.root,
            environment: EnvPolicy::Kept,
            variables: &[],
        };
        let ended = processes::listen(&task).ok()?;
        ended.is_success.then(|| ended.output.trim().to_owned())
    }

    fn show(&self, task: &ProcessSpec<'_>) -> Vec<String> {
        let line = processes::line(task).replace(&format!("{}/", self.root.display()), "");
        self.say(&format!("$ {line}"));
        match processes::show(task) {
            Ok(ended) if ended.is_success => Vec::new(),
            Ok(ended) => vec![format!("`{line}` {}", ended.words)],
            Err(error) => vec![error.to_string()],
        }
    }

    /// Returns an empty directory below `target/`.
    pub(super) fn empty_folder(&self, name: &str) -> Result<PathBuf, Error> {
        let folder = self.folder(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("emptying target/{name}"))?;
        }
        fs::create_dir_all(&folder).with_context(|| format!("making target/{name}"))?;
        Ok(folder)
    }

    /// Returns a temporary in-memory directory if there is enough free space.
    pub(super) fn memory(&self) -> Option<TempDir> {
        let told = self.ask("df", &["--output=avail", "--block-size=1M", MEMORY])?;
        let megabytes: u64 = told.lines().last()?.trim().parse().ok()?;
        (megabytes >= MEMORY_MB).then(|| {
            tempfile::Builder::new()
                .prefix("shopfront-")
                .tempdir_in(MEMORY)
                .ok()
        })?
    }

    /// Returns a directory below `target/`.
    pub(super) fn folder(&self, name: &str) -> PathBuf {
        self.root.join("target").join(name)
    }

    /// Returns the sorted names of the directories in `folder`.
    pub(super) fn folders_in(&self, folder: &str) -> Result<Vec<String>, Error> {
        let mut names = Vec::new();
        for entry in
            fs::read_dir(self.root.join(folder)).with_context(|| format!("listing {folder}"))?
        {
            let entry = entry.with_context(|| format!("listing {folder}"))?;
            if entry.path().is_dir() {
                names.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
        names.sort();
        Ok(names)
    }

    /// Returns the sorted names of the files in `folder`. Empty if it does not exist.
    pub(super) fn files_in(&self, folder: &Path) -> Result<Vec<String>, Error> {
        let Ok(entries) = fs::read_dir(folder) else {
            return Ok(Vec::new());
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.with_context(|| format!("listing {}", folder.display()))?;
            if entry.path().is_file() {
                names.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
        names.sort();
        Ok(names)
    }

    /// Returns the directories in which programs are looked up.
    pub(super) fn search_path(&self) -> OsString {
        processes::search_path()
    }

    /// Copies the contents of a directory of the repository to `target`: building must not change
    /// the repository.
    pub(super) fn copy_folder(&self, folder: &str, target: &Path) -> Result<(), Error> {
        let from = self.root.join(folder);
        for entry in WalkDir::new(&from).min_depth(1) {
            let entry = entry.with_context(|| format!("copying {folder}"))?;
            let to = target.join(entry.path().strip_prefix(&from).unwrap_or(entry.path()));
            let copied = if entry.file_type().is_dir() {
                fs::create_dir_all(&to)
            } else {
                fs::copy(entry.path(), &to).map(drop)
            };
            copied.with_context(|| format!("copying {folder}"))?;
        }
        Ok(())
    }

    /// Writes a file below `folder`, which is below `target/`.
    pub(super) fn write(&self, folder: &Path, path: &str, text: &str) -> Result<(), Error> {
        let target = folder.join(path);
        let written = target
            .parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::write(&target, text));
        written.with_context(|| format!("writing {path}"))
    }

    /// Returns the text of a file below `folder`.
    pub(super) fn text(&self, folder: &Path, path: &str) -> Result<String, Error> {
        fs::read_to_string(folder.join(path))
            .with_context(|| format!("reading {path} of {}", folder.display()))
    }

    /// Returns the bytes of a file below `folder`.
    pub(super) fn bytes(&self, folder: &Path, path: &str) -> Result<Vec<u8>, Error> {
        fs::read(folder.join(path))
            .with_context(|| format!("reading {path} of {}", folder.display()))
    }
}
