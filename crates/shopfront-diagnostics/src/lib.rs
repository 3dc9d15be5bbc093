//! Diagnostics of contributors' files: problem, location and help.

pub mod error;
pub mod fix;
pub mod page;
pub mod pointer;
pub mod program;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use crate::fix::Fix;
use crate::pointer::Pointer;

/// Severity of a diagnostic. It belongs to the code, not to the check that reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Fails the build.
    Error,
    /// Is reported, and does not fail the build.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        })
    }
}

/// Input that a check needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Files of the catalogue only.
    Files,
    /// Answers of registries as well. Such a problem may appear overnight, so it never fails a
    /// build. It fails a pull request only if that adds or changes the snippet.
    Answers,
    /// Package file.
    Package,
}

/// Code of a diagnostic: its permanent name, severity and page.
#[derive(Debug)]
pub struct Code {
    /// Kebab-case name of the problem: `duplicate-module`.
    pub name: &'static str,
    /// Severity of the problem.
    pub severity: Severity,
    /// Input that the check needs.
    pub needs: Needs,
    /// `docs/errors/<name>.md`, up to its further cases.
    pub page: &'static str,
}

impl Code {
    /// Returns a diagnostic of this code at `place`. `message` is self-contained; `label` is
    /// short and printed at the location.
    pub fn at(
        &'static self,
        place: Location,
        label: impl Into<String>,
        message: impl Into<String>,
    ) -> Diagnostic {
        let primary = Label {
            place,
            text: label.into(),
        };
        Diagnostic {
            code: self,
            severity: self.severity,
            needs: self.needs,
            message: message.into(),
            primary,
            secondary: Vec::new(),
            help: None,
            fix: None,
        }
    }

    /// Returns the first sentence of the page below its title.
    pub fn summary(&self) -> &'static str {
        self.page
            .lines()
            .skip(1)
            .map(str::trim)
            .find(|line| !line.is_empty())
            .unwrap_or_default()
    }
}

/// Declares a [`Code`]. Compilation fails without `docs/errors/<name>.md`.
#[macro_export]
macro_rules! code {
    ($name:literal, $severity:ident, $needs:ident) => {
        $crate::Code {
            name: $name,
            severity: $crate::Severity::$severity,
            needs: $crate::Needs::$needs,
            page: {
                const WHOLE: &str = include_str!(concat!(
                    env!("CARGO_MANIFEST_DIR"),
                    "/../../docs/errors/",
                    $name,
                    ".md"
                ));
                const LEN: usize = $crate::page::prose_len(WHOLE);
                // A copy: a slice of the whole page would leave all of it in the program.
                const PROSE: [u8; LEN] = $crate::page::prose(WHOLE);
                const { $crate::page::text(&PROSE) }
            },
        }
    };
}

/// Part of a member to point at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Name of the member.
    Key,
    /// Value of the member.
    Value,
    /// Opening bracket of the value.
    Opening,
}

/// Location in a file, in a check's terms. Only the report converts it to lines and columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Location {
    /// Path of the file from the root of the store, with `/`.
    pub path: String,
    /// Span in the file.
    pub spot: Span,
}

/// Span in a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Span {
    /// Whole file: its name, its type, its bytes.
    Whole,
    /// Member of a document that parses.
    At(Pointer, Part),
    /// Byte range of a text, for spans without a pointer, such as the second of two equal keys.
    Bytes(Range<usize>, Pointer),
}

impl Location {
    /// Returns the location of the whole file.
    pub fn whole(path: impl Into<String>) -> Location {
        Location {
            path: path.into(),
            spot: Span::Whole,
        }
    }

    /// Returns the location of the value at `pointer`, in the notation `/source/pypi`.
    pub fn value(path: impl Into<String>, pointer: impl Into<String>) -> Location {
        Location {
            path: path.into(),
            spot: Span::At(Pointer::new(pointer), Part::Value),
        }
    }

    /// Returns the location of `part` of the member at `pointer`.
    pub fn part(path: impl Into<String>, pointer: Pointer, part: Part) -> Location {
        Location {
            path: path.into(),
            spot: Span::At(pointer, part),
        }
    }

    /// Returns the location of these bytes of the text.
    pub fn bytes(path: impl Into<String>, bytes: Range<usize>, pointer: Pointer) -> Location {
        Location {
            path: path.into(),
            spot: Span::Bytes(bytes, pointer),
        }
    }
}

/// Location with a short text.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Location of the label.
    pub place: Location,
    /// Text of the label, shorter than the message.
    pub text: String,
}

/// Problem in a contributor's file.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Code of the problem.
    pub code: &'static Code,
    /// Severity in this run: that of the code, unless reduced (see [`Needs::Answers`]).
    pub severity: Severity,
    /// Input that this result needed, usually that of the code.
    pub needs: Needs,
    /// Self-contained message in the contributor's words.
    pub message: String,
    /// Label at the smallest correct location.
    pub primary: Label,
    /// Labels at the other conflicting locations.
    pub secondary: Vec<Label>,
    /// Suggested action, ready to paste.
    pub help: Option<String>,
    /// Safe fix.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// Returns the diagnostic of a package at `place`, for readers who see only the snippet. The
    /// message names the member of the package.
    pub fn told_at(mut self, place: Location) -> Diagnostic {
        if !matches!(self.primary.place.spot, Span::Whole) {
            self.message
                .push_str(&format!(" (in `{}`)", self.primary.place.path));
        }
        self.primary.place = place;
        self.secondary
            .retain(|label| label.place.path.ends_with(".json"));
        self
    }

    /// Marks the diagnostic as dependent on answers of registries: it fails only what a branch
    /// changes.
    #[must_use]
    pub fn by_answers(mut self) -> Diagnostic {
        self.needs = Needs::Answers;
        self
    }

    /// Returns `true` if one of its labels is in the file at `path`.
    pub fn points_at(&self, path: &str) -> bool {
        std::iter::once(&self.primary)
            .chain(&self.secondary)
            .any(|label| label.place.path == path)
    }

    /// Adds a suggested action.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// Sets the suggested action, if known.
    #[must_use]
    pub fn help_if(mut self, help: Option<impl Into<String>>) -> Diagnostic {
        self.help = help.map(Into::into);
        self
    }

    /// Adds a safe fix.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Diagnostic {
        self.fix = Some(fix);
        self
    }

    /// Sets the safe fix, if there is one.
    #[must_use]
    pub fn fix_if(mut self, fix: Option<Fix>) -> Diagnostic {
        self.fix = fix;
        self
    }

    /// Returns the command that applies the safe fix, ready to paste.
    pub fn command(&self) -> Option<String> {
        let command = match self.fix.as_ref()? {
            Fix::Form => "fmt",
            Fix::Edit(_) => "check --fix",
        };
        Some(format!(
            "{} {command} {}",
            crate::program::name(),
            shopfront_text::shell_word(&self.primary.place.path)
        ))
    }

    /// Adds to the help that there are `count` more diagnostics like this one.
    fn and_more(&mut self, count: usize) {
        let cure = self
            .help
            .take()
            .map(|help| format!("{help}; "))
            .unwrap_or_default();
        self.help = Some(format!("{cure}and there are {count} more like it"));
    }

    /// Adds a secondary label.
    #[must_use]
    pub fn with_secondary(mut self, place: Location, label: impl Into<String>) -> Diagnostic {
        self.secondary.push(Label {
            place,
            text: label.into(),
        });
        self
    }
}

/// Returns `found` with at most `most` diagnostics per code, in their order. The last diagnostic
/// of a code states the number of omitted ones.
pub fn few_of_each(found: Vec<Diagnostic>, most: usize) -> Vec<Diagnostic> {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut kept: Vec<Diagnostic> = Vec::new();
    for fault in found {
        let count = counts.entry(fault.code.name).or_default();
        *count += 1;
        if *count <= most {
            kept.push(fault);
        }
    }
    for (code, count) in counts.into_iter().filter(|(_, count)| *count > most) {
        if let Some(last) = kept.iter_mut().rfind(|fault| fault.code.name == code) {
            last.and_more(count - most);
        }
    }
    kept
}

/// A fault for each of the first `most` of `items`, as `found` makes it; the last one says how many more items there are.
pub fn first_few<T>(
    items: Vec<T>,
    most: usize,
    found: impl FnMut(T) -> Diagnostic,
) -> Vec<Diagnostic> {
    let more = items.len().saturating_sub(most);
    let mut few: Vec<Diagnostic> = items.into_iter().take(most).map(found).collect();
    if let (Some(last), true) = (few.last_mut(), more > 0) {
        last.and_more(more);
    }
    few
}

/// Keeps `most` of the faults from number `first` on; the last one that is kept says how many more there are.
pub fn keep_few(found: &mut Vec<Diagnostic>, first: usize, most: usize) {
    let more = found.len().saturating_sub(first + most);
    found.truncate(first + most);
    if let (Some(last), true) = (found.last_mut(), more > 0) {
        last.and_more(more);
    }
}

/// Number of diagnostics by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Diagnostics of severity error.
    pub errors: usize,
    /// Diagnostics of severity warning.
    pub warnings: usize,
}

impl Counts {
    /// Counts `found` by severity.
    pub fn of<'d>(found: impl IntoIterator<Item = &'d Diagnostic>) -> Counts {
        let (errors, warnings): (Vec<_>, Vec<_>) = found
            .into_iter()
            .partition(|it| it.severity == Severity::Error);
        Counts {
            errors: errors.len(),
            warnings: warnings.len(),
        }
    }
}
