//! `lagging`: lists the plugins without a release for the newest major version of their host, as
//! the text of an issue, or as issues.

use super::examine::{self, Workspace};
use crate::cli::TextFormat;
use crate::outcome::Outcome;
use crate::report::{self, Issue};
use shopfront_diagnostics::error::Error;
use shopfront_model::answers::Answer;
use shopfront_model::catalogue::Snippet;
use shopfront_site::merge::{self, EntrySummary, Lagging};

/// Lists lagging plugins from the saved answers. The list is empty if no host has a new major
/// version.
///
/// # Errors
/// Returns an error if the catalogue or a saved answer cannot be read.
pub fn run(workspace: &Workspace, format: TextFormat) -> Result<Outcome, Error> {
    let examined = examine::files_only(workspace)?;
    let catalogue = &examined.catalogue;
    let versions = examine::host_versions(workspace, catalogue)?;
    let card = |snippet: &Snippet| -> Result<EntrySummary, Error> {
        let answer: Option<Answer> = workspace.answers_dir.answer(&snippet.source)?;
        let host = catalogue.host_of(snippet);
        Ok(merge::card(
            host,
            &versions[&host.id],
            snippet,
            answer.as_ref(),
        ))
    };
    let cards: Vec<EntrySummary> = catalogue
        .snippets
        .iter()
        .map(card)
        .collect::<Result<_, _>>()?;
    let lagging: Vec<Lagging<'_>> = merge::lagging(catalogue, &versions, &cards);
    let store = examined.store.as_ref().map(|store| store.url.as_str());
    let issues: Vec<Issue> = lagging
        .iter()
        .map(|it| report::lagging(it, store))
        .collect();
    let stdout = match format {
        TextFormat::Markdown => issues.iter().map(Issue::text).collect(),
        TextFormat::Json => shopfront_text::workflow_commands::pretty_json(&issues),
    };
    // Programs read standard output. People get a message instead of empty output.
    let stderr = if issues.is_empty() {
        "no plugin is known to lag behind a new version of its host\n".to_owned()
    } else {
        String::new()
    };
    Ok(Outcome {
        stdout,
        stderr,
        ..Outcome::default()
    })
}
