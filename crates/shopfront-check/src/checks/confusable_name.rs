//! A name that a hurried reader takes for another entry's.

use std::collections::{BTreeSet, HashMap};

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Location, code};
use shopfront_model::catalogue::{Catalogue, Host, Snippet};
use shopfront_text as text;
use shopfront_text::names::{self, folded_id, push_lower};

static CODE: Code = code!("confusable-name", Warning, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Catalogue(run),
};

/// Words that are put before or behind a known name to look like more of it.
const AFFIXES: &[&str] = &[
    "official", "original", "plugin", "plugins", "python", "latest", "fixed", "plus", "real",
    "new", "pro", "ng", "py", "2", "x",
];

/// Shorter names are one edit apart by chance: `ml` and `llm`.
const LEAST_LENGTH: usize = 5;

fn run(catalogue: &Catalogue, diagnostics: &mut Vec<Diagnostic>) {
    for host in catalogue.hosts.values() {
        let names = names_of(host, catalogue.of_host(&host.id));
        // Names that are merely near are told of what is listed: nobody installs a tombstone by
        // mistake.
        let listed: Vec<&Name<'_>> = names.iter().filter(|name| name.is_listed()).collect();
        let near = with_affix(&listed)
            .into_iter()
            .chain(one_edit_apart(&listed))
            .map(|(a, b, why)| (listed[a], listed[b], why));
        let mut told = BTreeSet::new();
        for (a, b, why) in look_alikes(&names).into_iter().chain(near) {
            // What was taken before, for ever, is the first.
            let age = |name: &Name<'_>| (name.is_listed(), name.snippet.path.clone());
            let (first, later) = if age(a) < age(b) { (a, b) } else { (b, a) };
            if is_known_pair(first, later)
                || !told.insert((&first.snippet.path, &later.snippet.path))
            {
                continue;
            }
            diagnostics.push(report(first, later, why));
        }
    }
    for snippet in catalogue.snippets.iter().filter(|it| !it.is_withdrawn()) {
        let body = &snippet.body;
        let texts = [
            (DISPLAY_NAME, &body.display_name),
            ("/display_description", &body.display_description),
            ("/author", &body.author),
        ];
        diagnostics.extend(
            texts
                .into_iter()
                .filter_map(|(pointer, text)| mixed(snippet, pointer, text)),
        );
        let keywords = body.keywords.iter().enumerate();
        diagnostics.extend(
            keywords
                .filter_map(|(index, word)| mixed(snippet, &format!("/keywords/{index}"), word)),
        );
    }
}

/// Every name that an entry of `host` has or had.
fn names_of<'s>(host: &Host, snippets: &'s [Snippet]) -> Vec<Name<'s>> {
    let (title, title_look) = (letters(&host.body.title), names::skeleton(&host.body.title));
    let mut all = Vec::with_capacity(snippets.len() * 2);
    for snippet in snippets {
        let id = |id: &'s str, pointer| Name {
            snippet,
            folded: folded_id(id),
            look: names::skeleton(id),
            shown: id,
            pointer,
        };
        all.push(id(&snippet.id, None));
        all.extend(
            snippet
                .body
                .formerly
                .iter()
                .enumerate()
                .map(|(index, former)| id(former, Some(format!("/formerly/{index}")))),
        );
        let shown = snippet.body.display_name.as_str();
        let folded = folded_title(&title, shown);
        if !snippet.is_withdrawn() && folded != folded_id(&snippet.id) {
            let look = names::without_host(&names::skeleton(shown), &title_look).to_owned();
            all.push(Name {
                snippet,
                folded,
                look,
                shown,
                pointer: Some(DISPLAY_NAME.to_owned()),
            });
        }
    }
    all
}

const DISPLAY_NAME: &str = "/display_name";

/// An id, a former id or a display name.
struct Name<'s> {
    snippet: &'s Snippet,
    /// Letters and digits of the name.
    folded: String,
    /// [`names::skeleton`] of the name.
    look: String,
    shown: &'s str,
    /// Pointer of the name; `None` for the id, which is the name of the file.
    pointer: Option<String>,
}

impl Name<'_> {
    fn place(&self) -> Location {
        self.pointer.as_ref().map_or_else(
            || Location::whole(&self.snippet.path),
            |pointer| Location::value(&self.snippet.path, pointer),
        )
    }

    fn is_display_name(&self) -> bool {
        self.pointer.as_deref() == Some(DISPLAY_NAME)
    }

    fn is_listed(&self) -> bool {
        !self.snippet.is_withdrawn() && (self.pointer.is_none() || self.is_display_name())
    }
}

/// A text that passes for one in Latin letters.
fn mixed(snippet: &Snippet, pointer: &str, text: &str) -> Option<Diagnostic> {
    let letter = names::imitation(text)?;
    let code_point = format!("U+{:04X}", u32::from(letter));
    let message = format!(
        "`{}` mixes scripts: {code_point} looks like a Latin letter",
        text::one_line(text, 80)
    );
    let fault = CODE.at(
        Location::value(&snippet.path, pointer),
        format!("contains {code_point}"),
        message,
    );
    Some(fault.help("write each word in the letters of one script"))
}

/// Letters and digits only, without the name of the host, which half of the plugins begin with.
fn folded_title(title_of_host: &str, title: &str) -> String {
    let mut folded = letters(title);
    if folded.len() > title_of_host.len() && folded.starts_with(title_of_host) {
        folded.drain(..title_of_host.len());
    }
    folded
}

fn letters(text: &str) -> String {
    let mut letters = String::with_capacity(text.len());
    text.chars()
        .filter(|it| it.is_alphanumeric())
        .for_each(|it| push_lower(&mut letters, it));
    letters
}

type Pair = (usize, usize, &'static str);

/// Names that look alike, each with the first one that has its look.
fn look_alikes<'n, 's>(names: &'n [Name<'s>]) -> Vec<(&'n Name<'s>, &'n Name<'s>, &'static str)> {
    let mut first_of: HashMap<&str, &Name<'_>> = HashMap::with_capacity(names.len());
    let mut pairs = Vec::new();
    for name in names {
        match first_of.get(name.look.as_str()) {
            Some(first) => pairs.push((*first, name, "looks like")),
            None => drop(first_of.insert(&name.look, name)),
        }
    }
    pairs
}

/// Names that are another name with one of [`AFFIXES`].
fn with_affix(names: &[&Name<'_>]) -> Vec<Pair> {
    let index_of: HashMap<&str, usize> = names
        .iter()
        .enumerate()
        .map(|(index, name)| (name.folded.as_str(), index))
        .collect();
    let mut pairs = Vec::new();
    for (index, name) in names.iter().enumerate() {
        for affix in AFFIXES {
            let cores = [
                name.folded.strip_prefix(affix),
                name.folded.strip_suffix(affix),
            ];
            let known = cores
                .into_iter()
                .flatten()
                .filter(|core| core.len() >= 4)
                .find_map(|core| index_of.get(core));
            if let Some(core) = known {
                pairs.push((*core, index, "only adds a word to"));
            }
        }
    }
    pairs
}

/// Names of which one becomes the other by one letter more, less, other or swapped. Every such pair
/// shares a form that lacks one letter, so that no name is compared with all others.
fn one_edit_apart(names: &[&Name<'_>]) -> Vec<Pair> {
    let long: Vec<usize> = (0..names.len())
        .filter(|index| names[*index].folded.chars().count() >= LEAST_LENGTH)
        .collect();
    let mut seen = Seen::with_room_for(
        long.iter()
            .map(|index| names[*index].folded.len() + 1)
            .sum(),
    );
    long.iter()
        .flat_map(|index| shortened_forms(&names[*index].folded))
        .for_each(|form| seen.note(form));
    let forms = |index: usize| shortened_forms(&names[index].folded).map(move |form| (form, index));
    let mut with_form: Vec<(u64, usize)> = long
        .into_iter()
        .flat_map(forms)
        .filter(|(form, _)| seen.twice(*form))
        .collect();
    with_form.sort_unstable();
    with_form.dedup();
    let mut pairs = Vec::new();
    for same in with_form
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|same| same.len() > 1)
    {
        for (position, (_, a)) in same.iter().enumerate() {
            let others = same[position + 1..].iter().map(|(_, b)| *b);
            pairs.extend(
                others
                    .filter(|b| is_one_edit(&names[*a].folded, &names[*b].folded))
                    .map(|b| (*a, b, "is one letter away from")),
            );
        }
    }
    pairs
}

/// Which forms came twice, or may have, two bits each. Nearly all come once: keeping and sorting
/// those, too, would cost more than all the rest.
struct Seen {
    words: Vec<u64>,
}

impl Seen {
    fn with_room_for(forms: usize) -> Seen {
        // One in sixteen is taken for another: few enough to be sorted for nothing.
        Seen {
            words: vec![0; forms.div_ceil(2).next_power_of_two()],
        }
    }

    fn note(&mut self, form: u64) {
        let (word, bit) = self.place(form);
        let is_again = self.words[word] & bit != 0;
        self.words[word] |= if is_again { bit << 1 } else { bit };
    }

    fn twice(&self, form: u64) -> bool {
        let (word, bit) = self.place(form);
        self.words[word] & (bit << 1) != 0
    }

    /// The word, and the lower of the two bits, from the upper half of the hash: its lower bits say
    /// little.
    fn place(&self, form: u64) -> (usize, u64) {
        let mixed =
            usize::try_from(form.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32).unwrap_or_default();
        ((mixed >> 5) & (self.words.len() - 1), 1 << (mixed % 32 * 2))
    }
}

/// Hashes of the name itself and of the name without each of its letters.
fn shortened_forms(name: &str) -> impl Iterator<Item = u64> + '_ {
    // A polynomial over the letters, modulo 2^64: taking one letter out divides what stands behind
    // it by the base.
    const BASE: u64 = 0x0100_0000_01b3;
    const INVERSE: u64 = inverse(BASE);
    let whole = name.chars().rev().fold(0_u64, |hash, letter| {
        hash.wrapping_mul(BASE).wrapping_add(u64::from(letter))
    });
    let mut before = 0_u64;
    let mut power = 1_u64;
    let without_each = name.chars().map(move |letter| {
        let through = before.wrapping_add(u64::from(letter).wrapping_mul(power));
        let without = before.wrapping_add(whole.wrapping_sub(through).wrapping_mul(INVERSE));
        before = through;
        power = power.wrapping_mul(BASE);
        without
    });
    std::iter::once(whole).chain(without_each)
}

/// The number that `odd` must be multiplied with to give 1, modulo 2^64 (Newton's method).
const fn inverse(odd: u64) -> u64 {
    let mut inverse = odd;
    let mut right_bits = 3;
    while right_bits < u64::BITS {
        inverse = inverse.wrapping_mul(2_u64.wrapping_sub(odd.wrapping_mul(inverse)));
        right_bits *= 2;
    }
    inverse
}

fn is_one_edit(a: &str, b: &str) -> bool {
    // `sqlite3` and `sqlite4`, `part1` and `part2` are named so on purpose.
    let is_other_digit = a.len() == b.len()
        && a.chars()
            .zip(b.chars())
            .filter(|(x, y)| x != y)
            .all(|(x, y)| x.is_ascii_digit() && y.is_ascii_digit());
    a != b && !is_other_digit && strsim::damerau_levenshtein(a, b) == 1
}

/// Pairs that quarrel under another code, or that say themselves what they are to each other.
fn is_known_pair(first: &Name<'_>, later: &Name<'_>) -> bool {
    let leads_to = |from: &Snippet, to: &Snippet| {
        from.body
            .lifecycle
            .as_ref()
            .and_then(|it| it.successor.as_deref())
            == Some(to.id.as_str())
    };
    let are_one_id =
        first.folded == later.folded && !first.is_display_name() && !later.is_display_name();
    let (first, later) = (first.snippet, later.snippet);
    first.path == later.path
        || are_one_id
        || folded_id(&first.id) == folded_id(&later.id)
        || first.uid == later.uid
        || leads_to(first, later)
        || leads_to(later, first)
}

fn report(first: &Name<'_>, later: &Name<'_>, why: &str) -> Diagnostic {
    let message = format!("the name `{}` {why} `{}`", later.shown, first.shown);
    CODE.at(later.place(), "could be taken for the other", message)
        .with_secondary(first.place(), "the other")
        .help("choose a name that nobody mixes up, or tell the maintainers why it is right")
}
