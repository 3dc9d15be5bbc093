//! `inspect`: shows the contents and all diagnostics of a package file, without running its code.

use std::path::Path;

use super::examine::{self, Examined, Workspace};
use crate::any_package::AnyPackage;
use crate::outcome::Outcome;
use crate::report::{self, Format, Inspection, RenderOptions, Texts};
use shopfront_diagnostics::Counts;
use shopfront_diagnostics::Diagnostic;
use shopfront_diagnostics::error::Error;
use shopfront_model::catalogue::Host;
use shopfront_text::counted;
use shopfront_text::workflow_commands::Syntax;

/// Options of `inspect`.
pub struct Options {
    /// Package files.
    pub files: Vec<String>,
    /// Host of the packages. If omitted, the packages determine it.
    pub host: Option<String>,
    /// Output to print.
    pub wanted: Wanted,
    /// Options for rendering a report.
    pub look: RenderOptions,
}

/// Output to print.
#[derive(Clone, Copy, Debug)]
pub enum Wanted {
    /// The diagnostics in this format. The format for people also shows the contents of the
    /// packages.
    Report(Format),
    /// The contents of the packages and their diagnostics, as one document.
    Facts,
}

/// Inspects every file.
///
/// # Errors
/// Returns an error if a file cannot be read, or if the host of `--host` does not exist.
pub fn run(workspace: &Workspace, options: &Options) -> Result<Outcome, Error> {
    let examined = examine::files_only(workspace)?;
    let named = options
        .host
        .as_deref()
        .map(|id| examined.catalogue.host_named(id))
        .transpose()?;
    let look_into = |file: &String| -> Result<Inspection, Error> {
        let (package, found) = one(workspace, &examined, Path::new(file), named)?;
        let host = named
            .or_else(|| package.host(&examined))
            .map(|host| host.id.to_string());
        Ok(Inspection {
            package,
            host,
            found,
        })
    };
    let inspections: Vec<Inspection> = options
        .files
        .iter()
        .map(look_into)
        .collect::<Result<_, _>>()?;
    let (stdout, syntax) = match options.wanted {
        Wanted::Facts => (facts(workspace, &inspections)?, Syntax::Json),
        Wanted::Report(format) => (
            report(workspace, &inspections, format, options.look)?,
            format.syntax(),
        ),
    };
    let counts = Counts::of(&all_found(&inspections));
    let stderr = format!(
        "{}, {} in {}\n",
        counted(counts.errors, "error"),
        counted(counts.warnings, "warning"),
        counted(options.files.len(), "package")
    );
    Ok(Outcome {
        stdout,
        syntax,
        stderr,
        exit: u8::from(counts.errors > 0),
    })
}

fn all_found(inspections: &[Inspection]) -> Vec<Diagnostic> {
    inspections
        .iter()
        .flat_map(|it| it.found.iter().cloned())
        .collect()
}

fn all_texts(inspections: &[Inspection]) -> Texts {
    inspections
        .iter()
        .flat_map(|it| it.package.texts())
        .collect()
}

fn report(
    workspace: &Workspace,
    inspections: &[Inspection],
    format: Format,
    look: RenderOptions,
) -> Result<String, Error> {
    let report = examine::report_with(
        workspace,
        &all_found(inspections),
        all_texts(inspections),
        format,
        look,
    )?;
    let told: String = match format {
        Format::Human => inspections
            .iter()
            .map(|it| facts_for_people(&it.package))
            .collect(),
        _ => String::new(),
    };
    Ok(told + &report)
}

fn facts(workspace: &Workspace, inspections: &[Inspection]) -> Result<String, Error> {
    let texts = examine::texts(workspace, &all_found(inspections), all_texts(inspections))?;
    let document = report::inspection_document(inspections, &texts);
    workspace
        .schemas
        .get("api-facts.schema.json")?
        .assert("what `inspect` tells", &document)?;
    Ok(report::inspection(&document))
}

/// Reads one package and checks it against every rule, for `host` if given.
///
/// # Errors
/// Returns an error if the file cannot be read.
pub fn one(
    workspace: &Workspace,
    examined: &Examined,
    file: &Path,
    host: Option<&Host>,
) -> Result<(AnyPackage, Vec<Diagnostic>), Error> {
    let held = AnyPackage::open(examined, file, host)?;
    let found = held.check(workspace, examined, host)?;
    Ok((held, found))
}

/// Returns the facts of the package, one per line.
fn facts_for_people(package: &AnyPackage) -> String {
    let facts = package.facts();
    let mut text = format!("{}\n", package.path());
    let mut line = |label: &str, value: String| {
        if !value.is_empty() {
            text.push_str(&format!(
                "  {label:<14}{}\n",
                shopfront_text::one_line(&value, 400)
            ));
        }
    };
    let summary = facts
        .summary
        .as_deref()
        .map(|summary| format!(": {summary}"))
        .unwrap_or_default();
    line(
        "project",
        format!("{} {}{summary}", facts.name, facts.version)
            .trim()
            .to_owned(),
    );
    line("author", facts.author.unwrap_or_default());
    line("licence", facts.license.unwrap_or_default());
    line("modules", facts.modules.join(", "));
    line(
        "entry points",
        facts
            .entry_points
            .iter()
            .map(|it| format!("[{}] {} = {}", it.group, it.name, it.value))
            .collect::<Vec<_>>()
            .join(", "),
    );
    line("Python", facts.requires_python.unwrap_or_default());
    line("requires", facts.requires_dist.join(", "));
    line("platforms", facts.platforms.join(", "));
    if let AnyPackage::Bundle(held) = package {
        line("kind", held.kind.to_owned());
        line(
            "facts",
            if held.reading.facts.is_null() {
                String::new()
            } else {
                held.reading.facts.to_string()
            },
        );
    }
    line(
        "holds",
        format!(
            "{}, {} bytes, {} unpacked",
            counted(facts.files, "file"),
            facts.size,
            facts.unpacked
        ),
    );
    text.push('\n');
    text
}
