//! Python virtual environments: installed packages, read from files, and the state that this
//! program saves there.
//!
//! Reading an environment runs none of its code.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use pep440_rs::Version;

use crate::files;
use shopfront_diagnostics::error::{Context, Error};
use shopfront_package::metadata::Metadata;
use shopfront_text::names::normal_project;

/// State file of this program, below the directory of an environment.
pub const STATE: &str = "shopfront.toml";
/// Lock file of a run that changes something. The system releases it when that run and its
/// installer have ended.
const LOCK: &str = ".shopfront.lock";

/// Maximum size of a text file in an environment, in bytes.
const MAX_TEXT: usize = 4 << 20;

/// Virtual environment.
pub struct PythonEnvironment {
    /// Absolute path of its directory.
    pub folder: PathBuf,
    /// Path of its interpreter.
    pub python: PathBuf,
    /// Python version, if the environment states it.
    pub python_version: Option<Version>,
    /// Directory of its packages.
    site_packages: PathBuf,
}

/// Lock that is held by a run that changes an environment, and by the installer that it starts.
pub struct Lock(File);

impl Lock {
    /// Returns the locked file, which a child inherits.
    pub fn file(&self) -> &File {
        &self.0
    }
}

/// Installed project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// Installed version.
    pub version: String,
    /// Completion time of its installation.
    pub installed_at: Option<Timestamp>,
    /// `true` if its installation completed: the list of files is written last (PEP 376).
    pub is_whole: bool,
    /// Directory of its metadata.
    folder: PathBuf,
}

impl PythonEnvironment {
    /// Opens the virtual environment in `folder` (PEP 405), in the layout of Unix or Windows.
    ///
    /// # Errors
    /// Returns an error if there is none.
    pub fn open(folder: &Path) -> Result<PythonEnvironment, Error> {
        let cure = || {
            format!(
                "make one with `python3 -m venv {}`",
                shopfront_text::shell_word(&folder.to_string_lossy())
            )
        };
        let folder = std::path::absolute(folder)
            .with_context(|| format!("looking for {}", folder.display()))?;
        let Some(settings) = files::read_optional(&folder, "pyvenv.cfg", MAX_TEXT)? else {
            let message = format!(
                "{} is no virtual environment: there is no `pyvenv.cfg` in it",
                folder.display()
            );
            return Err(Error::new(message).help(cure()));
        };
        let python = ["bin/python", "Scripts/python.exe"]
            .iter()
            .map(|path| folder.join(path))
            .find(|path| path.exists());
        let (Some(python), Some(site_packages)) = (python, site_packages(&folder)?) else {
            let message = format!(
                "{} is no whole virtual environment: it lacks Python or `site-packages`",
                folder.display()
            );
            return Err(Error::new(message).help(cure()));
        };
        let python_version = python_version(&String::from_utf8_lossy(&settings));
        Ok(PythonEnvironment {
            folder,
            python,
            python_version,
            site_packages,
        })
    }

    /// Returns every installed project by its normalized name.
    ///
    /// # Errors
    /// Returns an error if the directory cannot be listed.
    pub fn installed(&self) -> Result<BTreeMap<String, Installed>, Error> {
        let shown = || format!("listing {}", self.site_packages.display());
        let mut found: BTreeMap<String, Installed> = BTreeMap::new();
        let entries = fs::read_dir(&self.site_packages).with_context(shown)?;
        let mut folders: Vec<PathBuf> = entries
            .map(|entry| Ok(entry.with_context(shown)?.path()))
            .collect::<Result<_, Error>>()?;
        folders.sort();
        for folder in folders {
            let Some((name, installed)) = read(&folder)? else {
                continue;
            };
            // Of two, Python's own readers should find the complete one.
            if found
                .get(&name)
                .is_none_or(|known| installed.is_whole && !known.is_whole)
            {
                found.insert(name, installed);
            }
        }
        Ok(found)
    }

    /// Removes the metadata of an interrupted installation. Without its list of files, no installer
    /// can remove the rest, and each refuses to continue.
    ///
    /// # Errors
    /// Returns an error if the metadata cannot be removed.
    pub fn remove_partial(&self, half: &Installed) -> Result<(), Error> {
        fs::remove_dir_all(&half.folder)
            .with_context(|| format!("clearing {}", half.folder.display()))
    }

    /// Acquires the lock without waiting.
    ///
    /// # Errors
    /// Returns an error if another run, or the installer of a killed one, is active.
    pub fn lock(&self) -> Result<Lock, Error> {
        let path = self.folder.join(LOCK);
        // Readable, since an installer gets it as its standard input.
        let opened = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path);
        let file = opened.with_context(|| format!("making {}", path.display()))?;
        if !files::lock(&file, &path)? {
            let message = format!(
                "another run is at work on {}, or the installer that it started",
                self.folder.display()
            );
            return Err(Error::new(message).help("wait for it to end"));
        }
        Ok(Lock(file))
    }

    /// Returns the text of [`STATE`], or `None` if the file does not exist.
    ///
    /// # Errors
    /// Returns an error if the file exists and cannot be read.
    pub fn state(&self) -> Result<Option<String>, Error> {
        let bytes = files::read_optional(&self.folder, STATE, MAX_TEXT)?;
        bytes
            .map(|bytes| {
                String::from_utf8(bytes)
                    .with_context(|| format!("reading {}", self.folder.join(STATE).display()))
            })
            .transpose()
    }

    /// Writes [`STATE`] so that a kill or a power loss leaves either the old or the new text.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written.
    pub fn save_state(&self, text: &str) -> Result<(), Error> {
        files::replace_synced(&self.folder, STATE, text.as_bytes()).map(drop)
    }

    /// Removes partially written files of killed runs.
    pub fn tidy(&self) {
        files::clear_leftovers_in(&self.folder);
        files::clear_leftovers(&self.folder, files::CACHE);
    }
}

/// Temporary directory for one smoke test, removed when this value is dropped.
pub struct TempWorkDir {
    folder: tempfile::TempDir,
}

impl TempWorkDir {
    /// Creates an empty directory.
    ///
    /// # Errors
    /// Returns an error if it cannot be created.
    pub fn new() -> Result<TempWorkDir, Error> {
        let folder = tempfile::Builder::new()
            .prefix("shopfront-try-")
            .tempdir()
            .with_context(|| "making a folder for a try".to_owned())?;
        Ok(TempWorkDir { folder })
    }

    /// Returns the path of the directory.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Returns `lib/python3.13/site-packages`, or `Lib/site-packages` as on Windows.
fn site_packages(folder: &Path) -> Result<Option<PathBuf>, Error> {
    let shown = || format!("listing {}", folder.display());
    let mut found = Vec::new();
    match fs::read_dir(folder.join("lib")) {
        Ok(entries) => {
            for entry in entries {
                found.push(entry.with_context(shown)?.path().join("site-packages"));
            }
        }
        Err(cause) if cause.kind() == ErrorKind::NotFound => {}
        Err(cause) => return Err(cause).with_context(shown),
    }
    found.sort();
    found.push(folder.join("Lib/site-packages"));
    Ok(found.into_iter().find(|path| path.is_dir()))
}

/// Returns `version` as `venv` writes it, or `version_info` as other tools do.
fn python_version(settings: &str) -> Option<Version> {
    let pairs = settings.lines().filter_map(|line| line.split_once('='));
    let mut named = pairs.filter(|(name, _)| matches!(name.trim(), "version" | "version_info"));
    let (_, value) = named.next()?;
    // `3.13.1.final.0`: the text after the numbers is irrelevant here.
    let numbers: Vec<&str> = value
        .trim()
        .split('.')
        .take_while(|part| part.bytes().all(|it| it.is_ascii_digit()))
        .take(3)
        .collect();
    numbers.join(".").parse().ok()
}

/// Reads the directory `….dist-info`. Returns `None` for anything else. pip renames directories to
/// `~…` before it removes them.
fn read(folder: &Path) -> Result<Option<(String, Installed)>, Error> {
    let name = folder
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    if !name.ends_with(".dist-info") || name.starts_with('~') {
        return Ok(None);
    }
    let Some(text) = files::read_optional(folder, "METADATA", MAX_TEXT)? else {
        return Ok(None);
    };
    let metadata = Metadata::parse(&String::from_utf8_lossy(&text));
    let (Some(name), Some(version)) = (metadata.value("Name"), metadata.value("Version")) else {
        return Ok(None);
    };
    let record = fs::metadata(folder.join("RECORD")).ok();
    let installed_at = record
        .as_ref()
        .and_then(|it| it.modified().ok())
        .and_then(|time| Timestamp::try_from(time).ok());
    let installed_at = installed_at.and_then(|time| Timestamp::from_second(time.as_second()).ok());
    let installed = Installed {
        version: version.trim().to_owned(),
        installed_at,
        is_whole: record.is_some(),
        folder: folder.to_path_buf(),
    };
    Ok(Some((normal_project(name.trim()), installed)))
}
