//! Settings of a new store: given as options, prompted for, or derived from the directory name.

use super::{Ask, Options};
use crate::prompt;
use shopfront_diagnostics::error::Error;
use shopfront_hosts as kinds;
use shopfront_text as text;
use shopfront_text::names;
use shopfront_text::url_policy;

/// Maximum length of a title in the schemas, in characters.
const MAX_TITLE: usize = 60;

/// Values in which the files of new stores differ.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) url: String,
    pub(super) kind: &'static str,
    pub(super) host: String,
    pub(super) distribution: String,
}

/// Setting with its question.
struct Question<'q> {
    flag: &'static str,
    words: &'q str,
    /// Returns the reason why a value is invalid.
    fault: fn(&str) -> Option<String>,
}

const ID: Question<'_> = Question {
    flag: "--id",
    words: "short name of the store",
    fault: no_id,
};
const TITLE: Question<'_> = Question {
    flag: "--title",
    words: "title of the store",
    fault: no_title,
};
const URL: Question<'_> = Question {
    flag: "--url",
    words: "address where it will be published",
    fault: url_policy::check_maintainer_url,
};
const HOST: Question<'_> = Question {
    flag: "--host",
    words: "short name of that application",
    fault: no_host,
};
const DISTRIBUTION: Question<'_> = Question {
    flag: "--distribution",
    words: "that application's own project on PyPI",
    fault: no_distribution,
};

impl Settings {
    /// Returns the settings from `options`. Prompts for omitted ones if possible, else derives them
    /// from `folder`.
    pub(super) fn settle(
        options: &Options,
        folder: &str,
        ask: Option<&Ask<'_>>,
    ) -> Result<Settings, Error> {
        let folder_id = names::nearest_id(folder).unwrap_or_else(|| "my-store".to_owned());
        let id = settle(options.id.as_deref(), &ID, &folder_id, ask)?;
        let title = settle(options.title.as_deref(), &TITLE, &titled(&id), ask)?;
        // A reserved domain name (RFC 2606) until the user sets the real one.
        let url = settle(
            options.url.as_deref(),
            &URL,
            &format!("https://{}.example/", server_label(&id)),
            ask,
        )?;
        let words = format!(
            "kind of the application with plugins ({})",
            kind_names().collect::<Vec<_>>().join(", ")
        );
        let kind_question = Question {
            flag: "--kind",
            words: &words,
            fault: no_kind,
        };
        let meant = options
            .kind
            .as_deref()
            .and_then(|said| names::nearest(said, kind_names()));
        let kind = settle(
            options.kind.as_deref(),
            &kind_question,
            meant.unwrap_or(likely_kind(options)),
            ask,
        )?;
        let kind = kinds::find(&kind)
            .ok_or_else(|| Error::new(format!("there is no kind `{kind}`")))?
            .name;
        let host = settle(
            options.host.as_deref(),
            &HOST,
            &likely_host(options, kind, &id),
            ask,
        )?;
        let distribution = match (kind, options.distribution.as_deref()) {
            ("python", said) => settle(said, &DISTRIBUTION, &host, ask)?,
            (_, None) => String::new(),
            (_, Some(_)) => {
                return Err(Error::new(format!(
                    "`--distribution` says nothing to a host of the kind `{kind}`"
                )));
            }
        };
        let url = if url.ends_with('/') {
            url
        } else {
            format!("{url}/")
        };
        Ok(Settings {
            id,
            title,
            url: url_policy::normal(&url).into_owned(),
            kind,
            host,
            distribution: names::normal_project(&distribution),
        })
    }

    /// Returns the title of the host.
    pub(super) fn host_title(&self) -> String {
        titled(&self.host)
    }

    /// Returns the id of the first snippet.
    pub(super) fn example(&self) -> &'static str {
        if self.kind == "fiab" {
            "demo"
        } else {
            "example"
        }
    }
}

/// Returns the id as one label of a server name: at most 63 letters, digits and hyphens (RFC 1035).
fn server_label(id: &str) -> String {
    let label: String = id.replace(['.', '_'], "-").chars().take(63).collect();
    label.trim_end_matches('-').to_owned()
}

fn settle(
    said: Option<&str>,
    question: &Question<'_>,
    default: &str,
    ask: Option<&Ask<'_>>,
) -> Result<String, Error> {
    if let Some(said) = said {
        return match (question.fault)(said) {
            None => Ok(said.to_owned()),
            Some(why) => Err(Error::new(format!(
                "`{said}` can not be the {}: {why}",
                question.words
            ))
            .help(format!("{} {default}", question.flag))),
        };
    }
    let Some(ask) = ask else {
        return Ok(default.to_owned());
    };
    loop {
        let answer = ask(question.words, default)?;
        match (question.fault)(&answer) {
            None => return Ok(answer),
            Some(why) => prompt::status(&format!(
                "`{answer}` can not be the {}: {why}",
                question.words
            )),
        }
    }
}

/// Guesses the kind. An option `distribution` implies a Python application.
fn likely_kind(options: &Options) -> &'static str {
    if options.distribution.is_none() && options.host.as_deref() == Some("fiab") {
        "fiab"
    } else {
        "python"
    }
}

/// Guesses the application from the name of the store: `datasette` from `datasette-plugins`.
fn likely_host(options: &Options, kind: &str, store: &str) -> String {
    if kind != "python" {
        return kind.to_owned();
    }
    let named = options.distribution.as_deref().and_then(names::nearest_id);
    let after = || {
        ["-plugins", "-store", "-plugin-store"]
            .iter()
            .rev()
            .find_map(|ending| store.strip_suffix(ending))
            .unwrap_or(store)
            .to_owned()
    };
    let host = named.unwrap_or_else(after);
    if names::no_host_id(&host).is_some() {
        "my-app".to_owned()
    } else {
        host
    }
}

/// Returns "Weather Blocks" for `weather-blocks`.
fn titled(id: &str) -> String {
    let capital = |word: &str| {
        word.get(..1).map(str::to_uppercase).unwrap_or_default() + word.get(1..).unwrap_or_default()
    };
    let words: Vec<String> = id.split(['-', '_', '.']).map(capital).collect();
    words
        .join(" ")
        .chars()
        .take(MAX_TITLE)
        .collect::<String>()
        .trim_end()
        .to_owned()
}

fn no_id(answer: &str) -> Option<String> {
    (!names::is_id(answer)).then(|| "a short name is lower-case letters and digits, with single `.`, `_` or `-` between them".to_owned())
}

fn no_title(answer: &str) -> Option<String> {
    if text::not_plain(answer).is_some() {
        return Some("it is not plain text of one line".to_owned());
    }
    (answer.chars().count() > MAX_TITLE)
        .then(|| format!("it is longer than {MAX_TITLE} characters"))
}

fn no_kind(answer: &str) -> Option<String> {
    (!kind_names().any(|known| known == answer)).then(|| "there is none of that name".to_owned())
}

fn kind_names() -> impl Iterator<Item = &'static str> {
    kinds::ALL.iter().map(|kind| kind.name)
}

fn no_host(answer: &str) -> Option<String> {
    match names::no_host_id(answer)? {
        names::NoId::Malformed => no_id(answer),
        names::NoId::Reserved => {
            Some("the pages of the store need that name themselves".to_owned())
        }
    }
}

fn no_distribution(answer: &str) -> Option<String> {
    (!names::is_project(answer))
        .then(|| "it is not the name of a project and nothing else".to_owned())
}
