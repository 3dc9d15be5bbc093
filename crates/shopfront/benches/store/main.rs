//! Benchmarks of the program on generated stores, compared with other programs that do a part of
//! the same work.
//!
//! `cargo bench --bench store -- --snippets 1000,10000`. `docs/performance.md` explains the output.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::exit,
    reason = "a program for people at a terminal"
)]

mod rng;
mod baseline;
mod generate;
mod hugo;
mod measure;
mod plugin;
mod readme;
mod report;
mod resolve;
mod validators;
mod words;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use shopfront_diagnostics::error::{Context, Error};

use baseline::Floor;
use measure::{Call, Contestant, find, rounds};

const PROGRAM: &str = env!("CARGO_BIN_EXE_shopfront");

/// Measures the program on generated stores
#[derive(Parser)]
struct Options {
    /// How many snippets the stores have
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 10_000])]
    snippets: Vec<usize>,
    /// Measure only this; `peers` are others beside `check` and `build`; `resolve` runs only when
    /// it is named
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// Where stores are generated; they are kept
    #[arg(long, value_name = "DIR", default_value = concat!(env!("CARGO_TARGET_TMPDIR"), "/../bench"))]
    keep: PathBuf,
    /// How often everything runs; 0 is seven times for `check` and five for the rest
    #[arg(long, default_value_t = 0)]
    runs: usize,
    /// Names of real projects, one a line, for `resolve`
    #[arg(long, value_name = "FILE")]
    projects: Option<PathBuf>,
    /// `cargo bench` says so
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    Check,
    Build,
    Rebuild,
    Resolve,
    Peers,
}

impl Options {
    fn wants(&self, part: Part) -> bool {
        if self.only.is_empty() {
            part != Part::Resolve
        } else {
            self.only.contains(&part)
        }
    }

    fn rounds(&self, usual: usize) -> usize {
        if self.runs == 0 { usual } else { self.runs }
    }
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            if let Some(cure) = error.cure() {
                eprintln!("  = help: {cure}");
            }
            ExitCode::from(2)
        }
    }
}

fn run(options: &Options) -> Result<(), Error> {
    fs::create_dir_all(&options.keep)
        .with_context(|| format!("making {}", options.keep.display()))?;
    let scratch = options
        .keep
        .canonicalize()
        .with_context(|| format!("opening {}", options.keep.display()))?;
    for count in &options.snippets {
        if [Part::Check, Part::Build, Part::Rebuild]
            .iter()
            .any(|part| options.wants(*part))
        {
            eprintln!("generating {count} snippets");
            let root = generate::store(&scratch, *count)?;
            println!(
                "\n## {count} snippets (load of the machine before: {})",
                load()
            );
            check(options, &root, *count)?;
            build(options, &root, *count)?;
        }
    }
    match (&options.projects, options.wants(Part::Resolve)) {
        (Some(projects), true) => {
            let mut all = resolve::contestants(Path::new(PROGRAM), &scratch, projects)?;
            rounds(&mut all, options.rounds(5))?;
            print!("{}", report::table("Resolving real projects", &all));
            print!("{}", report::GOALS);
            all.chunks_exact(2).for_each(|pair| {
                print!("{}", report::ratio(&pair[0].name, &pair[0], &pair[1], 1.0))
            });
            Ok(())
        }
        (None, true) => Err(Error::new("`resolve` needs `--projects FILE`")),
        _ => Ok(()),
    }
}

/// Measures `check` and the peers that validate the same files against the same schema.
fn check(options: &Options, root: &Path, count: usize) -> Result<(), Error> {
    if !options.wants(Part::Check) {
        return Ok(());
    }
    let (answers, away) = (root.join("answers"), root.join("answers.away"));
    let hide = || {
        if answers.exists() {
            fs::rename(&answers, &away).with_context(|| "hiding the answers".to_owned())
        } else {
            Ok(())
        }
    };
    let show = || {
        if away.exists() {
            fs::rename(&away, &answers).with_context(|| "showing the answers".to_owned())
        } else {
            Ok(())
        }
    };
    let call = Call::new(PROGRAM, root).arguments(["check"]);
    let mut all = vec![
        Contestant::program("check, no answers", call.clone()).after(hide),
        Contestant::program("check, with answers", call).after(show),
    ];
    if options.wants(Part::Peers) {
        let scratch = root.parent().unwrap_or(root);
        all.extend(
            validators::calls(root, scratch, count)?
                .into_iter()
                .map(|(name, call)| Contestant::program(name, call).after(show)),
        );
    }
    rounds(&mut all, options.rounds(7))?;
    print!("{}", report::table("Checking", &all));
    print!("{}", report::GOALS);
    let (ours, peers) = all.split_at(2);
    if let Some(fastest) = peers.iter().min_by_key(|it| it.median()) {
        ours.iter()
            .for_each(|it| print!("{}", report::ratio(&it.name, it, fastest, 1.0)));
    }
    print!(
        "{}",
        report::peak("check, with answers: memory", &ours[1], 300)
    );
    Ok(())
}

/// Measures `build --offline`, its lower bound, and site generators that render the same pages.
fn build(options: &Options, root: &Path, count: usize) -> Result<(), Error> {
    if !options.wants(Part::Build) && !options.wants(Part::Rebuild) {
        return Ok(());
    }
    let scratch = root.parent().unwrap_or(root);
    let dist = root.join("dist");
    let call = Call::new(PROGRAM, root).arguments(["build", "--offline"]);
    // One published store determines the output of the lower bound and the input of the peers.
    measure::program(&call)?;
    let floor = Floor::under(root, &dist, scratch.join("floor"))?;
    println!("\nA build: {}.", floor.describe());
    let start_anew = || {
        remove(&dist)?;
        remove(&root.join("answers/ledger.json"))
    };
    let change = || change_one(root);
    let mut all = vec![
        Contestant::program("build, nothing there", call.clone()).after(start_anew),
        Contestant::program("build, once more", call.clone()),
        Contestant::program("build, one snippet changed", call).after(change),
        Contestant::inside("floor: read and write alone", || floor.run()).after(|| floor.clear()),
    ];
    let site = scratch.join("hugo");
    if let (true, Some(program)) = (options.wants(Part::Peers), find("hugo", "BENCH_HUGO")) {
        hugo::site(&site, &dist, count)?;
        let target = hugo::target(&site);
        let call = hugo::call(&program, &site, &target);
        all.push(Contestant::program("Hugo, pages alone", call).after(move || remove(&target)));
    }
    rounds(&mut all, options.rounds(5))?;
    print!("{}", report::table("Building", &all));
    if site.exists() {
        println!(
            "\nPages: {} of ours, {} of Hugo.",
            pages(&dist)?,
            pages(&hugo::target(&site))?
        );
    }
    print!("{}", report::GOALS);
    if let Some(hugo) = all.get(4) {
        print!("{}", report::ratio("full build", &all[0], hugo, 0.4));
    }
    print!("{}", report::ratio("full build", &all[0], &all[3], 4.0));
    print!(
        "{}",
        report::ratio("build after one change", &all[2], &all[0], 0.1)
    );
    print!("{}", report::peak("build: memory", &all[0], 300));
    floor.clear()
}

/// Changes a word in one description, a different one each time.
fn change_one(root: &Path) -> Result<(), Error> {
    let mut changed = plugin::plugin(0);
    let path = generate::snippet_path(root, &changed);
    let before =
        fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let word = if before.contains(" once more.\"") {
        "again"
    } else {
        "once more"
    };
    let text = changed.snippet["display_description"]
        .as_str()
        .unwrap_or_default()
        .trim_end_matches('.');
    changed.snippet["display_description"] = format!("{text} {word}.").into();
    generate::write(&path, &generate::pretty(&changed.snippet))
}

fn pages(folder: &Path) -> Result<usize, Error> {
    Ok(baseline::files(folder)?
        .iter()
        .filter(|(path, _)| path.extension().is_some_and(|it| it == "html"))
        .count())
}

/// Removes a file or a directory if it exists.
fn remove(path: &Path) -> Result<(), Error> {
    let removed = if path.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    match removed {
        Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => {
            Err(fault).with_context(|| format!("clearing {}", path.display()))
        }
        _ => Ok(()),
    }
}

fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace()
        .take(3)
        .collect::<Vec<_>>()
        .join(" ")
}
