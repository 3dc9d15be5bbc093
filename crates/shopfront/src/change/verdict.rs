//! Whether a change may go into the store: it is good, a person must look, or it is refused.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Change, EntryChange, FieldChange, Kind, TakenName};
use shopfront_diagnostics::Counts;
use shopfront_diagnostics::{Diagnostic, Severity};
use shopfront_model::catalogue::EntryKey;
use shopfront_model::register::HeldAs;
use shopfront_text as text;
use shopfront_text::counted;

/// What is to be done with a branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Nothing in it needs a person: a program may merge it.
    Good,
    /// A person must look, and may then merge it.
    NeedsReview,
    /// It has faults, and can not be merged.
    Refused,
}

impl Decision {
    /// As data write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Decision::Good => "good",
            Decision::NeedsReview => "look",
            Decision::Refused => "refused",
        }
    }

    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            Decision::Good => "good",
            Decision::NeedsReview => "a person must look",
            Decision::Refused => "refused",
        }
    }

    /// The exit code that says it.
    pub fn exit(self) -> u8 {
        match self {
            Decision::Good => 0,
            Decision::Refused => 1,
            Decision::NeedsReview => 3,
        }
    }
}

/// A decision, and why.
#[derive(Debug)]
pub struct Verdict {
    /// The decision.
    pub decision: Decision,
    /// Each reason in words, without a full stop; none when the branch is good.
    pub reasons: Vec<String>,
}

/// What is to be done with `change`, in which `found` was found, when the GitHub login of its
/// author is `author`.
///
/// Every reason is told, also those for a look at what is refused: whoever mends the faults sees at
/// once what comes next.
pub fn verdict(change: &Change, found: &[Diagnostic], author: Option<&str>) -> Verdict {
    let mut reasons = Vec::new();
    let counts = Counts::of(found);
    if counts.errors > 0 {
        reasons.push(counted(counts.errors, "error"));
    }
    for entry in &change.entries {
        reasons.extend(reasons_of_entry(entry, author));
    }
    reasons.extend(
        change
            .settings
            .iter()
            .map(|it| format!("`{}` says how the store works for everybody", it.path)),
    );
    if !change.files.is_empty() {
        reasons.push(format!(
            "{} in the catalogue that no program can judge, such as images",
            counted(change.files.len(), "file")
        ));
    }
    if !change.outside.is_empty() {
        reasons.push(format!(
            "{} outside of the catalogue",
            counted(change.outside.len(), "file")
        ));
    }
    reasons.extend(warnings(change, found));
    let decision = match (counts.errors, reasons.is_empty()) {
        (0, true) => Decision::Good,
        (0, false) => Decision::NeedsReview,
        _ => Decision::Refused,
    };
    Verdict { decision, reasons }
}

/// Whether one of the fields that change makes a tombstone of the entry.
fn withdraws(entry: &EntryChange) -> bool {
    let is_withdrawn =
        |value: &Value| value.as_str() == Some("withdrawn") || value["state"] == "withdrawn";
    let of_lifecycle = entry
        .fields
        .iter()
        .filter(|field| field.pointer == "/lifecycle" || field.pointer == "/lifecycle/state");
    of_lifecycle.map(|field| &field.to).any(is_withdrawn)
}

/// Fields that describe, and bind nobody: whoever is listed as a maintainer may change these alone.
/// Every other field names somebody, leads somewhere, decides what is installed, or stays for ever;
/// a field that nobody thought of is among those.
const DESCRIPTIVE: &[&str] = &[
    "/categories",
    "/comment",
    "/display_description",
    "/icon",
    "/keywords",
    "/lifecycle/reason",
    "/lifecycle/state",
    "/screenshots",
];

/// Why a person has to look at what happens to one entry.
fn reasons_of_entry(entry: &EntryChange, author: Option<&str>) -> Vec<String> {
    let key = &entry.key;
    let mut reasons = Vec::new();
    match &entry.kind {
        // Who may take a name is decided once, by a person: later on the maintainers who are listed
        // speak for it.
        Kind::Added => return vec![format!("`{key}` is new")],
        Kind::Removed => return vec![format!("`{key}` is gone")],
        Kind::Renamed { from } => {
            reasons.push(format!(
                "`{}/{from}` is renamed to `{key}`, for ever",
                key.host
            ));
            if withdraws(entry) {
                reasons.push(format!("`{key}` is withdrawn, for ever"));
            }
        }
        Kind::Withdrawn => reasons.push(format!("`{key}` is withdrawn, for ever")),
        Kind::Revived => reasons.push(format!("`{key}` was withdrawn, and comes back")),
        Kind::Changed => {}
    }
    if entry
        .fields
        .iter()
        .any(|field| field.pointer == "/maintainers")
    {
        reasons.push(format!("the maintainers of `{key}` change"));
    }
    reasons.extend(entry.names.iter().map(|name| reason_of_name(key, name)));
    reasons.extend(reason_of_fields(entry));
    // GitHub compares logins without regard to case. Those who were listed before count: nobody
    // lets themselves in.
    match author {
        _ if entry.maintainers.is_empty() => reasons.push(format!(
            "`{key}` lists no maintainer who could speak for it"
        )),
        None => reasons.push(format!(
            "nobody said who changes `{key}`: name the login with `--author`"
        )),
        Some(author)
            if entry
                .maintainers
                .iter()
                .any(|it| it.eq_ignore_ascii_case(author)) => {}
        Some(author) => reasons.push(format!(
            "`{author}` is not among the maintainers of `{key}`"
        )),
    }
    reasons
}

/// A name that nobody had is new: who may take it is decided by a person, as of a new entry. One
/// that somebody has even more.
fn reason_of_name(key: &EntryKey, taken: &TakenName) -> String {
    let name = text::one_line(&text::marked(&taken.name), 80);
    let what = match taken.held_as {
        HeldAs::DisplayName => format!("`{key}` calls itself `{name}` now"),
        _ => format!("`{key}` takes the id `{name}`, for ever"),
    };
    match &taken.other {
        Some(other) if other.host == key.host.as_str() => {
            format!("{what}, which is or looks like {}", other.words())
        }
        Some(other) => format!(
            "{what}, which is or looks like {} for `{}`",
            other.words(),
            other.host
        ),
        None if taken.held_as == HeldAs::DisplayName => what,
        None => format!("{what}, which no entry had"),
    }
}

/// The fields that a listed maintainer does not change alone, but for names, which are told one by
/// one.
fn reason_of_fields(entry: &EntryChange) -> Option<String> {
    let key = &entry.key;
    let withdraws_or_revives = matches!(entry.kind, Kind::Withdrawn | Kind::Revived);
    let is_told = |pointer: &str| {
        matches!(pointer, "/display_name" | "/formerly" | "/maintainers")
            || (withdraws_or_revives && pointer.starts_with("/lifecycle"))
    };
    let changed: BTreeSet<String> = entry
        .fields
        .iter()
        .flat_map(leaves)
        .filter(|it| !is_told(it))
        .collect();
    let binding: Vec<String> = changed
        .iter()
        .filter(|it| !DESCRIPTIVE.contains(&it.as_str()))
        .map(|it| format!("`{}`", it.trim_start_matches('/').replace('/', ".")))
        .collect();
    (!binding.is_empty()).then(|| {
        format!(
            "`{key}` changes fields that need a review: {}",
            binding.join(", ")
        )
    })
}

/// The pointers of what differs: of an object that comes or goes as a whole, those of its members.
fn leaves(field: &FieldChange) -> Vec<String> {
    let members: Vec<String> = [&field.from, &field.to]
        .into_iter()
        .filter_map(Value::as_object)
        .flat_map(|object| object.keys().map(|key| format!("{}/{key}", field.pointer)))
        .collect();
    if members.is_empty() {
        vec![field.pointer.clone()]
    } else {
        members
    }
}

/// A warning about what the branch touches refuses nothing, and wants to be weighed.
fn warnings(change: &Change, found: &[Diagnostic]) -> Option<String> {
    let paths: BTreeSet<&str> = change
        .entries
        .iter()
        .map(|it| it.path.as_str())
        .chain(change.settings.iter().map(|it| it.path.as_str()))
        .collect();
    let touches = |it: &&Diagnostic| {
        it.severity == Severity::Warning
            && std::iter::once(&it.primary)
                .chain(&it.secondary)
                .any(|label| paths.contains(label.place.path.as_str()))
    };
    let count = found.iter().filter(touches).count();
    (count > 0).then(|| format!("{} about what it touches", counted(count, "warning")))
}
