//! Installers: `uv pip`, or the `pip` of the environment. Both get exact versions, and only the
//! environment variables that they need.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::cli::Tool;
use crate::processes::{self, ProcessGroup, ProcessSpec, TimedOutput, Watch};
use crate::venv::{Lock, PythonEnvironment};
use shopfront_diagnostics::error::Error;
use shopfront_text::one_line;

/// Time limit of an installer. A longer run is considered hung.
pub(super) const LIMIT: Duration = Duration::from_secs(30 * 60);
/// Maximum output of the installer that is kept, in bytes.
const MOST: usize = 64 << 10;
/// Number of last lines of output that an error contains.
const LINES: usize = 6;

/// Installer.
pub(super) enum Installer {
    /// Path of the `uv` program.
    Uv(PathBuf),
    /// `pip` of the environment.
    Pip,
}

pub(super) struct InstallRequest<'o> {
    /// Requirements as in PEP 508: `fiab-plugin-demo==6.0.0`.
    pub(super) requirements: &'o [String],
    /// URL of the index that the user named.
    pub(super) index_url: Option<&'o str>,
    /// Dry run or installation.
    pub(super) mode: Mode,
    /// Packages that may be installed. Building packages runs their code.
    pub(super) from: BuildPolicy,
}

/// Mode of an install request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Only reports the changes.
    DryRun,
    /// Applies the changes.
    Install,
}

/// Packages that may be installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BuildPolicy {
    /// All packages.
    Any,
    /// Only packages that are already built.
    Wheels,
}

impl Installer {
    /// Returns the requested installer. The default is `uv` if it is found, else `pip`.
    pub(super) fn find(wanted: Option<Tool>) -> Result<Installer, Error> {
        match (
            wanted,
            processes::find("uv").or_else(|| processes::find("uv.exe")),
        ) {
            (Some(Tool::Pip), _) | (None, None) => Ok(Installer::Pip),
            (_, Some(uv)) => Ok(Installer::Uv(uv)),
            (Some(Tool::Uv), None) => Err(Error::new("`uv` is not found in PATH")
                .help("install it, or let `--installer pip` do the work")),
        }
    }

    /// Runs `order`, and holds `lock` meanwhile.
    pub(super) fn install(
        &self,
        environment: &PythonEnvironment,
        order: &InstallRequest<'_>,
        lock: Option<&Lock>,
    ) -> Result<String, Error> {
        let dry_run: &[&str] = if order.mode == Mode::DryRun {
            &["--dry-run"]
        } else {
            &[]
        };
        let wheels: &[&str] = if order.from == BuildPolicy::Wheels {
            &["--only-binary", ":all:"]
        } else {
            &[]
        };
        let requirements: Vec<&str> = order.requirements.iter().map(String::as_str).collect();
        let watched = self.run(
            environment,
            "install",
            &[dry_run, wheels, &requirements].concat(),
            order.index_url,
            lock,
        )?;
        let what = if order.mode == Mode::DryRun {
            "the dry run failed, so nothing was changed"
        } else {
            "the installer failed"
        };
        self.told(watched, what).map_err(|fault| match (order.mode, order.from) {
            (Mode::DryRun, BuildPolicy::Wheels) if fault.cure().is_none() && is_for_want_of_a_wheel(&fault.to_string()) => {
                fault.help("a dry run takes wheels alone: without `--dry-run` a source archive would be built, which runs its code")
            }
            _ => fault,
        })
    }

    /// Uninstalls `project`.
    pub(super) fn uninstall(
        &self,
        environment: &PythonEnvironment,
        project: &str,
        lock: Option<&Lock>,
    ) -> Result<String, Error> {
        let yes: &[&str] = if matches!(self, Installer::Pip) {
            &["--yes"]
        } else {
            &[]
        };
        let watched = self.run(
            environment,
            "uninstall",
            &[yes, &[project]].concat(),
            None,
            lock,
        )?;
        self.told(watched, "the installer failed")
    }

    fn run(
        &self,
        at: &PythonEnvironment,
        verb: &str,
        words: &[&str],
        index: Option<&str>,
        lock: Option<&Lock>,
    ) -> Result<TimedOutput, Error> {
        let python = at.python.display().to_string();
        let (program, before): (&Path, Vec<&str>) = match self {
            Installer::Uv(uv) => (
                uv,
                vec![
                    "pip",
                    verb,
                    "--no-progress",
                    "--color",
                    "never",
                    "--python",
                    &python,
                ],
            ),
            // Isolated mode, so that pip imports no module of the current directory in place of its
            // own.
            Installer::Pip => (
                &at.python,
                vec![
                    "-I",
                    "-m",
                    "pip",
                    verb,
                    "--no-input",
                    "--no-color",
                    "--disable-pip-version-check",
                ],
            ),
        };
        let arguments = [&before[..], words].concat();
        // Not an argument, which all users of the machine can read: a URL may contain a password.
        let name = if matches!(self, Installer::Pip) {
            "PIP_INDEX_URL"
        } else {
            "UV_DEFAULT_INDEX"
        };
        let variables: Vec<_> = index
            .iter()
            .map(|index| (name, std::ffi::OsStr::new(*index)))
            .collect();
        let environment = processes::EnvPolicy::Kept;
        let task = ProcessSpec {
            program,
            arguments: &arguments,
            folder: &at.folder,
            environment,
            variables: &variables,
        };
        processes::watch(
            &task,
            &Watch {
                limit: LIMIT,
                most: MOST,
                family: ProcessGroup::Ours {
                    lock: lock.map(Lock::file),
                },
            },
        )
    }

    /// Returns the output of the installer with control characters removed, or its last lines as an
    /// error.
    fn told(&self, watched: TimedOutput, what: &str) -> Result<String, Error> {
        let TimedOutput { ended, stderr, .. } = watched;
        if ended.is_success {
            let is_change = |line: &&str| {
                ["Would install", "Successfully", " + ", " - ", " ~ "]
                    .iter()
                    .any(|start| line.starts_with(start))
            };
            let lines = ended
                .output
                .lines()
                .chain(stderr.lines())
                .filter(is_change)
                .map(|line| format!("  {}\n", one_line(line, 2_000)));
            return Ok(lines.collect());
        }
        let said: Vec<&str> = stderr
            .lines()
            .chain(ended.output.lines().filter(|_| stderr.trim().is_empty()))
            .collect();
        let said: Vec<String> = said
            .iter()
            .map(|line| one_line(line, 300))
            .filter(|line| !line.is_empty())
            .collect();
        let last = said[said.len().saturating_sub(LINES)..]
            .iter()
            .map(|line| format!("\n{line}"));
        let fault = Error::new(format!(
            "{what}; {} {}{}",
            self.name(),
            ended.words,
            last.collect::<String>()
        ));
        Err(if stderr.contains("No module named pip") {
            fault.help("install `uv`, or `pip` in this environment with `python -m ensurepip`")
        } else {
            fault
        })
    }

    fn name(&self) -> &'static str {
        match self {
            Installer::Uv(_) => "`uv`",
            Installer::Pip => "`pip`",
        }
    }
}

/// Whether an installer found nothing that it may take: `pip` and `uv` in their own words.
fn is_for_want_of_a_wheel(said: &str) -> bool {
    [
        "No matching distribution found",
        "no usable wheels",
        "no wheels",
        "building from source is disabled",
    ]
    .iter()
    .any(|it| said.contains(it))
}
