//! Parser for the issue form "List my plugin", as GitHub writes it into the body of the issue.
//!
//! The body is untrusted: no part of it becomes an option or a path before it is validated here.

use shopfront_model::pasted;
use shopfront_model::registry_rules::pypi::Pypi;
use shopfront_text as text;
use shopfront_text::names;

/// Maximum size of a body, in bytes. GitHub accepts 65,536 characters per issue.
pub const MAX_BYTES: usize = 262_144;

/// Maximum length of a value, in characters. The schema of a snippet allows less for most fields.
const MAX_ANSWER: usize = 500;
/// Maximum number of list items.
const MAX_ITEMS: usize = 30;

/// Text that GitHub writes for an omitted value.
const NO_RESPONSE: &str = "_No response_";
/// Heading of free text. The text below it is for people and is not parsed.
const FREE_TEXT: &str = "Anything else";
/// Heading of the required confirmation.
const CONSENT: &str = "Consent";

/// Headings in the order of the form. Each is the `label` of a field in `list-my-plugin.yml`.
pub const LABELS: &[&str] = &[
    "Host",
    "Project",
    "Id",
    "Module",
    "Display name",
    "Description",
    "Author",
    "Homepage",
    "Documentation",
    "Repository",
    "Issues",
    "Licence",
    "Categories",
    "Keywords",
    "Maintainers",
    FREE_TEXT,
    CONSENT,
];

/// Requested listing: the options of `add`, by the same names. Omitted values are `None` or empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IssueForm {
    /// Host, a well-formed id.
    pub host: String,
    /// Project name at its registry. Never a path, a URL or an option.
    pub project: String,
    /// Well-formed id of the entry.
    pub id: Option<String>,
    /// Module that the host imports.
    pub module_name: Option<String>,
    /// Display name.
    pub display_name: Option<String>,
    /// Short description.
    pub display_description: Option<String>,
    /// Author.
    pub author: Option<String>,
    /// Homepage of the plugin.
    pub homepage: Option<String>,
    /// Documentation of the plugin.
    pub documentation: Option<String>,
    /// Source repository.
    pub repository: Option<String>,
    /// Issue tracker.
    pub issues: Option<String>,
    /// SPDX expression.
    pub license: Option<String>,
    /// Categories of the host.
    pub categories: Vec<String>,
    /// Search keywords.
    pub keywords: Vec<String>,
    /// GitHub logins, without `@`.
    pub maintainers: Vec<String>,
}

/// Parses the body of an issue.
///
/// # Errors
/// Returns all problems, in words for the author of the issue.
pub fn read(body: &str) -> Result<IssueForm, Vec<String>> {
    if body.len() > MAX_BYTES {
        return Err(vec![format!("the issue is longer than {MAX_BYTES} bytes")]);
    }
    let mut answers = Answers::split(body);
    let form = IssueForm {
        host: answers.required("Host"),
        project: answers.required("Project"),
        id: answers.line("Id"),
        module_name: answers.line("Module"),
        display_name: answers.line("Display name"),
        display_description: answers.line("Description"),
        author: answers.line("Author"),
        homepage: answers.line("Homepage"),
        documentation: answers.line("Documentation"),
        repository: answers.line("Repository"),
        issues: answers.line("Issues"),
        license: answers.line("Licence"),
        categories: answers.list("Categories"),
        keywords: answers.list("Keywords"),
        maintainers: answers
            .list("Maintainers")
            .iter()
            .map(|login| login.trim_start_matches('@').to_owned())
            .collect(),
    };
    let mut faults = answers.faults;
    faults.extend(names_that_can_not_be(&form));
    if !answers.has_consent {
        faults.push(format!("the box below `{CONSENT}` is not ticked"));
    }
    if faults.is_empty() {
        Ok(form)
    } else {
        Err(faults)
    }
}

/// Returns problems of names. `add` also accepts files and directories, which untrusted third
/// parties must not name.
fn names_that_can_not_be(form: &IssueForm) -> Vec<String> {
    let mut faults = Vec::new();
    if !form.host.is_empty() && names::no_host_id(&form.host).is_some() {
        faults.push(format!(
            "`Host` is the short name of an application, not `{}`",
            shown(&form.host)
        ));
    }
    if !form.project.is_empty() && !names::is_project(&form.project) {
        let offered = pasted::help(&Pypi, &form.project)
            .map(|help| format!("; {help}"))
            .unwrap_or_default();
        let project = shown(&form.project);
        faults.push(format!("`Project` is the bare name of a project, without version, extras or address, not `{project}`{offered}"));
    }
    if let Some(id) = form
        .id
        .as_deref()
        .filter(|id| names::no_entry_id(id).is_some())
    {
        faults.push(format!("`Id` is lower-case letters and digits with single `.`, `_` or `-` between them, not `{}`", shown(id)));
    }
    faults
}

/// Returns untrusted text for a message of this program.
fn shown(answer: &str) -> String {
    text::one_line(answer, 80).replace('`', "'")
}

/// Unvalidated values by heading.
struct Answers {
    parts: Vec<(&'static str, String)>,
    has_consent: bool,
    faults: Vec<String>,
}

impl Answers {
    /// Splits the body at the headings of the form.
    fn split(body: &str) -> Answers {
        let mut parts: Vec<(&'static str, String)> = Vec::new();
        let mut has_consent = false;
        for line in body.lines() {
            let heading = line
                .strip_prefix("### ")
                .and_then(|title| LABELS.iter().find(|label| **label == title.trim_end()));
            let is_free = parts.last().is_some_and(|(label, _)| *label == FREE_TEXT);
            match heading {
                // In free text, only the following heading counts.
                Some(label) if !is_free || *label == CONSENT => parts.push((label, String::new())),
                _ => {
                    let Some((label, answer)) = parts.last_mut() else {
                        continue;
                    };
                    has_consent |= *label == CONSENT
                        && (line.starts_with("- [x] ") || line.starts_with("- [X] "));
                    answer.push_str(line);
                    answer.push('\n');
                }
            }
        }
        Answers {
            parts,
            has_consent,
            faults: Vec::new(),
        }
    }

    fn required(&mut self, label: &str) -> String {
        let answer = self.line(label);
        if answer.is_none()
            && !self
                .faults
                .iter()
                .any(|fault| fault.contains(&format!("`{label}`")))
        {
            self.faults.push(format!("there is no answer to `{label}`"));
        }
        answer.unwrap_or_default()
    }

    /// Returns the value of `label` if it is one line of plain text.
    fn line(&mut self, label: &str) -> Option<String> {
        let mut found = self
            .parts
            .iter()
            .filter(|(it, _)| *it == label)
            .map(|(_, answer)| answer.trim());
        let answer = found
            .next()
            .filter(|answer| !answer.is_empty() && *answer != NO_RESPONSE)?
            .to_owned();
        let fault = match () {
            () if found.next().is_some() => "stands twice",
            () if answer.chars().count() > MAX_ANSWER => "is too long",
            () if text::first_hidden(&answer).is_some() => "is not one line of plain text",
            () => return Some(answer),
        };
        self.faults.push(format!("the answer to `{label}` {fault}"));
        None
    }

    /// Returns the comma-separated items of a value.
    fn list(&mut self, label: &str) -> Vec<String> {
        let answer = self.line(label).unwrap_or_default();
        let items: Vec<String> = answer
            .split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .map(str::to_owned)
            .collect();
        if items.len() > MAX_ITEMS {
            self.faults.push(format!(
                "the answer to `{label}` has more than {MAX_ITEMS} items"
            ));
        }
        items
    }
}
