//! Where the tests work: the repository, the folders below `target/` and in memory that they fill,
//! and the programs that they start.
//!
//! It is a door: these folders are made, copied and emptied here and nowhere else.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use walkdir::WalkDir;

use super::Options;
use shopfront::files;
use shopfront::processes::{self, EnvPolicy, ProcessSpec};
use shopfront_diagnostics::error::{Context, Error};

/// Where Linux keeps files in memory.
const MEMORY: &str = "/dev/shm";
/// How much room there has to be: the tests need a tenth of it.
const MEMORY_MB: u64 = 2_000;

/// The place of one run.
pub(super) struct TestHarness<'b> {
    /// The root of the repository, absolute.
    pub(super) root: PathBuf,
    /// The program that is running: the one that is tested.
    pub(super) program: PathBuf,
    /// The browser that somebody named.
    pub(super) chromium: Option<PathBuf>,
    say: &'b dyn Fn(&str),
}

impl<'b> TestHarness<'b> {
    /// The workbench of the repository at `root`.
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

    /// Tells a line at once.
    pub(super) fn say(&self, line: &str) {
        (self.say)(line);
    }

    /// Tells that a step begins.
    pub(super) fn title(&self, name: &str, about: &str) {
        self.say(&format!("\n== {name}: {about}"));
    }

    /// Runs a program at the root as a test does, and shows what it writes; gives the fault when it
    /// fails.
    pub(super) fn run(&self, program: &str, arguments: &[&str]) -> Vec<String> {
        self.run_in(&self.root, Path::new(program), arguments, &[])
    }

    /// As [`TestHarness::run`], in another folder and with these variables.
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

    /// Runs a program that may use the network: it gets our whole environment.
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

    /// What a program answers at the root; `None` when it is not there or fails.
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

    /// A folder below `target/`, made empty.
    pub(super) fn empty_folder(&self, name: &str) -> Result<PathBuf, Error> {
        let folder = self.folder(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("emptying target/{name}"))?;
        }
        fs::create_dir_all(&folder).with_context(|| format!("making target/{name}"))?;
        Ok(folder)
    }

    /// A folder of its own in memory, where there is one with room, which is taken away with the
    /// value.
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

    /// A folder below `target/`.
    pub(super) fn folder(&self, name: &str) -> PathBuf {
        self.root.join("target").join(name)
    }

    /// The names of the folders in `folder`, sorted.
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

    /// The names of the files in `folder`, sorted; none when it is not there.
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

    /// Where programs are looked for.
    pub(super) fn search_path(&self) -> OsString {
        processes::search_path()
    }

    /// Copies what is in a folder of the repository into `target`: building it must not change the
    /// repository.
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

    /// Writes a file below `folder`, which is one below `target/`.
    pub(super) fn write(&self, folder: &Path, path: &str, text: &str) -> Result<(), Error> {
        let target = folder.join(path);
        let written = target
            .parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::write(&target, text));
        written.with_context(|| format!("writing {path}"))
    }

    /// The text of a file below `folder`.
    pub(super) fn text(&self, folder: &Path, path: &str) -> Result<String, Error> {
        fs::read_to_string(folder.join(path))
            .with_context(|| format!("reading {path} of {}", folder.display()))
    }

    /// The bytes of a file below `folder`.
    pub(super) fn bytes(&self, folder: &Path, path: &str) -> Result<Vec<u8>, Error> {
        fs::read(folder.join(path))
            .with_context(|| format!("reading {path} of {}", folder.display()))
    }
}
