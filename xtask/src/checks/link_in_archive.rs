//! A member that is neither a file nor a folder.

use super::{Check, PackageCase, Rule};
use crate::archive::OddityKind;
use crate::diagnostic::{Code, Diagnostic, Severity, code};
use crate::package::file_name::FileName;

static CODE: Code = code!("link-in-archive", Error, Package);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Package(run) };

fn run(case: &PackageCase<'_>, found: &mut Vec<Diagnostic>) {
    for says in case.oddities(OddityKind::Link) {
        let mut fault = CODE.at(case.package.whole(), "no plain file", says).help("put the file itself in its place");
        // Source distributions have links within them, and PEP 721 unpacks them; those that lead out are another fault.
        if matches!(case.package.file_name, FileName::Sdist(_)) {
            fault.severity = Severity::Warning;
        }
        found.push(fault);
    }
}
