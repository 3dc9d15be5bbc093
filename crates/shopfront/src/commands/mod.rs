//! Commands: each is a sequence of stages.

pub mod add;
pub mod bridge;
pub mod build;
pub mod check;
mod entry_extras;
mod contents;
pub mod diff;
mod edits;
pub mod examine;
pub mod explain;
pub mod fmt;
pub mod held;
pub mod host;
pub mod inspect;
pub mod init;
pub mod lagging;
mod autofix;
pub mod packages;
mod published;
pub mod remove;
pub mod rename;
mod since;
pub mod resolve;
pub mod serve;
mod upstreams;
mod registry_client;

use std::time::Duration;

use crate::answers_dir::Occasion;
use crate::cli::{Command, GlobalArgs, LinkArgs, NetworkArgs};
use crate::files;
use crate::outcome::Outcome;
use crate::report::Links;
use crate::terminal::{self, Stream};
use examine::Workspace;
use shopfront_diagnostics::error::Error;
use shopfront_registry::http::RetryPolicy;

/// Directories that `fmt` and similar commands write.
const CATALOGUE: &[&str] = &["catalogue"];
/// Directories that commands write which query registries.
const ANSWERS: &[&str] = &["answers", files::CACHE];
/// Directories that commands write which do both.
const ALL: &[&str] = &["catalogue", "answers", files::CACHE];

/// Runs the command of the command line.
///
/// # Errors
/// Returns an error if I/O fails, or on an internal error.
pub fn run(command: Command, common: &GlobalArgs) -> Result<Outcome, Error> {
    match command {
        Command::Check {
            paths,
            since,
            resolve,
            fix,
            asking,
            format,
            pointing,
        } => {
            let written: &[&str] = if fix {
                ALL
            } else if resolve {
                ANSWERS
            } else {
                &[]
            };
            let workspace = Workspace::open_to_write(&common.root, written)?;
            let asking = (resolve && !common.offline).then(|| asking_options(&asking, common));
            let options = check::Options {
                paths,
                since,
                asking,
                format,
                look: terminal::render_options(Stream::Stdout),
                links: links(pointing),
            };
            let outcome = if fix {
                check::mend(&workspace, &options)
            } else {
                check::run(&workspace, &options)
            };
            with_notes(&workspace, outcome)
        }
        Command::Diff {
            since,
            author,
            resolve,
            asking,
            format,
            pointing,
        } => {
            let workspace =
                Workspace::open_to_write(&common.root, if resolve { ANSWERS } else { &[] })?;
            let asking = (resolve && !common.offline).then(|| asking_options(&asking, common));
            let options = diff::Options {
                since,
                author,
                asking,
                format,
                look: terminal::render_options(Stream::Stdout),
                links: links(pointing),
            };
            with_notes(&workspace, diff::run(&workspace, &options))
        }
        Command::Resolve {
            from_published,
            asking,
        } => {
            let workspace = Workspace::open_to_write(&common.root, ANSWERS)?;
            if common.offline {
                return Ok(Outcome {
                    stderr: "asked nobody: --offline\n".to_owned(),
                    ..Outcome::default()
                });
            }
            let options = resolve::Options {
                from_published,
                occasion: Occasion::Asked,
                ..asking_options(&asking, common)
            };
            with_notes(&workspace, resolve::run(&workspace, &options))
        }
        Command::Build {
            out,
            accept_drop,
            asking,
        } => {
            let workspace = Workspace::open_to_write(&common.root, ANSWERS)?;
            let asking = (!common.offline).then(|| asking_options(&asking, common));
            let options = build::Options {
                out: common.root.join(out),
                asking,
                accept_drop,
                is_preview: false,
                look: terminal::render_options(Stream::Stderr),
            };
            with_notes(&workspace, build::run(&workspace, &options))
        }
        Command::Serve { port, out, asking } => {
            let root = files::root(&common.root)?;
            let folder = root.join(out);
            let asking = (!common.offline).then(|| asking_options(&asking, common));
            let look = terminal::render_options(Stream::Stderr);
            let options = build::Options {
                out: folder.clone(),
                asking,
                accept_drop: false,
                is_preview: true,
                look,
            };
            // Opened anew for every build, because the schemas may have changed.
            let build = || {
                let workspace = Workspace::open_to_write(&root, ANSWERS)?;
                with_notes(&workspace, build::run(&workspace, &options))
            };
            serve::run(
                serve::Options {
                    root: root.clone(),
                    folder,
                    port,
                },
                &build,
            )
        }
        Command::Bridge {
            store,
            folder,
            port,
        } => {
            // The client of a backend times out after 30 s and retries. Two attempts end before
            // that.
            let patience = RetryPolicy {
                retries: 1,
                request_timeout: Duration::from_secs(13),
                all: Duration::from_secs(27),
                ..RetryPolicy::default()
            };
            bridge::run(&bridge::Options {
                store,
                folder,
                port,
                patience,
            })
        }
        Command::Init {
            directory,
            id,
            title,
            url,
            kind,
            host,
            distribution,
            program_repository,
        } => {
            let directory = directory.unwrap_or_else(|| common.root.clone());
            init::run(&init::Options {
                directory,
                id,
                title,
                url,
                kind,
                host,
                distribution,
                program_repository,
            })
        }
        Command::Add {
            what,
            from_list,
            from_issue,
            report,
            to_catalogue,
            add_file,
            fields,
            id,
            url,
            draft,
            update,
            asking,
        } => {
            let workspace = Workspace::open_to_write(&common.root, ALL)?;
            let asking = (!common.offline).then(|| asking_options(&asking, common));
            let what = what.into_iter().chain(add_file).collect();
            let to_catalogue = to_catalogue.map(|named| add::folder_named(&workspace, &named));
            let look = terminal::render_options(Stream::Stderr);
            let outcome = add::run(
                &workspace,
                &add::Options {
                    what,
                    from_list,
                    from_issue,
                    report,
                    to_catalogue,
                    id,
                    said: fields.said(),
                    url,
                    draft,
                    update,
                    asking,
                    look,
                },
            );
            with_notes(&workspace, outcome)
        }
        Command::Inspect {
            files,
            host,
            facts,
            format,
        } => {
            let workspace = Workspace::open_around(&common.root)?;
            let wanted = if facts {
                inspect::Wanted::Facts
            } else {
                inspect::Wanted::Report(format)
            };
            inspect::run(
                &workspace,
                &inspect::Options {
                    files,
                    host,
                    wanted,
                    look: terminal::render_options(Stream::Stdout),
                },
            )
        }
        Command::Remove {
            entry,
            reason,
            evidence,
            successor,
        } => {
            let workspace = Workspace::open_to_write(&common.root, CATALOGUE)?;
            remove::run(
                &workspace,
                &remove::Options {
                    entry,
                    reason,
                    evidence,
                    successor,
                    look: terminal::render_options(Stream::Stdout),
                },
            )
        }
        Command::Rename { old, new } => {
            let workspace = Workspace::open_to_write(&common.root, CATALOGUE)?;
            rename::run(
                &workspace,
                &rename::Options {
                    old,
                    new,
                    look: terminal::render_options(Stream::Stdout),
                },
            )
        }
        Command::Fmt { paths, check } => {
            let mode = if check {
                fmt::Mode::Check
            } else {
                fmt::Mode::Write
            };
            let workspace = Workspace::open_to_write(
                &common.root,
                if mode == fmt::Mode::Write {
                    CATALOGUE
                } else {
                    &[]
                },
            )?;
            fmt::run(
                &workspace,
                &paths,
                mode,
                terminal::render_options(Stream::Stdout),
            )
        }
        Command::Host { what, hosting } => host::run(common, what, &hosting),
        Command::Lagging { format } => {
            let workspace = Workspace::open(&common.root)?;
            with_notes(&workspace, lagging::run(&workspace, format))
        }
        Command::Explain { code } => explain::run(code.as_deref()),
    }
}

/// Returns the outcome with notes about saved answers that were set aside during the run.
fn with_notes(workspace: &Workspace, outcome: Result<Outcome, Error>) -> Result<Outcome, Error> {
    outcome.map(|outcome| Outcome {
        stderr: workspace.answers_dir.told() + &outcome.stderr,
        ..outcome
    })
}

fn links(pointing: LinkArgs) -> Links {
    let with_slash = |url: String| if url.ends_with('/') { url } else { url + "/" };
    Links {
        store: None,
        files: pointing.link_base.map(with_slash),
        preview: pointing.preview,
    }
}

fn asking_options(asking: &NetworkArgs, common: &GlobalArgs) -> resolve::Options {
    let (request_timeout, usual) = (Duration::from_secs(asking.timeout), RetryPolicy::default());
    resolve::Options {
        refresh: asking.refresh,
        from_published: false,
        occasion: Occasion::Passing,
        jobs: usize::from(asking.jobs),
        addresses: common.addresses(),
        patience: RetryPolicy {
            request_timeout,
            all: usual.all.max(request_timeout * 2),
            retries: asking.retries,
            ..usual
        },
    }
}
