//! Git access: files that changed since a revision, and their former contents.
//!
//! Repositories are untrusted: configuration, attributes and hooks may name programs. Git is
//! therefore queried only for stored data: revisions, trees, blobs, the index and the list of
//! untracked files. The commands never convert, refresh or fetch anything, and run in an
//! environment that this module creates. This program reads the work tree itself.

mod command;
mod objects;
mod path;
mod worktree;

pub use objects::Tree;
pub use worktree::Scope;

use std::path::{Path, PathBuf};

use crate::files;
use command::Git;
use shopfront_diagnostics::error::Error;
use shopfront_text::shell_word;

/// Repository that contains a directory.
pub struct Repository {
    git: Git,
    /// Directory to which all paths are relative.
    root: PathBuf,
    /// Root of the work tree.
    top: PathBuf,
}

impl Repository {
    /// Opens the repository that contains the directory `root`, an absolute path.
    ///
    /// # Errors
    /// Returns an error if git is missing, `root` is in no repository, or git refuses to open it.
    pub fn open(root: &Path) -> Result<Repository, Error> {
        let Some(top) = root
            .ancestors()
            .find(|folder| files::exists(&folder.join(".git")))
        else {
            return Err(
                Error::new(format!("{} is in no git repository", root.display())).help(
                    "run `git init`, then commit the store: a change is what differs from a commit",
                ),
            );
        };
        let git = Git::open(root, top)?;
        Ok(Repository {
            git,
            root: root.to_path_buf(),
            top: top.to_path_buf(),
        })
    }

    /// Returns the commit that `revision` names.
    ///
    /// # Errors
    /// Returns an error if the revision does not exist.
    pub fn commit(&self, revision: &str) -> Result<String, Error> {
        if revision.starts_with('-') || revision.is_empty() {
            return Err(Error::new(format!("`{revision}` is not a valid revision")));
        }
        let found = self.git.run(&[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &format!("{revision}^{{commit}}"),
        ])?;
        match found {
            Ok(commit) => Ok(commit.trim().to_owned()),
            // With `--quiet`, git reports only errors other than an unknown name.
            Err(stderr) if !stderr.is_empty() => Err(Error::new(format!(
                "looking for the revision `{revision}`: {stderr}"
            ))),
            Err(_) => Err(Error::new(format!("there is no revision `{revision}`"))
                .help(self.revision_help()?)),
        }
    }

    /// The same repository, with paths told from where the work tree begins.
    fn whole(&self) -> Repository {
        Repository {
            git: self.git.called_in(&self.top),
            root: self.top.clone(),
            top: self.top.clone(),
        }
    }

    /// Whether git has something of `folder`, or that itself, in its index.
    ///
    /// # Errors
    /// When git fails.
    pub fn tracks(&self, folder: &str) -> Result<bool, Error> {
        Ok(!self
            .git
            .run(&["ls-files", "-z", "--", folder])?
            .unwrap_or_default()
            .is_empty())
    }

    fn sees(&self, folder: &str) -> Result<bool, Error> {
        // A pattern may be of folders alone, and this one may not be there yet.
        let ignored = self
            .git
            .run(&["check-ignore", "--quiet", "--", &format!("{folder}/")])?;
        Ok(self.tracks(folder)? || ignored.is_err())
    }

    fn revision_help(&self) -> Result<&'static str, Error> {
        Ok(match self.is_shallow()? {
            true => {
                "the clone is shallow; fetch that revision first: `git fetch --depth=1 origin <revision>`"
            }
            false => {
                "`git branch --all` lists the branches, `git log --oneline` the commits of this one"
            }
        })
    }

    fn is_shallow(&self) -> Result<bool, Error> {
        Ok(self
            .git
            .run(&["rev-parse", "--is-shallow-repository"])?
            .is_ok_and(|told| told.trim() == "true"))
    }

    /// Returns the merge base of this branch and `branch`. Uses the branch of the remote `origin`
    /// if that exists.
    ///
    /// # Errors
    /// Returns an error if the branch does not exist, or the two have no common commit.
    pub fn merge_base(&self, branch: &str) -> Result<String, Error> {
        let other = self
            .commit(&format!("refs/remotes/origin/{branch}"))
            .or_else(|_| self.commit(&format!("refs/heads/{branch}")))
            .map_err(|_| {
                Error::new(format!("there is no branch `{branch}` to compare with"))
                    .help("name a revision: `--since REV`")
            })?;
        if let Ok(base) = self.git.run(&["merge-base", "HEAD", &other])? {
            return Ok(base.trim().to_owned());
        }
        let help = match self.is_shallow()? {
            true => {
                "the clone is shallow; fetch the rest of it: `git fetch --unshallow`, or name a revision: `--since REV`"
            }
            false => "name a revision: `--since REV`",
        };
        Err(Error::new(format!(
            "this branch and `{branch}` have no commit in common"
        ))
        .help(help))
    }
}

/// Returns the commit that is checked out in `folder`, if `folder` is at `place` in its repository.
/// Otherwise `folder` belongs to another repository.
pub fn commit_of(folder: &Path, place: &str) -> Option<String> {
    let folder = files::root(folder).ok()?;
    let repository = Repository::open(&folder).ok()?;
    let is_there = folder
        .strip_prefix(&repository.top)
        .is_ok_and(|below| below == Path::new(place));
    let commit = repository.commit("HEAD").ok()?;
    let is_commit = commit.len() >= 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
    (is_there && is_commit).then_some(commit)
}

/// The address of the remote `origin` of the repository that `folder` is in, as it is written
/// there.
pub fn origin_of(folder: &Path) -> Option<String> {
    let repository = Repository::open(&files::root(folder).ok()?).ok()?;
    let written = repository
        .git
        .run(&["config", "--local", "--get", "remote.origin.url"])
        .ok()?
        .ok()?;
    Some(written.trim().to_owned())
}

/// Whether git would show a change of what lies in `folder` below `root`: it tracks some of it, or
/// does not ignore it. Where there is a repository that git can not be asked about, it is taken to
/// do so.
pub fn sees(root: &Path, folder: &str) -> bool {
    let is_in_repository = root
        .ancestors()
        .any(|folder| files::exists(&folder.join(".git")));
    is_in_repository
        && Repository::open(root)
            .and_then(|repository| repository.sees(folder))
            .unwrap_or(true)
}

/// Returns the reason for which git refuses the repository at `top`, from its error output.
fn refused(top: &Path, stderr: &str) -> Error {
    let error = Error::new(format!(
        "opening the git repository {}: {stderr}",
        top.display()
    ));
    // The directory belongs to another user, who may have written configuration that git would
    // execute. This program executes none of it, but the user must still confirm that the directory
    // is trusted.
    match stderr.contains("dubious ownership") || stderr.contains("unsafe repository") {
        true => error.help(format!(
            "the folder belongs to another user; if you trust it, run `git config --global --add safe.directory {}`",
            shell_word(&top.to_string_lossy())
        )),
        false => error,
    }
}
