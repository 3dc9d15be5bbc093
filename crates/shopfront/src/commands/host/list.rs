//! `host list`: lists the plugins of the stores for this environment, and those that are installed.

use super::session::{Known, Session};
use super::stores::Published;
use crate::cli::ListFormat;
use crate::client::{self, Listing, Newest, Place, Plugin, Releases, Row, Wanted};
use crate::outcome::Outcome;
use shopfront_diagnostics::error::Error;
use shopfront_text::names::normal_project;
use shopfront_text::one_line;

pub(super) fn run(
    session: &Session,
    only_installed: bool,
    format: ListFormat,
) -> Result<Outcome, Error> {
    let listed = session.stores.plugins_of(&session.host.id);
    let is_wanted = |plugin: &Plugin| {
        !only_installed
            || session
                .installed
                .contains_key(&normal_project(&plugin.project))
    };
    let wanted = listed.values().filter(|(_, plugin)| is_wanted(plugin));
    let mut rows: Vec<Row> = wanted
        .map(|(published, plugin)| row(session, published, plugin))
        .collect();
    rows.extend(client::unlisted(
        &session.host.id,
        &session.state,
        &session.installed,
        &|id| listed.contains_key(id),
    ));
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    told(session, rows, format)
}

/// Renders the listing of `rows` in the requested format.
pub(super) fn told(
    session: &Session,
    rows: Vec<Row>,
    format: ListFormat,
) -> Result<Outcome, Error> {
    let listing = Listing {
        format: 1,
        environment: Place::of(
            session.environment.folder.display().to_string(),
            &session.host,
            &session.target,
        ),
        stores: session
            .stores
            .all
            .iter()
            .map(|published| published.note.clone())
            .collect(),
        plugins: rows,
    };
    let stdout = match format {
        ListFormat::Human => client::human(&listing),
        ListFormat::Json => client::json(&listing),
    };
    Ok(Outcome {
        stdout,
        stderr: notes(session),
        ..Outcome::default()
    })
}

/// Returns the rows of plugins that the command changed.
pub(super) fn rows(session: &Session, wanted: &[Known]) -> Vec<Row> {
    let of = |known: &Known| match session.stores.find(&known.key) {
        Ok(Some((published, plugin))) => Some(row(session, published, plugin)),
        _ => Some(Row::unlisted(
            &known.id,
            session.state.plugins.get(&known.key)?,
            session.installed.get(&known.project),
        )),
    };
    wanted.iter().filter_map(of).collect()
}

/// What is to be told beside the outcome: one line each, of bounded length, whatever it quotes.
pub(super) fn notes(session: &Session) -> String {
    session
        .notes
        .iter()
        .map(|note| format!("note: {}\n", one_line(note, 1_000)))
        .collect()
}

fn row(session: &Session, published: &Published, plugin: &Plugin) -> Row {
    let record = session
        .state
        .plugins
        .get(&client::key(&plugin.host, &plugin.id));
    let installed = session.installed.get(&normal_project(&plugin.project));
    Row::of(
        plugin,
        &published.address,
        newest(session, published, plugin),
        record,
        installed,
    )
}

/// Returns the newest release that fits. The list of entries has the newest release per major
/// version, which is usually sufficient. All releases are read only if it is not.
fn newest(session: &Session, published: &Published, plugin: &Plugin) -> Option<Newest> {
    let choose = |releases: &Releases| {
        client::choose(plugin, releases, &session.target, Wanted::Newest).ok()
    };
    let told = choose(&Releases::told(plugin)).filter(|choice| choice.released_at.is_some());
    let chosen = told.or_else(|| choose(&session.stores.releases(published, plugin).ok()?));
    chosen.as_ref().map(Newest::of)
}
