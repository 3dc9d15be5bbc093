//! The binary: the command line in, text and an exit code out.
#![allow(clippy::exit, reason = "usage and help end the process")]

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};
use shopfront::cli::Cli;
use shopfront::{commands, program, terminal};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    if std::env::var_os("CARGO").is_none() {
        program::is_installed();
    }
    let cli = arguments();
    terminal::end(commands::run(cli.command, &cli.common))
}

/// The command line; usage and help call the program what its reader called it.
fn arguments() -> Cli {
    let matches = Cli::command().name(program::name()).bin_name(program::name()).get_matches();
    Cli::from_arg_matches(&matches).unwrap_or_else(|fault| fault.exit())
}
