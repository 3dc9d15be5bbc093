//! A name that a hurried reader takes for another entry's.

use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;
use unicode_security::confusable_detection::skeleton;

use super::{Check, Rule};
use crate::catalogue::{Catalogue, Host, Snippet};
use crate::diagnostic::{Code, Diagnostic, Place, code};
use crate::names::folded_id;

static CODE: Code = code!("confusable-name", Warning, Files);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Catalogue(run) };

/// Words that are put before or behind a known name to look like more of it.
const AFFIXES: &[&str] =
    &["official", "original", "plugin", "plugins", "python", "latest", "fixed", "plus", "real", "new", "pro", "ng", "py", "2", "x"];

/// Shorter names are one edit apart by chance: `ml` and `llm`.
const LEAST_LENGTH: usize = 5;

fn run(catalogue: &Catalogue, found: &mut Vec<Diagnostic>) {
    for host in catalogue.hosts.values() {
        let mut names = Vec::new();
        for snippet in catalogue.of_host(&host.id).iter().filter(|it| !it.is_withdrawn()) {
            names.push(Name { snippet, folded: folded_id(&snippet.id), pointer: None });
            let title = folded_title(host, &snippet.body.display_name);
            if title != folded_id(&snippet.id) {
                names.push(Name { snippet, folded: title, pointer: Some("/display_name") });
            }
        }
        let mut told = BTreeSet::new();
        for (a, b, why) in look_alikes(&names).into_iter().chain(with_affix(&names)).chain(one_edit_apart(&names)) {
            let (first, later) =
                if names[a].snippet.path < names[b].snippet.path { (&names[a], &names[b]) } else { (&names[b], &names[a]) };
            if is_known_pair(first.snippet, later.snippet) || !told.insert((&first.snippet.path, &later.snippet.path)) {
                continue;
            }
            found.push(report(first, later, why));
        }
    }
}

/// An id, or the letters and digits of a display name.
struct Name<'s> {
    snippet: &'s Snippet,
    folded: String,
    pointer: Option<&'static str>,
}

impl Name<'_> {
    fn place(&self) -> Place {
        self.pointer.map_or_else(|| Place::whole(&self.snippet.path), |pointer| Place::value(&self.snippet.path, pointer))
    }

    fn shown(&self) -> &str {
        if self.pointer.is_some() { &self.snippet.body.display_name } else { &self.snippet.id }
    }
}

/// Letters and digits only, without the name of the host, which half of the plugins begin with.
fn folded_title(host: &Host, title: &str) -> String {
    let fold = |text: &str| text.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let folded = fold(title);
    folded.strip_prefix(&fold(&host.body.title)).filter(|rest| !rest.is_empty()).map_or_else(|| folded.clone(), str::to_owned)
}

type Pair = (usize, usize, &'static str);

/// Names that Unicode's table of confusable characters makes equal, or that differ in `0`/`o` and `1`/`l`/`i` only.
fn look_alikes(names: &[Name<'_>]) -> Vec<Pair> {
    let mut first_of: HashMap<String, usize> = HashMap::with_capacity(names.len());
    let mut pairs = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let looks = |it: char| match it {
            '0' => 'o',
            '1' | 'i' => 'l',
            other => other,
        };
        let image: String = if name.folded.is_ascii() {
            name.folded.chars().map(looks).collect()
        } else {
            skeleton(&name.folded).flat_map(char::to_lowercase).map(looks).collect()
        };
        match first_of.get(&image) {
            Some(first) => pairs.push((*first, index, "looks like")),
            None => {
                first_of.insert(image, index);
            }
        }
    }
    pairs
}

/// Names that are another name with one of [`AFFIXES`].
fn with_affix(names: &[Name<'_>]) -> Vec<Pair> {
    let index_of: HashMap<&str, usize> = names.iter().enumerate().map(|(index, name)| (name.folded.as_str(), index)).collect();
    let mut pairs = Vec::new();
    for (index, name) in names.iter().enumerate() {
        for affix in AFFIXES {
            let cores = [name.folded.strip_prefix(affix), name.folded.strip_suffix(affix)];
            let known = cores.into_iter().flatten().filter(|core| core.len() >= 4).find_map(|core| index_of.get(core));
            if let Some(core) = known {
                pairs.push((*core, index, "only adds a word to"));
            }
        }
    }
    pairs
}

/// Names of which one becomes the other by one letter more, less, other or swapped. Every such pair shares a form
/// that lacks one letter, so that no name is compared with all others.
fn one_edit_apart(names: &[Name<'_>]) -> Vec<Pair> {
    let long: Vec<usize> = (0..names.len()).filter(|index| names[*index].folded.chars().count() >= LEAST_LENGTH).collect();
    let forms = |index: usize| shortened_forms(&names[index].folded).map(move |form| (form, index));
    let mut with_form: Vec<(u64, usize)> = long.into_par_iter().flat_map_iter(forms).collect();
    with_form.par_sort_unstable();
    with_form.dedup();
    let mut pairs = Vec::new();
    for same in with_form.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
        for (position, (_, a)) in same.iter().enumerate() {
            let others = same[position + 1..].iter().map(|(_, b)| *b);
            pairs.extend(others.filter(|b| is_one_edit(&names[*a].folded, &names[*b].folded)).map(|b| (*a, b, "is one letter away from")));
        }
    }
    pairs
}

/// Hashes of the name itself and of the name without each of its letters (FNV-1a).
fn shortened_forms(name: &str) -> impl Iterator<Item = u64> + '_ {
    let positions = std::iter::once(usize::MAX).chain(name.char_indices().map(|(at, _)| at));
    positions.map(|left_out| {
        let kept = name.char_indices().filter(|(at, _)| *at != left_out);
        kept.fold(0xcbf2_9ce4_8422_2325, |hash: u64, (_, letter)| (hash ^ u64::from(u32::from(letter))).wrapping_mul(0x0100_0000_01b3))
    })
}

fn is_one_edit(a: &str, b: &str) -> bool {
    // `sqlite3` and `sqlite4`, `part1` and `part2` are named so on purpose.
    let is_other_digit =
        a.len() == b.len() && a.chars().zip(b.chars()).filter(|(x, y)| x != y).all(|(x, y)| x.is_ascii_digit() && y.is_ascii_digit());
    a != b && !is_other_digit && strsim::damerau_levenshtein(a, b) == 1
}

/// Pairs that quarrel under another code, or that say themselves what they are to each other.
fn is_known_pair(first: &Snippet, later: &Snippet) -> bool {
    let leads_to =
        |from: &Snippet, to: &Snippet| from.body.lifecycle.as_ref().and_then(|it| it.successor.as_deref()) == Some(to.id.as_str());
    first.path == later.path
        || folded_id(&first.id) == folded_id(&later.id)
        || first.uid == later.uid
        || leads_to(first, later)
        || leads_to(later, first)
}

fn report(first: &Name<'_>, later: &Name<'_>, why: &str) -> Diagnostic {
    let message = format!("the name `{}` {why} `{}`", later.shown(), first.shown());
    CODE.at(later.place(), "could be taken for the other", message)
        .and(first.place(), "the other")
        .help("choose a name that nobody mixes up, or tell the maintainers why it is right")
}
