//! Budget of a long description: its maximum size on a page, and the maximum number of steps.

use std::fmt;
use std::io;

/// Maximum number of bytes of HTML of a long description.
pub const MAX_HTML: usize = 4 << 20;

/// Maximum number of tree construction steps per byte of the source text. Few real descriptions
/// need five.
const STEPS_PER_BYTE: usize = 32;
/// Number of steps that every text may cost.
const STEPS: usize = 1 << 20;

/// Returns the number of steps that a text of `bytes` may cost.
pub(super) fn steps(bytes: usize) -> usize {
    STEPS + bytes.saturating_mul(STEPS_PER_BYTE)
}

/// Reason why a long description is shown as plain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excess {
    /// Quotes and lists of Markdown nest too deeply for its length.
    Depth,
    /// A tree of its HTML costs too many steps.
    Steps,
    /// The HTML is too large.
    Size,
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Excess::Depth => write!(f, "its quotes and lists nest too deep"),
            Excess::Steps => write!(f, "its HTML nests too deep or leaves too much open"),
            Excess::Size => write!(f, "it becomes more than {} MiB of HTML", MAX_HTML >> 20),
        }
    }
}

/// HTML limited to [`MAX_HTML`].
#[derive(Default)]
pub(super) struct Page {
    html: String,
    is_full: bool,
}

impl Page {
    /// Returns an empty page with a capacity for the usual HTML of a text of `bytes`.
    pub(super) fn for_text(bytes: usize) -> Page {
        Page {
            html: String::with_capacity((bytes * 2).min(MAX_HTML)),
            is_full: false,
        }
    }

    /// Adds `piece`, unless it exceeds the limit.
    pub(super) fn push_str(&mut self, piece: &str) {
        self.is_full |= self.html.len() + piece.len() > MAX_HTML;
        if !self.is_full {
            self.html.push_str(piece);
        }
    }

    /// Returns `true` if a piece was omitted, so that the rest need not be generated.
    pub(super) fn is_full(&self) -> bool {
        self.is_full
    }

    /// Returns the complete HTML.
    ///
    /// # Errors
    /// Returns an error if it exceeds the limit.
    pub(super) fn finish(self) -> Result<String, Excess> {
        if self.is_full {
            Err(Excess::Size)
        } else {
            Ok(self.html)
        }
    }
}

impl fmt::Write for Page {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        self.push_str(piece);
        if self.is_full {
            Err(fmt::Error)
        } else {
            Ok(())
        }
    }
}

/// Bytes limited to [`MAX_HTML`].
#[derive(Default)]
pub(super) struct PageBytes(pub(super) Vec<u8>);

impl io::Write for PageBytes {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        if self.0.len() + piece.len() > MAX_HTML {
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        self.0.extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
