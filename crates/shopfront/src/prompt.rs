//! Interaction at the terminal: status lines of a running command, and prompts.

use std::io::{BufRead, IsTerminal, Write, stderr, stdin};

use shopfront_diagnostics::error::{Context, Error};
use shopfront_text::workflow_commands::{Syntax, escape_commands};

/// Writes a line to stderr immediately. For commands that run until they are stopped.
pub fn status(line: &str) {
    // A closed terminal is not an error.
    let _ = writeln!(
        stderr(),
        "{}",
        escape_commands(line.trim_end_matches('\n'), Syntax::Text)
    );
}

/// Returns `true` if the session is interactive.
pub fn can_ask() -> bool {
    stdin().is_terminal() && stderr().is_terminal()
}

/// Prompts for `question`. An empty line selects `default`.
///
/// # Errors
/// Returns an error if stdin cannot be read, or ends before a reply.
pub fn ask(question: &str, default: &str) -> Result<String, Error> {
    let _ = write!(
        stderr(),
        "{}",
        escape_commands(&format!("{question} [{default}]: "), Syntax::Text)
    );
    let _ = stderr().flush();
    let mut line = String::new();
    let read = stdin()
        .lock()
        .read_line(&mut line)
        .with_context(|| format!("asking for the {question}"))?;
    if read == 0 {
        status("");
        return Err(Error::new(format!(
            "there was no answer for the {question}"
        )));
    }
    let answer = line.trim();
    Ok(if answer.is_empty() {
        default.to_owned()
    } else {
        answer.to_owned()
    })
}
