//! Binary: reads the command line, writes text, and returns an exit code.

use std::process::ExitCode;

use clap::Parser;
use shopfront::terminal;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    terminal::watch_panics();
    match xtask::Cli::try_parse() {
        Ok(cli) => terminal::end(xtask::run(cli)),
        Err(usage) => terminal::refuse(&usage),
    }
}
