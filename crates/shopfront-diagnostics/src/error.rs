//! Errors that stop a run: failures of I/O or of this program, not errors in a contributor's
//! file.

use std::fmt;

use shopfront_text::strip_controls;

/// I/O error or internal error, with the operation that failed.
///
/// An error in a contributor's file is a [`crate::Diagnostic`] instead.
pub struct Error {
    /// Contexts from the outermost to the innermost, then the cause.
    chain: Vec<String>,
    /// Suggestion for the reader.
    help: Option<String>,
}

impl Error {
    /// Returns an error without a cause.
    pub fn new(message: impl Into<String>) -> Error {
        Error {
            chain: vec![message.into()],
            help: None,
        }
    }

    /// Adds a suggestion for the reader.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Error {
        self.help = Some(help.into());
        self
    }

    /// Returns the text for a terminal, with the help. The text may quote untrusted input:
    /// control characters are replaced. Continuation lines start with a bar, so that no runner
    /// interprets them as a command.
    pub fn told(&self) -> String {
        let quoted = |text: &str| {
            text.lines()
                .map(strip_controls)
                .collect::<Vec<_>>()
                .join("\n  | ")
        };
        let cure = self
            .cure()
            .map(|cure| format!("  = help: {}\n", quoted(cure)))
            .unwrap_or_default();
        format!("error: {}\n{cure}", quoted(&self.to_string()))
    }

    /// Returns the help, if any.
    pub fn cure(&self) -> Option<&str> {
        self.help.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.chain.join(": "))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{self}")
    }
}

/// Adds the failed operation to an error and keeps its cause.
pub trait Context<T> {
    /// Adds `what` as context, worded to follow "while": `reading catalogue/store.json`.
    ///
    /// # Errors
    /// Returns the original error, preceded by `what`.
    fn with_context(self, what: impl FnOnce() -> String) -> Result<T, Error>;
}

impl<T> Context<T> for Result<T, Error> {
    fn with_context(self, what: impl FnOnce() -> String) -> Result<T, Error> {
        self.map_err(|mut error| {
            error.chain.insert(0, what());
            error
        })
    }
}

impl<T, E: std::error::Error> Context<T> for Result<T, E> {
    fn with_context(self, what: impl FnOnce() -> String) -> Result<T, Error> {
        self.map_err(|cause| {
            let mut chain = vec![what(), cause.to_string()];
            let mut deeper = cause.source();
            while let Some(source) = deeper {
                let text = source.to_string();
                if !chain.iter().any(|said| said.contains(&text)) {
                    chain.push(text);
                }
                deeper = source.source();
            }
            Error { chain, help: None }
        })
    }
}
