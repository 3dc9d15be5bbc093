//! `fmt`: writes every file of the catalogue in its canonical form.

use super::Outcome;
use super::examine::{self, Workspace};
use super::mend::{self, Wanted};
use crate::diagnostic::Diagnostic;
use crate::error::Error;
use crate::fix::Fix;
use crate::report::{Format, Look};

/// What `fmt` does with a file that is not in its canonical form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Writes it.
    Write,
    /// Tells it.
    Check,
}

/// Formats the files at `paths` and below them; all of the catalogue when empty.
///
/// # Errors
/// When the world fails. A file that has faults of another kind is left as it is.
pub fn run(workspace: &Workspace, paths: &[String], mode: Mode, look: Look) -> Result<Outcome, Error> {
    examine::refuse_absent(workspace, paths)?;
    if mode == Mode::Write {
        let written = mend::run(workspace, paths, Wanted::Form)?;
        let told = written.keys().map(|path| format!("formatted {}\n", crate::text::one_line(path, 400))).collect();
        return Ok(Outcome { stderr: told, ..Outcome::default() });
    }
    let examined = examine::files_only(workspace)?;
    let is_wanted = |path: &str| paths.is_empty() || paths.iter().any(|asked| examine::is_below(path, asked));
    let is_uneven = |it: &&Diagnostic| it.fix == Some(Fix::Form) && is_wanted(&it.primary.place.path);
    let uneven: Vec<Diagnostic> = examined.found.iter().filter(is_uneven).cloned().collect();
    Ok(Outcome {
        stdout: examine::report(workspace, &uneven, Format::Human, look)?,
        exit: u8::from(!uneven.is_empty()),
        ..Outcome::default()
    })
}
