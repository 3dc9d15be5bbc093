//! `serve`: builds the store, serves it on loopback, rebuilds it when a file changes, and reloads
//! open pages.

use std::path::{Path, PathBuf};

use url::Url;

use crate::files;
use crate::outcome::Outcome;
use crate::prompt::status;
use crate::serve::watch::Watch;
use crate::serve::{Limits, Server};
use shopfront_check::load::MAX_SETTINGS;
use shopfront_diagnostics::error::Error;
use shopfront_json as json;

/// Inputs of a build. `answers` is last, since a build writes there.
const WATCHED: &[&str] = &["catalogue", "schema", "site-template", "docs", ANSWERS];
const ANSWERS: &str = "answers";

/// Options of `serve`.
pub struct Options {
    /// Absolute path of the root of the store.
    pub root: PathBuf,
    /// Output directory of a build.
    pub folder: PathBuf,
    /// Port. `None` selects the first free one.
    pub port: Option<u16>,
}

/// Builds the store into [`Options::folder`].
pub type Build<'b> = dyn Fn() -> Result<Outcome, Error> + 'b;

/// Serves until the process is stopped.
///
/// # Errors
/// Returns an error if no server can be started. A failed build is reported, and the next change
/// starts a new one.
pub fn run(options: Options, build: &Build<'_>) -> Result<Outcome, Error> {
    let mut session = Session::start(options, build)?;
    loop {
        session.step();
    }
}

/// Served store with its file watcher.
pub struct Session<'b> {
    root: PathBuf,
    build: &'b Build<'b>,
    server: Server,
    watch: Watch,
}

impl<'b> Session<'b> {
    /// Starts the server, builds for the first time, and reports the URL.
    ///
    /// # Errors
    /// Returns an error if no server can be started.
    pub fn start(options: Options, build: &'b Build<'b>) -> Result<Session<'b>, Error> {
        // Before the build, which may take long: a port in use is reported at once, and pages show
        // that they wait.
        let base_path = base_path(&options.root).unwrap_or_else(|| "/".to_owned());
        let server = Server::start(options.port, options.folder, &base_path, Limits::default())?;
        let watch = Watch::new(&options.root, WATCHED);
        let mut session = Session {
            root: options.root,
            build,
            server,
            watch,
        };
        session.rebuild();
        status(&format!("serving {}", session.address()));
        Ok(session)
    }

    /// Returns the URL of the front page.
    pub fn address(&self) -> String {
        self.server.address()
    }

    /// Waits for the next change, and rebuilds.
    pub fn step(&mut self) {
        let changed = self.watch.wait();
        match changed.as_slice() {
            [one] => status(&format!("{one} changed")),
            many => status(&format!("{} files changed", many.len())),
        }
        self.rebuild();
    }

    fn rebuild(&mut self) {
        let (told, is_built) = match (self.build)() {
            Ok(outcome) => (
                format!("{}{}", outcome.stdout, outcome.stderr),
                outcome.exit == 0,
            ),
            Err(error) => (error.told(), false),
        };
        if !told.is_empty() {
            status(&told);
        }
        self.watch.overlook(ANSWERS);
        // The previous build stays. If there is none, the page shows the error.
        self.server
            .explain((!is_built).then(|| without_colours(&told)));
        if base_path(&self.root).is_some_and(|base_path| self.server.move_to(&base_path)) {
            status(&format!("serving {}", self.address()));
        }
        self.server.reload();
    }
}

/// Returns the path of `url` in `catalogue/store.json`, or `None` while that file is invalid.
fn base_path(root: &Path) -> Option<String> {
    let bytes = files::read_plain(root, "catalogue/store.json", MAX_SETTINGS).ok()??;
    let store = json::read(&bytes).ok()?;
    let url = Url::parse(store.get("url")?.as_str()?).ok()?;
    Some(url.path().to_owned())
}

/// Returns a terminal report as plain text for a page: without the ECMA-48 escapes that begin with
/// `ESC [`.
fn without_colours(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part
            .find(|it: char| ('@'..='~').contains(&it))
            .map_or(part.len(), |at| at + 1);
        plain.push_str(&part[end..]);
    }
    plain
}
