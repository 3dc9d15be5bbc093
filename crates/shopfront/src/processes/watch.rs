//! Execution of untrusted child processes: time limit, output limit, and termination together with
//! their own children.

use std::fs::File;
use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use super::{ProcessOutput, ProcessSpec, command, starting, words};
use shopfront_diagnostics::error::{Context, Error};

/// Limits of a child process.
pub struct Watch<'w> {
    /// Time limit after which it is killed.
    pub limit: Duration,
    /// Number of last bytes of each output stream that are kept.
    pub most: usize,
    /// Process group of the child.
    pub family: ProcessGroup<'w>,
}

/// Process group of a child, which determines the processes that end together.
pub enum ProcessGroup<'w> {
    /// Group of this process. An interrupt at the terminal reaches the child, too. The child holds
    /// `lock` as long as it runs, even if this process ends.
    Ours {
        /// Locked file that the child gets as its standard input.
        lock: Option<&'w File>,
    },
    /// New group of the child and its descendants, which is killed as a whole.
    Own,
}

/// Result of a child process with limits.
pub struct TimedOutput {
    /// Exit status, with the end of its standard output.
    pub ended: ProcessOutput,
    /// End of its standard error.
    pub stderr: String,
    /// `true` if it was killed because of the time limit.
    pub timed_out: bool,
}

/// Runs `task` and keeps the end of its output.
///
/// # Errors
/// Returns an error if it cannot be started, or if the system does not provide its exit status.
pub fn watch(task: &ProcessSpec<'_>, how: &Watch<'_>) -> Result<TimedOutput, Error> {
    let mut command = command(task);
    command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .stdin(standard_input(&how.family)?);
    if matches!(how.family, ProcessGroup::Own) {
        lead_a_group(&mut command);
    }
    let mut child = command.spawn().with_context(|| starting(task))?;
    let output = child.stdout.take().map(|stream| Tail::of(stream, how.most));
    let stderr = child.stderr.take().map(|stream| Tail::of(stream, how.most));
    let (status, timed_out) =
        wait(&mut child, how).with_context(|| format!("waiting for {}", task.program.display()))?;
    let text = |tail: Option<Tail>| tail.map(Tail::text).unwrap_or_default();
    let ended = ProcessOutput {
        is_success: status.success() && !timed_out,
        words: words(status),
        output: text(output),
    };
    Ok(TimedOutput {
        ended,
        stderr: text(stderr),
        timed_out,
    })
}

fn standard_input(family: &ProcessGroup<'_>) -> Result<Stdio, Error> {
    match family {
        ProcessGroup::Ours { lock: Some(file) } => Ok(file
            .try_clone()
            .with_context(|| "handing on a lock".to_owned())?
            .into()),
        _ => Ok(Stdio::null()),
    }
}

/// Polls the child: waiting with a time limit is not available on every system.
fn wait(child: &mut Child, how: &Watch<'_>) -> std::io::Result<(ExitStatus, bool)> {
    const LONGEST_NAP: Duration = Duration::from_millis(50);
    let begun = Instant::now();
    let mut nap = Duration::from_millis(1);
    let mut timed_out = false;
    while !has_ended(child)? && !timed_out {
        thread::sleep(nap);
        nap = (nap * 2).min(LONGEST_NAP);
        timed_out = begun.elapsed() > how.limit;
    }
    if matches!(how.family, ProcessGroup::Own) {
        end_group(child);
    }
    if timed_out {
        child.kill()?;
    }
    Ok((child.wait()?, timed_out))
}

/// A child that is ended after a while, whoever waits for its streams meanwhile.
pub(super) struct TimedChild {
    child: Arc<Mutex<Child>>,
    /// Says that the child has ended.
    done: mpsc::Sender<()>,
    /// Says whether it had to be ended.
    timer: thread::JoinHandle<bool>,
}

impl TimedChild {
    pub(super) fn new(child: Child, limit: Duration) -> TimedChild {
        let child = Arc::new(Mutex::new(child));
        let (done, is_done) = mpsc::channel();
        let shared = Arc::clone(&child);
        let timer = thread::spawn(move || {
            let is_late = is_done.recv_timeout(limit) == Err(mpsc::RecvTimeoutError::Timeout);
            if is_late {
                let _ = shared.lock().unwrap_or_else(PoisonError::into_inner).kill();
            }
            is_late
        });
        TimedChild { child, done, timer }
    }

    pub(super) fn kill(&self) {
        let _ = self
            .child
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .kill();
    }

    /// How it ended, and whether it was ended for want of time.
    pub(super) fn wait(self) -> std::io::Result<(ExitStatus, bool)> {
        const LONGEST_NAP: Duration = Duration::from_millis(20);
        let mut nap = Duration::from_micros(100);
        let status = loop {
            if let Some(status) = self
                .child
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .try_wait()?
            {
                break status;
            }
            thread::sleep(nap);
            nap = (nap * 2).min(LONGEST_NAP);
        };
        let _ = self.done.send(());
        Ok((status, self.timer.join().unwrap_or_default()))
    }
}

/// The end of a stream, read as it comes.
struct Tail {
    kept: Arc<Mutex<Vec<u8>>>,
    reader: thread::JoinHandle<()>,
}

impl Tail {
    fn of(mut stream: impl Read + Send + 'static, most: usize) -> Tail {
        let kept = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&kept);
        let reader = thread::spawn(move || {
            let mut piece = vec![0; 1 << 14];
            while let Ok(read @ 1..) = stream.read(&mut piece) {
                let mut kept = shared.lock().unwrap_or_else(PoisonError::into_inner);
                kept.extend_from_slice(&piece[..read]);
                let surplus = kept.len().saturating_sub(most);
                kept.drain(..surplus);
            }
        });
        Tail { kept, reader }
    }

    /// Returns the bytes read. Waits at most 2 s for the end of the stream: a process that left the
    /// group may keep it open forever.
    fn text(self) -> String {
        const LONGEST_WAIT: Duration = Duration::from_secs(2);
        let begun = Instant::now();
        while !self.reader.is_finished() && begun.elapsed() < LONGEST_WAIT {
            thread::sleep(Duration::from_millis(1));
        }
        String::from_utf8_lossy(&self.kept.lock().unwrap_or_else(PoisonError::into_inner))
            .into_owned()
    }
}

#[cfg(unix)]
fn lead_a_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn lead_a_group(_command: &mut Command) {}

/// Returns `true` if the child has exited, without reaping it. Until it is reaped, the system does
/// not reuse its process id.
#[cfg(unix)]
fn has_ended(child: &mut Child) -> std::io::Result<bool> {
    use rustix::process::{WaitId, WaitIdOptions, waitid};
    let Some(number) = number(child) else {
        return Ok(false);
    };
    Ok(waitid(
        WaitId::Pid(number),
        WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT,
    )?
    .is_some())
}

#[cfg(not(unix))]
fn has_ended(child: &mut Child) -> std::io::Result<bool> {
    Ok(child.try_wait()?.is_some())
}

/// Kills the group. A group that has ended already is ignored.
#[cfg(unix)]
fn end_group(child: &Child) {
    if let Some(number) = number(child) {
        let _ = rustix::process::kill_process_group(number, rustix::process::Signal::KILL);
    }
}

#[cfg(not(unix))]
fn end_group(_child: &Child) {}

#[cfg(unix)]
fn number(child: &Child) -> Option<rustix::process::Pid> {
    rustix::process::Pid::from_raw(i32::try_from(child.id()).ok()?)
}
