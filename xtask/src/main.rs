//! The binary: the command line in, text and an exit code out.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::exit, reason = "this is where output leaves the program")]

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use shopfront::cli::Cli;
use shopfront::commands;

fn main() -> ExitCode {
    match commands::run(Cli::parse()) {
        Ok(outcome) => {
            // A reader that went away (`| head`) is no failure of ours.
            let _ = std::io::stdout().write_all(outcome.stdout.as_bytes());
            let _ = std::io::stderr().write_all(outcome.stderr.as_bytes());
            ExitCode::from(outcome.exit)
        }
        Err(error) => {
            eprintln!("error: {error}");
            if let Some(cure) = error.cure() {
                eprintln!("  = help: {cure}");
            }
            ExitCode::from(2)
        }
    }
}
