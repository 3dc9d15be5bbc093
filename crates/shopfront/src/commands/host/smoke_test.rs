//! `host try`: installs and imports plugins, each in a new temporary environment.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::Options;
use super::import::{self, Import};
use super::installer::{BuildPolicy, InstallRequest, Installer, Mode};
use super::session::Known;
use super::stores::{Published, Stores};
use crate::cli::TextFormat;
use crate::client::{
    self, Choice, Host, Plugin, Releases, SmokeReport, SmokeResult, SmokeTest, Target,
};
use crate::files;
use crate::outcome::Outcome;
use crate::processes::{self, ProcessGroup, ProcessSpec, Watch};
use crate::report;
use crate::terminal;
use crate::venv::{PythonEnvironment, TempWorkDir};
use shopfront_diagnostics::error::{Context, Error};
use shopfront_text::names::nearest;
use shopfront_text::one_line;
use shopfront_text::workflow_commands::{Syntax, escape_commands};

/// Options of `host try`.
pub(super) struct Wanted {
    /// Plugins by id or `host/id`. All if empty.
    pub(super) ids: Vec<String>,
    pub(super) is_known_to_run_code: bool,
    pub(super) jobs: usize,
    /// Python interpreter for the environments.
    pub(super) python: PathBuf,
    /// Output path of both formats of the report.
    pub(super) report: Option<PathBuf>,
    pub(super) format: TextFormat,
}

/// Plugin with its store and listing.
struct Case<'c> {
    plugin: &'c Plugin,
    host: &'c Host,
    releases: Releases,
    known: Known,
}

pub(super) fn run(options: &Options, wanted: &Wanted) -> Result<Outcome, Error> {
    if !wanted.is_known_to_run_code {
        let fault = Error::new(
            "a try installs and imports plugins: it runs the code of strangers with your rights, on this machine",
        );
        return Err(fault.help("where that does no harm, in a container that is thrown away, say `--i-know-this-runs-code`"));
    }
    let stores = options.stores(options.root.clone())?;
    if let Some(unread) = stores
        .all
        .iter()
        .find(|published| published.store.is_none())
    {
        return Err(Error::new(unread.note.trouble.clone().unwrap_or_default()));
    }
    let cases = cases(options, &stores, &wanted.ids)?;
    let bar = terminal::bar(cases.len(), "trying");
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(wanted.jobs)
        .build()
        .with_context(|| "starting to try".to_owned())?;
    let one = |case: &Case<'_>| {
        let tried = try_one(options, wanted, case);
        bar.inc(1);
        tried
    };
    let tries: Vec<SmokeTest> = pool.install(|| cases.par_iter().map(one).collect());
    bar.finish_and_clear();

    let stores = stores
        .all
        .iter()
        .map(|published| published.note.clone())
        .collect();
    let tried = SmokeReport {
        format: 1,
        stores,
        tries,
    };
    let (json, markdown) = (tried.json(), report::tried(&tried));
    if let Some(folder) = &wanted.report {
        // A step may print them: a file is no less harmless than a stream.
        files::replace(
            folder,
            "tries.json",
            escape_commands(&json, Syntax::Json).as_bytes(),
        )?;
        files::replace(
            folder,
            "tries.md",
            escape_commands(&markdown, Syntax::Text).as_bytes(),
        )?;
    }
    let exit = u8::from(tried.count(SmokeResult::Imported) < tried.tries.len());
    Ok(Outcome {
        stdout: if wanted.format == TextFormat::Json {
            json
        } else {
            markdown
        },
        exit,
        ..Outcome::default()
    })
}

/// Returns the requested plugins, sorted by host, then id.
fn cases<'c>(
    options: &Options,
    stores: &'c Stores,
    ids: &[String],
) -> Result<Vec<Case<'c>>, Error> {
    let hosts = stores.hosts();
    let is_wanted_host = |id: &str| options.host.as_deref().is_none_or(|wanted| wanted == id);
    let mut found: Vec<(&Host, &Published, &Plugin)> = Vec::new();
    for (id, host) in hosts.into_iter().filter(|(id, _)| is_wanted_host(id)) {
        found.extend(
            stores
                .plugins_of(id)
                .into_values()
                .map(|(published, plugin)| (host, published, plugin)),
        );
    }
    let is_called =
        |plugin: &Plugin, id: &str| plugin.id == id || client::key(&plugin.host, &plugin.id) == id;
    if let Some(unknown) = ids
        .iter()
        .find(|id| !found.iter().any(|(_, _, plugin)| is_called(plugin, id)))
    {
        let fault = Error::new(format!("no store has a plugin `{}`", one_line(unknown, 80)));
        let near = nearest(
            unknown,
            found.iter().map(|(_, _, plugin)| plugin.id.as_str()),
        )
        .map(|near| format!("did you mean `{near}`?"));
        return Err(near.map_or_else(
            || Error::new(fault.to_string()),
            |near| Error::new(fault.to_string()).help(near),
        ));
    }
    let is_wanted = |plugin: &Plugin| ids.is_empty() || ids.iter().any(|id| is_called(plugin, id));
    let wanted = found.into_iter().filter(|(_, _, plugin)| is_wanted(plugin));
    let alive = wanted.filter(|(_, _, plugin)| {
        plugin
            .lifecycle
            .as_ref()
            .is_none_or(|(state, _)| state != "withdrawn")
    });
    alive
        .map(|(host, published, plugin)| {
            Ok(Case {
                plugin,
                host,
                releases: stores.releases(published, plugin)?,
                known: Known::of(published, plugin),
            })
        })
        .collect()
}

/// Tests one plugin. An I/O error is reported for that plugin only.
fn try_one(options: &Options, wanted: &Wanted, case: &Case<'_>) -> SmokeTest {
    let Case { plugin, host, .. } = case;
    let with = Target::of(host, None, None).shown();
    let blank = SmokeTest {
        host: plugin.host.clone(),
        id: plugin.id.clone(),
        project: plugin.project.clone(),
        version: None,
        with,
        python: None,
        result: SmokeResult::NotInstalled,
        reason: None,
    };
    attempt(options, wanted, case, &blank).unwrap_or_else(|fault| SmokeTest {
        reason: Some(one_line(&fault.to_string(), 600)),
        ..blank
    })
}

fn attempt(
    options: &Options,
    wanted: &Wanted,
    case: &Case<'_>,
    blank: &SmokeTest,
) -> Result<SmokeTest, Error> {
    let Case {
        plugin,
        host,
        releases,
        ..
    } = case;
    let workplace = TempWorkDir::new()?;
    let installer = Installer::find(options.installer)?;
    let environment = new_environment(&installer, &wanted.python, workplace.path())?;
    let target = Target::of(host, None, environment.python_version.as_ref());
    let python = environment.python_version.as_ref().map(ToString::to_string);
    let blank = SmokeTest {
        python,
        ..blank.clone()
    };
    let Choice { version, .. } =
        match client::choose(plugin, releases, &target, client::Wanted::Newest) {
            Ok(choice) => choice,
            Err(fault) => {
                return Ok(SmokeTest {
                    result: SmokeResult::NoRelease,
                    reason: Some(one_line(&fault.to_string(), 600)),
                    ..blank
                });
            }
        };
    let blank = SmokeTest {
        version: Some(version.to_string()),
        ..blank
    };
    let host_pin = target
        .version
        .as_ref()
        .map(|version| format!("{}=={version}", target.project));
    let requirements: Vec<String> = std::iter::once(format!("{}=={version}", plugin.project))
        .chain(host_pin)
        .collect();
    // Installing a wheel runs none of its code: only the import does.
    let index_url = case.known.index(options)?;
    let order = InstallRequest {
        requirements: &requirements,
        index_url,
        mode: Mode::Install,
        from: BuildPolicy::Wheels,
    };
    if let Err(fault) = installer.install(&environment, &order, None) {
        return Ok(SmokeTest {
            reason: Some(one_line(&fault.to_string(), 600)),
            ..blank
        });
    }
    let import = Import {
        module_name: &plugin.module_name,
        kind: host.kind,
        limit: options.limit,
        folder: workplace.path(),
        // Without tokens, passwords and home directory.
        gets: processes::EnvPolicy::Bare,
    };
    Ok(match import::run(&environment, &import)? {
        client::Outcome::Imported => SmokeTest {
            result: SmokeResult::Imported,
            ..blank
        },
        client::Outcome::Failed { reason } => SmokeTest {
            result: SmokeResult::Failed,
            reason: Some(reason),
            ..blank
        },
    })
}

/// Creates a virtual environment in `folder` with the tool that will install into it.
fn new_environment(
    installer: &Installer,
    python: &Path,
    folder: &Path,
) -> Result<PythonEnvironment, Error> {
    let place = folder.join("environment");
    let (target, named) = (place.display().to_string(), python.display().to_string());
    let (program, arguments): (&Path, Vec<&str>) = match installer {
        Installer::Uv(uv) => (uv, vec!["venv", "--quiet", "--python", &named, &target]),
        Installer::Pip => (python, vec!["-I", "-m", "venv", &target]),
    };
    let task = ProcessSpec {
        program,
        arguments: &arguments,
        folder,
        environment: processes::EnvPolicy::Kept,
        variables: &[],
    };
    let watch = Watch {
        limit: super::installer::LIMIT,
        most: 4 << 10,
        family: ProcessGroup::Ours { lock: None },
    };
    let watched = processes::watch(&task, &watch)?;
    if !watched.ended.is_success {
        let said = one_line(watched.stderr.lines().next_back().unwrap_or_default(), 300);
        return Err(Error::new(format!(
            "making an environment: {} {}: {said}",
            program.display(),
            watched.ended.words
        )));
    }
    PythonEnvironment::open(&place)
}
