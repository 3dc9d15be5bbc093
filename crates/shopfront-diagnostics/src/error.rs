//! What stops a run: the world failed or we did, never a contributor's file.

use std::fmt;

use shopfront_text::strip_controls;

/// A fault of the world or of this program, with what we were doing when it came.
///
/// A fault of a contributor's file is a [`crate::Diagnostic`] instead.
pub struct Error {
    /// From the outermost to the innermost, then the cause.
    chain: Vec<String>,
    /// What the reader can do about it.
    help: Option<String>,
}

impl Error {
    /// An error that begins here.
    pub fn new(message: impl Into<String>) -> Error {
        Error {
            chain: vec![message.into()],
            help: None,
        }
    }

    /// Adds what the reader can do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Error {
        self.help = Some(help.into());
        self
    }

    /// As a terminal shows it, with its cure. It may quote a stranger: nothing in it is obeyed, and
    /// a line that he began stands behind a bar, where no runner takes it for a command.
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

    /// The cure, when one is known.
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

/// Adds to a failure what we were doing, and keeps its cause.
pub trait Context<T> {
    /// `what` reads after "while": `reading catalogue/store.json`.
    ///
    /// # Errors
    /// The same failure, with `what` in front.
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
