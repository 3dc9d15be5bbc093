//! Result of a command.

use shopfront_text::workflow_commands::Syntax;

/// Output and exit code of a command.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Data for standard output.
    pub stdout: String,
    /// Syntax of `stdout` that a workflow runner may execute.
    pub syntax: Syntax,
    /// Messages for standard error.
    pub stderr: String,
    /// Exit code: 0 clean, 1 errors in contributors' files, 3 review required.
    pub exit: u8,
}
