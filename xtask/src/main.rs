//! The binary: the command line in, text and an exit code out.

use std::process::ExitCode;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    shopfront::terminal::end(xtask::run(xtask::Cli::parse()))
}
