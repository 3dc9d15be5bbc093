//! Mapping of paths to files, as GitHub Pages does it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::answer::{self, Answer};
use super::request::{self, Request};
use super::site::Site;

/// File at a path of the store.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    File(PathBuf),
    /// Directory with an `index.html`, requested without the trailing slash.
    Folder,
    Nothing,
}

/// Returns the response to a request for a file.
pub(super) fn answer(request: &Request, site: &Site) -> Answer {
    let base_path = site.base_path();
    let base = request::parts(&base_path).unwrap_or_default();
    if request.parts.is_empty() && !base.is_empty() {
        // GitHub Pages has another site there. A person who typed the URL meant the store.
        return answer::redirect("302 Found", &base_path);
    }
    let Some(below) = request.parts.strip_prefix(base.as_slice()) else {
        return answer::outside(request, &base_path, &site.build());
    };
    // Determined before the file is read: a superfluous reload is better than a missing one.
    let build = site.build();
    if !site.folder.join("index.html").is_file() {
        return answer::empty(request, site.why_empty(), &build);
    }
    match find(&site.folder, below, request.is_folder) {
        Found::Folder => answer::redirect(
            "301 Moved Permanently",
            &format!("{}/{}", request.path, request.query),
        ),
        Found::File(path) => match open(&site.folder, &path) {
            Some(file) => answer::file(request, "200 OK", &path, file, &build),
            None => nothing(request, site, &build),
        },
        Found::Nothing => nothing(request, site, &build),
    }
}

fn nothing(request: &Request, site: &Site, build: &str) -> Answer {
    let page = site.folder.join("404.html");
    match open(&site.folder, &page) {
        Some(file) => answer::file(request, "404 Not Found", &page, file, build),
        None => answer::missing(request, build),
    }
}

fn find(folder: &Path, below: &[String], is_folder: bool) -> Found {
    let path: PathBuf = std::iter::once(folder)
        .chain(below.iter().map(Path::new))
        .collect();
    let index = path.join("index.html");
    if is_folder {
        return if index.is_file() {
            Found::File(index)
        } else {
            Found::Nothing
        };
    }
    if path.is_file() {
        return Found::File(path);
    }
    if let Some(name) = below.last() {
        let page = path.with_file_name(format!("{name}.html"));
        if page.is_file() {
            return Found::File(page);
        }
    }
    if index.is_file() {
        Found::Folder
    } else {
        Found::Nothing
    }
}

/// Opens a regular file that is below `folder` after all links are resolved.
fn open(folder: &Path, path: &Path) -> Option<File> {
    let folder = fs::canonicalize(folder).ok()?;
    let path = fs::canonicalize(path)
        .ok()
        .filter(|path| path.starts_with(folder))?;
    let file = File::open(path).ok()?;
    file.metadata().is_ok_and(|it| it.is_file()).then_some(file)
}
