//! Who installs: `uv pip`, or the `pip` of the environment. Both are told exact versions, and
//! neither more than it needs.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::cli::Tool;
use crate::processes::{self, ProcessGroup, ProcessSpec, TimedOutput, Watch};
use crate::venv::{Lock, PythonEnvironment};
use shopfront_diagnostics::error::Error;
use shopfront_text::one_line;

/// An installer that takes longer hangs.
pub(super) const LIMIT: Duration = Duration::from_secs(30 * 60);
/// So much of what it writes is kept.
const MOST: usize = 64 << 10;
/// So many of its last lines are told when it fails.
const LINES: usize = 6;

/// Who installs.
pub(super) enum Installer {
    /// The program at this path.
    Uv(PathBuf),
    /// The `pip` of the environment.
    Pip,
}

/// What is to be installed.
pub(super) struct InstallRequest<'o> {
    /// As PEP 508 writes them: `fiab-plugin-demo==6.0.0`.
    pub(super) requirements: &'o [String],
    /// The index that a person named.
    pub(super) index_url: Option<&'o str>,
    /// Only found out, or done.
    pub(super) mode: Mode,
    /// Whether building packages, which runs their code, is out of the question.
    pub(super) from: BuildPolicy,
}

/// What is done with an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// It is only found out what would be done.
    DryRun,
    /// It is done.
    Install,
}

/// Of which packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BuildPolicy {
    /// Of any.
    Any,
    /// Of those that are built already.
    Wheels,
}

impl Installer {
    /// The one that a person wants, or else `uv` where it is found.
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

    /// Carries out `order`; while it does, it holds `lock`.
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

    /// Takes `project` away.
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
            // Isolated, so that no module of the current folder is taken for one of pip's.
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
        // Not as arguments, which everybody on a machine can see: an address may hold a password.
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

    /// What it would do, or did, in its own words made harmless; or its last words as an error.
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
