//! `checksums.sha1` of an archive of the first format: one line per file with its SHA-1 and its
//! path.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use shopfront_archive::Member;
use shopfront_diagnostics::Diagnostic;
use shopfront_model::bundle::Bundle;
use shopfront_model::codes::incomplete_record;
use shopfront_model::codes::malformed_manifest;
use shopfront_model::codes::missing_member;
use shopfront_model::codes::wrong_hash;
use shopfront_text::one_line;

/// Name of the list.
pub(super) const LIST: &str = "checksums.sha1";

/// Maximum number of diagnostics per problem; more add no information.
const MOST: usize = 10;

/// Line of the list.
struct Line<'t> {
    sum: &'t str,
    path: &'t str,
    bytes: Range<usize>,
}

/// Reports all problems of the list in `bundle`.
pub(super) fn run(bundle: &Bundle, found: &mut Vec<Diagnostic>) {
    let Some(text) = bundle.text(LIST) else {
        if !bundle.has(LIST) && bundle.is_listed_whole() {
            let message =
                format!("the package has no `{LIST}`, by which Fuel can tell that it is whole");
            found.push(
                missing_member::diagnostic(bundle.whole(), format!("no `{LIST}`"), message)
                    .help("build it with `fpb --build`"),
            );
        }
        return;
    };
    let mut lines = Vec::new();
    for line in lines_of(text) {
        match line {
            Ok(line) => lines.push(line),
            Err(bytes) => {
                let message = format!("`{LIST}` has a line that is no SHA-1 and a path");
                found.push(
                    malformed_manifest::diagnostic(
                        bundle.place(LIST, bytes),
                        "no checksum",
                        message,
                    )
                    .help(HELP),
                );
                return;
            }
        }
    }
    let members: BTreeMap<&str, &Member> = bundle
        .scan
        .files()
        .filter_map(|member| Some((member.name.strip_prefix(&bundle.root)?, member)))
        .collect();
    wrong(bundle, &lines, &members, found);
    if bundle.is_listed_whole() {
        unlisted(bundle, &lines, &members, found);
    }
}

const HELP: &str = "build the package again with `fpb --build`, and look what changed it";

/// Returns the lines; for an invalid line, its byte range.
fn lines_of(text: &str) -> impl Iterator<Item = Result<Line<'_>, Range<usize>>> {
    let mut at = 0;
    text.split_inclusive('\n').filter_map(move |whole| {
        let start = at;
        at += whole.len();
        let line = whole.trim_end_matches(['\r', '\n']);
        let bytes = start..start + line.len();
        if line.is_empty() {
            return None;
        }
        let is_sum = |sum: &str| sum.len() == 40 && sum.bytes().all(|it| it.is_ascii_hexdigit());
        let parts = line
            .split_once(' ')
            .filter(|(sum, path)| is_sum(sum) && !path.trim().is_empty());
        // `sha1sum` writes two spaces, or a space and an asterisk.
        Some(
            parts
                .map(|(sum, path)| Line {
                    sum,
                    path: plain(path.trim_start_matches([' ', '*'])),
                    bytes: bytes.clone(),
                })
                .ok_or(bytes),
        )
    })
}

fn plain(path: &str) -> &str {
    path.strip_prefix("./").unwrap_or(path)
}

/// Reports files with another checksum and missing files.
fn wrong(
    bundle: &Bundle,
    lines: &[Line<'_>],
    members: &BTreeMap<&str, &Member>,
    found: &mut Vec<Diagnostic>,
) {
    let (mut differing, mut absent) = (0, 0);
    for line in lines {
        let shown = one_line(line.path, 100);
        match members.get(line.path) {
            Some(member) => {
                let Some(is) = member
                    .sha1
                    .as_deref()
                    .filter(|is| !is.eq_ignore_ascii_case(line.sum))
                else {
                    continue;
                };
                differing += 1;
                if differing <= MOST {
                    let message = format!("the SHA-1 of `{shown}` is not the one in `{LIST}`");
                    found.push(
                        wrong_hash::diagnostic(
                            bundle.place(LIST, line.bytes.clone()),
                            format!("the file has {is}"),
                            message,
                        )
                        .help(HELP),
                    );
                }
            }
            None => {
                absent += 1;
                if absent <= MOST && bundle.is_listed_whole() {
                    let message = format!("`{LIST}` lists `{shown}`, which is not in the package");
                    found.push(
                        incomplete_record::diagnostic(
                            bundle.place(LIST, line.bytes.clone()),
                            "not in the package",
                            message,
                        )
                        .help(HELP),
                    );
                }
            }
        }
    }
}

/// Reports files that are in no line.
fn unlisted(
    bundle: &Bundle,
    lines: &[Line<'_>],
    members: &BTreeMap<&str, &Member>,
    found: &mut Vec<Diagnostic>,
) {
    let listed: BTreeSet<&str> = lines.iter().map(|line| line.path).collect();
    let unlisted: Vec<&str> = members
        .keys()
        .copied()
        .filter(|name| *name != LIST && !listed.contains(name))
        .collect();
    let Some(first) = unlisted.first() else {
        return;
    };
    let more = if unlisted.len() > 1 {
        format!(" and {} more", unlisted.len() - 1)
    } else {
        String::new()
    };
    let message = format!("`{LIST}` has no line for `{}`{more}", one_line(first, 100));
    found.push(
        incomplete_record::diagnostic(
            bundle.whole_member(LIST),
            "not all files of the package",
            message,
        )
        .help(HELP),
    );
}
