//! `serve`: builds the store, serves it on loopback, builds it again when a file changes, and
//! reloads open pages.

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

/// What a build is made of; `answers` last, since a build writes there.
const WATCHED: &[&str] = &["catalogue", "schema", "site-template", "docs", ANSWERS];
const ANSWERS: &str = "answers";

/// What to serve, and where.
pub struct Options {
    /// The root of the store, absolute.
    pub root: PathBuf,
    /// The folder that a build writes.
    pub folder: PathBuf,
    /// The port; the first free one when nobody cares.
    pub port: Option<u16>,
}

/// Makes the store in [`Options::folder`].
pub type Build<'b> = dyn Fn() -> Result<Outcome, Error> + 'b;

/// Serves until somebody stops the program.
///
/// # Errors
/// When no server can be started. A build that fails is told, and mended by the next change.
pub fn run(options: Options, build: &Build<'_>) -> Result<Outcome, Error> {
    let mut session = Session::start(options, build)?;
    loop {
        session.step();
    }
}

/// A store that is served, and whose files are watched.
pub struct Session<'b> {
    root: PathBuf,
    build: &'b Build<'b>,
    server: Server,
    watch: Watch,
}

impl<'b> Session<'b> {
    /// Starts to serve what is there, builds for the first time, and tells the address.
    ///
    /// # Errors
    /// When no server can be started.
    pub fn start(options: Options, build: &'b Build<'b>) -> Result<Session<'b>, Error> {
        // Before the build, which may take long: a port that is taken is told at once, and pages
        // say that they wait.
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

    /// Where the front page is.
    pub fn address(&self) -> String {
        self.server.address()
    }

    /// Waits for the next change, and builds again.
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
        // What was published before stays; with nothing to show, the page shows what is wrong.
        self.server
            .explain((!is_built).then(|| without_colours(&told)));
        if base_path(&self.root).is_some_and(|base_path| self.server.move_to(&base_path)) {
            status(&format!("serving {}", self.address()));
        }
        self.server.reload();
    }
}

/// The path of `url` in `catalogue/store.json`; `None` while that file is broken.
fn base_path(root: &Path) -> Option<String> {
    let bytes = files::read_plain(root, "catalogue/store.json", MAX_SETTINGS).ok()??;
    let store = json::read(&bytes).ok()?;
    let url = Url::parse(store.get("url")?.as_str()?).ok()?;
    Some(url.path().to_owned())
}

/// A report for a terminal, as a page can show it: without the escapes of ECMA-48 that begin with
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
