//! What every page is given, in one language of the store, and where the pages of that language
//! lie.

use std::sync::Arc;

use minijinja::Value;
use minijinja::value::{Enumerator, Object, Serde};
use serde::Serialize;

use super::context::{HostBrief, StoreContext};
use super::templates::Templates;
use super::topics::Topics;
use crate::artifact::{Artifact, Sink, Stream};
use crate::language::{Language, Said};
use crate::merge::Store;
use shopfront_diagnostics::error::Error;
use shopfront_text::xml;

/// What every page of one language is given, converted once.
pub struct Common<'s> {
    store: Value,
    hosts: Value,
    words: Value,
    /// ` lang="…"` for what the store itself says on a page of another language; else nothing.
    own_words: Value,
    own: Spoken,
    all: Vec<Spoken>,
    generated_at: String,
    /// Topics of the entries.
    pub(super) topics: Arc<Topics<'s>>,
    /// Words.
    pub(super) language: Arc<Language>,
    /// The base address of the store.
    pub url: &'s str,
    /// The title of the store.
    pub store_title: &'s str,
}

/// A language that the pages are written in.
#[derive(Clone, Serialize)]
struct Spoken {
    tag: String,
    name: String,
    direction: String,
    /// The folder of its pages; empty for the store's own language.
    folder: String,
}

/// The same page in one of the languages.
#[derive(Serialize)]
struct Translation {
    tag: String,
    name: String,
    /// From the page that names it.
    path: String,
    /// Absolute.
    url: String,
}

impl<'s> Common<'s> {
    /// What every page of `store` is given, for each of its languages; the store's own language
    /// first.
    ///
    /// # Errors
    /// When there are no words for one of them.
    pub fn of(store: &'s Store<'_>, templates: &Templates) -> Result<Vec<Common<'s>>, Error> {
        let further = store
            .file
            .languages
            .iter()
            .filter(|tag| **tag != store.file.language);
        let mut all = Vec::new();
        for tag in std::iter::once(&store.file.language).chain(further) {
            let language = templates.languages.of(tag)?;
            let folder = if all.is_empty() {
                String::new()
            } else {
                format!("{}/", tag.to_lowercase())
            };
            let spoken = Spoken {
                tag: tag.clone(),
                name: language.name().to_owned(),
                direction: language.direction().to_owned(),
                folder,
            };
            all.push((spoken, language));
        }
        let hosts: Vec<HostBrief<'_>> = store
            .catalogue
            .hosts
            .values()
            .map(|host| HostBrief::of(store, host))
            .collect();
        let hosts = Value::from(Serde(hosts));
        let store_value = Value::from(Serde(StoreContext::of(store.file)));
        let spoken: Vec<Spoken> = all.iter().map(|(spoken, _)| spoken.clone()).collect();
        let topics = Arc::new(Topics::of(store));
        let one = |(own, language): (Spoken, Arc<Language>)| Common {
            store: store_value.clone(),
            hosts: hosts.clone(),
            words: Value::from_dyn_object(Arc::clone(&language)),
            own_words: Value::from_safe_string(if own.tag == store.file.language {
                String::new()
            } else {
                format!(" lang=\"{}\"", xml::escaped(&store.file.language))
            }),
            own,
            all: spoken.clone(),
            generated_at: store.generated_at.to_string(),
            topics: Arc::clone(&topics),
            language,
            url: &store.file.url,
            store_title: &store.file.title,
        };
        Ok(all.into_iter().map(one).collect())
    }

    /// The title of a page: what the message `key` says, and the name of the store.
    pub(super) fn title(&self, key: &str, values: &[(&str, Said<'_>)]) -> String {
        format!("{} · {}", self.language.say(key, values), self.store_title)
    }

    /// The context of one page: `path` is where it lies below the folder of its language, with a
    /// slash at its end.
    pub fn context(
        &self,
        path: &str,
        title: &str,
        description: &str,
        own: Vec<(&'static str, Value)>,
    ) -> Value {
        let home = "../".repeat(path.matches('/').count());
        let root = format!(
            "{home}{}",
            "../".repeat(self.own.folder.matches('/').count())
        );
        let canonical = format!("{}{}{path}", self.url, self.own.folder);
        self.context_below(
            &root,
            &home,
            path,
            Some(canonical),
            [title, description],
            own,
        )
    }

    /// The context of a page that is shown at addresses of any depth: everything it names is
    /// absolute.
    pub(crate) fn context_anywhere(&self, title: &str, own: Vec<(&'static str, Value)>) -> Value {
        let root =
            url::Url::parse(self.url).map_or_else(|_| "/".to_owned(), |url| url.path().to_owned());
        let home = format!("{root}{}", self.own.folder);
        self.context_below(&root, &home, "", None, [title, ""], own)
    }

    fn context_below(
        &self,
        root: &str,
        home: &str,
        path: &str,
        canonical: Option<String>,
        [title, description]: [&str; 2],
        own: Vec<(&'static str, Value)>,
    ) -> Value {
        let translation = |it: &Spoken| {
            let Spoken {
                tag, name, folder, ..
            } = it.clone();
            let below = format!("{root}{folder}{path}");
            let path_to = if below.is_empty() {
                "./".to_owned()
            } else {
                below
            };
            Translation {
                tag,
                name,
                path: path_to,
                url: format!("{}{folder}{path}", self.url),
            }
        };
        let translations: Vec<Translation> = if self.all.len() > 1 {
            self.all.iter().map(translation).collect()
        } else {
            Vec::new()
        };
        let shared = [
            ("store", self.store.clone()),
            ("hosts", self.hosts.clone()),
            ("words", self.words.clone()),
            ("own_words", self.own_words.clone()),
            ("language", Value::from(Serde(&self.own))),
            ("translations", Value::from(Serde(translations))),
            ("generated_at", Value::from(self.generated_at.as_str())),
            ("root", Value::from(root)),
            ("home", Value::from(home)),
            (
                "canonical",
                canonical.map_or_else(|| Value::from(()), Value::from),
            ),
            ("title", Value::from(title)),
            ("description", Value::from(description)),
        ];
        Value::from_object(Given(own.into_iter().chain(shared).collect()))
    }

    /// The words that scripts need, as the module that hands them over before any of them runs.
    pub(super) fn script(&self) -> Artifact {
        Artifact::new(
            format!("assets/words-{}.js", self.own.tag),
            format!(
                "import {{ learn }} from \"./words.js\";\nlearn({}, {});\n",
                self.language.script(),
                self.language.formats()
            ),
        )
    }

    /// The tag of its language.
    pub(super) fn tag(&self) -> &str {
        &self.own.tag
    }

    /// Where a page lies, from the published folder.
    pub(super) fn below(&self, path: &str) -> String {
        format!("{}{path}", self.own.folder)
    }

    /// A sink that puts the pages of this language into its folder.
    pub fn sink<'k>(&'k self, sink: &'k dyn Sink) -> Below<'k> {
        Below {
            folder: &self.own.folder,
            sink,
        }
    }
}

/// What a template is given, by name. A page looks up a few names many times, which a search among
/// a handful does fastest.
#[derive(Debug)]
struct Given(Vec<(&'static str, Value)>);

impl Object for Given {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.0
            .iter()
            .find(|(name, _)| *name == key)
            .map(|(_, value)| value.clone())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.0.iter().map(|(name, _)| Value::from(*name)).collect())
    }
}

/// Puts everything into one folder of another sink.
pub struct Below<'k> {
    folder: &'k str,
    sink: &'k dyn Sink,
}

impl Sink for Below<'_> {
    fn put(&self, artifact: Artifact) -> Result<(), Error> {
        self.sink.put(Artifact {
            path: format!("{}{}", self.folder, artifact.path),
            ..artifact
        })
    }

    fn stream(&self, path: &str) -> Result<Box<dyn Stream + '_>, Error> {
        self.sink.stream(&format!("{}{path}", self.folder))
    }
}
