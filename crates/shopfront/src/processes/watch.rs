//! A child that is not trusted: it has so much time, so much of what it writes is kept, and its own
//! children end with it.

use std::fs::File;
use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::{ProcessOutput, ProcessSpec, command, starting, words};
use shopfront_diagnostics::error::{Context, Error};

/// How a child is watched.
pub struct Watch<'w> {
    /// It is ended after so long.
    pub limit: Duration,
    /// So many of the last bytes of each of its streams are kept.
    pub most: usize,
    /// Whether it goes on when a person interrupts this program.
    pub family: ProcessGroup<'w>,
}

/// What ends together with what.
pub enum ProcessGroup<'w> {
    /// An interrupt at the terminal reaches the child, too. It holds `lock` as long as it lives,
    /// even when we do not.
    Ours {
        /// A file that is locked: the child gets it in place of its standard input.
        lock: Option<&'w File>,
    },
    /// The child and all that it starts are a group of their own, which is ended as one.
    Own,
}

/// How a watched child ended.
pub struct TimedOutput {
    /// How it ended, with the end of its standard output.
    pub ended: ProcessOutput,
    /// The end of what it complained of.
    pub stderr: String,
    /// Whether it was ended for want of time.
    pub timed_out: bool,
}

/// Runs `task` and keeps the end of what it writes.
///
/// # Errors
/// When it can not be started, or the system does not tell how it ended.
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

/// Looks again and again: waiting with a limit is not to be had otherwise on every system.
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

    /// What was read. Whoever left the group of the child may hold the stream open for ever: it is
    /// not waited for.
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

/// Whether the child ended. It is not waited for yet: until then the system gives its number to no
/// other.
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

/// A group that has ended already is as good.
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
