//! The result of a command.

use shopfront_text::workflow_commands::Syntax;

/// What a command has to say, and how it ended.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Data.
    pub stdout: String,
    /// What may be a command in it, where it reaches the log of a workflow.
    pub syntax: Syntax,
    /// All else.
    pub stderr: String,
    /// 0 clean, 1 faults of contributors' files, 3 a person must look.
    pub exit: u8,
}
