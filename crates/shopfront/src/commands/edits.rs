//! Changes of the catalogue by commands: checked before they are written, and written only if they
//! add no error.

use std::collections::{BTreeMap, BTreeSet};

use super::examine::{self, Examined, Workspace};
use crate::files;
use crate::outcome::Outcome;
use crate::report::{Format, RenderOptions, Texts};
use shopfront_diagnostics::error::Error;
use shopfront_diagnostics::{Diagnostic, Severity};
use shopfront_model::catalogue::{Catalogue, Snippet};
use shopfront_text::names::nearest;
use shopfront_text::{one_line, shell_word};

/// New contents of files by path. `None` removes a file.
#[derive(Default)]
pub(super) struct Edits {
    pub(super) files: BTreeMap<String, Option<Vec<u8>>>,
}

impl Edits {
    /// Returns the report of the errors that the edits would add to `examined`, the current
    /// catalogue. Returns `None` if the edits may be written.
    pub(super) fn refused(
        &self,
        workspace: &Workspace,
        examined: &Examined,
        look: RenderOptions,
    ) -> Result<Option<Outcome>, Error> {
        let key = |it: &Diagnostic| {
            (
                it.code.name,
                it.primary.place.path.clone(),
                it.message.clone(),
            )
        };
        let known: BTreeSet<_> = examined.found.iter().map(key).collect();
        let mut found = examine::files_with(workspace, &self.files)?.found;
        found.retain(|it| it.severity == Severity::Error && !known.contains(&key(it)));
        if found.is_empty() {
            return Ok(None);
        }
        let text_of = |bytes: &Option<Vec<u8>>| {
            bytes
                .clone()
                .and_then(|bytes| String::from_utf8(bytes).ok())
        };
        let texts: Texts = self
            .files
            .iter()
            .filter_map(|(path, bytes)| Some((path.clone(), text_of(bytes)?)))
            .collect();
        let stdout = examine::report_with(workspace, &found, texts, Format::Human, look)?;
        let stderr = "nothing was written: the faults above come first\n".to_owned();
        Ok(Some(Outcome {
            stdout,
            stderr,
            exit: 1,
            ..Outcome::default()
        }))
    }

    /// Writes all files. Returns the list of changes and the command that commits them.
    pub(super) fn write(&self, workspace: &Workspace) -> Result<String, Error> {
        let mut told = String::new();
        for (path, bytes) in &self.files {
            if let Some(bytes) = bytes {
                files::replace(&workspace.root, path, bytes)?;
                told.push_str(&format!("  wrote {}\n", one_line(path, 400)));
            }
        }
        // Removals come last: if the process is killed before, the catalogue contains a file twice,
        // and the check reports that.
        for path in self
            .files
            .iter()
            .filter(|(_, bytes)| bytes.is_none())
            .map(|(path, _)| path)
        {
            files::remove(&workspace.root, path)?;
            told.push_str(&format!("  removed {}\n", one_line(path, 400)));
        }
        let paths: Vec<String> = self.files.keys().map(|path| shell_word(path)).collect();
        Ok(format!(
            "{told}commit it: git add --all {}\n",
            paths.join(" ")
        ))
    }
}

/// Returns the entry with the given `name`: `host/id`, or `id` if only one host has it.
pub(super) fn find<'c>(catalogue: &'c Catalogue, name: &str) -> Result<&'c Snippet, Error> {
    let is_meant = |it: &&Snippet| match name.split_once('/') {
        Some((host, id)) => it.host.as_str() == host && it.id == id,
        None => it.id == name,
    };
    let meant: Vec<&Snippet> = catalogue.snippets.iter().filter(is_meant).collect();
    match meant.as_slice() {
        [one] => Ok(one),
        [] => {
            let names: Vec<String> = catalogue
                .snippets
                .iter()
                .flat_map(|it| [it.id.clone(), format!("{}/{}", it.host, it.id)])
                .collect();
            let near = nearest(name, names.iter().map(String::as_str));
            let help = near.map_or_else(
                || "an entry is called `host/id`".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            Err(Error::new(format!("there is no sound entry `{name}`")).help(help))
        }
        several => {
            let names: Vec<String> = several
                .iter()
                .map(|it| format!("`{}/{}`", it.host, it.id))
                .collect();
            Err(Error::new(format!("`{name}` is an entry of several hosts"))
                .help(format!("say which: {}", names.join(", "))))
        }
    }
}
