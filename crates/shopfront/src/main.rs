//! The binary: the command line in, text and an exit code out.
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};
use shopfront::cli::Cli;
use shopfront::{commands, terminal};
use shopfront_diagnostics::program;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    if std::env::var_os("CARGO").is_none() {
        program::is_installed();
    }
    terminal::watch_panics();
    match arguments() {
        Ok(cli) => terminal::end(commands::run(cli.command, &cli.common)),
        Err(usage) => terminal::refuse(&usage),
    }
}

/// The command line; usage and help call the program what its reader called it.
fn arguments() -> Result<Cli, clap::Error> {
    let matches = Cli::command()
        .name(program::name())
        .bin_name(program::name())
        .try_get_matches()?;
    Cli::from_arg_matches(&matches)
}
