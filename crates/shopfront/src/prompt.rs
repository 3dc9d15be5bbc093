//! The door to the person at the terminal: a line said while a command still runs, and a question.

use std::io::{BufRead, IsTerminal, Write, stderr, stdin};

use shopfront_diagnostics::error::{Context, Error};
use shopfront_text::workflow_commands::{Syntax, escape_commands};

/// Writes a line to stderr at once; for commands that do not end.
pub fn status(line: &str) {
    // A terminal that went away is no failure of ours.
    let _ = writeln!(
        stderr(),
        "{}",
        escape_commands(line.trim_end_matches('\n'), Syntax::Text)
    );
}

/// Whether somebody is there to answer a question.
pub fn can_ask() -> bool {
    stdin().is_terminal() && stderr().is_terminal()
}

/// Asks `question`; an empty line takes `default`.
///
/// # Errors
/// When stdin can not be read, or ends before an answer.
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
