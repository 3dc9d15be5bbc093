//! The door to child processes: which programs there are, and running one in a folder and an
//! environment of its own.

mod watch;

pub use watch::{ProcessGroup, TimedOutput, Watch, watch};

use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::files;
use shopfront_diagnostics::error::{Context, Error};

/// A program with all that it is told.
pub struct ProcessSpec<'t> {
    /// Its name, looked for in `PATH`, or its path.
    pub program: &'t Path,
    /// What stands behind the name.
    pub arguments: &'t [&'t str],
    /// The folder that it starts in.
    pub folder: &'t Path,
    /// What of our environment it gets.
    pub environment: EnvPolicy,
    /// Variables that it gets besides.
    pub variables: &'t [(&'t str, &'t OsStr)],
}

/// What of our environment a child gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnvPolicy {
    /// All of it: what installs needs proxies, certificates and the user's own settings.
    Kept,
    /// All but what changes the course of a test from one machine to the next: see [`is_scrubbed`].
    Scrubbed,
    /// Only what programs need to find each other and speak a language: for strangers' code.
    Bare,
}

/// How a child ended.
pub struct ProcessOutput {
    /// Whether it says that all went well.
    pub is_success: bool,
    /// The same in words: `ended with 101`.
    pub words: String,
    /// What it wrote to its standard output; empty when that was shown.
    pub output: String,
}

/// Runs `task` and shows what it writes at once.
///
/// # Errors
/// When it can not be started.
pub fn show(task: &ProcessSpec<'_>) -> Result<ProcessOutput, Error> {
    let status = command(task)
        .stdin(Stdio::null())
        .status()
        .with_context(|| starting(task))?;
    Ok(ProcessOutput {
        is_success: status.success(),
        words: words(status),
        output: String::new(),
    })
}

/// Runs `task` and listens to its standard output; what it complains of is dropped.
///
/// # Errors
/// When it can not be started.
pub fn listen(task: &ProcessSpec<'_>) -> Result<ProcessOutput, Error> {
    let output = command(task)
        .stdin(Stdio::null())
        .output()
        .with_context(|| starting(task))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(ProcessOutput {
        is_success: output.status.success(),
        words: words(output.status),
        output: text,
    })
}

/// What a child that was given an input had to complain of, and whether it says that all went well.
pub struct Served {
    /// Whether it says that all went well.
    pub is_success: bool,
    /// What it wrote to its standard error, of which the first 64 KiB are kept.
    pub stderr: String,
}

/// Runs `task`, writes `input` to its standard input, and lets `read` take what it writes.
///
/// # Errors
/// When it can not be started, or `read` fails; the child is ended then.
pub fn serve<T>(
    task: &ProcessSpec<'_>,
    input: Vec<u8>,
    read: impl FnOnce(&mut dyn BufRead) -> Result<T, Error>,
) -> Result<(T, Served), Error> {
    const MOST: u64 = 64 << 10;
    let piped = command(task)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = piped.with_context(|| starting(task))?;
    let (Some(mut questions), Some(answers), Some(stderr)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(Error::new(format!(
            "{} has no streams",
            task.program.display()
        )));
    };
    // Each stream has a thread of its own: a child that waits for a reader of one would never end
    // the other. That it reads no more of its input is no failure; it says itself how it ended.
    let writer = thread::spawn(move || drop(questions.write_all(&input)));
    let listener = thread::spawn(move || {
        let (mut kept, mut stderr) = (Vec::new(), stderr);
        let _ = stderr.by_ref().take(MOST).read_to_end(&mut kept);
        let _ = io::copy(&mut stderr, &mut io::sink());
        String::from_utf8_lossy(&kept).into_owned()
    });
    let mut answers = BufReader::new(answers);
    let result = read(&mut answers);
    if result.is_err() {
        let _ = child.kill();
    }
    drop(answers);
    let status = child
        .wait()
        .with_context(|| format!("waiting for {}", task.program.display()))?;
    let _ = writer.join();
    let stderr = listener.join().unwrap_or_default();
    Ok((
        result?,
        Served {
            is_success: status.success(),
            stderr,
        },
    ))
}

/// The task as a person would type it.
pub fn line(task: &ProcessSpec<'_>) -> String {
    let variables = task
        .variables
        .iter()
        .map(|(name, value)| format!("{name}={}", value.display()));
    let program = std::iter::once(task.program.display().to_string());
    let words: Vec<String> = variables
        .chain(program)
        .chain(task.arguments.iter().map(|it| (*it).to_owned()))
        .collect();
    words.join(" ")
}

/// The folders in which programs are looked for, as the system writes them.
pub fn search_path() -> OsString {
    env::var_os("PATH").unwrap_or_default()
}

/// Where the program called `name` is, when it is installed.
pub fn find(name: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders)
        .map(|folder| folder.join(name))
        .find(|path| files::is_file(path))
}

/// The program that is running.
///
/// # Errors
/// When the system does not tell.
pub fn this_program() -> Result<PathBuf, Error> {
    env::current_exe().with_context(|| "looking for this program".to_owned())
}

/// What `work` gives, and how long it took.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

/// Variables that make a run on one machine another than on the next: who runs it, how it looks,
/// which index it asks, what cargo told this program of itself. Proxies are among them: tests stay
/// on loopback.
pub fn is_scrubbed(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "CI",
        "NO_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "FORCE_COLOR",
        "COLUMNS",
        "LINES",
        "RAYON_NUM_THREADS",
        "RUST_BACKTRACE",
        "SOURCE_DATE_EPOCH",
        "UPDATE_GOLDEN",
        "CHROMIUM",
        "SITE_DIR",
        "NODE_OPTIONS",
        "NETRC",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "no_proxy",
    ];
    const BEGINNINGS: &[&str] = &[
        "GITHUB_",
        "RUNNER_",
        "ACTIONS_",
        "SHOPFRONT_",
        "GIT_",
        "CARGO_PKG_",
        "CARGO_MANIFEST_",
    ];
    NAMES.contains(&name)
        || BEGINNINGS
            .iter()
            .any(|beginning| name.starts_with(beginning))
}

/// What a program can not start without on one system or another; no secret is ever kept there.
fn is_bare(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "PATH",
        "LANG",
        "LC_ALL",
        "LC_CTYPE",
        "TZ",
        "TMPDIR",
        "LD_LIBRARY_PATH",
        "TEMP",
        "TMP",
        "SYSTEMROOT",
        "PATHEXT",
    ];
    NAMES.contains(&name.to_ascii_uppercase().as_str())
}

fn command(task: &ProcessSpec<'_>) -> Command {
    let mut command = Command::new(task.program);
    command.args(task.arguments).current_dir(task.folder);
    let taken_away: fn(&str) -> bool = match task.environment {
        EnvPolicy::Kept => |_| false,
        EnvPolicy::Scrubbed => is_scrubbed,
        EnvPolicy::Bare => |name| !is_bare(name),
    };
    let ours: Vec<OsString> = env::vars_os()
        .map(|(name, _)| name)
        .filter(|name| taken_away(&name.to_string_lossy()))
        .collect();
    for name in ours {
        command.env_remove(name);
    }
    command.envs(task.variables.iter().copied());
    command
}

fn starting(task: &ProcessSpec<'_>) -> String {
    format!("starting {}", task.program.display())
}

fn words(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("ended with {code}"),
        None => "was killed".to_owned(),
    }
}
