//! `fmt`: writes every file of the catalogue in its canonical form.

use super::autofix::{self, Wanted};
use super::examine::{self, Workspace};
use crate::outcome::Outcome;
use crate::report::{Format, RenderOptions};
use shopfront_diagnostics::Diagnostic;
use shopfront_diagnostics::error::Error;
use shopfront_diagnostics::fix::Fix;

/// Treatment of a file that is not in its canonical form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Rewrites the file.
    Write,
    /// Reports the file.
    Check,
}

/// Formats the files at `paths` and below them, or the whole catalogue if `paths` is empty.
///
/// # Errors
/// Returns an error if I/O fails. A file with diagnostics of another kind is left unchanged. A file
/// without a canonical form is reported.
pub fn run(
    workspace: &Workspace,
    paths: &[String],
    mode: Mode,
    look: RenderOptions,
) -> Result<Outcome, Error> {
    examine::refuse_absent(workspace, paths)?;
    let written = if mode == Mode::Write {
        autofix::run(workspace, paths, Wanted::Form)?
    } else {
        Default::default()
    };
    let stderr = written
        .keys()
        .map(|path| format!("formatted {}\n", shopfront_text::one_line(path, 400)))
        .collect();
    let examined = examine::files_only(workspace)?;
    let is_wanted =
        |path: &str| paths.is_empty() || paths.iter().any(|asked| examine::is_below(path, asked));
    let is_told = |it: &&Diagnostic| {
        let is_uneven = mode == Mode::Check && it.fix == Some(Fix::Form);
        (is_uneven || HAVE_NO_FORM.contains(&it.code.name)) && is_wanted(&it.primary.place.path)
    };
    let told: Vec<Diagnostic> = examined.found.iter().filter(is_told).cloned().collect();
    let stdout = examine::report(workspace, &told, Format::Human, look)?;
    Ok(Outcome {
        stdout,
        stderr,
        exit: u8::from(!told.is_empty()),
        ..Outcome::default()
    })
}

/// Codes of files that have no canonical form. They are reported: without a message, the files
/// would appear to be formatted.
const HAVE_NO_FORM: &[&str] = &[
    "duplicate-key",
    "missing-store",
    "not-json",
    "not-utf8",
    "too-deep",
    "too-large",
];
