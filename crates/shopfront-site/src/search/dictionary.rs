//! From words with the plugins that have them to shards: ranges of the alphabet, each a small file.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Out;
use super::digits::Postings;
use shopfront_diagnostics::error::Error;

/// How long a shard becomes, before it is compressed to about half.
const SHARD: usize = 10_000;
/// Words shorter than this forgive nothing, so that nobody looks for them from behind.
const LEAST_FORGIVEN: usize = 4;

/// Words, each with the numbers of the plugins that have it and how much it means there.
#[derive(Default)]
pub(super) struct Dictionary {
    /// Number and weight in one, so that a hundred thousand plugins are a few megabytes.
    words: BTreeMap<Box<str>, Vec<u32>>,
}

impl Dictionary {
    /// Adds one plugin, the greatest number so far.
    pub(super) fn push(&mut self, number: u32, weights: &BTreeMap<String, u8>) {
        for (word, weight) in weights {
            let packed = number << 5 | u32::from(*weight);
            match self.words.get_mut(word.as_str()) {
                Some(all) => all.push(packed),
                None => {
                    self.words.insert(word.as_str().into(), vec![packed]);
                }
            }
        }
    }

    /// Writes the shards; gives the first word of each.
    pub(super) fn write(
        &self,
        name: &str,
        stamp: &str,
        out: &Out<'_>,
    ) -> Result<Vec<String>, Error> {
        let mut writer = Writer::new(name, stamp, out);
        for (word, packed) in &self.words {
            let mut postings = Postings::default();
            for packed in packed {
                postings.push(packed >> 5, (packed & 31) as u8);
            }
            writer.push(word, &postings.text)?;
        }
        writer.finish()
    }

    /// Writes the words alone, each read from its end: where a mistake is at its beginning, its end
    /// is still right.
    pub(super) fn write_backwards(
        &self,
        name: &str,
        stamp: &str,
        out: &Out<'_>,
    ) -> Result<Vec<String>, Error> {
        let mut turned: Vec<String> = self
            .words
            .keys()
            .filter(|word| word.chars().count() >= LEAST_FORGIVEN)
            .map(|word| word.chars().rev().collect())
            .collect();
        turned.sort_unstable();
        let mut writer = Writer::new(name, stamp, out);
        turned.iter().try_for_each(|word| writer.push(word, ""))?;
        writer.finish()
    }
}

/// One shard, as it is published.
#[derive(Serialize)]
struct Shard<'w> {
    stamp: &'w str,
    /// For each word a capital for how many characters it shares with the one before, and the
    /// rest.
    words: String,
    /// For each word its postings, with a space between two.
    postings: String,
}

/// Writes words in the order of the alphabet.
pub(super) struct Writer<'w> {
    name: &'w str,
    stamp: &'w str,
    out: &'w Out<'w>,
    shard: Shard<'w>,
    last: String,
    firsts: Vec<String>,
}

impl<'w> Writer<'w> {
    pub(super) fn new(name: &'w str, stamp: &'w str, out: &'w Out<'w>) -> Writer<'w> {
        Writer {
            name,
            stamp,
            out,
            shard: Shard {
                stamp,
                words: String::new(),
                postings: String::new(),
            },
            last: String::new(),
            firsts: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, word: &str, postings: &str) -> Result<(), Error> {
        if self.shard.words.len() + self.shard.postings.len() + postings.len() > SHARD
            && !self.shard.words.is_empty()
        {
            self.end_shard()?;
        }
        if self.shard.words.is_empty() {
            self.firsts.push(word.to_owned());
        } else {
            self.shard.postings.push(' ');
        }
        let shared = self
            .last
            .chars()
            .zip(word.chars())
            .take_while(|(a, b)| a == b)
            .count()
            .min(25);
        // No word has a capital: it says where one ends, and how much of it the next one shares.
        self.shard.words.push(char::from(b'A' + shared as u8));
        self.shard.words.extend(word.chars().skip(shared));
        self.shard.postings.push_str(postings);
        word.clone_into(&mut self.last);
        Ok(())
    }

    /// The first word of each shard.
    pub(super) fn finish(mut self) -> Result<Vec<String>, Error> {
        if !self.shard.words.is_empty() {
            self.end_shard()?;
        }
        Ok(self.firsts)
    }

    fn end_shard(&mut self) -> Result<(), Error> {
        let next = Shard {
            stamp: self.stamp,
            words: String::new(),
            postings: String::new(),
        };
        let shard = std::mem::replace(&mut self.shard, next);
        self.last.clear();
        // A shard without postings has none at all, instead of a row of spaces.
        let postings = if shard.postings.trim_matches(' ').is_empty() {
            String::new()
        } else {
            shard.postings
        };
        self.out.put(
            &format!("{}-{}", self.name, self.firsts.len() - 1),
            &Shard { postings, ..shard },
        )
    }
}
