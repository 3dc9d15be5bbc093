//! A file of a package that is not the one its list describes.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, PackageContext, Rule, one_line};
use shopfront_archive::Member;
use shopfront_diagnostics::Diagnostic;
use shopfront_model::codes::wrong_hash::CODE;
use shopfront_package::record::Line;

/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Package(run),
};

/// More of them say nothing new.
const MOST: usize = 20;

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some((record, list)) = case
        .package
        .record
        .as_ref()
        .zip(case.package.info_member("RECORD"))
    else {
        return;
    };
    // What is broken or stored twice is told as that.
    let odd: BTreeSet<&str> = case
        .package
        .scan
        .anomalies
        .iter()
        .filter_map(|anomaly| anomaly.member.as_deref())
        .collect();
    let members: BTreeMap<&str, &Member> = case
        .package
        .scan
        .files()
        .filter(|it| !odd.contains(it.name.as_str()))
        .map(|it| (it.name.as_str(), it))
        .collect();
    let help = "somebody changed the file after the wheel was built: build it again, and look why";
    let faults = record
        .lines
        .iter()
        .filter_map(|line| Some((line, fault(line, members.get(line.path.as_str())?)?)));
    for (line, (label, says)) in faults.take(MOST) {
        let message = format!(
            "the {says} of `{}` is not the one in RECORD",
            one_line(&line.path)
        );
        diagnostics.push(
            CODE.at(
                case.package.place(&list, line.bytes.clone()),
                label,
                message,
            )
            .help(help),
        );
    }
}

fn fault(line: &Line, member: &Member) -> Option<(String, &'static str)> {
    // A file that was not unpacked has no hash, and its size is hearsay.
    let is = member.sha256.as_deref()?;
    if line.sha256().is_some_and(|listed| listed != is) {
        return Some((format!("the file has the SHA-256 {is}"), "hash"));
    }
    line.size
        .filter(|size| *size != member.size)
        .map(|_| (format!("the file has {} bytes", member.size), "size"))
}
