//! The door to git: what changed since a revision. Nothing of the repository is executed.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::error::{Doing, Error};

/// The paths below `folder` that differ from `revision`, in commits, in the index or only on disk; deleted ones too.
///
/// # Errors
/// When git is not there, the root is in no repository, or it has no such revision.
pub fn changed_since(root: &Path, revision: &str, folder: &str) -> Result<BTreeSet<String>, Error> {
    if revision.starts_with('-') {
        return Err(Error::new(format!("`{revision}` is no revision")));
    }
    let committed = run(root, &["diff", "--name-only", "--no-renames", "--relative", "-z", revision, "--", folder])?;
    let untracked = run(root, &["ls-files", "--others", "--exclude-standard", "-z", "--", folder])?;
    let names = committed.split('\0').chain(untracked.split('\0')).filter(|name| !name.is_empty());
    Ok(names.map(str::to_owned).collect())
}

/// The commit that is checked out where `folder` is, when that is `place` in its repository and not somewhere else's.
pub fn commit_of(folder: &Path, place: &str) -> Option<String> {
    let told = run(folder, &["rev-parse", "--show-prefix", "HEAD"]).ok()?;
    let commit = told.strip_prefix(place)?.trim();
    let is_commit = commit.len() >= 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_commit.then(|| commit.to_owned())
}

fn run(root: &Path, arguments: &[&str]) -> Result<String, Error> {
    let mut command = Command::new("git");
    // A repository of a stranger must not choose programs: no external diff, no hooks, no pager, no file system monitor.
    command.arg("-C").arg(root).args(["-c", "core.fsmonitor=false", "-c", "core.quotePath=false", "--no-pager"]);
    command.args(arguments).env("GIT_EXTERNAL_DIFF", "").env("GIT_TERMINAL_PROMPT", "0").env_remove("GIT_DIR");
    let output = command.output().doing(|| "running git".to_owned()).map_err(|fault| fault.help("install git, or leave `--since` out"))?;
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr).trim().lines().last().unwrap_or("git failed").to_owned();
        return Err(Error::new(format!("asking git: {why}"))
            .help("in a shallow clone, fetch that revision first: `git fetch --depth=1 origin <revision>`"));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
