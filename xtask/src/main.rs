//! The binary: the command line in, text and an exit code out.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::exit, reason = "this is where output leaves the program")]

use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};
use shopfront::cli::Cli;
use shopfront::{commands, program};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    if std::env::var_os("CARGO").is_none() {
        program::is_installed();
    }
    match commands::run(arguments()) {
        Ok(outcome) => {
            // A reader that went away (`| head`) is no failure of ours.
            let _ = std::io::stdout().write_all(outcome.stdout.as_bytes());
            let _ = std::io::stderr().write_all(outcome.stderr.as_bytes());
            ExitCode::from(outcome.exit)
        }
        Err(error) => {
            eprint!("{}", error.told());
            ExitCode::from(2)
        }
    }
}

/// The command line; usage and help call the program what its reader called it.
fn arguments() -> Cli {
    let matches = Cli::command().name(program::name()).bin_name(program::name()).get_matches();
    Cli::from_arg_matches(&matches).unwrap_or_else(|fault| fault.exit())
}
