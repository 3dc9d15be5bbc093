//! A list of files that leaves some out, or names some that are not there.

use std::collections::BTreeSet;

use super::{Check, PackageContext, Rule, one_line};
use shopfront_diagnostics::Diagnostic;
use shopfront_model::codes::incomplete_record::CODE;
use shopfront_package::record::{Line, Record};

/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Package(run),
};

/// So many files are named; the others are counted.
const MOST: usize = 5;

const HELP: &str =
    "build the wheel again; after a change by hand, `wheel pack` writes the list anew";

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some((record, member)) = case
        .package
        .record
        .as_ref()
        .zip(case.package.info_member("RECORD"))
    else {
        return;
    };
    if case.whole_wheel().is_none() || record.is_unreadable() {
        return;
    }
    let listed: BTreeSet<String> = record.lines.iter().map(Line::plain_path).collect();
    let there: BTreeSet<&str> = case
        .package
        .scan
        .members
        .iter()
        .map(|it| it.name.as_str())
        .collect();
    // The signatures of a list can not stand in it (PEP 427).
    let is_own = |name: &str| {
        name.strip_prefix(&member)
            .is_some_and(|rest| matches!(rest, "" | ".jws" | ".p7s"))
    };
    let files = case.package.scan.files().map(|it| it.name.as_str());
    let unlisted: BTreeSet<&str> = files
        .filter(|name| !is_own(name) && !listed.contains(*name))
        .collect();
    if !unlisted.is_empty() {
        let message = format!("RECORD has no line for {}", named(unlisted.into_iter()));
        diagnostics.push(
            CODE.at(
                case.package.whole_member(&member),
                "not all files of the wheel",
                message,
            )
            .help(HELP),
        );
    }
    let absent = |line: &&Line| {
        line.has_plain_path() && !there.contains(line.path.as_str()) && !is_own(&line.path)
    };
    let unhashed = |line: &&Line| {
        line.hash.is_none() && there.contains(line.path.as_str()) && !is_own(&line.path)
    };
    diagnostics.extend(of_lines(
        case,
        record,
        &member,
        &absent,
        "not in the wheel",
        "RECORD lists what is not in the wheel:",
    ));
    diagnostics.extend(of_lines(
        case,
        record,
        &member,
        &unhashed,
        "no hash",
        "RECORD gives no hash for",
    ));
}

/// One diagnostic for all lines that `is_at_fault`, at the first of them.
fn of_lines(
    case: &PackageContext<'_>,
    record: &Record,
    member: &str,
    is_at_fault: &dyn Fn(&&Line) -> bool,
    label: &str,
    says: &str,
) -> Option<Diagnostic> {
    let lines: Vec<&Line> = record.lines.iter().filter(is_at_fault).collect();
    let place = case.package.place(member, lines.first()?.bytes.clone());
    let message = format!(
        "{says} {}",
        named(lines.iter().map(|line| line.path.as_str()))
    );
    Some(CODE.at(place, label, message).help(HELP))
}

/// The first few names, and how many there are beside them.
fn named<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> String {
    let more = names.len().saturating_sub(MOST);
    let first: Vec<String> = names
        .take(MOST)
        .map(|name| format!("`{}`", one_line(name)))
        .collect();
    if more == 0 {
        first.join(", ")
    } else {
        format!("{} and {more} more", first.join(", "))
    }
}
