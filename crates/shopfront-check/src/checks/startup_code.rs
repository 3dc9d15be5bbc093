//! A package whose code runs in every Python of the environment, whether it is imported or not.

use super::{Check, PackageContext, Rule, one_line};
use shopfront_diagnostics::{Code, Diagnostic, code};
use shopfront_package::modules::installed_path;

static CODE: Code = code!("startup-code", Warning, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Package(run),
};

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for member in case.package.scan.files() {
        let Some(installed) = installed_path(&member.name) else {
            continue;
        };
        if matches!(installed, "sitecustomize.py" | "usercustomize.py") {
            let message =
                format!("the wheel installs `{installed}`, which Python runs whenever it starts");
            diagnostics.push(
                CODE.at(
                    case.package.whole_member(&member.name),
                    "runs at every start",
                    message,
                )
                .help(HELP),
            );
        } else if installed.ends_with(".pth") && !installed.contains('/') {
            diagnostics.extend(path_file(case, &member.name));
        }
    }
}

/// Returns the code that a `.pth` file runs, if it does more than list paths.
fn path_file(case: &PackageContext<'_>, member: &str) -> Option<Diagnostic> {
    let Some(text) = case.package.text(member) else {
        let message = format!(
            "the wheel holds `{}`, which Python reads whenever it starts, and which is no text or too large",
            one_line(member)
        );
        return Some(
            CODE.at(
                case.package.whole_member(member),
                "may run at every start",
                message,
            )
            .help(HELP),
        );
    };
    // The documentation of `site`: lines that begin with `import` and a blank or a tab are
    // executed.
    let is_code = |line: &&str| line.starts_with("import ") || line.starts_with("import\t");
    let line = text.lines().find(is_code)?;
    let start = text.find(line)?;
    let message = format!("`{}` runs code whenever Python starts", one_line(member));
    Some(
        CODE.at(
            case.package.place(member, start..start + line.len()),
            "runs at every start",
            message,
        )
        .help(HELP),
    )
}

const HELP: &str = "run it when the plugin is loaded; a namespace package needs no such file since Python 3.3 (PEP 420)";
