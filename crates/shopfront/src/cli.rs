//! The command line: types only.

mod host;

pub use host::{HostCommand, Hosting, ListFormat, Tool};

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::draft::Overrides;
use crate::report::Format;

/// A plugin store that is a git repository.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    version,
    about,
    propagate_version = true
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// What every command takes.
    #[command(flatten)]
    pub common: GlobalArgs,
}

/// What every command takes.
#[derive(Args, Debug)]
pub struct GlobalArgs {
    /// The folder of the store
    #[arg(long, global = true, default_value = ".", value_name = "DIR")]
    pub root: PathBuf,
    /// The package index to ask; ends in `/simple/` for one that has simple pages only
    #[arg(
        long,
        global = true,
        env = "SHOPFRONT_PYPI_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub pypi_url: Option<String>,
    /// The npm registry to ask
    #[arg(
        long,
        global = true,
        env = "SHOPFRONT_NPM_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub npm_url: Option<String>,
    /// The API of GitHub to ask
    #[arg(
        long,
        global = true,
        env = "SHOPFRONT_GITHUB_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub github_url: Option<String>,
    /// A mirror of archives that lie anywhere: `<URL>/<host>/<path>` is fetched in the place of
    /// `https://<host>/<path>`
    #[arg(
        long,
        global = true,
        env = "SHOPFRONT_ARCHIVE_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub archive_url: Option<String>,
    /// Ask no registry: use what was saved
    #[arg(long, global = true)]
    pub offline: bool,
}

/// How a text for an issue or a summary is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TextFormat {
    /// For people.
    Markdown,
    /// For programs.
    Json,
}

impl GlobalArgs {
    /// Where registries are asked that are not the public ones, by their ids.
    pub fn addresses(&self) -> BTreeMap<&'static str, String> {
        let named = [
            ("pypi", &self.pypi_url),
            ("npm", &self.npm_url),
            ("github", &self.github_url),
            ("archive", &self.archive_url),
        ];
        named
            .into_iter()
            .filter_map(|(id, url)| Some((id, url.clone()?)))
            .collect()
    }
}

/// How registries are asked.
#[derive(Args, Clone, Debug)]
pub struct NetworkArgs {
    /// Ask again for answers that are young enough, too
    #[arg(long)]
    pub refresh: bool,
    /// How many questions are under way at once
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..=64), value_name = "N")]
    pub jobs: u8,
    /// Give up one attempt after so long
    #[arg(long, default_value_t = 30, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=600))]
    pub timeout: u64,
    /// Try so often again when a registry fails
    #[arg(long, default_value_t = 3, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=10))]
    pub retries: u32,
}

/// Fields of a snippet, as a person says them.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Fields of the snippet")]
pub struct Fields {
    /// What people call the plugin
    #[arg(long, value_name = "TEXT")]
    display_name: Option<String>,
    /// What it does
    #[arg(long, value_name = "TEXT")]
    display_description: Option<String>,
    /// Who makes it
    #[arg(long, value_name = "TEXT")]
    author: Option<String>,
    /// What the host imports
    #[arg(long, value_name = "MODULE")]
    module_name: Option<String>,
    /// SPDX expression
    #[arg(long, value_name = "SPDX")]
    license: Option<String>,
    /// Its own page
    #[arg(long, value_name = "URL")]
    homepage: Option<String>,
    /// Its manual
    #[arg(long, value_name = "URL")]
    documentation: Option<String>,
    /// Its source code
    #[arg(long, value_name = "URL")]
    repository: Option<String>,
    /// Where faults are reported
    #[arg(long, value_name = "URL")]
    issues: Option<String>,
    /// A category of the host; may stand several times
    #[arg(long = "category", value_name = "ID")]
    categories: Vec<String>,
    /// A word to find it by; may stand several times
    #[arg(long = "keyword", value_name = "WORD")]
    keywords: Vec<String>,
    /// The GitHub login of somebody who may change the entry; may stand several times
    #[arg(long = "maintainer", value_name = "LOGIN")]
    maintainers: Vec<String>,
}

impl Fields {
    /// The fields that were given, by their names in a snippet.
    pub fn said(self) -> Overrides {
        let texts = [
            ("display_name", self.display_name),
            ("display_description", self.display_description),
            ("author", self.author),
            ("module_name", self.module_name),
            ("license", self.license),
            ("homepage", self.homepage),
            ("documentation", self.documentation),
            ("repository", self.repository),
            ("issues", self.issues),
        ];
        let lists = [
            ("categories", self.categories),
            ("keywords", self.keywords),
            ("maintainers", self.maintainers),
        ];
        Overrides {
            texts: texts
                .into_iter()
                .filter_map(|(field, text)| Some((field, text?)))
                .collect(),
            lists: lists
                .into_iter()
                .filter(|(_, list)| !list.is_empty())
                .collect(),
        }
    }
}

/// Where a report in Markdown sends its readers.
#[derive(Args, Clone, Debug)]
pub struct LinkArgs {
    /// Where the files of this branch can be read, for links to lines in Markdown
    #[arg(long, value_name = "URL", value_parser = web_address)]
    pub link_base: Option<String>,
    /// Where the store can be seen as this branch would make it, for Markdown
    #[arg(long, value_name = "URL", value_parser = web_address)]
    pub preview: Option<String>,
}

fn web_address(text: &str) -> Result<String, String> {
    shopfront_text::url_policy::check_maintainer_url(text).map_or_else(|| Ok(text.to_owned()), Err)
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check every snippet; opens no socket unless --resolve asks first
    Check {
        /// Tell only the faults of these files and folders
        paths: Vec<String>,
        /// The revision that this branch goes into: what it adds or changes answers for what
        /// registries say
        #[arg(long, value_name = "REV")]
        since: Option<String>,
        /// Ask the registries first
        #[arg(long)]
        resolve: bool,
        /// First mend every fault that can mean one thing only
        #[arg(long)]
        fix: bool,
        /// How to ask
        #[command(flatten)]
        asking: NetworkArgs,
        /// The form of the report
        #[arg(long, value_enum, default_value = "human")]
        format: Format,
        /// Where it points
        #[command(flatten)]
        pointing: LinkArgs,
    },
    /// Tell what this branch does to the store; exits 0 good, 1 refused, 3 a person must look
    Diff {
        /// The revision to compare with [default: where this branch left the `branch` of
        /// store.json]
        #[arg(long, value_name = "REV")]
        since: Option<String>,
        /// The GitHub login of whoever made this branch
        #[arg(long, value_name = "LOGIN")]
        author: Option<String>,
        /// Ask the registries first
        #[arg(long)]
        resolve: bool,
        /// How to ask
        #[command(flatten)]
        asking: NetworkArgs,
        /// The form of the report
        #[arg(long, value_enum, default_value = "human")]
        format: Format,
        /// Where it points
        #[command(flatten)]
        pointing: LinkArgs,
    },
    /// Ask the registries what is new, and save the answers
    Resolve {
        /// Begin with what the store published before, at the `url` of store.json
        #[arg(long)]
        from_published: bool,
        /// How to ask
        #[command(flatten)]
        asking: NetworkArgs,
    },
    /// Check, ask, merge and publish the store
    Build {
        /// The folder to publish into, from the root of the store
        #[arg(long, default_value = "dist", value_name = "DIR")]
        out: PathBuf,
        /// Publish even when many entries lose their release or vanish
        #[arg(long)]
        accept_drop: bool,
        /// How to ask
        #[command(flatten)]
        asking: NetworkArgs,
    },
    /// Build the store, serve it on loopback, and build and reload it when a file changes
    Serve {
        /// This port and no other; else the first free one from 8420 on
        #[arg(long, value_name = "N")]
        port: Option<u16>,
        /// The folder to publish into, from the root of the store
        #[arg(long, default_value = "dist", value_name = "DIR")]
        out: PathBuf,
        /// How to ask
        #[command(flatten)]
        asking: NetworkArgs,
    },
    /// Serve a published store to a backend of OKO Dashboard on this machine, and fetch and unpack
    /// what it installs
    Bridge {
        /// The address of the store with the folder of its host (`https://store.example/oko/`), or
        /// that folder on this machine
        store: String,
        /// Where plugins are unpacked; the backend must see this folder under the same path
        #[arg(long, value_name = "DIR")]
        folder: PathBuf,
        /// This port and no other; else the first free one from 8521 on
        #[arg(long, value_name = "N")]
        port: Option<u16>,
    },
    /// Write a new store into an empty folder
    Init {
        /// The folder; made when it is not there [default: the folder of --root]
        directory: Option<PathBuf>,
        /// A short name of the store, for machines
        #[arg(long)]
        id: Option<String>,
        /// The title of the store
        #[arg(long)]
        title: Option<String>,
        /// Where the store will be published
        #[arg(long)]
        url: Option<String>,
        /// The kind of the application with plugins: python, fiab, oko, node-red, bitcart, fuel
        #[arg(long)]
        kind: Option<String>,
        /// A short name of that application: its folder below catalogue/
        #[arg(long, value_name = "ID")]
        host: Option<String>,
        /// That application's own project on PyPI, for the kind python
        #[arg(long, value_name = "NAME")]
        distribution: Option<String>,
        /// The repository that workflows compile this program from [default: `origin` of the
        /// checkout that it runs from]
        #[arg(long, value_name = "URL")]
        program_repository: Option<String>,
    },
    /// Write the snippet of a package, checked together with the whole catalogue
    Add {
        /// Package files (`dist/*.whl`), and names of projects at the index; `npm:NAME` for one of
        /// npm
        #[arg(value_name = "FILE|PROJECT", required_unless_present_any = ["from_list", "from_issue", "add_file"])]
        what: Vec<String>,
        /// Add every project of a list, one name a line, without asking anybody
        #[arg(long, value_name = "FILE", conflicts_with_all = ["what", "id"])]
        from_list: Option<PathBuf>,
        /// Add the project of an issue that was opened with the form "List my plugin", from the
        /// body of that issue
        #[arg(long, value_name = "FILE", conflicts_with_all = ["what", "from_list", "id", "to_catalogue"])]
        from_issue: Option<PathBuf>,
        /// Where the report about the list goes [default: stdout]
        #[arg(long, value_name = "FILE", requires = "from_list")]
        report: Option<PathBuf>,
        /// Into this host, or this folder of it; `-` writes to stdout [default: the host that the
        /// package shows]
        #[arg(long, alias = "toCatalogue", value_name = "DIR")]
        to_catalogue: Option<String>,
        /// As `FILE|PROJECT`
        #[arg(long = "addFile", value_name = "FILE", hide = true)]
        add_file: Vec<String>,
        /// What the package does not say, or says otherwise
        #[command(flatten)]
        fields: Box<Fields>,
        /// The id of the entry [default: the normalised name of the project]
        #[arg(long)]
        id: Option<String>,
        /// Where the archive lies, for one of no registry [default: the store takes it in]
        #[arg(long, value_name = "URL")]
        url: Option<String>,
        /// Write the snippet even when the checks refuse it
        #[arg(long)]
        draft: bool,
        /// Bring a snippet that is there up to what its package says now; what a person wrote
        /// stays
        #[arg(long)]
        update: bool,
        /// How to ask
        #[command(flatten)]
        asking: NetworkArgs,
    },
    /// Tell what package files hold, and every fault of them, without running any of it
    Inspect {
        /// Wheels, source distributions, and packages of other kinds of hosts
        #[arg(required = true, value_name = "FILE")]
        files: Vec<String>,
        /// The host that they are for, by its folder below catalogue/ [default: the one that the
        /// package shows]
        #[arg(long, value_name = "ID")]
        host: Option<String>,
        /// Print what they hold as JSON, with the faults in it
        #[arg(long, conflicts_with = "format")]
        facts: bool,
        /// The form of the report
        #[arg(long, value_enum, default_value = "human")]
        format: Format,
    },
    /// Take a plugin out: its entry becomes a tombstone, and its id stays taken
    Remove {
        /// `host/id`, or `id` where one host alone has it
        #[arg(value_name = "ID")]
        entry: String,
        /// Why, in a sentence that its page shows
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Where its author, or whoever found out, says so
        #[arg(long, value_name = "URL")]
        evidence: String,
        /// The id of the plugin to use instead
        #[arg(long, value_name = "ID")]
        successor: Option<String>,
    },
    /// Give a plugin another id; the old one leads to it
    Rename {
        /// `host/id`, or `id` where one host alone has it
        old: String,
        /// The new id
        new: String,
    },
    /// Write every file of the catalogue in its canonical form
    Fmt {
        /// Only these files and folders
        paths: Vec<String>,
        /// Write nothing, and exit 1 when something would change
        #[arg(long)]
        check: bool,
    },
    /// Look after the plugins of a host that lives in a virtual environment of Python
    Host {
        /// What to do
        #[command(subcommand)]
        what: HostCommand,
        /// Where, and with which stores
        #[command(flatten)]
        hosting: Box<Hosting>,
    },
    /// Tell which plugins have no release for the newest major version of their host
    Lagging {
        /// How to tell it: as the text of an issue, or as an array of issues, one for each host
        #[arg(long, value_enum, default_value = "markdown")]
        format: TextFormat,
    },
    /// Show the page of a code, or the list of all codes
    Explain {
        /// The code, as in `duplicate-module`
        code: Option<String>,
    },
}
