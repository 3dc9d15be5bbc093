//! Required name of a package of the first format, and its single directory.

use shopfront_diagnostics::Diagnostic;
use shopfront_model::bundle::Bundle;
use shopfront_model::codes::bad_manifest_value;
use shopfront_model::codes::name_mismatch;
use shopfront_text::one_line;

use super::part::Part;

/// Returns `true` if a file has the name of a package of the first format.
pub(super) fn is_fp(file: &str) -> bool {
    file.to_ascii_lowercase().ends_with(".fp")
}

/// Reports all packaging problems of `bundle` with the manifest `metadata`.
pub(super) fn run(bundle: &Bundle, metadata: &Part, found: &mut Vec<Diagnostic>) {
    let text = |key| {
        metadata
            .get(key)
            .and_then(|part| Some((part, part.text()?)))
    };
    if let Some((part, version)) =
        text("package_version").filter(|(_, version)| *version != "1.0.0")
    {
        let message = format!(
            "an `.fp` file is a package of version 1.0.0, and its manifest says {}",
            one_line(version, 60)
        );
        found.push(
            bad_manifest_value::diagnostic(part.place.clone(), "no `.fp` file", message)
                .help("build it with `fpb --build`, which makes an RPM package"),
        );
    }
    let (Some((part, name)), Some((_, version))) = (text("name"), text("version")) else {
        return;
    };
    let stem = one_line(&format!("{name}-{version}"), 200);
    if bundle.file != format!("{stem}.fp") {
        let message = format!(
            "the file is called `{}`, and its manifest makes it `{stem}.fp`",
            one_line(&bundle.file, 200)
        );
        found.push(
            name_mismatch::diagnostic(part.place.clone(), "not what the file is called", message)
                .help(HELP),
        );
    }
    // Fuel unpacks the archive unchanged, and then expects this directory.
    if bundle.root != format!("{stem}/") && bundle.is_listed_whole() {
        let is = if bundle.root.is_empty() {
            "no folder".to_owned()
        } else {
            format!("the folder `{}`", one_line(&bundle.root, 200))
        };
        let message = format!("the plugin lies in {is}, and Fuel looks for it in `{stem}/`");
        found.push(
            name_mismatch::diagnostic(part.place.clone(), "not what its folder is called", message)
                .help(HELP),
        );
    }
}

const HELP: &str = "build it with `fpb --build`, and do not rename what it wrote";
