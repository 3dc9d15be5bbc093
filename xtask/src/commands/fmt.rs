//! `fmt`: writes every file of the catalogue in its canonical form.

use super::Outcome;
use super::examine::{self, Workspace};
use crate::diagnostic::Diagnostic;
use crate::error::Error;
use crate::files;
use crate::load::{self, MAX_SETTINGS};
use crate::report::{Counts, Format, Look};

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
    let examined = examine::files_only(workspace)?;
    let is_wanted = |path: &str| paths.is_empty() || paths.iter().any(|asked| examine::is_below(path, asked));
    let uneven: Vec<Diagnostic> =
        examined.found.iter().filter(|it| it.code.name == "not-canonical" && is_wanted(&it.primary.place.path)).cloned().collect();
    if mode == Mode::Check {
        let exit = u8::from(Counts::of(&uneven).warnings > 0);
        return Ok(Outcome { stdout: examine::report(workspace, &uneven, Format::Human, look)?, exit, ..Outcome::default() });
    }
    let mut told = String::new();
    for diagnostic in &uneven {
        let path = &diagnostic.primary.place.path;
        let bytes = files::read(&workspace.root, path, MAX_SETTINGS)?;
        let canonical = load::canonical(path, &bytes, &examined.catalogue, &workspace.schemas)?;
        files::replace(&workspace.root, path, canonical.as_bytes())?;
        told.push_str(&format!("formatted {path}\n"));
    }
    Ok(Outcome { stderr: told, ..Outcome::default() })
}
