//! `rename`: changes the id of an entry, and redirects the old one.

use serde_json::Value;

use super::edits::{self, Edits};
use super::examine::{self, Examined, Workspace};
use crate::files;
use crate::outcome::Outcome;
use crate::report::RenderOptions;
use shopfront_check::load::{self, MAX_SETTINGS};
use shopfront_diagnostics::error::Error;
use shopfront_diagnostics::fix::Edit;
use shopfront_diagnostics::pointer::Pointer;
use shopfront_model::catalogue::Snippet;
use shopfront_text::names;

/// Maximum size of a moved image, in bytes. The check refuses larger ones.
const MAX_IMAGE: usize = 1 << 20;

/// Options of `rename`.
pub struct Options {
    /// `host/id`, or `id` if only one host has it.
    pub old: String,
    /// New id, with or without the same host.
    pub new: String,
    /// Options for rendering a report.
    pub look: RenderOptions,
}

/// Renames the file, adds the old id to `formerly`, moves the images, and updates `successor`
/// fields that name the entry.
///
/// # Errors
/// Returns an error if the entry does not exist, the new id is invalid, or I/O fails.
pub fn run(workspace: &Workspace, options: &Options) -> Result<Outcome, Error> {
    let examined = examine::files_only(workspace)?;
    let snippet = edits::find(&examined.catalogue, &options.old)?;
    let new = new_id(snippet, &options.new)?;
    let mut edits = Edits::default();
    move_snippet(workspace, &examined, snippet, new, &mut edits)?;
    move_images(workspace, &examined, snippet, new, &mut edits)?;
    point_successors(workspace, &examined, snippet, new, &mut edits)?;
    if let Some(refused) = edits.refused(workspace, &examined, options.look)? {
        return Ok(refused);
    }
    let told = edits.write(workspace)?;
    let (host, old) = (&snippet.host, &snippet.id);
    Ok(Outcome {
        stderr: format!(
            "`{host}/{old}` is called `{host}/{new}` now; its old page leads there\n{told}"
        ),
        ..Outcome::default()
    })
}

fn new_id<'n>(snippet: &Snippet, name: &'n str) -> Result<&'n str, Error> {
    let id = match name.split_once('/') {
        Some((host, id)) if host == snippet.host.as_str() => id,
        Some((host, _)) if names::no_host_id(host).is_some() => {
            return Err(
                Error::new(format!("`{host}` is no host")).help("an entry is called `host/id`")
            );
        }
        Some((host, _)) => {
            let message = format!(
                "`{}` is an entry of `{}`, and can not move to `{host}`",
                snippet.id, snippet.host
            );
            return Err(Error::new(message).help("list it there, and `remove` it here"));
        }
        None => name,
    };
    if names::no_entry_id(id).is_some() {
        let help = names::nearest_id(id).filter(|near| names::no_entry_id(near).is_none());
        let error = Error::new(format!("`{id}` can not be the id of an entry"));
        return Err(help
            .map(|near| format!("`{near}` could be one"))
            .into_iter()
            .fold(error, Error::help));
    }
    if id == snippet.id {
        return Err(Error::new(format!(
            "`{}/{id}` is called so already",
            snippet.host
        )));
    }
    Ok(id)
}

fn move_snippet(
    workspace: &Workspace,
    examined: &Examined,
    snippet: &Snippet,
    new: &str,
    edits: &mut Edits,
) -> Result<(), Error> {
    let folder = snippet
        .path
        .rsplit_once('/')
        .map(|(folder, _)| folder)
        .unwrap_or_default();
    let path = format!("{folder}/{new}.json");
    if files::exists(&workspace.root.join(&path)) {
        return Err(Error::new(format!("there is a file {path} already")));
    }
    // If the new id is one of its former ids, that id is removed from `formerly`.
    let mut formerly: Vec<Value> = snippet
        .body
        .formerly
        .iter()
        .filter(|id| *id != new)
        .map(|id| Value::from(id.as_str()))
        .collect();
    formerly.push(snippet.id.as_str().into());
    let text = edited(
        workspace,
        examined,
        &snippet.path,
        Edit::Set(Pointer::new("/formerly"), formerly.into()),
    )?;
    edits.files.insert(snippet.path.clone(), None);
    edits.files.insert(path, Some(text));
    Ok(())
}

/// Moves the images, which are in a directory with the name of the entry.
fn move_images(
    workspace: &Workspace,
    examined: &Examined,
    snippet: &Snippet,
    new: &str,
    edits: &mut Edits,
) -> Result<(), Error> {
    let base = format!("catalogue/{}/assets", snippet.host);
    for asset in &examined.catalogue.host_of(snippet).assets {
        let Some(file) = asset.strip_prefix(&format!("{}/", snippet.id)) else {
            continue;
        };
        let bytes = files::read(&workspace.root, &format!("{base}/{asset}"), MAX_IMAGE)?;
        edits
            .files
            .insert(format!("{base}/{new}/{file}"), Some(bytes));
        edits.files.insert(format!("{base}/{asset}"), None);
    }
    Ok(())
}

/// Updates the other entries of the host that name this one as their successor.
fn point_successors(
    workspace: &Workspace,
    examined: &Examined,
    snippet: &Snippet,
    new: &str,
    edits: &mut Edits,
) -> Result<(), Error> {
    let leads_here = |it: &&Snippet| {
        it.body
            .lifecycle
            .as_ref()
            .is_some_and(|it| it.successor.as_deref() == Some(&snippet.id))
    };
    for other in examined
        .catalogue
        .of_host(&snippet.host)
        .iter()
        .filter(leads_here)
        .filter(|it| it.path != snippet.path)
    {
        let edit = Edit::Set(Pointer::new("/lifecycle/successor"), new.into());
        edits.files.insert(
            other.path.clone(),
            Some(edited(workspace, examined, &other.path, edit)?),
        );
    }
    Ok(())
}

fn edited(
    workspace: &Workspace,
    examined: &Examined,
    path: &str,
    edit: Edit,
) -> Result<Vec<u8>, Error> {
    let bytes = files::read(&workspace.root, path, MAX_SETTINGS)?;
    let text = load::mended(
        path,
        &bytes,
        &[edit],
        &examined.catalogue,
        &workspace.schemas,
    )?;
    text.map(String::into_bytes)
        .ok_or_else(|| Error::new(format!("{path} changed while it was read")))
}
