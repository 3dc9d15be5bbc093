//! One message: its text with placeholders such as `{count}`, in as many forms as its language has
//! for a count.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::Value;
use serde_json::Value as Json;

use super::Language;
use super::plural::Category;
use shopfront_text::xml;

/// A message, taken apart once, so that saying it is joining strings.
pub(super) struct Message {
    forms: BTreeMap<Category, Form>,
}

struct Form {
    text: Vec<Part>,
    /// The same, escaped.
    html: Vec<Part>,
    /// The whole, where nothing is to be filled in.
    whole: Option<Value>,
}

enum Part {
    Text(String),
    Placeholder(String),
}

/// Placeholder.
#[derive(Clone, Copy)]
pub enum Said<'s> {
    /// A text as it is.
    Text(&'s str),
    /// A number, in the language's own way; `count` chooses the form.
    Number(u64),
}

impl Message {
    /// Reads a text, or an object with a text for each plural category.
    ///
    /// # Errors
    /// What is wrong with it, in words that follow its name.
    pub(super) fn read(value: &Json) -> Result<Message, String> {
        let mut forms = BTreeMap::new();
        match value {
            Json::String(text) => {
                forms.insert(Category::Other, Form::read(text)?);
            }
            Json::Object(object) => {
                for (name, text) in object {
                    let category = Category::named(name).ok_or_else(|| {
                        format!("has the form `{name}`, which is no plural category")
                    })?;
                    forms.insert(
                        category,
                        Form::read(text.as_str().ok_or("has a form that is no text")?)?,
                    );
                }
            }
            _ => return Err("is neither a text nor an object of plural forms".to_owned()),
        }
        if !forms.contains_key(&Category::Other) {
            return Err("has no form `other`".to_owned());
        }
        Ok(Message { forms })
    }

    /// Returns `true` if a count chooses its form.
    pub(super) fn is_plural(&self) -> bool {
        self.forms.len() > 1
    }

    /// The names of its placeholders, as ` {count} {name}`. Where a count chooses the form, here or
    /// in the language that others are held against (`is_counted`), a form may leave `{count}`
    /// out: "one plugin".
    pub(super) fn placeholders(&self, is_counted: bool) -> String {
        let names: BTreeSet<&str> = self
            .forms
            .values()
            .flat_map(|form| &form.text)
            .filter_map(Part::placeholder)
            .collect();
        let is_counted = is_counted || self.is_plural();
        let shown = names
            .into_iter()
            .filter(|name| !is_counted || *name != "count")
            .map(|name| format!(" {{{name}}}"));
        shown
            .chain(is_counted.then(|| " {count}".to_owned()))
            .collect()
    }

    /// The categories that it has a form for.
    pub(super) fn categories(&self) -> BTreeSet<Category> {
        self.forms.keys().copied().collect()
    }

    /// The whole message as HTML, when nothing is to be filled in.
    pub(super) fn whole(&self) -> Option<Value> {
        self.forms
            .get(&Category::Other)
            .filter(|_| self.forms.len() == 1)?
            .whole
            .clone()
    }

    /// The message as plain text.
    pub(super) fn text(&self, language: &Language, values: &[(&str, Said<'_>)]) -> String {
        let count = values.iter().find_map(|(name, value)| match value {
            Said::Number(count) if *name == "count" => Some(*count),
            _ => None,
        });
        let mut text = String::new();
        for part in &self.form(language, count).text {
            match part {
                Part::Text(own) => text.push_str(own),
                Part::Placeholder(name) => match values.iter().find(|(given, _)| given == name) {
                    Some((_, Said::Text(value))) => text.push_str(value),
                    Some((_, Said::Number(number))) => text.push_str(&language.number(*number)),
                    None => {}
                },
            }
        }
        text
    }

    /// The message as HTML, filled in by `fill`, which appends the value of a name.
    pub(super) fn html<E>(
        &self,
        language: &Language,
        count: Option<u64>,
        mut fill: impl FnMut(&str, &mut String) -> Result<(), E>,
    ) -> Result<String, E> {
        let mut html = String::with_capacity(64);
        for part in &self.form(language, count).html {
            match part {
                Part::Text(own) => html.push_str(own),
                Part::Placeholder(name) => fill(name, &mut html)?,
            }
        }
        Ok(html)
    }

    fn form(&self, language: &Language, count: Option<u64>) -> &Form {
        let category = count.map_or(Category::Other, |count| language.plurals.category(count));
        self.forms
            .get(&category)
            .unwrap_or_else(|| &self.forms[&Category::Other])
    }
}

impl Form {
    fn read(text: &str) -> Result<Form, String> {
        let parts = parts(text)?;
        let escaped = |part: &Part| match part {
            Part::Text(own) => Part::Text(xml::escaped(own).into_owned()),
            Part::Placeholder(name) => Part::Placeholder(name.clone()),
        };
        let whole = parts
            .iter()
            .all(|part| part.placeholder().is_none())
            .then(|| Value::from_safe_string(xml::escaped(text).into_owned()));
        Ok(Form {
            html: parts.iter().map(escaped).collect(),
            text: parts,
            whole,
        })
    }
}

impl Part {
    fn placeholder(&self) -> Option<&str> {
        match self {
            Part::Text(_) => None,
            Part::Placeholder(name) => Some(name),
        }
    }
}

fn parts(text: &str) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        let (name, after) = behind.split_once('}').ok_or("has a `{` without its `}`")?;
        if name.is_empty()
            || !name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        {
            return Err(format!(
                "has the placeholder `{{{name}}}`, and a name is written in small letters"
            ));
        }
        if !before.is_empty() {
            parts.push(Part::Text(before.to_owned()));
        }
        parts.push(Part::Placeholder(name.to_owned()));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest.to_owned()));
    }
    Ok(parts)
}
