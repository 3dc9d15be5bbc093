//! `host install`: chooses a release, does a dry run of the installer, installs the release, and
//! imports it.

use pep440_rs::Version;

use super::installer::{BuildPolicy, InstallRequest, Installer, Mode};
use super::session::{Known, Session};
use super::{Options, list, status};
use crate::client::{self, Choice, PendingOperation, Wanted, What};
use crate::clock;
use crate::outcome::Outcome;
use shopfront_diagnostics::error::Error;
use shopfront_text::one_line;

/// Options of `host install`.
pub(super) struct Intent<'i> {
    /// Exact version to install.
    pub(super) version: Option<&'i str>,
    /// Reports the changes without applying them.
    pub(super) dry_run: bool,
}

pub(super) fn run(
    session: &mut Session,
    options: &Options,
    named: &str,
    intent: &Intent<'_>,
) -> Result<Outcome, Error> {
    let (known, choice) = choose(session, named, intent.version)?;
    session.notes.extend(choice.notes.iter().cloned());
    let is_there = session
        .installed
        .get(&known.project)
        .is_some_and(|it| it.is_whole && it.version.parse() == Ok(choice.version.clone()));
    if !is_there {
        // What is only found out runs nothing of the plugin: what is to be installed may have to be
        // built.
        let from = if intent.dry_run {
            BuildPolicy::Wheels
        } else {
            BuildPolicy::Any
        };
        let would = dry_run(session, options, &known, &choice.version, from)?;
        if intent.dry_run {
            return Ok(Outcome {
                stdout: would,
                stderr: list::notes(session),
                ..Outcome::default()
            });
        }
        carry_out(session, options, &known, &choice.version)?;
    } else if intent.dry_run {
        let stdout = format!(
            "  nothing: {} {} is installed\n",
            known.project, choice.version
        );
        return Ok(Outcome {
            stdout,
            stderr: list::notes(session),
            ..Outcome::default()
        });
    }
    status::of(session, options, vec![known])
}

/// Returns the plugin and its chosen release.
pub(super) fn choose(
    session: &Session,
    named: &str,
    version: Option<&str>,
) -> Result<(Known, Choice), Error> {
    let (published, plugin) = session.listed(named)?;
    refuse_another(session, &Known::of(published, plugin))?;
    let releases = session.stores.releases(published, plugin)?;
    let wanted = version.map_or(Wanted::Newest, Wanted::Exactly);
    Ok((
        Known::of(published, plugin),
        client::choose(plugin, &releases, &session.target, wanted)?,
    ))
}

/// Refuses to install if the store gave the id to another project while the project with that id is
/// installed.
fn refuse_another(session: &Session, known: &Known) -> Result<(), Error> {
    let before = session
        .state
        .plugins
        .get(&known.key)
        .map(|record| &record.project);
    match before
        .filter(|before| **before != known.project && session.installed.contains_key(*before))
    {
        None => Ok(()),
        Some(before) => {
            let message = format!(
                "`{}` is installed as {before}, and the store now means {} by it",
                known.id, known.project
            );
            Err(Error::new(message).help("find out why; if it is right, uninstall it first"))
        }
    }
}

/// Returns the output of a dry run. The installer's own resolver finds conflicts that no
/// compatibility matrix shows.
pub(super) fn dry_run(
    session: &Session,
    options: &Options,
    known: &Known,
    version: &Version,
    from: BuildPolicy,
) -> Result<String, Error> {
    order(session, options, known, version, (Mode::DryRun, from))
}

/// Installs the release. If the process is killed, the next run finds the operation in the journal
/// and how far it came.
pub(super) fn carry_out(
    session: &mut Session,
    options: &Options,
    known: &Known,
    version: &Version,
) -> Result<(), Error> {
    let index = known
        .index(options)?
        .filter(|_| options.index_url.is_none());
    let from = index
        .map(|index| format!(" from {}, which its store names", one_line(index, 200)))
        .unwrap_or_default();
    (options.say)(&format!("installing {}=={version}{from}", known.project));
    let Known {
        project,
        module_name,
        store,
        ..
    } = known;
    let record = session.record(known);
    (record.project, record.module_name, record.store) =
        (project.clone(), module_name.clone(), store.clone());
    let doing = PendingOperation {
        what: What::Install,
        plugin: known.key.clone(),
        version: version.to_string(),
        since: clock::now(),
    };
    session.state.doing = Some(doing);
    session.save()?;
    if let Some(half) = session
        .installed
        .get(&known.project)
        .filter(|it| !it.is_whole)
    {
        session.environment.remove_partial(half)?;
    }
    let result = order(
        session,
        options,
        known,
        version,
        (Mode::Install, BuildPolicy::Any),
    );
    session.state.doing = None;
    session.look()?;
    session.save()?;
    result.map(drop)
}

/// Runs the installer. The installed host is pinned to its version: a plugin that needs another
/// version is refused, and never changes the host.
fn order(
    session: &Session,
    options: &Options,
    known: &Known,
    version: &Version,
    (mode, from): (Mode, BuildPolicy),
) -> Result<String, Error> {
    let target = &session.target;
    let host = target
        .version
        .as_ref()
        .filter(|_| target.is_installed)
        .map(|version| format!("{}=={version}", target.project));
    let requirements: Vec<String> = std::iter::once(format!("{}=={version}", known.project))
        .chain(host)
        .collect();
    let order = InstallRequest {
        requirements: &requirements,
        index_url: known.index(options)?,
        mode,
        from,
    };
    Installer::find(options.installer)?.install(&session.environment, &order, session.lock.as_ref())
}
