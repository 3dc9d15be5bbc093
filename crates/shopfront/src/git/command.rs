//! Git commands that ignore all configuration of the repository, its owner and the caller.

use std::ffi::{OsStr, OsString};
use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::refused;
use crate::processes::{self, EnvPolicy, ProcessSpec, Served};
use shopfront_diagnostics::error::{Context, Error};

/// Settings on the command line. They come last, so no configuration overrides them.
const SETTINGS: &[&str] = &[
    // Programs that git starts while it reads the index or the work tree.
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    // Ignore files elsewhere: only `.gitignore` and `info/exclude` count, equally on every machine.
    "core.excludesFile=",
    // Data that git could write: it writes nothing.
    "core.untrackedCache=false",
    // Submodules with a configuration of their own.
    "submodule.recurse=false",
    "safe.bareRepository=explicit",
    // Fetching objects that a partial clone lacks would start any program that the remote names.
    "protocol.allow=never",
];

/// Environment in addition to [`EnvPolicy::Bare`]: neither `HOME` nor any `GIT_…` of the caller.
const VARIABLES: &[(&str, &str)] = &[
    ("GIT_CONFIG_NOSYSTEM", "1"),
    ("GIT_CONFIG_SYSTEM", "/dev/null"),
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("GIT_ATTR_NOSYSTEM", "1"),
    // `protocol.<name>.allow` of a repository overrides `protocol.allow`, but not this variable.
    ("GIT_ALLOW_PROTOCOL", "none"),
    ("GIT_NO_LAZY_FETCH", "1"),
    // Objects are those of their names, regardless of `refs/replace/`.
    ("GIT_NO_REPLACE_OBJECTS", "1"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_PAGER", "cat"),
    // Error output is recognized by its text.
    ("LC_ALL", "C"),
];

/// How long git may take for one answer. A pipe in the place of one of its files would be read for ever.
const LIMIT: Duration = Duration::from_secs(60);

/// Git, for one repository.
#[derive(Clone)]
pub(super) struct Git {
    /// Working directory of the commands.
    root: PathBuf,
    variables: Vec<(&'static str, OsString)>,
}

/// What git wrote, or what it complained of, in one line.
pub(super) type GitOutput<T = String> = Result<T, String>;

impl Git {
    /// Returns git for the repository whose work tree is `top`, to be run in `root`.
    ///
    /// # Errors
    /// Returns an error if git is missing or refuses the repository.
    pub(super) fn open(root: &Path, top: &Path) -> Result<Git, Error> {
        // Excludes a repository around this one, and a bare repository committed in its place.
        let ceiling = top.parent().unwrap_or(top).as_os_str().to_owned();
        let finding = Git {
            root: top.to_path_buf(),
            variables: vec![("GIT_CEILING_DIRECTORIES", ceiling)],
        };
        let question = ["rev-parse", "--absolute-git-dir"];
        let mut found = finding.list(&question)?;
        if found.is_err() {
            // The list of trusted directories is the only setting of the user that counts. It is
            // read only if git refuses the repository.
            found = finding.run_with(&trusted_folders(top), &question)?;
        }
        let folder = lossy(&found.map_err(|stderr| refused(top, &stderr))?);
        // Named like this, the work tree is where we found it, whatever `core.worktree` or `core.bare` say.
        let variables = vec![
            (
                "GIT_DIR",
                OsString::from(folder.trim_end_matches(['\r', '\n'])),
            ),
            ("GIT_WORK_TREE", top.as_os_str().to_owned()),
        ];
        Ok(Git {
            root: root.to_path_buf(),
            variables,
        })
    }

    /// The same repository, with git called in `folder`.
    pub(super) fn called_in(&self, folder: &Path) -> Git {
        Git {
            root: folder.to_path_buf(),
            ..self.clone()
        }
    }

    /// What git writes to its standard output.
    ///
    /// # Errors
    /// Returns an error if git cannot be run. A failure of git is in the result.
    pub(super) fn run(&self, arguments: &[&str]) -> Result<GitOutput, Error> {
        Ok(self.run_with(&[], arguments)?.map(|bytes| lossy(&bytes)))
    }

    /// As [`Git::run`], of what holds paths: these are bytes.
    ///
    /// # Errors
    /// As those of [`Git::run`].
    pub(super) fn list(&self, arguments: &[&str]) -> Result<GitOutput<Vec<u8>>, Error> {
        self.run_with(&[], arguments)
    }

    fn run_with(
        &self,
        settings: &[String],
        arguments: &[&str],
    ) -> Result<GitOutput<Vec<u8>>, Error> {
        let read = |stream: &mut dyn BufRead| {
            let mut bytes = Vec::new();
            stream
                .read_to_end(&mut bytes)
                .with_context(|| "reading from git".to_owned())?;
            Ok(bytes)
        };
        let (output, served) = self.serve(settings, arguments, Vec::new(), read)?;
        Ok(if served.is_success {
            Ok(output)
        } else {
            Err(first_line(&served.stderr))
        })
    }

    /// Writes `input` to git, and passes its output to `read`.
    ///
    /// # Errors
    /// Returns an error if git cannot be run or reports a failure, or if `read` fails.
    pub(super) fn converse<T>(
        &self,
        arguments: &[&str],
        input: Vec<u8>,
        read: impl FnOnce(&mut dyn BufRead) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let (result, served) = self.serve(&[], arguments, input, read)?;
        match served.is_success {
            true => Ok(result),
            false => Err(Error::new(format!(
                "git {}: {}",
                arguments.join(" "),
                first_line(&served.stderr)
            ))),
        }
    }

    fn serve<T>(
        &self,
        settings: &[String],
        arguments: &[&str],
        input: Vec<u8>,
        read: impl FnOnce(&mut dyn BufRead) -> Result<T, Error>,
    ) -> Result<(T, Served), Error> {
        let all = SETTINGS
            .iter()
            .copied()
            .chain(settings.iter().map(String::as_str));
        let mut words: Vec<&str> = all.flat_map(|setting| ["-c", setting]).collect();
        words.push("--no-pager");
        words.extend(arguments);
        let ours = VARIABLES
            .iter()
            .map(|(name, value)| (*name, OsStr::new(value)));
        let variables: Vec<(&str, &OsStr)> = ours
            .chain(
                self.variables
                    .iter()
                    .map(|(name, value)| (*name, value.as_os_str())),
            )
            .collect();
        let task = ProcessSpec {
            program: Path::new("git"),
            arguments: &words,
            folder: &self.root,
            environment: EnvPolicy::Bare,
            variables: &variables,
        };
        processes::serve(&task, LIMIT, input, read)
            .map_err(|fault| fault.help("install git, or leave `--since` out"))
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The folders of other users that this person trusts, as settings for the command line.
fn trusted_folders(folder: &Path) -> Vec<String> {
    let of = |file: &str| {
        let arguments = [
            "config",
            file,
            "--includes",
            "--type=path",
            "--null",
            "--get-all",
            "safe.directory",
        ];
        // Reads the user's own settings as git finds them. Settings of the repository are ignored.
        let task = ProcessSpec {
            program: Path::new("git"),
            arguments: &arguments,
            folder,
            environment: EnvPolicy::Scrubbed,
            variables: &[],
        };
        processes::listen(&task)
            .map(|ended| ended.output)
            .unwrap_or_default()
    };
    let told = of("--system") + &of("--global");
    told.split_terminator('\0')
        .map(|value| format!("safe.directory={value}"))
        .collect()
}

/// Returns the error line of a stderr. Hints follow after it.
fn first_line(stderr: &str) -> String {
    let lines = || {
        stderr
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
    };
    let line = lines().find_map(|line| {
        line.strip_prefix("fatal: ")
            .or_else(|| line.strip_prefix("error: "))
    });
    line.or_else(|| lines().next())
        .unwrap_or_default()
        .to_owned()
}
