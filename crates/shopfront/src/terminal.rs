//! Terminal access: width, colors, and a progress bar. Only this module and
//! [`prompt`](crate::prompt) write to the standard streams of this program. Only reports for
//! workflow runners contain workflow commands.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{IsTerminal, Write, stderr, stdout};
use std::process::ExitCode;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::outcome::Outcome;
use crate::prompt;
use crate::report::RenderOptions;
use shopfront_diagnostics::error::Error;
use shopfront_text::strip_controls;
use shopfront_text::workflow_commands::{Syntax, escape_commands};

/// Output stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Data.
    Stdout,
    /// All other output.
    Stderr,
}

/// Returns the render options for `stream`: colors only on a terminal, and at most its width.
pub fn render_options(stream: Stream) -> RenderOptions {
    let is_terminal = match stream {
        Stream::Stdout => stdout().is_terminal(),
        Stream::Stderr => stderr().is_terminal(),
    };
    // https://no-color.org: set and not empty.
    let forbidden = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
        || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    const WIDE: usize = 120;
    let columns = if is_terminal {
        console_columns().unwrap_or(80).clamp(40, WIDE)
    } else {
        WIDE
    };
    RenderOptions {
        color: is_terminal && !forbidden,
        columns,
    }
}

fn console_columns() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(stdout())
        .or_else(|_| rustix::termios::tcgetwinsize(stderr()))
        .ok()?;
    (size.ws_col > 0).then(|| usize::from(size.ws_col))
}

/// Writes the texts of a command to their streams and returns the exit code of the process.
pub fn end(ended: Result<Outcome, Error>) -> ExitCode {
    let outcome = ended.unwrap_or_else(|error| Outcome {
        stderr: error.told(),
        exit: 2,
        ..Outcome::default()
    });
    // A reader that closed the stream (`| head`) is not an error.
    let _ = stdout().write_all(escape_commands(&outcome.stdout, outcome.syntax).as_bytes());
    let _ = stderr().write_all(escape_commands(&outcome.stderr, Syntax::Text).as_bytes());
    ExitCode::from(outcome.exit)
}

/// Writes usage, help or version instead of running a command. The text quotes the arguments.
pub fn refuse(usage: &clap::Error) -> ExitCode {
    let is_error = usage.use_stderr();
    let text = match render_options(if is_error {
        Stream::Stderr
    } else {
        Stream::Stdout
    })
    .color
    {
        true => usage.render().ansi().to_string(),
        false => usage.render().to_string(),
    };
    let (stdout, stderr) = if is_error {
        (String::new(), text)
    } else {
        (text, String::new())
    };
    let exit = u8::try_from(usage.exit_code()).unwrap_or(2);
    end(Ok(Outcome {
        stdout,
        stderr,
        exit,
        ..Outcome::default()
    }))
}

/// Sets a panic handler that writes messages like all other output: they may quote untrusted text.
pub fn watch_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let trace = Backtrace::capture();
        let trace = if trace.status() == BacktraceStatus::Captured {
            format!("\n{trace}")
        } else {
            String::new()
        };
        let text = format!("{panic}{trace}");
        prompt::status(
            &text
                .lines()
                .map(strip_controls)
                .collect::<Vec<_>>()
                .join("\n"),
        );
    }));
}

/// Returns a progress bar for `count` items. Invisible in CI, and if stderr is not a terminal.
pub fn bar(count: usize, what: &str) -> ProgressBar {
    let watched = stderr().is_terminal() && std::env::var_os("CI").is_none();
    let target = if watched {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let bar = ProgressBar::with_draw_target(u64::try_from(count).ok(), target);
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}")
        .expect("the template above is one");
    bar.set_style(style);
    bar.set_message(what.to_owned());
    if watched {
        bar.enable_steady_tick(Duration::from_millis(100));
    }
    bar
}
