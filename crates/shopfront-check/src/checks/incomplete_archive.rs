//! An archive of a source that says too little, or says it twice.

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Location, code};
use shopfront_model::catalogue::Pin;

static CODE: Code = code!("incomplete-archive", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Schema,
};

/// Every fault of `archives`, the source of the snippet at `path`.
pub fn diagnostic(path: &str, archives: &[Pin]) -> impl Iterator<Item = Diagnostic> {
    archives.iter().enumerate().filter_map(move |(at, pin)| {
        let item = Location::value(path, format!("/source/archive/{at}"));
        let places = [pin.url.is_some(), pin.file.is_some(), pin.manifest.is_some()].into_iter().filter(|it| *it).count();
        let fault = |label: &str, message: &str, help: &str| Some(CODE.at(item.clone(), label, message).help(help));
        match (places, pin.manifest.is_some(), pin.sha256.is_some()) {
            (0, ..) => fault(
                "lies nowhere",
                "the archive has neither `url` nor `file`",
                "write where it lies: `\"url\"`, or `\"file\"` for one in `packages/` of its host; or its `\"manifest\"` alone",
            ),
            (2.., ..) => {
                fault("lies in several places", "the archive has more than one of `url`, `file` and `manifest`", "keep one of them")
            }
            (1, false, false) => fault(
                "not pinned",
                "the archive has no `sha256`",
                "write the one that `sha256sum` prints of the file: without it nobody notices another file in its place",
            ),
            (1, true, true) => {
                fault("of no file", "a `manifest` alone has no `sha256`", "take `sha256` away, or name the file that it is of")
            }
            _ => repeated(path, archives, at),
        }
    })
}

fn repeated(path: &str, archives: &[Pin], at: usize) -> Option<Diagnostic> {
    let version = &archives[at].version;
    let first = archives[..at]
        .iter()
        .position(|earlier| earlier.version == *version)?;
    let place = |at: usize| Location::value(path, format!("/source/archive/{at}/version"));
    let message = format!("two archives have the version {version}");
    Some(
        CODE.at(place(at), "again", message)
            .with_secondary(place(first), "first here")
            .help("a version is one archive: give the other one its own"),
    )
}
