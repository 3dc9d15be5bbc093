//! The words of all long descriptions. They come in any order, from many threads; what is kept of
//! each is a few bytes.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use super::Out;
use super::dictionary::Writer;
use super::digits::Postings;
use shopfront_diagnostics::error::Error;

/// Maximum number of postings turned over at once: a few megabytes.
const AT_ONCE: usize = 1_000_000;
/// A word in more than one of so many long descriptions tells nothing of any of them…
const COMMON: usize = 8;
/// …in a store of at least so many.
const COMMON_FROM: usize = 2_000;
/// What stands for the postings of such a word.
const TELLS_NOTHING: &str = "~";

/// The words of all long descriptions.
pub(super) struct Readmes {
    ids: HashMap<Box<str>, u32>,
    /// Number of long descriptions with the word.
    counts: Vec<usize>,
    /// For each plugin the ids of its words, seven bits a byte.
    of: Vec<Box<[u8]>>,
}

impl Readmes {
    pub(super) fn of(plugins: usize) -> Readmes {
        Readmes {
            ids: HashMap::new(),
            counts: Vec::new(),
            of: vec![Box::default(); plugins],
        }
    }

    /// Takes the words of the plugin `number`.
    pub(super) fn take(&mut self, number: u32, words: &BTreeSet<String>) {
        let mut bytes = Vec::with_capacity(words.len() * 3);
        for word in words {
            let id = self.id_of(word);
            self.counts[id as usize] += 1;
            push_bytes(&mut bytes, id);
        }
        self.of[number as usize] = bytes.into_boxed_slice();
    }

    fn id_of(&mut self, word: &str) -> u32 {
        if let Some(id) = self.ids.get(word) {
            return *id;
        }
        let id = u32::try_from(self.counts.len()).expect("fewer words than four milliards");
        self.ids.insert(word.into(), id);
        self.counts.push(0);
        id
    }

    /// Every word with how many have it, sorted.
    pub(super) fn words(&self) -> Vec<(&str, usize)> {
        let mut all: Vec<(&str, usize)> = self
            .ids
            .iter()
            .map(|(word, id)| (&**word, self.counts[*id as usize]))
            .collect();
        all.sort_unstable();
        all
    }

    /// Writes the shards; gives the first word of each.
    pub(super) fn write(
        &self,
        name: &str,
        stamp: &str,
        out: &Out<'_>,
    ) -> Result<Vec<String>, Error> {
        let words = self.words();
        let mut places = vec![0; words.len()];
        for (place, (word, _)) in words.iter().enumerate() {
            places[self.ids[*word] as usize] = place;
        }
        let with_text = self.of.iter().filter(|words| !words.is_empty()).count();
        let most = if with_text < COMMON_FROM {
            with_text
        } else {
            with_text / COMMON
        };
        let mut writer = Writer::new(name, stamp, out);
        let mut from = 0;
        while from < words.len() {
            let mut sum = 0;
            let fits = |(_, count): &&(&str, usize)| {
                sum += count;
                sum <= AT_ONCE
            };
            let to = words
                .len()
                .min(from + words[from..].iter().take_while(fits).count().max(1));
            let postings = self.postings(&places, from..to);
            for ((word, count), postings) in words[from..to].iter().zip(postings) {
                writer.push(
                    word,
                    if *count > most {
                        TELLS_NOTHING
                    } else {
                        &postings.text
                    },
                )?;
            }
            from = to;
        }
        writer.finish()
    }

    /// The postings of the words whose place in the alphabet is in `range`.
    fn postings(&self, places: &[usize], range: Range<usize>) -> Vec<Postings> {
        let mut postings: Vec<Postings> = range.clone().map(|_| Postings::default()).collect();
        for (number, ids) in (0_u32..).zip(&self.of) {
            for place in Ids(ids)
                .map(|id| places[id as usize])
                .filter(|place| range.contains(place))
            {
                postings[place - range.start].push(number, 0);
            }
        }
        postings
    }
}

fn push_bytes(bytes: &mut Vec<u8>, mut id: u32) {
    while id > 127 {
        bytes.push((id & 127) as u8 | 128);
        id >>= 7;
    }
    bytes.push(id as u8);
}

/// Reads what [`push_bytes`] wrote.
struct Ids<'b>(&'b [u8]);

impl Iterator for Ids<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let mut id = 0;
        let mut shift = 0;
        loop {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            id |= u32::from(byte & 127) << shift;
            shift += 7;
            if *byte < 128 {
                return Some(id);
            }
        }
    }
}
