//! Binary: reads the command line, writes text, and returns an exit code.
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

/// Parses the command line. Usage and help show the program under the name by which it was called.
fn arguments() -> Result<Cli, clap::Error> {
    let matches = Cli::command()
        .name(program::name())
        .bin_name(program::name())
        .try_get_matches()?;
    Cli::from_arg_matches(&matches)
}
