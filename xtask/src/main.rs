//! The binary: the command line in, text and an exit code out.

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
