//! Smoke import: the only place where a plugin's code runs. It runs in a Python process of its own
//! with a time limit, and its output is not shown.

use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

use crate::client::{CODE, ImportCheck, Kind, Outcome, read_trial};
use crate::processes::{self, ProcessGroup, ProcessSpec, Watch};
use crate::venv::PythonEnvironment;
use shopfront_diagnostics::error::Error;

/// Maximum output of the child that is kept, in bytes. The report is its last line.
const MOST: usize = 16 << 10;

/// Module to import, with its environment.
pub(super) struct Import<'i> {
    pub(super) module_name: &'i str,
    pub(super) kind: Kind,
    pub(super) limit: Duration,
    /// Working directory of the child.
    pub(super) folder: &'i Path,
    /// Policy for the environment variables of the child.
    pub(super) gets: processes::EnvPolicy,
}

/// Imports a module in `environment` and returns the result.
pub(super) fn run(environment: &PythonEnvironment, import: &Import<'_>) -> Result<Outcome, Error> {
    // A backend of Forecast in a Box calls `plugin`. Other hosts find their plugins differently.
    let must_bind = if import.kind == Kind::Fiab {
        "plugin"
    } else {
        ""
    };
    let seconds = import.limit.as_secs();
    let arguments = [
        "-I",
        "-c",
        CODE,
        import.module_name,
        must_bind,
        &seconds.to_string(),
    ];
    let home: Vec<(&str, &OsStr)> = match import.gets {
        processes::EnvPolicy::Bare => vec![("HOME", import.folder.as_os_str())],
        _ => Vec::new(),
    };
    let task = ProcessSpec {
        program: &environment.python,
        arguments: &arguments,
        folder: import.folder,
        environment: import.gets,
        variables: &home,
    };
    let watched = processes::watch(
        &task,
        &Watch {
            limit: import.limit,
            most: MOST,
            family: ProcessGroup::Own,
        },
    )?;
    let late_after = watched.timed_out.then_some(seconds);
    Ok(read_trial(&ImportCheck {
        output: &watched.ended.output,
        words: &watched.ended.words,
        late_after,
    }))
}
