//! Program of this repository: every command of `shopfront`, and the tests of its source.

mod test;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use shopfront::cli::{self, GlobalArgs};
use shopfront::commands;
use shopfront::outcome::Outcome;
use shopfront::prompt;
use shopfront_diagnostics::error::Error;

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
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: GlobalArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(flatten)]
    Shopfront(cli::Command),
    /// Install what is missing and run every test of this repository
    Test(TestArgs),
}

#[derive(Args, Debug)]
struct TestArgs {
    /// Only this step; can be repeated
    #[arg(long, value_name = "STEP")]
    only: Vec<String>,
    /// Show the steps
    #[arg(long)]
    list: bool,
    /// Try real host applications instead, installed from the network
    #[arg(long)]
    hosts: bool,
    /// Measure the pages with Lighthouse instead, installed from the network
    #[arg(long, conflicts_with = "hosts")]
    lighthouse: bool,
    /// The browser of the page tests
    #[arg(long, env = "CHROMIUM", value_name = "FILE")]
    chromium: Option<PathBuf>,
}

/// Runs a command of `shopfront`, or the tests.
///
/// # Errors
/// Returns the errors of [`commands::run`], and an error if a requested test step does not exist.
pub fn run(cli: Cli) -> Result<Outcome, Error> {
    match cli.command {
        Command::Shopfront(command) => commands::run(command, &cli.common),
        Command::Test(arguments) => arguments.run(&cli.common),
    }
}

impl TestArgs {
    fn run(self, common: &GlobalArgs) -> Result<Outcome, Error> {
        let table = match (self.hosts, self.lighthouse) {
            (true, _) => test::Table::Hosts,
            (false, true) => test::Table::Lighthouse,
            (false, false) => test::Table::Program,
        };
        if self.list {
            return Ok(test::list(table));
        }
        let options = test::Options {
            table,
            only: self.only,
            chromium: self.chromium,
            say: &prompt::status,
        };
        test::run(&common.root, &options)
    }
}
