//! The door to git: what changed since a revision, and what stood there. Nothing of the repository is executed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::error::{Doing, Error};
use crate::files::{Found, FoundKind};

/// The most bytes of one revision that are held: ten times what the largest catalogue has.
const MOST_BYTES: u64 = 512 << 20;

/// The files below a folder as a revision has them.
#[derive(Default)]
pub struct Tree {
    /// All of them, sorted by path.
    pub files: Vec<Found>,
    /// The bytes of those that were wanted.
    pub bytes: BTreeMap<String, Vec<u8>>,
}

/// The commit that `revision` names.
///
/// # Errors
/// When git is not there, the root is in no repository, or it has no such revision.
pub fn commit(root: &Path, revision: &str) -> Result<String, Error> {
    refuse_option(revision)?;
    Ok(run(root, &["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{revision}^{{commit}}")])
        .doing(|| format!("looking for the revision `{revision}`"))?
        .trim()
        .to_owned())
}

/// The commit from which this branch and `branch` went apart, of the remote `origin` where it has that branch.
///
/// # Errors
/// When there is no such branch, or the two have nothing in common.
pub fn merge_base(root: &Path, branch: &str) -> Result<String, Error> {
    let remote = commit(root, &format!("refs/remotes/origin/{branch}"));
    let other = remote
        .or_else(|_| commit(root, &format!("refs/heads/{branch}")))
        .map_err(|_| Error::new(format!("there is no branch `{branch}` to compare with")).help("name a revision: `--since REV`"))?;
    let base = run(root, &["merge-base", "HEAD", &other])
        .map_err(|_| Error::new(format!("this branch and `{branch}` have no commit in common")).help("name a revision: `--since REV`"))?;
    Ok(base.trim().to_owned())
}

/// The files below `folder` as the commit `commit` has them, with the bytes of those that `is_wanted` says: given its
/// path and its length.
///
/// # Errors
/// When git fails, or what is wanted is more than can be held.
pub fn tree(root: &Path, commit: &str, folder: &str, is_wanted: &dyn Fn(&str, u64) -> bool) -> Result<Tree, Error> {
    let listed = run(root, &["ls-tree", "-r", "-z", "-l", commit, "--", &format!("{folder}/")])?;
    let mut tree = Tree::default();
    let mut wanted: Vec<(String, String)> = Vec::new();
    let mut sum = 0;
    for (path, kind, object, length) in listed.split('\0').filter_map(tree_entry) {
        tree.files.push(Found { path: path.to_owned(), kind });
        if kind == FoundKind::File && is_wanted(path, length) {
            sum += length;
            wanted.push((path.to_owned(), object.to_owned()));
        }
    }
    if sum > MOST_BYTES {
        return Err(Error::new(format!("`{folder}/` at {commit} holds more than {} MiB of JSON", MOST_BYTES >> 20)));
    }
    tree.files.sort();
    tree.bytes = blobs(root, wanted).doing(|| format!("reading `{folder}/` at {commit}"))?;
    Ok(tree)
}

/// `<mode> blob <object> <length>\t<path>`, as `ls-tree -l` writes it.
fn tree_entry(line: &str) -> Option<(&str, FoundKind, &str, u64)> {
    let (facts, path) = line.split_once('\t')?;
    let mut facts = facts.split_ascii_whitespace();
    let (mode, _, object, length) = (facts.next()?, facts.next()?, facts.next()?, facts.next()?);
    let kind = match mode {
        "100644" | "100755" => FoundKind::File,
        "120000" => FoundKind::Link,
        _ => FoundKind::Other,
    };
    Some((path, kind, object, length.parse().unwrap_or(0)))
}

/// The bytes of each object, by the path that it stands at: one process for all.
fn blobs(root: &Path, wanted: Vec<(String, String)>) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let mut found = BTreeMap::new();
    if wanted.is_empty() {
        return Ok(found);
    }
    let mut child = command(root)
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .doing(|| "running git".to_owned())?;
    let (Some(mut questions), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(Error::new("git has no streams"));
    };
    let objects: String = wanted.iter().map(|(_, object)| format!("{object}\n")).collect();
    // Asked from a thread of its own: git answers while it is still being asked, and would wait for a reader.
    let asking = std::thread::spawn(move || questions.write_all(objects.as_bytes()));
    let mut answers = BufReader::new(answers);
    for (path, _) in wanted {
        let bytes = next_blob(&mut answers).doing(|| format!("reading {path}"))?;
        found.insert(path, bytes);
    }
    drop(answers);
    let asked = asking.join().map_err(|_| Error::new("asking git failed"))?;
    asked.doing(|| "asking git".to_owned())?;
    child.wait().doing(|| "waiting for git".to_owned())?;
    Ok(found)
}

/// `<object> blob <length>`, a line break, the bytes, a line break.
fn next_blob(answers: &mut impl BufRead) -> Result<Vec<u8>, Error> {
    let mut head = String::new();
    answers.by_ref().take(256).read_line(&mut head).doing(|| "reading from git".to_owned())?;
    let length = head.trim_end().split(' ').nth(2).and_then(|length| length.parse::<u64>().ok());
    let length = length.filter(|length| *length <= MOST_BYTES).ok_or_else(|| Error::new(format!("git says `{}`", head.trim_end())))?;
    let mut bytes = Vec::new();
    answers.by_ref().take(length + 1).read_to_end(&mut bytes).doing(|| "reading from git".to_owned())?;
    bytes.pop();
    Ok(bytes)
}

fn refuse_option(revision: &str) -> Result<(), Error> {
    if revision.starts_with('-') || revision.is_empty() {
        return Err(Error::new(format!("`{revision}` is no revision")));
    }
    Ok(())
}

/// The paths below `folder` that differ from `revision`, in commits, in the index or only on disk; deleted ones too.
///
/// # Errors
/// When git is not there, the root is in no repository, or it has no such revision.
pub fn changed_since(root: &Path, revision: &str, folder: &str) -> Result<BTreeSet<String>, Error> {
    refuse_option(revision)?;
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

fn command(root: &Path) -> Command {
    let mut command = Command::new("git");
    // A repository of a stranger must not choose programs: no external diff, no hooks, no pager, no file system monitor.
    command.arg("-C").arg(root).args(["-c", "core.fsmonitor=false", "-c", "core.quotePath=false", "--no-pager"]);
    command.env("GIT_EXTERNAL_DIFF", "").env("GIT_TERMINAL_PROMPT", "0").env_remove("GIT_DIR");
    command
}

fn run(root: &Path, arguments: &[&str]) -> Result<String, Error> {
    let output = command(root)
        .args(arguments)
        .output()
        .doing(|| "running git".to_owned())
        .map_err(|fault| fault.help("install git, or leave `--since` out"))?;
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr).trim().lines().last().unwrap_or("it has no such revision").to_owned();
        return Err(Error::new(format!("asking git: {why}"))
            .help("in a shallow clone, fetch that revision first: `git fetch --depth=1 origin <revision>`"));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
