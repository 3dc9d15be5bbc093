//! Property of publication: for any answer of an index for one project, the store is published, and
//! is valid against its schemas.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use shopfront_check::load::Loaded;
use shopfront_markdown::readme::ReadmeHtml;
use shopfront_model::adapter::HostVersions;
use shopfront_model::answers::{Answer, Ledger};
use shopfront_registry::pypi;
use shopfront_site::emit;
use shopfront_site::merge::{self, EntrySummary, Store};
use shopfront_site::render::{self, Common, PageInput, Templates};

use super::html::{self, attribute};
use super::memory::{self, ANSWERS, Memory, SCHEMAS};
use super::registry;

static LOADED: LazyLock<Loaded> = LazyLock::new(|| memory::load(&memory::base()));

static TEMPLATES: LazyLock<Templates> = LazyLock::new(|| {
    Templates::new(&[shopfront_text::embedded::overlaid(
        shopfront_site::embedded::TEMPLATES,
        BTreeMap::new(),
    )])
    .expect("our own templates compile")
});

/// Checks answers for every project of the small store in turn: those of plugins, and those of the
/// hosts themselves.
pub(super) fn holds(bytes: &[u8]) {
    for known in ANSWERS.iter() {
        if let Ok(found) = pypi::read_json(bytes, &known.name) {
            publish(
                &registry::answer(found.project),
                found.description.as_deref(),
            );
        }
    }
}

fn publish(told: &Answer, description: Option<&str>) {
    let answer_of = |name: &str| {
        if name == told.name {
            Some(told)
        } else {
            ANSWERS.iter().find(|it| it.name == name)
        }
    };
    let catalogue = &LOADED.catalogue;
    let versions: BTreeMap<_, _> = catalogue
        .hosts
        .iter()
        .map(|(id, host)| {
            let answer = host
                .adapter
                .host_project()
                .and_then(|key| answer_of(&key.name));
            (id.clone(), HostVersions::of(host, answer))
        })
        .collect();
    let cards: Vec<EntrySummary> = catalogue
        .snippets
        .iter()
        .map(|it| {
            merge::card(
                catalogue.host_of(it),
                &versions[&it.host],
                it,
                answer_of(&it.source.name),
            )
        })
        .collect();
    let store = Store {
        file: LOADED.store.as_ref().expect("the small store is sound"),
        catalogue,
        ledger: merge::advance(&Ledger::default(), catalogue, &cards, told.checked_at),
        versions,
        cards,
        upstreams: Vec::new(),
        problems: Vec::new(),
        generated_at: told.checked_at,
    };
    let memory = Memory::default();
    let answer_schema = emit::answer_schema(&SCHEMAS).expect("there is such a schema");
    emit::answer_line(told, &answer_schema).expect("an answer keeps to its schema");
    let no_packages = |path: &str| {
        Err(shopfront_diagnostics::error::Error::new(format!(
            "nobody serves {path}"
        )))
    };
    emit::run(&store, &SCHEMAS, &no_packages, &memory)
        .expect("nothing that an index says stops a build");
    pages(&store, told, description, &memory);
    for artifact in memory.artifacts() {
        let text = std::str::from_utf8(&artifact.bytes).expect("what is published is text");
        match artifact.path.rsplit_once('.') {
            Some((_, "json")) => drop(
                serde_json::from_str::<serde_json::Value>(text).expect("what is published is JSON"),
            ),
            _ => page_is_ours(text),
        }
    }
}

/// Renders the data and the page of each entry.
fn pages(store: &Store<'_>, told: &Answer, description: Option<&str>, memory: &Memory) {
    use shopfront_site::artifact::Sink;
    let languages = Common::of(store, &TEMPLATES).expect("there are words for the small store");
    let schema = SCHEMAS
        .get("api-plugin.schema.json")
        .expect("there is such a schema");
    for entry in store
        .all()
        .filter(|entry| entry.snippet.source.name == told.name)
    {
        let data = emit::detail(store, entry, Some(told), description, schema)
            .expect("nothing that an index says stops a build");
        let content_type = told
            .project
            .as_ref()
            .and_then(|it| it.newest.description.as_ref()?.content_type.as_deref());
        let readme = description.map(|text| {
            ReadmeHtml::of(text, content_type, entry.snippet.body.repository.as_deref())
        });
        let material = PageInput {
            answer: Some(told),
            readme: readme.as_ref(),
            alternatives: &[],
            elsewhere: &[],
        };
        let page = render::plugin_page(store, entry, material, &TEMPLATES, &languages[0])
            .expect("a page can be rendered");
        for artifact in [data, page] {
            memory.put(artifact).expect("memory takes everything");
        }
    }
}

/// Fails if a page contains untrusted markup: a handler, a foreign script, or a URL that executes
/// code.
fn page_is_ours(page: &str) {
    for tag in &html::tags(page).all {
        for held in &tag.attrs {
            let name = &*held.name.local;
            assert!(
                !name.starts_with("on") && name != "style" && name != "srcdoc",
                "{name}=\"{}\" at <{}>",
                held.value,
                tag.name
            );
        }
        assert!(
            !matches!(&*tag.name, "iframe" | "object" | "embed" | "base"),
            "<{}>",
            tag.name
        );
        let address = attribute(tag, "href")
            .or_else(|| attribute(tag, "src"))
            .unwrap_or_default()
            .to_ascii_lowercase();
        let scheme = address.split_once(':').map_or("", |(scheme, _)| scheme);
        let runs_something = !matches!(scheme, "" | "http" | "https" | "mailto")
            && !scheme.contains(['/', '?', '#']);
        assert!(!runs_something, "an address `{address}` at <{}>", tag.name);
    }
}
