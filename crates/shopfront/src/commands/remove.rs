//! `remove`: turns an entry into a tombstone, which keeps its id taken and shows the reason on its
//! page.

use serde_json::{Value, json};

use super::edits::{self, Edits};
use super::examine::{self, Workspace};
use crate::files;
use crate::outcome::Outcome;
use crate::report::RenderOptions;
use shopfront_check::load::{self, MAX_SETTINGS};
use shopfront_diagnostics::error::Error;
use shopfront_diagnostics::fix::Edit;
use shopfront_diagnostics::pointer::Pointer;

/// Options of `remove`.
pub struct Options {
    /// `host/id`, or `id` if only one host has it.
    pub entry: String,
    /// Reason, in one sentence.
    pub reason: String,
    /// URL of the author's statement.
    pub evidence: String,
    /// Id of the entry to use instead.
    pub successor: Option<String>,
    /// Options for rendering a report.
    pub look: RenderOptions,
}

/// Writes the tombstone.
///
/// # Errors
/// Returns an error if the entry does not exist or is already a tombstone, or if I/O fails.
pub fn run(workspace: &Workspace, options: &Options) -> Result<Outcome, Error> {
    let examined = examine::files_only(workspace)?;
    let snippet = edits::find(&examined.catalogue, &options.entry)?;
    let name = format!("{}/{}", snippet.host, snippet.id);
    if snippet.is_withdrawn() {
        return Err(Error::new(format!("`{name}` is withdrawn already")));
    }
    let mut lifecycle =
        json!({ "state": "withdrawn", "reason": options.reason, "evidence": options.evidence });
    if let Some(successor) = &options.successor {
        lifecycle["successor"] = Value::from(successor.as_str());
    }
    let bytes = files::read(&workspace.root, &snippet.path, MAX_SETTINGS)?;
    let edit = Edit::Set(Pointer::new("/lifecycle"), lifecycle);
    let text = load::mended(
        &snippet.path,
        &bytes,
        &[edit],
        &examined.catalogue,
        &workspace.schemas,
    )?
    .ok_or_else(|| Error::new(format!("{} changed while it was read", snippet.path)))?;
    let edits = Edits {
        files: [(snippet.path.clone(), Some(text.into_bytes()))].into(),
    };
    if let Some(refused) = edits.refused(workspace, &examined, options.look)? {
        return Ok(refused);
    }
    let told = edits.write(workspace)?;
    Ok(Outcome {
        stderr: format!("`{name}` is withdrawn; its page stays and says why\n{told}"),
        ..Outcome::default()
    })
}
