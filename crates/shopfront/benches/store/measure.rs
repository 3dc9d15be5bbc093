//! Measurement of program runs: wall time from a clock of this process, processor time and peak
//! memory from the kernel.
//!
//! The kernel's figures come from GNU time (`/usr/bin/time`), which is small itself. A child
//! inherits the peak of the process that started it, so a large parent would hide the child's own
//! peak. Without GNU time, only wall time is measured. GNU time adds about a millisecond to every
//! program equally.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use shopfront_diagnostics::error::{Context, Error};

const GNU_TIME: &str = "/usr/bin/time";

/// Program with its arguments.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    program: PathBuf,
    arguments: Vec<OsString>,
    folder: PathBuf,
}

impl Call {
    pub(crate) fn new(program: impl Into<PathBuf>, folder: impl Into<PathBuf>) -> Call {
        Call {
            program: program.into(),
            arguments: Vec::new(),
            folder: folder.into(),
        }
    }

    pub(crate) fn arguments<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(mut self, more: I) -> Call {
        self.arguments
            .extend(more.into_iter().map(|it| it.as_ref().to_owned()));
        self
    }
}

/// Measurement of one run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    pub(crate) wall: Duration,
    /// Sum of user and system time.
    pub(crate) processor: Option<Duration>,
    /// Peak memory in bytes.
    pub(crate) peak: Option<u64>,
}

/// Subject of a measurement.
pub(crate) enum What<'w> {
    /// External program.
    Program(Call),
    /// Function in this process.
    Inside(Box<dyn Fn() -> Result<(), Error> + 'w>),
}

/// Participant of a comparison.
pub(crate) struct Contestant<'w> {
    pub(crate) name: String,
    /// Preparation, which is not measured.
    pub(crate) before: Box<dyn Fn() -> Result<(), Error> + 'w>,
    pub(crate) what: What<'w>,
    /// Measurements in the order of the rounds.
    pub(crate) runs: Vec<Run>,
}

impl<'w> Contestant<'w> {
    pub(crate) fn program(name: impl Into<String>, call: Call) -> Contestant<'w> {
        Contestant {
            name: name.into(),
            before: Box::new(|| Ok(())),
            what: What::Program(call),
            runs: Vec::new(),
        }
    }

    pub(crate) fn inside(
        name: impl Into<String>,
        work: impl Fn() -> Result<(), Error> + 'w,
    ) -> Contestant<'w> {
        Contestant {
            name: name.into(),
            before: Box::new(|| Ok(())),
            what: What::Inside(Box::new(work)),
            runs: Vec::new(),
        }
    }

    pub(crate) fn after(mut self, before: impl Fn() -> Result<(), Error> + 'w) -> Contestant<'w> {
        self.before = Box::new(before);
        self
    }

    /// Returns the wall times in ascending order.
    fn walls(&self) -> Vec<Duration> {
        let mut walls: Vec<Duration> = self.runs.iter().map(|run| run.wall).collect();
        walls.sort();
        walls
    }

    pub(crate) fn least(&self) -> Duration {
        self.walls().first().copied().unwrap_or_default()
    }

    pub(crate) fn median(&self) -> Duration {
        let walls = self.walls();
        walls.get(walls.len() / 2).copied().unwrap_or_default()
    }

    pub(crate) fn most(&self) -> Duration {
        self.walls().last().copied().unwrap_or_default()
    }

    /// Returns the minimum processor time of all runs.
    pub(crate) fn processor(&self) -> Option<Duration> {
        self.runs.iter().filter_map(|run| run.processor).min()
    }

    /// Returns the maximum peak memory of all runs.
    pub(crate) fn peak(&self) -> Option<u64> {
        self.runs.iter().filter_map(|run| run.peak).max()
    }
}

/// Measures all participants in turn, `rounds` times, so that other load on the machine affects
/// them equally. Every second round is in reverse order, since a registry answers a repeated query
/// faster.
pub(crate) fn rounds(contestants: &mut [Contestant<'_>], rounds: usize) -> Result<(), Error> {
    for round in 0..rounds {
        let forwards = 0..contestants.len();
        let order: Vec<usize> = if round % 2 == 0 {
            forwards.collect()
        } else {
            forwards.rev().collect()
        };
        for index in order {
            let contestant = &mut contestants[index];
            (contestant.before)().with_context(|| format!("preparing {}", contestant.name))?;
            // Pending writes of the last run must not slow this one down.
            rustix::fs::sync();
            let run = match &contestant.what {
                What::Program(call) => program(call),
                What::Inside(work) => inside(work.as_ref()),
            };
            contestant
                .runs
                .push(run.with_context(|| format!("measuring {}", contestant.name))?);
        }
    }
    Ok(())
}

fn inside(work: &dyn Fn() -> Result<(), Error>) -> Result<Run, Error> {
    let started = Instant::now();
    work()?;
    Ok(Run {
        wall: started.elapsed(),
        processor: None,
        peak: None,
    })
}

/// Runs `call` and measures it.
///
/// # Errors
/// Returns an error if it cannot be started, or fails: measurements of a failed run are
/// meaningless.
pub(crate) fn program(call: &Call) -> Result<Run, Error> {
    let figures =
        tempfile::NamedTempFile::new().with_context(|| "making a temporary file".to_owned())?;
    let mut command = if Path::new(GNU_TIME).exists() {
        let mut command = Command::new(GNU_TIME);
        command
            .args(["-f", "%U %S %M", "-o"])
            .arg(figures.path())
            .arg(&call.program);
        command
    } else {
        Command::new(&call.program)
    };
    command
        .args(&call.arguments)
        .current_dir(&call.folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command.env("NO_COLOR", "1");
    let started = Instant::now();
    let output = command
        .output()
        .with_context(|| format!("starting {}", call.program.display()))?;
    let wall = started.elapsed();
    if !output.status.success() {
        let said: String = String::from_utf8_lossy(&output.stderr)
            .chars()
            .take(2_000)
            .collect();
        return Err(Error::new(format!(
            "{} ended with {}: {said}",
            call.program.display(),
            output.status
        )));
    }
    let figures = std::fs::read_to_string(figures.path())
        .with_context(|| "reading what GNU time counted".to_owned())?;
    let numbers: Vec<f64> = figures
        .split_whitespace()
        .filter_map(|it| it.parse().ok())
        .collect();
    let (processor, peak) = match numbers[..] {
        [user, system, kibibytes] => (
            Some(Duration::from_secs_f64(user + system)),
            Some(whole(kibibytes) * 1024),
        ),
        _ => (None, None),
    };
    Ok(Run {
        wall,
        processor,
        peak,
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count of kibibytes that GNU time wrote"
)]
fn whole(number: f64) -> u64 {
    number as u64
}

/// Returns the path of a program: the value of the environment variable `variable`, else the first
/// match on the PATH.
pub(crate) fn find(name: &str, variable: &str) -> Option<PathBuf> {
    if let Some(told) = std::env::var_os(variable) {
        return Some(PathBuf::from(told)).filter(|path| path.is_file());
    }
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}
