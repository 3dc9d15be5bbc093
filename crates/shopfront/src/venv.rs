//! The door to virtual environments of Python: what is installed there, read as files, and what
//! this program keeps there.
//!
//! Nothing of an environment is run to look into it.

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

/// Where this program keeps what it was told, below the folder of an environment.
pub const STATE: &str = "shopfront.toml";
/// Locked while a run changes something; the system lets go of it when that run and its installer
/// have ended.
const LOCK: &str = ".shopfront.lock";

/// The largest text that is read of an environment.
const MAX_TEXT: usize = 4 << 20;

/// A virtual environment.
pub struct PythonEnvironment {
    /// Its folder, absolute.
    pub folder: PathBuf,
    /// Its interpreter.
    pub python: PathBuf,
    /// The version of that, where the environment tells.
    pub python_version: Option<Version>,
    /// Where its packages are.
    site_packages: PathBuf,
}

/// Held by a run that changes an environment, and by the installer that it starts.
pub struct Lock(File);

impl Lock {
    /// What a child holds it by.
    pub fn file(&self) -> &File {
        &self.0
    }
}

/// A project that is installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// Its version.
    pub version: String,
    /// When its installer ended.
    pub installed_at: Option<Timestamp>,
    /// Whether its installer ended: it writes the list of files last (PEP 376).
    pub is_whole: bool,
    /// The folder of its metadata.
    folder: PathBuf,
}

impl PythonEnvironment {
    /// Opens the virtual environment in `folder` (PEP 405), laid out as on Unix or as on Windows.
    ///
    /// # Errors
    /// When there is none.
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

    /// Every project that is installed, by its normal name.
    ///
    /// # Errors
    /// When the folder can not be listed.
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
            // Of two, the one that is whole is what Python's own readers should find.
            if found
                .get(&name)
                .is_none_or(|known| installed.is_whole && !known.is_whole)
            {
                found.insert(name, installed);
            }
        }
        Ok(found)
    }

    /// Takes away the metadata of an installation that was broken off: without its list of files no
    /// installer can take the rest away, and each refuses to go on.
    ///
    /// # Errors
    /// When it can not be taken away.
    pub fn remove_partial(&self, half: &Installed) -> Result<(), Error> {
        fs::remove_dir_all(&half.folder)
            .with_context(|| format!("clearing {}", half.folder.display()))
    }

    /// Waits for nobody: takes the lock, or says who has it.
    ///
    /// # Errors
    /// When another run, or the installer of one that was killed, is at work.
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

    /// The text of [`STATE`]; `None` when there is none.
    ///
    /// # Errors
    /// When it is there and can not be read.
    pub fn state(&self) -> Result<Option<String>, Error> {
        let bytes = files::read_optional(&self.folder, STATE, MAX_TEXT)?;
        bytes
            .map(|bytes| {
                String::from_utf8(bytes)
                    .with_context(|| format!("reading {}", self.folder.join(STATE).display()))
            })
            .transpose()
    }

    /// Writes [`STATE`] so that a kill, or a loss of power, leaves the old text or the new one.
    ///
    /// # Errors
    /// When it can not be written.
    pub fn save_state(&self, text: &str) -> Result<(), Error> {
        files::replace_synced(&self.folder, STATE, text.as_bytes()).map(drop)
    }

    /// Takes away what runs that were killed left half written.
    pub fn tidy(&self) {
        files::clear_leftovers_in(&self.folder);
        files::clear_leftovers(&self.folder, files::CACHE);
    }
}

/// A folder for one try, which goes away with this value.
pub struct TempWorkDir {
    folder: tempfile::TempDir,
}

impl TempWorkDir {
    /// An empty one.
    ///
    /// # Errors
    /// When it can not be made.
    pub fn new() -> Result<TempWorkDir, Error> {
        let folder = tempfile::Builder::new()
            .prefix("shopfront-try-")
            .tempdir()
            .with_context(|| "making a folder for a try".to_owned())?;
        Ok(TempWorkDir { folder })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// `lib/python3.13/site-packages`, or `Lib/site-packages` as on Windows.
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

/// `version` as `venv` writes it, or `version_info` as others do.
fn python_version(settings: &str) -> Option<Version> {
    let pairs = settings.lines().filter_map(|line| line.split_once('='));
    let mut named = pairs.filter(|(name, _)| matches!(name.trim(), "version" | "version_info"));
    let (_, value) = named.next()?;
    // `3.13.1.final.0`: what follows the numbers says nothing that matters here.
    let numbers: Vec<&str> = value
        .trim()
        .split('.')
        .take_while(|part| part.bytes().all(|it| it.is_ascii_digit()))
        .take(3)
        .collect();
    numbers.join(".").parse().ok()
}

/// What the folder `….dist-info` says; `None` for anything else. pip renames what it is about to
/// take away to `~…`.
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
