//! `init`: writes a new store into an empty directory.

mod program;
mod settings;
mod written;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::git;
use crate::outcome::Outcome;
use crate::prompt;
use crate::scaffold;
use settings::Settings;
use shopfront_check::checks;
use shopfront_check::load;
use shopfront_check::load::{EntryKind, WalkEntry};
use shopfront_check::schema::Schemas;
use shopfront_diagnostics::error::Error;

/// Name of the installed program, equal to the name of the binary in `Cargo.toml`.
pub const PROGRAM: &str = "shopfront";

/// Properties of the new store. If omitted, each is prompted for or derived.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Directory of the store.
    pub directory: PathBuf,
    /// Short machine-readable name.
    pub id: Option<String>,
    /// Title of the store.
    pub title: Option<String>,
    /// URL at which the store will be published.
    pub url: Option<String>,
    /// Kind of its host.
    pub kind: Option<String>,
    /// Id of its host.
    pub host: Option<String>,
    /// The host's own project, for the kind `python`.
    pub distribution: Option<String>,
    /// The repository that the workflows compile the program from; that of the checkout it runs
    /// from, when it is left out.
    pub program_repository: Option<String>,
}

/// Prompts for a value. The arguments are the question and the default.
pub type Ask<'a> = dyn Fn(&str, &str) -> Result<String, Error> + 'a;

/// Writes a new store. Prompts for omitted options on an interactive terminal.
///
/// # Errors
/// Returns an error if the directory is not empty, an option is invalid, or a file cannot be
/// written.
pub fn run(options: &Options) -> Result<Outcome, Error> {
    let ask: Option<&Ask<'_>> = prompt::can_ask().then_some(&prompt::ask);
    let origin = || program::origin_of(Path::new(env!("CARGO_MANIFEST_DIR")));
    let program_repository = options.program_repository.clone().or_else(origin);
    run_with(
        &Options {
            program_repository,
            ..options.clone()
        },
        ask,
    )
}

/// Writes a new store like [`run`]. `ask` prompts for omitted options, if possible.
///
/// # Errors
/// Returns the errors of [`run`].
pub fn run_with(options: &Options, ask: Option<&Ask<'_>>) -> Result<Outcome, Error> {
    let kept = what_stays(&options.directory)?;
    let settings = Settings::settle(options, &scaffold::name(&options.directory)?, ask)?;
    let schemas = Schemas::new(&shopfront_text::embedded::overlaid(
        &shopfront_check::schema::embedded::schemas(),
        BTreeMap::new(),
    ))?;
    let program = written::Program {
        repository: program::repository(options.program_repository.as_deref())?,
        revision: revision(),
    };
    let mut files = written::files(&settings, &program, &schemas)?;
    refuse_faults(&files, &schemas)?;
    files.retain(|path, _| !kept.contains(path));
    scaffold::write(&options.directory, &files)?;
    let mut told: String = files.keys().map(|path| format!("wrote {path}\n")).collect();
    told.push_str(&next_steps(options, &settings));
    told.push_str(&match files.contains_key("README.md") {
        true => "README.md says how to install the program and how to publish\n".to_owned(),
        false => format!(
            "others install the program with: {}\n",
            program.install_command()
        ),
    });
    if program::is_placeholder(&program.repository) {
        told.push_str(&format!(
            "before workflows run, set where the program comes from: `{}` in {} is a placeholder (`--program-repository` writes another)\n",
            program.repository,
            files
                .iter()
                .filter(|(_, text)| text.contains(&program.repository))
                .map(|(path, _)| path.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        ));
    }
    Ok(Outcome {
        stderr: told,
        ..Outcome::default()
    })
}

/// Returns the existing files that may stay: those with which a new repository begins.
fn what_stays(directory: &Path) -> Result<Vec<String>, Error> {
    let names = scaffold::names(directory)?;
    let may_stay = |name: &&String| {
        let upper = name.to_ascii_uppercase();
        **name == ".git"
            || ["README", "LICENSE", "LICENCE"]
                .iter()
                .any(|known| upper.split('.').next() == Some(known))
    };
    match names.iter().find(|name| !may_stay(name)) {
        None => Ok(names),
        Some(other) => {
            let message = format!("{} is not empty: it holds `{other}`", directory.display());
            Err(Error::new(message)
                .help("name an empty folder, or one that is not there yet; nothing was written"))
        }
    }
}

/// Returns the commit of this program, else the tag of its version. It pins the program in the new
/// store, so that later builds give the same result.
fn revision() -> String {
    let source = Path::new(env!("CARGO_MANIFEST_DIR"));
    git::commit_of(source, "crates/shopfront/")
        .unwrap_or_else(|| concat!("refs/tags/v", env!("CARGO_PKG_VERSION")).to_owned())
}

/// Checks the new catalogue against every rule before anything is written. The defaults are valid,
/// but an option may not be.
fn refuse_faults(files: &BTreeMap<String, String>, schemas: &Schemas) -> Result<(), Error> {
    let catalogue = files.keys().filter(|path| path.starts_with("catalogue/"));
    let listed: Vec<WalkEntry> = catalogue
        .map(|path| WalkEntry {
            path: path.clone(),
            kind: EntryKind::File,
        })
        .collect();
    let read = |path: &str, _most: usize| {
        Ok(files
            .get(path)
            .map(|text| text.clone().into_bytes())
            .unwrap_or_default())
    };
    let loaded = load::run(&listed, load::MAX_FILES, &read, schemas)?;
    let found = loaded
        .found
        .into_iter()
        .chain(checks::run(&loaded.catalogue))
        .next();
    match found {
        None => Ok(()),
        Some(fault) => Err(
            Error::new(format!("{}: {}", fault.primary.place.path, fault.message))
                .help("say it with another option; nothing was written"),
        ),
    }
}

/// Returns the command that runs the program in the new directory: the alias of a checkout does not
/// work there.
fn called(options: &Options) -> String {
    let is_alias = shopfront_diagnostics::program::name() != PROGRAM;
    if is_alias {
        format!(
            "{} --root {}",
            shopfront_diagnostics::program::name(),
            options.directory.display()
        )
    } else {
        PROGRAM.to_owned()
    }
}

fn next_steps(options: &Options, settings: &Settings) -> String {
    let mut steps = String::from("\nnext:\n");
    let is_installed = shopfront_diagnostics::program::name() == PROGRAM;
    if is_installed && options.directory != Path::new(".") {
        steps.push_str(&format!("  cd {}\n", options.directory.display()));
    }
    steps.push_str(&format!(
        "  {0} serve     build the store and look at it\n  {0} check     tell every fault of every file\n",
        called(options)
    ));
    let example = format!("catalogue/{}/{}.json", settings.host, settings.example());
    steps.push_str(&format!(
        "then put your first plugin in the place of {example}: its `comment` says how\n"
    ));
    if options.url.is_none() {
        steps.push_str(&format!(
            "and write where the store will be published into catalogue/store.json and .vscode/settings.json, for now it is {}\n",
            settings.url
        ));
    }
    steps
}
