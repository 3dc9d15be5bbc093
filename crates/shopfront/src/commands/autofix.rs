//! Automatic fixes that `fmt` and `check --fix` write into the files.

use std::collections::{BTreeMap, BTreeSet};

use super::examine::{self, Workspace};
use crate::files;
use shopfront_check::load::{self, MAX_SETTINGS};
use shopfront_diagnostics::error::Error;
use shopfront_diagnostics::fix::{Edit, Fix};

/// Fixes to apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Formatting only; values do not change.
    Form,
    /// All safe fixes.
    All,
}

/// Upper bound on rounds. One fix can reveal another problem: a list item that became plain text
/// may be a duplicate.
const MOST_ROUNDS: usize = 8;

/// Fixes the files at `paths` and below them, or the whole catalogue if `paths` is empty. Returns
/// the files that were written, each with the codes that were fixed.
///
/// # Errors
/// Returns an error if I/O fails. A file that is not valid JSON is left unchanged.
pub(super) fn run(
    workspace: &Workspace,
    paths: &[String],
    wanted: Wanted,
) -> Result<BTreeMap<String, BTreeSet<&'static str>>, Error> {
    let mut mended: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    for _ in 0..MOST_ROUNDS {
        let of_round = round(workspace, paths, wanted)?;
        if of_round.is_empty() {
            break;
        }
        for (path, codes) in of_round {
            mended.entry(path).or_default().extend(codes);
        }
    }
    Ok(mended)
}

/// Completes the libraries of hosts from the contents of their packages. Returns the files at and
/// below `paths` that were written.
///
/// # Errors
/// Returns an error if I/O fails.
pub(super) fn libraries(workspace: &Workspace, paths: &[String]) -> Result<Vec<String>, Error> {
    let examined = examine::files_only(workspace)?;
    let mut written = Vec::new();
    for host in examined
        .catalogue
        .hosts
        .values()
        .filter(|host| !host.library.is_empty())
    {
        let read = examine::read_of(workspace, &examined.catalogue, host)?;
        for (name, text) in host.adapter.completed_library(host, &read) {
            let path = format!("catalogue/{}/library/{name}", host.id);
            let is_asked =
                paths.is_empty() || paths.iter().any(|asked| examine::is_below(&path, asked));
            if is_asked && files::replace(&workspace.root, &path, text.as_bytes())? {
                written.push(path);
            }
        }
    }
    Ok(written)
}

/// Edits of one file, and the codes that they fix.
#[derive(Default)]
struct OfFile {
    edits: Vec<Edit>,
    codes: BTreeSet<&'static str>,
}

fn round(
    workspace: &Workspace,
    paths: &[String],
    wanted: Wanted,
) -> Result<BTreeMap<String, BTreeSet<&'static str>>, Error> {
    let examined = examine::files_only(workspace)?;
    let is_asked =
        |path: &str| paths.is_empty() || paths.iter().any(|asked| examine::is_below(path, asked));
    let mut by_file: BTreeMap<&str, OfFile> = BTreeMap::new();
    for diagnostic in examined
        .found
        .iter()
        .filter(|it| is_asked(&it.primary.place.path))
    {
        let edit = match (&diagnostic.fix, wanted) {
            (Some(Fix::Form), _) => None,
            (Some(Fix::Edit(edit)), Wanted::All) => Some(edit.clone()),
            (Some(Fix::Edit(_)), Wanted::Form) | (None, _) => continue,
        };
        let of_file = by_file.entry(&diagnostic.primary.place.path).or_default();
        of_file.edits.extend(edit);
        of_file.codes.insert(diagnostic.code.name);
    }
    let mut written = BTreeMap::new();
    for (path, of_file) in by_file {
        let Some(bytes) = files::read_plain(&workspace.root, path, MAX_SETTINGS)? else {
            continue;
        };
        let Some(text) = load::mended(
            path,
            &bytes,
            &of_file.edits,
            &examined.catalogue,
            &workspace.schemas,
        )?
        else {
            continue;
        };
        if files::replace(&workspace.root, path, text.as_bytes())? {
            written.insert(path.to_owned(), of_file.codes);
        }
    }
    Ok(written)
}
