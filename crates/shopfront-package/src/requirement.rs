//! Requirements for one project in a list of PEP 508 requirements.

use std::str::FromStr;

use pep440_rs::{Operator, Version, VersionSpecifier, VersionSpecifiers};
use pep508_rs::{Requirement, VersionOrUrl};
use url::Url;

use shopfront_text::names::normal_project;

/// Versions of a project that its dependents allow.
#[derive(Clone, Debug)]
pub struct Range {
    specifiers: Vec<VersionSpecifiers>,
    /// Source requirements as written.
    pub written: Vec<String>,
}

impl Range {
    /// Returns `true` if `version` is allowed; a pre-release is compared literally, and not
    /// excluded as in installers.
    pub fn contains(&self, version: &Version) -> bool {
        self.specifiers.iter().all(|it| it.contains(version))
    }

    /// Returns the range in words; `None` if it allows every version.
    pub fn wanted(&self) -> Option<Wanted> {
        let all: Vec<&VersionSpecifier> = self.specifiers.iter().flat_map(|it| it.iter()).collect();
        match all.as_slice() {
            [] => None,
            [one] if *one.operator() == Operator::GreaterThanEqual => {
                Some(Wanted::AtLeast(one.version().to_string()))
            }
            several => Some(Wanted::Specifiers(
                several
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(", "),
            )),
        }
    }
}

/// Version range in words.
#[derive(Debug, PartialEq, Eq)]
pub enum Wanted {
    /// This version or any newer one.
    AtLeast(String),
    /// Versions of these specifiers.
    Specifiers(String),
}

/// Result of parsing a requirement.
pub enum Reading {
    /// Valid requirement.
    Valid(Box<Requirement<Url>>),
    /// Invalid requirement, with the reason.
    Broken(String),
    /// Not parsed: the nesting or the conditions would exhaust the stack or the memory of the
    /// parser.
    TooMuch,
}

/// Parses the text of an untrusted requirement.
///
/// Its URL is a plain [`Url`]: the parser's own type expands `${NAME}` from the environment, and
/// would thus disclose it to readers of the report.
///
/// The parser of markers recurses for each bracket, and its decision diagram can double with each
/// `and`: a line of 3 KB took 7 s.
pub fn read(written: &str) -> Reading {
    const LONGEST: usize = 2048;
    const MOST_BRACKETS: usize = 32;
    if written.len() > LONGEST
        || written.matches('(').count() > MOST_BRACKETS
        || paths(written) > MOST_PATHS
    {
        return Reading::TooMuch;
    }
    if let Some(why) = outside_of_grammar(written) {
        return Reading::Broken(why);
    }
    // The net below the grammar: whatever else the parser stumbles over is a fault of this
    // requirement, not of the run.
    match std::panic::catch_unwind(|| Requirement::from_str(written)) {
        Ok(Ok(requirement)) => Reading::Valid(Box::new(requirement)),
        Ok(Err(why)) => Reading::Broken(why.message.to_string()),
        Err(_) => Reading::TooMuch,
    }
}

/// The longest number of a requirement: the parser adds one to numbers of 64 bits.
const MAX_DIGITS: usize = 18;

/// The variables of markers that contain versions: `~=` compares nothing else.
const VERSION_VARIABLES: [&str; 3] = [
    "implementation_version",
    "python_full_version",
    "python_version",
];

/// The reason why PEP 508 does not allow `written`, where the parser would panic instead of
/// refusing it.
fn outside_of_grammar(written: &str) -> Option<String> {
    if let Some(other) = written
        .chars()
        .find(|it| !it.is_ascii() || (it.is_ascii_control() && !it.is_ascii_whitespace()))
    {
        return Some(format!(
            "expected ASCII characters, found `{}`",
            other.escape_default()
        ));
    }
    if let Some(last) = bad_last_letter(written) {
        return Some(format!(
            "a name must end with a letter or a digit, not with `{last}`"
        ));
    }
    let (before, marker) = written.split_once(';').unwrap_or((written, ""));
    // An address has no version, but often a hash.
    let versions = if is_direct_url(before) {
        ""
    } else {
        split_at_name(before).1
    };
    let has_long_number = |text: &str| {
        text.split(|it: char| !it.is_ascii_digit())
            .any(|digits| digits.len() > MAX_DIGITS)
    };
    if has_long_number(versions) || has_long_number(marker) {
        return Some(format!("expected numbers of at most {MAX_DIGITS} digits"));
    }
    let around = marker
        .match_indices("~=")
        .map(|(at, operator)| (&marker[..at], &marker[at + operator.len()..]));
    let compares_version = |(left, right): (&str, &str)| {
        VERSION_VARIABLES
            .iter()
            .any(|name| left.trim_end().ends_with(name) || right.trim_start().starts_with(name))
    };
    (!around.into_iter().all(compares_version))
        .then(|| "`~=` compares versions, not texts".to_owned())
}

/// Maximum number of paths through the conditions of a parsed requirement.
const MOST_PATHS: usize = 256;
/// Maximum number of conditions of a parsed requirement: each is compared with the previous ones.
const MOST_CONDITIONS: usize = 40;
/// Maximum number of lines about one project that are read; a package needs a few.
const MOST_LINES: usize = 100;

/// Returns the number of paths through the decision diagram of `written`, or more. Parts of one
/// kind between parts of the other kind multiply the paths.
fn paths(written: &str) -> usize {
    let count = |wanted: &str| {
        written
            .split(|it: char| !it.is_ascii_alphabetic())
            .filter(|word| *word == wanted)
            .count()
    };
    let (ands, ors) = (count("and"), count("or"));
    let (fewer, more) = (ands.min(ors), ands.max(ors));
    if ands + ors > MOST_CONDITIONS {
        return usize::MAX;
    }
    let of_each = 1 + more.div_ceil(fewer.max(1));
    u32::try_from(fewer)
        .ok()
        .and_then(|fewer| of_each.checked_pow(fewer))
        .unwrap_or(usize::MAX)
}

/// Returns an invalid last character of the name of the project or of an extra. The parser
/// accepts it as a name, and panics.
fn bad_last_letter(written: &str) -> Option<char> {
    let (name, rest) = split_at_name(written);
    let extras = rest
        .trim_start()
        .strip_prefix('[')
        .map_or("", |rest| rest.split(']').next().unwrap_or_default());
    let words = extras.split(|it: char| it == ',' || it.is_whitespace());
    std::iter::once(name)
        .chain(words)
        .filter_map(|word| word.chars().last())
        .find(|it| matches!(it, '.' | '_' | '-'))
}

fn parsed(written: &str) -> Option<Requirement<Url>> {
    match read(written) {
        Reading::Valid(requirement) => Some(*requirement),
        Reading::Broken(_) | Reading::TooMuch => None,
    }
}

/// Returns the range of `project` in `required` without extras; `None` if it is not required.
///
/// A requirement of an extra is ignored. One with an environment marker counts, but its range
/// does not: it may apply to machines other than the reader's.
pub fn range_of(project: &str, required: &[String]) -> Option<Range> {
    let mut range = Range {
        specifiers: Vec::new(),
        written: Vec::new(),
    };
    for written in required
        .iter()
        .filter(|written| begins_with_name(written, project))
        .take(MOST_LINES)
    {
        let Some(requirement) = parsed(written) else {
            continue;
        };
        if !requirement.marker.evaluate_extras(&[]) {
            continue;
        }
        if let (Some(VersionOrUrl::VersionSpecifier(specifiers)), true) =
            (requirement.version_or_url, requirement.marker.is_true())
        {
            range.specifiers.push(specifiers);
        }
        range.written.push(written.clone());
    }
    (!range.written.is_empty()).then_some(range)
}

/// Returns the indexes of the requirements in `written` that require `project` without an extra.
pub fn about<'w>(project: &str, written: impl Iterator<Item = &'w str>) -> Vec<usize> {
    let requires =
        |written: &str| range_of(project, std::slice::from_ref(&written.to_owned())).is_some();
    let named = written
        .enumerate()
        .filter(|(_, written)| begins_with_name(written, project))
        .take(MOST_LINES);
    named
        .filter(|(_, written)| requires(written))
        .map(|(at, _)| at)
        .collect()
}

/// Returns the extra of `written` and its requirement without that condition. Returns `None` for
/// an unconditional requirement, and for a nontrivial condition: untrusted conditions can be
/// expensive to parse.
pub fn of_extra(written: &str) -> Option<(String, String)> {
    let (required, marker) = written.split_once(';')?;
    if marker.contains(" or ") {
        return None;
    }
    let conditions: Vec<&str> = marker.split(" and ").map(str::trim).collect();
    let extra = |condition: &&str| {
        let value = condition
            .trim_matches(['(', ')'])
            .trim()
            .strip_prefix("extra")?
            .trim_start()
            .strip_prefix("==")?
            .trim();
        let name = value.trim_matches(['\'', '"']);
        (name.len() + 2 == value.len()).then(|| name.to_owned())
    };
    let name = conditions.iter().find_map(extra)?;
    let bare = if conditions.len() == 1 {
        required.trim()
    } else {
        written
    };
    Some((name, bare.to_owned()))
}

/// Returns `true` if the requirement `written` has a condition: an environment marker or an
/// extra.
pub fn is_conditional(written: &str) -> bool {
    written.contains(';')
}

/// Returns the single version of a project that `written` allows, as written: `==1.4.2`.
/// `==1.4.*` allows many.
pub fn pin(written: &str) -> Option<String> {
    // Most requirements have none, and parsing one is expensive.
    if !written.contains("==") {
        return None;
    }
    let requirement = parsed(written)?;
    let Some(VersionOrUrl::VersionSpecifier(specifiers)) = requirement.version_or_url else {
        return None;
    };
    let exact =
        |it: &&VersionSpecifier| matches!(it.operator(), Operator::Equal | Operator::ExactEqual);
    specifiers.iter().find(exact).map(ToString::to_string)
}

/// Returns the project name in `written`, in the registry's normal form.
pub fn project_of(written: &str) -> String {
    normal_project(split_at_name(written).0)
}

/// Returns `true` if `written` has a URL instead of versions: `example @ https://…` (PEP 508).
pub fn is_direct_url(written: &str) -> bool {
    let behind_name = split_at_name(written).1.trim_start();
    let behind_extras = match behind_name.strip_prefix('[') {
        Some(extras) => extras
            .split_once(']')
            .map_or("", |(_, rest)| rest.trim_start()),
        None => behind_name,
    };
    behind_extras.starts_with('@')
}

/// Returns `true` if a requirement begins with a name. Parsing one is expensive, and most of a
/// list are for other projects.
fn begins_with_name(written: &str, project: &str) -> bool {
    project_of(written) == project
}

/// Returns the name at the start of a requirement, after blanks that PEP 508 allows, and the
/// rest.
fn split_at_name(written: &str) -> (&str, &str) {
    let written = written.trim_start();
    let end =
        written.find(|it: char| !(it.is_ascii_alphanumeric() || matches!(it, '.' | '_' | '-')));
    written.split_at(end.unwrap_or(written.len()))
}

#[cfg(test)]
mod tests {
    use super::{Reading, is_direct_url, of_extra, project_of, range_of, read};

    /// Returns a requirement with `count` consecutive conditions of `parts`.
    fn of_conditions(count: usize, between: &str, condition: impl Fn(usize) -> String) -> String {
        format!(
            "tides; {}",
            (0..count).map(condition).collect::<Vec<_>>().join(between)
        )
    }

    #[test]
    fn conditions_whose_diagram_grows_with_each_of_them_are_not_taken_apart() {
        let pairs = |at: usize| format!("(extra == 'a{at}' or extra == 'b{at}')");
        let many = |at: usize| {
            format!(
                "('a{at}' in os_name or 'b{at}' in sys_platform or 'c{at}' in platform_machine)"
            )
        };
        let both = |at: usize| format!("(extra == 'a{at}' and os_name == 'b{at}')");
        let costly = [
            of_conditions(16, " and ", pairs),
            of_conditions(12, " and ", many),
            of_conditions(16, " or ", both),
            of_conditions(200, " or ", |at| format!("'a{at}' in os_name")),
            of_conditions(2, " and ", |at| {
                format!("os_name == '{}'", "a".repeat(at * 10_000))
            }),
        ];
        for written in costly {
            assert!(
                matches!(read(&written), Reading::TooMuch),
                "{}",
                &written[..80]
            );
        }
        let usual = [
            of_conditions(12, " or ", |at| format!("platform_machine == 'm{at}'")),
            format!(
                "{} and python_version < '3.14'",
                of_conditions(12, " or ", |at| format!("platform_machine == 'm{at}'"))
            ),
            of_conditions(3, " or ", |at| {
                format!(
                    "python_version >= '3.{at}' and python_version < '3.{}'",
                    at + 1
                )
            }),
            of_conditions(20, " and ", |at| format!("python_version != '3.{at}'")),
        ];
        for written in usual {
            assert!(matches!(read(&written), Reading::Valid(_)), "{written}");
        }
    }

    #[test]
    fn what_the_parser_would_panic_at_is_broken() {
        let most = u64::MAX;
        let panicking = [
            "tides>=1; 'x' ~= os_name".to_owned(),
            "tides>=1; 'python_version' ~= os_name".to_owned(),
            "tides>=1; os_name == 'x' and ('x'~=sys_platform)".to_owned(),
            "tides @ https://tides.example/a.whl ; 'x' ~= os_name".to_owned(),
            "tides>=1; os_name == 'x' \u{e9}".to_owned(),
            "tides>=1; os_name == 'x' '\u{e9}' and os_name == 'y'".to_owned(),
            "tides>=1; os_name == '\u{1d7d9}' and os_name == 'y' \u{1d7d9}".to_owned(),
            format!("tides; python_version > '3.{most}'"),
            format!("tides; python_version <= '3.{most}'"),
            format!("tides; python_version in '3.{most}'"),
            format!("tides; python_full_version ~= '3.{most}.0'"),
            format!("tides; '3.{most}' < python_version"),
            format!("tides; implementation_version == '1.{most}.*'"),
            format!("tides=={most}.*"),
            format!("tides[maps]~={most}.1"),
        ];
        for written in &panicking {
            assert!(matches!(read(written), Reading::Broken(_)), "{written}");
            assert!(
                range_of("tides", std::slice::from_ref(written)).is_none(),
                "{written}"
            );
        }
        let sound = [
            "tides~=1.2; python_version ~= '3.11'",
            "tides; '3.11'~=python_full_version",
            "tides==0.0.20261201123456",
            "tides @ https://tides.example/1234567890123456789012345/a.whl#sha256=12345678901234567890 ; os_name == 'nt'",
        ];
        for written in sound {
            assert!(matches!(read(written), Reading::Valid(_)), "{written}");
        }
    }

    #[test]
    fn blanks_before_a_name_are_no_part_of_it() {
        assert_eq!(project_of("  Tide_Tables >=1"), "tide-tables");
        assert!(is_direct_url(
            "\ttide-tables[maps] @ https://tides.example/tables.whl"
        ));
        assert!(!is_direct_url(" tide-tables>=1"));
    }

    #[test]
    fn what_an_extra_brings_is_told_from_what_is_always_required() {
        let both = "tomli; python_version < \"3.11\" and extra == \"dev\"";
        let cases = [
            ("httpx", None),
            ("httpx>=1; python_version < \"3.12\"", None),
            ("pytest>=8 ; extra == 'test'", Some(("test", "pytest>=8"))),
            ("pytest; (extra==\"test\")", Some(("test", "pytest"))),
            (both, Some(("dev", both))),
            ("a; extra == 'x' or extra == 'y'", None),
            ("a; extra != 'x'", None),
        ];
        for (written, expected) in cases {
            let found = of_extra(written);
            assert_eq!(
                found
                    .as_ref()
                    .map(|(name, bare)| (name.as_str(), bare.as_str())),
                expected,
                "{written}"
            );
        }
    }
}
