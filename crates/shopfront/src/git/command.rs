//! Git as it is called here: nothing that a repository, its owner or the caller set up is obeyed.

use std::ffi::{OsStr, OsString};
use std::io::BufRead;
use std::path::{Path, PathBuf};

use super::refused;
use crate::processes::{self, EnvPolicy, ProcessSpec, Served};
use shopfront_diagnostics::error::{Context, Error};

/// What no configuration can overrule: settings of the command line come last.
const SETTINGS: &[&str] = &[
    // Programs that are started while the index or the work tree is read.
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    // Lists of ignored files that lie elsewhere: only `.gitignore` and `info/exclude` count, on
    // every machine alike.
    "core.excludesFile=",
    // What could be written: nothing is.
    "core.untrackedCache=false",
    // Other repositories inside of this one, with a configuration of their own.
    "submodule.recurse=false",
    "safe.bareRepository=explicit",
    // Fetching what a partial clone lacks starts whatever the remote names.
    "protocol.allow=never",
];

/// The environment besides what programs need to start, see [`EnvPolicy::Bare`]: neither `HOME` nor
/// any `GIT_…` of the caller.
const VARIABLES: &[(&str, &str)] = &[
    ("GIT_CONFIG_NOSYSTEM", "1"),
    ("GIT_CONFIG_SYSTEM", "/dev/null"),
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("GIT_ATTR_NOSYSTEM", "1"),
    // `protocol.<name>.allow` of a repository is stronger than `protocol.allow`, and weaker than
    // this.
    ("GIT_ALLOW_PROTOCOL", "none"),
    ("GIT_NO_LAZY_FETCH", "1"),
    // Objects are what their names say, whatever `refs/replace/` puts in their place.
    ("GIT_NO_REPLACE_OBJECTS", "1"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_PAGER", "cat"),
    // Complaints are recognised by their words.
    ("LC_ALL", "C"),
];

/// Git, for one repository.
pub(super) struct Git {
    /// Where it is called.
    root: PathBuf,
    variables: Vec<(&'static str, OsString)>,
}

/// What git wrote, or what it complained of, in one line.
pub(super) type GitOutput = Result<String, String>;

impl Git {
    /// Git for the repository whose work tree begins at `top`, called in `root`.
    ///
    /// # Errors
    /// When git is not there, or refuses the repository.
    pub(super) fn open(root: &Path, top: &Path) -> Result<Git, Error> {
        // Neither a repository around this one, nor a bare one that somebody committed in its
        // place.
        let ceiling = top.parent().unwrap_or(top).as_os_str().to_owned();
        let finding = Git {
            root: top.to_path_buf(),
            variables: vec![("GIT_CEILING_DIRECTORIES", ceiling)],
        };
        let question = ["rev-parse", "--absolute-git-dir"];
        let mut found = finding.run(&question)?;
        if found.is_err() {
            // Whom the person trusts is the one setting of theirs that counts, and it is only
            // looked for when it is missed.
            found = finding.run_with(&trusted_folders(top), &question)?;
        }
        let folder = found.map_err(|stderr| refused(top, &stderr))?;
        // Named like this, the work tree is where we found it, whatever `core.worktree` or
        // `core.bare` say.
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

    /// What git writes to its standard output.
    ///
    /// # Errors
    /// When it can not be run. That it fails is in the result.
    pub(super) fn run(&self, arguments: &[&str]) -> Result<GitOutput, Error> {
        self.run_with(&[], arguments)
    }

    fn run_with(&self, settings: &[String], arguments: &[&str]) -> Result<GitOutput, Error> {
        let read = |stream: &mut dyn BufRead| {
            let mut bytes = Vec::new();
            stream
                .read_to_end(&mut bytes)
                .with_context(|| "reading from git".to_owned())?;
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        };
        let (output, served) = self.serve(settings, arguments, Vec::new(), read)?;
        Ok(if served.is_success {
            Ok(output)
        } else {
            Err(first_line(&served.stderr))
        })
    }

    /// Writes `input` to git, and lets `read` take what it writes.
    ///
    /// # Errors
    /// When git can not be run, says that it failed, or `read` fails.
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
        processes::serve(&task, input, read)
            .map_err(|fault| fault.help("install git, or leave `--since` out"))
    }
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
        // The person's own settings, found as git finds them; those of the repository are not
        // asked.
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

/// The line of a stderr that says what is wrong: hints stand behind it.
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
