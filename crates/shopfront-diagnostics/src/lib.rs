//! One fault of a contributor's file: what is so, where, and what to do about it.

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

/// How much a fault weighs. It belongs to the code, not to the place that finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Refuses the build.
    Error,
    /// Is told, and refuses nothing.
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

/// What must be known to find a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// The files of the catalogue alone.
    Files,
    /// What a registry said as well. Such a fault may appear overnight, so it never refuses a
    /// build, and it refuses a pull request only where that request adds or changes the
    /// snippet.
    Answers,
    /// A package file.
    Package,
}

/// The kind of a fault: its name for ever, its weight and its page.
#[derive(Debug)]
pub struct Code {
    /// Kebab-case; names the bad thing: `duplicate-module`.
    pub name: &'static str,
    /// Whether it refuses the build.
    pub severity: Severity,
    /// What must be known to find it.
    pub needs: Needs,
    /// `docs/errors/<name>.md`, up to its further cases.
    pub page: &'static str,
}

impl Code {
    /// A fault of this kind at `place`; `message` stands alone, `label` is short and stands at the
    /// place.
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

    /// What the page says first, below its title: one sentence.
    pub fn summary(&self) -> &'static str {
        self.page
            .lines()
            .skip(1)
            .map(str::trim)
            .find(|line| !line.is_empty())
            .unwrap_or_default()
    }
}

/// Declares a [`Code`]; without `docs/errors/<name>.md` it does not compile.
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

/// Which part of a member to point at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Its name.
    Key,
    /// Its value.
    Value,
    /// The opening bracket of its value.
    Opening,
}

/// A place in a file, as a check knows it; only the report turns it into lines and columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Location {
    /// The file, from the root of the store, with `/`.
    pub path: String,
    /// Where in it.
    pub spot: Span,
}

/// Where in a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Span {
    /// The file as a whole: its name, its kind, its bytes.
    Whole,
    /// A member of a document that parses.
    At(Pointer, Part),
    /// Bytes of a text; for what a pointer can not name, such as the second of two equal keys.
    Bytes(Range<usize>, Pointer),
}

impl Location {
    /// The file as a whole.
    pub fn whole(path: impl Into<String>) -> Location {
        Location {
            path: path.into(),
            spot: Span::Whole,
        }
    }

    /// The value at `pointer`, written as in `/source/pypi`.
    pub fn value(path: impl Into<String>, pointer: impl Into<String>) -> Location {
        Location {
            path: path.into(),
            spot: Span::At(Pointer::new(pointer), Part::Value),
        }
    }

    /// `part` of what stands at `pointer`.
    pub fn part(path: impl Into<String>, pointer: Pointer, part: Part) -> Location {
        Location {
            path: path.into(),
            spot: Span::At(pointer, part),
        }
    }

    /// These bytes of the text.
    pub fn bytes(path: impl Into<String>, bytes: Range<usize>, pointer: Pointer) -> Location {
        Location {
            path: path.into(),
            spot: Span::Bytes(bytes, pointer),
        }
    }
}

/// A place and a few words that stand there.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Where.
    pub place: Location,
    /// What is so there; shorter than the message.
    pub text: String,
}

/// One fault.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Which fault.
    pub code: &'static Code,
    /// Its weight here: that of the code, unless it was softened (see [`Needs::Answers`]).
    pub severity: Severity,
    /// What had to be known to find it here: mostly what its code says.
    pub needs: Needs,
    /// What is so, in the contributor's words; stands alone.
    pub message: String,
    /// The smallest true place.
    pub primary: Label,
    /// The other places of a quarrel.
    pub secondary: Vec<Label>,
    /// What to do, ready to paste.
    pub help: Option<String>,
    /// What mends it for certain.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A fault of a package as it is told to somebody who sees no more of the package than the
    /// snippet that names it: at `place`, with the member that it is in.
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

    /// The same fault, found by what registries said: it refuses only what a branch changes.
    #[must_use]
    pub fn by_answers(mut self) -> Diagnostic {
        self.needs = Needs::Answers;
        self
    }

    /// Whether one of its places is in the file at `path`.
    pub fn points_at(&self, path: &str) -> bool {
        std::iter::once(&self.primary)
            .chain(&self.secondary)
            .any(|label| label.place.path == path)
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// Adds what to do, where it is known.
    #[must_use]
    pub fn help_if(mut self, help: Option<impl Into<String>>) -> Diagnostic {
        self.help = help.map(Into::into);
        self
    }

    /// Adds what mends it for certain.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Diagnostic {
        self.fix = Some(fix);
        self
    }

    /// Adds what mends it, where that is certain.
    #[must_use]
    pub fn fix_if(mut self, fix: Option<Fix>) -> Diagnostic {
        self.fix = fix;
        self
    }

    /// The command that mends it, ready to paste, where one does so for certain.
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

    /// Says that there are `count` more faults like this one.
    fn and_more(&mut self, count: usize) {
        let cure = self
            .help
            .take()
            .map(|help| format!("{help}; "))
            .unwrap_or_default();
        self.help = Some(format!("{cure}and there are {count} more like it"));
    }

    /// Adds a second place.
    #[must_use]
    pub fn with_secondary(mut self, place: Location, label: impl Into<String>) -> Diagnostic {
        self.secondary.push(Label {
            place,
            text: label.into(),
        });
        self
    }
}

/// `found` with at most `most` faults of each code, in their order; the last one of a code says how
/// many more there are.
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

/// Keeps `most` of the faults from number `first` on; the last one that is kept says how many more
/// there are.
pub fn keep_few(found: &mut Vec<Diagnostic>, first: usize, most: usize) {
    let more = found.len().saturating_sub(first + most);
    found.truncate(first + most);
    if let (Some(last), true) = (found.last_mut(), more > 0) {
        last.and_more(more);
    }
}

/// How many faults there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Of severity error.
    pub errors: usize,
    /// Of severity warning.
    pub warnings: usize,
}

impl Counts {
    /// Counts `found`.
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
