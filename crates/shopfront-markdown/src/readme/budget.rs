//! The budget of a long description: how much of a page it may take, and in how many steps.

use std::fmt;
use std::io;

/// The most bytes of HTML that a long description becomes.
pub const MAX_HTML: usize = 4 << 20;

/// Steps of making a tree of HTML, for each byte of the text that it was made of. Of real
/// descriptions few have five.
const STEPS_PER_BYTE: usize = 32;
/// Steps that every text may cost.
const STEPS: usize = 1 << 20;

/// The steps that a text of `bytes` may cost.
pub(super) fn steps(bytes: usize) -> usize {
    STEPS + bytes.saturating_mul(STEPS_PER_BYTE)
}

/// Why a long description is shown as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excess {
    /// Quotes and lists of Markdown nest too deep for its length.
    Depth,
    /// A tree of its HTML costs too many steps.
    Steps,
    /// It becomes too much HTML.
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

/// HTML that does not grow beyond [`MAX_HTML`].
#[derive(Default)]
pub(super) struct Page {
    html: String,
    is_full: bool,
}

impl Page {
    /// An empty one, with room for what a text of `bytes` mostly becomes.
    pub(super) fn for_text(bytes: usize) -> Page {
        Page {
            html: String::with_capacity((bytes * 2).min(MAX_HTML)),
            is_full: false,
        }
    }

    /// Adds `piece`, unless it is too much.
    pub(super) fn push_str(&mut self, piece: &str) {
        self.is_full |= self.html.len() + piece.len() > MAX_HTML;
        if !self.is_full {
            self.html.push_str(piece);
        }
    }

    /// Whether something was left out, so that the rest need not be made.
    pub(super) fn is_full(&self) -> bool {
        self.is_full
    }

    /// All of it.
    ///
    /// # Errors
    /// When it is too much.
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

/// Bytes that do not grow beyond [`MAX_HTML`].
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
