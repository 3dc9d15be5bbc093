//! Ids of the headings of a long description: the targets of links within it.

use std::collections::{BTreeMap, BTreeSet};

/// Prefix of every id of a long description, which prevents conflicts with ids of the page.
pub(super) const PREFIX: &str = "readme-";

/// Unique ids of headings, derived from their text as on forges.
#[derive(Default)]
pub(super) struct Slugs {
    taken: BTreeSet<String>,
    /// Number of uses of each id: a heading that is repeated 100 000 times needs no search from
    /// the start.
    wanted: BTreeMap<String, usize>,
}

impl Slugs {
    /// Returns the id of a heading with the text `words`.
    pub(super) fn id(&mut self, words: &str) -> String {
        let kept = words
            .trim()
            .chars()
            .filter(|it| it.is_alphanumeric() || matches!(it, ' ' | '-' | '_'));
        let stem: String = kept
            .map(|it| if it == ' ' { '-' } else { it })
            .collect::<String>()
            .to_lowercase();
        let stem = format!(
            "{PREFIX}{}",
            if stem.is_empty() { "section" } else { &stem }
        );
        let next = self.wanted.entry(stem.clone()).or_default();
        loop {
            let id = if *next == 0 {
                stem.clone()
            } else {
                format!("{stem}-{next}")
            };
            *next += 1;
            if self.taken.insert(id.clone()) {
                return id;
            }
        }
    }
}

/// Removes links to missing ids from `html`: a table of contents may name headings that were
/// removed.
pub(super) fn unbroken(html: String) -> String {
    let opening = format!("<a href=\"#{PREFIX}");
    if !html.contains(&opening) {
        return html;
    }
    let ids: BTreeSet<&str> = html
        .split(" id=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let mut out = String::with_capacity(html.len());
    let mut parts = html.split(&opening);
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (name, behind) = part.split_once('"').unwrap_or((part, ""));
        if ids.contains(format!("{PREFIX}{name}").as_str()) {
            out.push_str(&opening);
            out.push_str(part);
        } else {
            out.push_str("<a");
            out.push_str(&behind[behind.find('>').unwrap_or(0)..]);
        }
    }
    out
}
