//! The words of the interface in one language: read from `words/<tag>.json`, looked up by templates
//! and by pages.

mod message;
mod object;
mod plural;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::Offset;
use serde::Deserialize;
use serde_json::Value as Json;

use self::message::Message;
pub use self::message::Said;
use self::plural::{Category, Plurals};
use shopfront_diagnostics::error::{Context, Error};

/// The language that every other is held against, and that this program's own words are in.
const MODEL: &str = "en";

/// Every catalogue of words that is there, by the tag of its language.
pub struct Languages(BTreeMap<String, Arc<Words>>);

impl Languages {
    /// Reads the files `words/<tag>.json` of all `layers`; what a later layer says goes before what
    /// an earlier one says, word by word, so that a store that wants another word writes this
    /// one word.
    ///
    /// # Errors
    /// When a file has a fault, or a language does not say all that English says, in all forms that
    /// it counts in.
    pub(super) fn read(layers: &[BTreeMap<String, String>]) -> Result<Languages, Error> {
        let mut documents: BTreeMap<String, Json> = BTreeMap::new();
        for (name, text) in layers.iter().flatten() {
            let Some(tag) = name
                .strip_prefix("words/")
                .and_then(|it| it.strip_suffix(".json"))
            else {
                continue;
            };
            let document: Json =
                serde_json::from_str(text).with_context(|| format!("reading {name}"))?;
            lay_over(
                documents.entry(tag.to_owned()).or_insert(Json::Null),
                document,
            );
        }
        let read = |(tag, document): (String, Json)| -> Result<_, Error> {
            let words = Words::read(&tag, document)?;
            words.plurals(&tag)?;
            Ok((tag, Arc::new(words)))
        };
        let all: BTreeMap<_, _> = documents.into_iter().map(read).collect::<Result<_, _>>()?;
        if let Some(model) = all.get(MODEL) {
            all.values()
                .try_for_each(|words| words.refuse_gaps(model))?;
        }
        Ok(Languages(all))
    }

    /// The words for `tag`, or for its language without a region: `de` serves `de-AT`. It counts as
    /// `tag` does: in the words of `pt`, `pt-PT` has another form for 0.
    ///
    /// # Errors
    /// When there are none, or not in the forms that `tag` counts in.
    pub fn of(&self, tag: &str) -> Result<Arc<Language>, Error> {
        let mut wanted = tag;
        loop {
            if let Some(words) = self.0.get(wanted) {
                let words = Arc::clone(words);
                return Ok(Arc::new(Language {
                    plurals: words.plurals(tag)?,
                    words,
                }));
            }
            let Some((shorter, _)) = wanted.rsplit_once('-') else {
                break;
            };
            wanted = shorter;
        }
        let known: Vec<&str> = self.0.keys().map(String::as_str).collect();
        let help = format!(
            "there are words in {}; write `catalogue/site/words/{tag}.json` for another language",
            known.join(", ")
        );
        Err(Error::new(format!("there are no words for the language `{tag}`")).help(help))
    }
}

/// The plural rules for `tag` as scripts get them; `None` where CLDR has none. For the tests of the
/// scripts.
pub fn plural_rules(tag: &str) -> Option<Json> {
    Plurals::of(tag).map(|it| it.for_scripts())
}

/// The words of the interface in one language, and how it counts.
pub struct Language {
    words: Arc<Words>,
    plurals: Plurals,
}

/// A file of words.
struct Words {
    tag: String,
    /// Name of the language in itself.
    name: String,
    /// `ltr` or `rtl`.
    direction: String,
    formats: Formats,
    page: HashMap<String, Message>,
    script_messages: HashMap<String, Message>,
    /// What scripts need, as they read it.
    script: Json,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    direction: String,
    formats: Formats,
    page: BTreeMap<String, Json>,
    script: BTreeMap<String, Json>,
}

/// Formats of dates and numbers, in pages and scripts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Formats {
    /// With `{day}`, `{month}` and `{year}`.
    date: String,
    /// With `{month}` and `{year}`.
    month: String,
    months: [String; 12],
    thousands: String,
    decimal: String,
}

impl Words {
    fn read(tag: &str, document: Json) -> Result<Words, Error> {
        let doing = || format!("reading words/{tag}.json");
        let file: File = serde_json::from_value(document).with_context(doing)?;
        if !matches!(file.direction.as_str(), "ltr" | "rtl") {
            return Err(Error::new(format!(
                "words/{tag}.json: `direction` is `{}`, and can be `ltr` or `rtl`",
                file.direction
            )));
        }
        let message = |key: &String, value: &Json| {
            Message::read(value)
                .map_err(|fault| Error::new(format!("words/{tag}.json: `{key}` {fault}")))
        };
        let mut page = HashMap::new();
        for (key, value) in &file.page {
            if object::FORMATS.contains(&key.as_str()) {
                return Err(Error::new(format!(
                    "words/{tag}.json: `{key}` is what templates write dates and numbers with, and no message"
                )));
            }
            page.insert(key.clone(), message(key, value)?);
        }
        let of_script = file
            .script
            .iter()
            .map(|(key, value)| Ok((key.clone(), message(key, value)?)));
        let script_messages = of_script.collect::<Result<_, Error>>()?;
        let script = serde_json::to_value(file.script).with_context(doing)?;
        Ok(Words {
            tag: tag.to_owned(),
            name: file.name,
            direction: file.direction,
            formats: file.formats,
            page,
            script_messages,
            script,
        })
    }

    /// The messages of pages, then those of scripts, by their places in the file.
    fn messages(&self) -> impl Iterator<Item = (String, &Message)> {
        let of_page = self
            .page
            .iter()
            .map(|(key, message)| (format!("page.{key}"), message));
        of_page.chain(
            self.script_messages
                .iter()
                .map(|(key, message)| (format!("script.{key}"), message)),
        )
    }

    /// What `model` says and this language does not, and the other way round.
    fn refuse_gaps(&self, model: &Words) -> Result<(), Error> {
        let counted: BTreeSet<String> = model
            .messages()
            .filter(|(_, message)| message.is_plural())
            .map(|(key, _)| key)
            .collect();
        let keys = |words: &Words| -> BTreeSet<String> {
            words
                .messages()
                .map(|(key, message)| {
                    format!("{key}{}", message.placeholders(counted.contains(&key)))
                })
                .collect()
        };
        let (own, wanted) = (keys(self), keys(model));
        let missing: Vec<&str> = wanted.difference(&own).map(String::as_str).collect();
        let strange: Vec<&str> = own.difference(&wanted).map(String::as_str).collect();
        if missing.is_empty() && strange.is_empty() {
            return Ok(());
        }
        let list = |words: &[&str]| words.iter().take(8).copied().collect::<Vec<_>>().join(", ");
        let (what, which) = if missing.is_empty() {
            ("says what no page asks for", list(&strange))
        } else {
            ("does not say", list(&missing))
        };
        Err(
            Error::new(format!("words/{}.json {what}: {which}", self.tag))
                .help("every language has the keys and placeholders of words/en.json"),
        )
    }

    /// How `tag` counts, once every message is known to have the forms for it.
    fn plurals(&self, tag: &str) -> Result<Plurals, Error> {
        let counted = self.messages().filter(|(_, message)| message.is_plural());
        let mut counted: Vec<(String, BTreeSet<Category>)> = counted
            .map(|(key, message)| (key, message.categories()))
            .collect();
        counted.sort();
        let Some(plurals) = Plurals::of(tag) else {
            let Some((key, _)) = counted.first() else {
                return Ok(Plurals::default());
            };
            let why = format!(
                "words/{}.json: `{key}` has plural forms, and CLDR does not say how `{tag}` counts",
                self.tag
            );
            return Err(Error::new(why)
                .help("write one text for every count in the place of each object of forms"));
        };
        let usual = plurals.usual();
        for (key, forms) in counted {
            if let Some((category, count)) =
                usual.iter().find(|(category, _)| !forms.contains(category))
            {
                let why = format!(
                    "words/{}.json: `{key}` has no form `{}`, which `{tag}` has for {count}",
                    self.tag,
                    category.name()
                );
                return Err(Error::new(why).help(
                    "every message with forms has one for each plural category of its language",
                ));
            }
        }
        Ok(plurals)
    }
}

impl Language {
    /// Name of the language in itself.
    pub(super) fn name(&self) -> &str {
        &self.words.name
    }

    /// `ltr` or `rtl`.
    pub(super) fn direction(&self) -> &str {
        &self.words.direction
    }

    /// Messages of scripts.
    pub(super) fn script(&self) -> &Json {
        &self.words.script
    }

    /// The message `key` as plain text.
    pub fn say(&self, key: &str, values: &[(&str, Said<'_>)]) -> String {
        self.words
            .page
            .get(key)
            .map_or_else(|| key.to_owned(), |message| message.text(self, values))
    }

    /// How dates and numbers look and which form a count takes, for scripts: they write as pages
    /// do, in every browser.
    pub(super) fn formats(&self) -> Json {
        let Formats {
            date,
            months,
            thousands,
            ..
        } = &self.words.formats;
        serde_json::json!({ "date": date, "months": months, "thousands": thousands, "plurals": self.plurals.for_scripts() })
    }

    /// A plugin and what it is for; a name that says that itself is enough.
    pub(crate) fn plugin_title(&self, name: &str, host: &str) -> String {
        let words = |text: &str| -> Vec<String> {
            text.split(|it: char| !it.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .map(str::to_lowercase)
                .collect()
        };
        let (said, wanted) = (words(name), words(host));
        if !wanted.is_empty() && said.windows(wanted.len()).any(|some| some == wanted) {
            return name.to_owned();
        }
        self.say(
            "title_plugin",
            &[("name", Said::Text(name)), ("host", Said::Text(host))],
        )
    }

    /// "20 November 2026", in UTC: a fallback that everybody can read; a script puts it into the
    /// reader's own words.
    pub(super) fn date(&self, at: Timestamp) -> String {
        self.dated(&self.words.formats.date, at)
    }

    /// "November 2026".
    pub(super) fn month(&self, at: Timestamp) -> String {
        self.dated(&self.words.formats.month, at)
    }

    /// `format` with its placeholders filled; what is none stays as it is.
    fn dated(&self, format: &str, at: Timestamp) -> String {
        let date = Offset::UTC.to_datetime(at).date();
        let mut dated = String::with_capacity(format.len() + 8);
        let mut rest = format;
        while let Some((before, behind)) = rest.split_once('{') {
            dated.push_str(before);
            let (name, after) = behind.split_once('}').unwrap_or((behind, ""));
            match name {
                "day" => dated.push_str(&date.day().to_string()),
                "month" => dated.push_str(self.month_name(date)),
                "year" => dated.push_str(&date.year().to_string()),
                _ => dated.push_str(&rest[before.len()..rest.len() - after.len()]),
            }
            rest = after;
        }
        dated.push_str(rest);
        dated
    }

    fn month_name(&self, date: jiff::civil::Date) -> &str {
        usize::try_from(date.month() - 1)
            .ok()
            .and_then(|index| self.words.formats.months.get(index))
            .map_or("", String::as_str)
    }

    /// "12,345".
    pub(super) fn number(&self, number: u64) -> String {
        let digits = number.to_string();
        // Four digits read well without a mark, and are often a year.
        if digits.len() < 5 {
            return digits;
        }
        let mut grouped = String::with_capacity(digits.len() + 4);
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                grouped.push_str(&self.words.formats.thousands);
            }
            grouped.push(digit);
        }
        grouped
    }

    /// "12.3 kB": powers of ten, as registries show sizes.
    pub(super) fn size(&self, bytes: u64) -> String {
        let units = ["kB", "MB", "GB"];
        if bytes < 1_000 {
            return format!("{bytes} B");
        }
        let mut value = bytes;
        let mut unit = 0;
        while value >= 1_000_000 && unit + 1 < units.len() {
            value /= 1_000;
            unit += 1;
        }
        format!(
            "{}{}{} {}",
            value / 1_000,
            self.words.formats.decimal,
            value % 1_000 / 100,
            units[unit]
        )
    }
}

/// Lays `over` on `under`, objects key by key, but for the forms of one message, which belong
/// together.
fn lay_over(under: &mut Json, over: Json) {
    match (under, over) {
        (Json::Object(under), Json::Object(over)) if !over.contains_key("other") => {
            for (key, value) in over {
                lay_over(under.entry(key).or_insert(Json::Null), value);
            }
        }
        (under, over) => *under = over,
    }
}
