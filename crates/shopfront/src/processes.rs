//! Child processes: lookup of programs, and execution in a given directory and environment.

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

/// Program with its arguments and environment.
pub struct ProcessSpec<'t> {
    /// Name to look up in `PATH`, or path of the program.
    pub program: &'t Path,
    /// Arguments after the program name.
    pub arguments: &'t [&'t str],
    /// Working directory.
    pub folder: &'t Path,
    /// Policy for the inherited environment.
    pub environment: EnvPolicy,
    /// Additional environment variables.
    pub variables: &'t [(&'t str, &'t OsStr)],
}

/// Policy for the environment of this process that a child inherits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnvPolicy {
    /// All variables: installers need proxies, certificates and the user's own settings.
    Kept,
    /// All variables except those that make a test depend on the machine: see [`is_scrubbed`].
    Scrubbed,
    /// Only variables that programs need to start and to determine the language. For untrusted
    /// code.
    Bare,
}

/// Result of a child process.
pub struct ProcessOutput {
    /// `true` if the exit status is success.
    pub is_success: bool,
    /// Exit status as text: `ended with 101`.
    pub words: String,
    /// Standard output. Empty if it was shown.
    pub output: String,
}

/// Runs `task` and shows its output immediately.
///
/// # Errors
/// Returns an error if it cannot be started.
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

/// Runs `task` and captures its standard output. Drops its standard error.
///
/// # Errors
/// Returns an error if it cannot be started.
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

/// Result of a child process that got an input.
pub struct Served {
    /// `true` if the exit status is success.
    pub is_success: bool,
    /// First 64 KiB of the standard error.
    pub stderr: String,
}

/// Runs `task` for at most as long as `limit`, writes `input` to its standard input, and lets `read` take what it writes.
///
/// # Errors
/// When it can not be started, does not end in time, or `read` fails; the child is ended then.
pub fn serve<T>(
    task: &ProcessSpec<'_>,
    limit: Duration,
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
    // Each stream has its own thread: a child that waits for a reader of one stream would otherwise
    // never close the other. A child that stops reading its input is not an error. Its exit status
    // is decisive.
    let writer = thread::spawn(move || drop(questions.write_all(&input)));
    let listener = thread::spawn(move || {
        let (mut kept, mut stderr) = (Vec::new(), stderr);
        let _ = stderr.by_ref().take(MOST).read_to_end(&mut kept);
        let _ = io::copy(&mut stderr, &mut io::sink());
        String::from_utf8_lossy(&kept).into_owned()
    });
    let timed = watch::TimedChild::new(child, limit);
    let mut answers = BufReader::new(answers);
    let result = read(&mut answers);
    if result.is_err() {
        timed.kill();
    }
    drop(answers);
    let (status, is_late) = timed
        .wait()
        .with_context(|| format!("waiting for {}", task.program.display()))?;
    if is_late {
        return Err(Error::new(format!(
            "{} did not end within {} s",
            task.program.display(),
            limit.as_secs()
        )));
    }
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

/// Returns the command line as a person would type it.
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

/// Returns the directories in which programs are looked up, in the format of the system.
pub fn search_path() -> OsString {
    env::var_os("PATH").unwrap_or_default()
}

/// Returns the path of the program `name` if it is installed.
pub fn find(name: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders)
        .map(|folder| folder.join(name))
        .find(|path| files::is_file(path))
}

/// Returns the path of the running program.
///
/// # Errors
/// Returns an error if the system does not provide it.
pub fn this_program() -> Result<PathBuf, Error> {
    env::current_exe().with_context(|| "looking for this program".to_owned())
}

/// Returns the result of `work` and its duration.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

/// Returns `true` for variables that make a run depend on the machine: user, appearance, index, and
/// variables that cargo sets for this program. Proxies are included: tests stay on loopback.
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

/// Returns `true` for variables without which programs cannot start on some systems. They never
/// contain secrets.
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

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// What `serve` gives of a child that says a word and then waits for ever.
    #[test]
    fn a_child_that_does_not_end_is_ended() {
        let task = ProcessSpec {
            program: Path::new("sh"),
            arguments: &["-c", "echo begun; exec sleep 600"],
            folder: Path::new("/"),
            environment: EnvPolicy::Bare,
            variables: &[],
        };
        let mut said = String::new();
        let read = |stream: &mut dyn BufRead| {
            stream
                .read_to_string(&mut said)
                .with_context(|| "reading".to_owned())
        };
        let fault = serve(&task, Duration::from_millis(300), Vec::new(), read)
            .err()
            .expect("no end");
        assert!(
            fault.to_string().contains("sh did not end within"),
            "{fault}"
        );
    }
}
