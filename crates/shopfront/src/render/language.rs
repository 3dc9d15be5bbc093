//! The words of the interface in one language: read from `words/<tag>.json`, looked up by templates and by pages.

mod message;
mod object;
mod plural;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use jiff::tz::Offset;
use serde::Deserialize;
use serde_json::Value as Json;

use self::message::Message;
pub use self::message::Said;
use crate::error::{Doing, Error};

/// The language that every other is held against, and that this program's own words are in.
const MODEL: &str = "en";

/// Every catalogue of words that is there, by the tag of its language.
pub struct Languages(BTreeMap<String, std::sync::Arc<Language>>);

impl Languages {
    /// Reads the files `words/<tag>.json` of all `layers`; what a later layer says goes before what an earlier one says,
    /// word by word, so that a store that wants another word writes this one word.
    ///
    /// # Errors
    /// When a file has a fault, or a language does not say all that English says.
    pub(super) fn read(layers: &[BTreeMap<String, String>]) -> Result<Languages, Error> {
        let mut documents: BTreeMap<String, Json> = BTreeMap::new();
        for (name, text) in layers.iter().flatten() {
            let Some(tag) = name.strip_prefix("words/").and_then(|it| it.strip_suffix(".json")) else { continue };
            let document: Json = serde_json::from_str(text).doing(|| format!("reading {name}"))?;
            lay_over(documents.entry(tag.to_owned()).or_insert(Json::Null), document);
        }
        let read = |(tag, document): (String, Json)| -> Result<_, Error> {
            let language = Language::read(&tag, document)?;
            Ok((tag, std::sync::Arc::new(language)))
        };
        let all: BTreeMap<_, _> = documents.into_iter().map(read).collect::<Result<_, _>>()?;
        if let Some(model) = all.get(MODEL) {
            all.values().try_for_each(|language| language.refuse_gaps(model))?;
        }
        Ok(Languages(all))
    }

    /// The words for `tag`, or for its language without a region: `de` serves `de-AT`.
    ///
    /// # Errors
    /// When there are none.
    pub fn of(&self, tag: &str) -> Result<std::sync::Arc<Language>, Error> {
        let mut wanted = tag;
        loop {
            if let Some(language) = self.0.get(wanted) {
                return Ok(std::sync::Arc::clone(language));
            }
            let Some((shorter, _)) = wanted.rsplit_once('-') else { break };
            wanted = shorter;
        }
        let known: Vec<&str> = self.0.keys().map(String::as_str).collect();
        let help = format!("there are words in {}; write `catalogue/site/words/{tag}.json` for another language", known.join(", "));
        Err(Error::new(format!("there are no words for the language `{tag}`")).help(help))
    }
}

/// The words of the interface in one language.
pub struct Language {
    tag: String,
    /// What it calls itself.
    pub(super) name: String,
    /// `ltr` or `rtl`.
    pub(super) direction: String,
    formats: Formats,
    page: HashMap<String, Message>,
    /// What scripts need, as they read it.
    pub(super) script: Json,
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

/// How dates and numbers look where no script can ask the browser.
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

impl Language {
    fn read(tag: &str, document: Json) -> Result<Language, Error> {
        let doing = || format!("reading words/{tag}.json");
        let file: File = serde_json::from_value(document).doing(doing)?;
        if !matches!(file.direction.as_str(), "ltr" | "rtl") {
            return Err(Error::new(format!("words/{tag}.json: `direction` is `{}`, and can be `ltr` or `rtl`", file.direction)));
        }
        let message =
            |key: &String, value: &Json| Message::read(value).map_err(|fault| Error::new(format!("words/{tag}.json: `{key}` {fault}")));
        let mut page = HashMap::new();
        for (key, value) in &file.page {
            if object::FORMATS.contains(&key.as_str()) {
                return Err(Error::new(format!(
                    "words/{tag}.json: `{key}` is what templates write dates and numbers with, and no message"
                )));
            }
            page.insert(key.clone(), message(key, value)?);
        }
        for (key, value) in &file.script {
            message(key, value)?;
        }
        let script = serde_json::to_value(file.script).doing(doing)?;
        Ok(Language { tag: tag.to_owned(), name: file.name, direction: file.direction, formats: file.formats, page, script })
    }

    /// What `model` says and this language does not, and the other way round.
    fn refuse_gaps(&self, model: &Language) -> Result<(), Error> {
        let keys =
            |language: &Language| -> BTreeSet<String> {
                let of_page = language.page.iter().map(|(key, message)| format!("page.{key}{}", message.placeholders()));
                let of_script =
                    language.script.as_object().into_iter().flatten().filter_map(|(key, value)| {
                        Message::read(value).ok().map(|message| format!("script.{key}{}", message.placeholders()))
                    });
                of_page.chain(of_script).collect()
            };
        let (own, wanted) = (keys(self), keys(model));
        let missing: Vec<&str> = wanted.difference(&own).map(String::as_str).collect();
        let strange: Vec<&str> = own.difference(&wanted).map(String::as_str).collect();
        if missing.is_empty() && strange.is_empty() {
            return Ok(());
        }
        let list = |words: &[&str]| words.iter().take(8).copied().collect::<Vec<_>>().join(", ");
        let (what, which) =
            if missing.is_empty() { ("says what no page asks for", list(&strange)) } else { ("does not say", list(&missing)) };
        Err(Error::new(format!("words/{}.json {what}: {which}", self.tag))
            .help("every language has the keys and placeholders of words/en.json"))
    }

    /// The message `key` as plain text.
    pub fn say(&self, key: &str, values: &[(&str, Said<'_>)]) -> String {
        self.page.get(key).map_or_else(|| key.to_owned(), |message| message.text(self, values))
    }

    /// How dates look, for scripts, which write some that no page has.
    pub(super) fn dates(&self) -> Json {
        serde_json::json!({ "date": self.formats.date, "months": self.formats.months })
    }

    /// A plugin and what it is for; a name that says that itself is enough.
    pub fn plugin_title(&self, name: &str, host: &str) -> String {
        let words = |text: &str| -> Vec<String> {
            text.split(|it: char| !it.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
        };
        let (said, wanted) = (words(name), words(host));
        if !wanted.is_empty() && said.windows(wanted.len()).any(|some| some == wanted) {
            return name.to_owned();
        }
        self.say("title_plugin", &[("name", Said::Text(name)), ("host", Said::Text(host))])
    }

    /// "20 November 2026", in UTC: a fallback that everybody can read; a script puts it into the reader's own words.
    pub(super) fn date(&self, at: Timestamp) -> String {
        self.dated(&self.formats.date, at)
    }

    /// "November 2026".
    pub(super) fn month(&self, at: Timestamp) -> String {
        self.dated(&self.formats.month, at)
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
        usize::try_from(date.month() - 1).ok().and_then(|index| self.formats.months.get(index)).map_or("", String::as_str)
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
                grouped.push_str(&self.formats.thousands);
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
        format!("{}{}{} {}", value / 1_000, self.formats.decimal, value % 1_000 / 100, units[unit])
    }
}

/// Lays `over` on `under`, objects key by key, but for the forms of one message, which belong together.
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
