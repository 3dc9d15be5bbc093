//! Verdict on a change: ready, review required, or refused.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Change, EntryChange, FieldChange, Kind, TakenName};
use shopfront_diagnostics::Counts;
use shopfront_diagnostics::{Diagnostic, Severity};
use shopfront_model::catalogue::EntryKey;
use shopfront_model::register::HeldAs;
use shopfront_text as text;
use shopfront_text::counted;

/// Decision about a branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// No review required: a program may merge the branch.
    Good,
    /// Review required before the merge.
    NeedsReview,
    /// The branch has errors, and cannot be merged.
    Refused,
}

impl Decision {
    /// Returns the identifier for data.
    pub fn as_str(self) -> &'static str {
        match self {
            Decision::Good => "good",
            Decision::NeedsReview => "look",
            Decision::Refused => "refused",
        }
    }

    /// Returns the display text.
    pub fn label(self) -> &'static str {
        match self {
            Decision::Good => "good",
            Decision::NeedsReview => "a person must look",
            Decision::Refused => "refused",
        }
    }

    /// Returns the exit code.
    pub fn exit(self) -> u8 {
        match self {
            Decision::Good => 0,
            Decision::Refused => 1,
            Decision::NeedsReview => 3,
        }
    }
}

/// Decision with its reasons.
#[derive(Debug)]
pub struct Verdict {
    /// The decision.
    pub decision: Decision,
    /// Reasons without a full stop. Empty if the branch is ready.
    pub reasons: Vec<String>,
}

/// Returns the verdict on `change`. `found` are its diagnostics, and `author` is the GitHub login
/// of its author.
///
/// All reasons are included, even those for review of a refused branch: authors who fix the errors
/// know the next step.
pub fn verdict(change: &Change, found: &[Diagnostic], author: Option<&str>) -> Verdict {
    let mut reasons = Vec::new();
    let counts = Counts::of(found);
    if counts.errors > 0 {
        reasons.push(counted(counts.errors, "error"));
    }
    // What binds most comes first: a comment leaves out what does not fit.
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
    for entry in &change.entries {
        reasons.extend(reasons_of_entry(entry, author));
    }
    reasons.extend(warnings(change, found));
    let decision = match (counts.errors, reasons.is_empty()) {
        (0, true) => Decision::Good,
        (0, false) => Decision::NeedsReview,
        _ => Decision::Refused,
    };
    Verdict { decision, reasons }
}

/// Returns `true` if a changed field makes the entry a tombstone.
fn withdraws(entry: &EntryChange) -> bool {
    let is_withdrawn =
        |value: &Value| value.as_str() == Some("withdrawn") || value["state"] == "withdrawn";
    let of_lifecycle = entry
        .fields
        .iter()
        .filter(|field| field.pointer == "/lifecycle" || field.pointer == "/lifecycle/state");
    of_lifecycle.map(|field| &field.to).any(is_withdrawn)
}

/// Descriptive fields, which a listed maintainer may change without review. Every other field names
/// a person, is a link, determines the installation, or is permanent. Unknown fields count among
/// those.
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

/// Returns the reasons for which a change of one entry requires review.
fn reasons_of_entry(entry: &EntryChange, author: Option<&str>) -> Vec<String> {
    let key = &entry.key;
    let mut reasons = Vec::new();
    match &entry.kind {
        // A person decides once who may claim a name. Later, the listed maintainers are responsible
        // for it.
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
    if !entry.is_compared {
        reasons.push(format!("what changes in `{key}` can not be told"));
    }
    if let (Some(former), Kind::Changed) = (&entry.former_path, &entry.kind) {
        let shown = |path: &str| text::one_line(&text::marked(path), 120);
        reasons.push(format!(
            "`{key}` moves from `{}` to `{}`",
            shown(former),
            shown(&entry.path)
        ));
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
    // GitHub ignores case in logins. Only maintainers from before the change count: authors cannot
    // add themselves.
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

/// Returns the reason for a newly claimed name. As for a new entry, a person decides who may claim
/// it, all the more if another entry has it.
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

/// Returns the reason for fields that a listed maintainer may not change without review. Names are
/// reported separately.
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

/// Returns the pointers of the differences. For an object that is added or removed as a whole,
/// returns those of its members.
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

/// Returns the reason for warnings about files of the branch. They refuse nothing, but require
/// review.
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
