//! Properties of index responses: no value is accepted that is too long, moves a cursor, or cannot
//! be saved and read again.

use serde_json::Value;
use shopfront_model::answers::{self, Answer, Project, State};
use shopfront_registry::{FoundProject, npm, pypi};
use shopfront_text::digest;

const MAX_RELEASES: usize = 20_000;
const MAX_FILES: usize = 2_000;
const MAX_ITEMS: usize = 500;
const MAX_TEXT: usize = 2_000;
const MAX_DESCRIPTION: usize = 1 << 20;

/// Project of all bodies in the corpora.
const NAME: &str = "datasette-graphql";

/// Package of all documents of npm in the corpus.
const PACKAGE: &str = "node-red-contrib-harbour";

pub(super) fn json_holds(bytes: &[u8]) {
    let Ok(found) = pypi::read_json(bytes, NAME) else {
        return;
    };
    is_in_order(&found.project);
    is_found(&found);
    is_kept(answer(found.project));
}

pub(super) fn npm_holds(bytes: &[u8]) {
    let Ok(found) = npm::read(bytes, PACKAGE) else {
        return;
    };
    assert_eq!(found.project.name, PACKAGE);
    is_found(&found);
    let name = PACKAGE.to_owned();
    is_kept(Answer {
        registry: "npm".to_owned(),
        name,
        ..answer(found.project)
    });
}

/// Checks that the project is valid, and that its long description matches its hash.
fn is_found(found: &FoundProject) {
    is_tame(&found.project);
    let told = found.project.newest.description.as_ref();
    assert_eq!(told.is_some(), found.description.is_some());
    if let (Some(told), Some(text)) = (told, &found.description) {
        assert!(text.len() <= MAX_DESCRIPTION && told.bytes == text.len() as u64);
        assert_eq!(told.sha256, digest::sha256(text.as_bytes()));
        assert_eq!(
            shopfront_text::hidden(text).find(|it| !it.ends_or_indents()),
            None,
            "in the long description"
        );
    }
}

pub(super) fn simple_holds(bytes: &[u8]) {
    for content_type in ["application/vnd.pypi.simple.v1+json", "text/html"] {
        let Ok(project) = pypi::read_simple(content_type, bytes, NAME) else {
            continue;
        };
        assert_eq!(project.name, NAME);
        is_in_order(&project);
        is_tame(&project);
        is_kept(answer(project));
    }
    // Provenance, which names the publisher of a file, is JSON of the same index.
    if let Some(publisher) = pypi::read_provenance(bytes) {
        texts_are_lines(&serde_json::to_value(&publisher).expect("a publisher can be written"));
        let address = publisher
            .address()
            .map(|it| shopfront_text::url_policy::check_web_url(&it));
        assert_eq!(address.flatten(), None);
    }
}

/// Checks the limits, and that every text is one line of visible characters.
fn is_tame(project: &Project) {
    assert!(project.releases.len() <= MAX_RELEASES);
    for release in &project.releases {
        assert!(release.files.len() <= MAX_FILES);
        assert!(
            release
                .version
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-_+!".contains(&byte))
        );
        assert!(
            release.files.iter().all(|file| !file.name.is_empty()),
            "a file without a name"
        );
    }
    let newest = &project.newest;
    let lists = [
        newest.keywords.len(),
        newest.links.len(),
        newest.vulnerabilities.len(),
        newest.requires_dist.as_ref().map_or(0, Vec::len),
    ];
    assert!(lists.iter().all(|count| *count <= MAX_ITEMS));
    let is_web = |url: &str| {
        [url.get(..7), url.get(..8)]
            .iter()
            .flatten()
            .any(|it| matches!(&*it.to_ascii_lowercase(), "http://" | "https://"))
    };
    assert!(newest.links.iter().all(|link| is_web(&link.url)));
    assert!(
        newest
            .vulnerabilities
            .iter()
            .filter_map(|it| it.url.as_deref())
            .all(is_web)
    );
    texts_are_lines(&serde_json::to_value(project).expect("a project can be written"));
}

/// Checks that releases are in the order of PEP 440.
fn is_in_order(project: &Project) {
    let versions: Vec<_> = project
        .releases
        .iter()
        .map(|release| release.parsed())
        .collect();
    assert!(versions.is_sorted(), "the releases are not in order");
}

fn texts_are_lines(value: &Value) {
    match value {
        Value::String(text) => {
            assert!(
                text.chars().count() <= MAX_TEXT,
                "{} characters",
                text.chars().count()
            );
            assert_eq!(shopfront_text::hidden(text).next(), None, "in {text:?}");
            assert!(!text.trim().is_empty(), "a blank text");
        }
        Value::Array(items) => items.iter().for_each(texts_are_lines),
        Value::Object(members) => members.values().for_each(texts_are_lines),
        _ => {}
    }
}

/// Checks that the saved answer is read again unchanged, by serde and by the project's own parser.
fn is_kept(answer: Answer) {
    let text = answers::text(&answer).expect("an answer can be written");
    assert_eq!(
        serde_json::from_str::<Answer>(&text).expect("what was saved can be read"),
        answer
    );
    shopfront_json::parse(&text).expect("what is saved is JSON");
}

/// Returns the answer for a new `project`.
pub(super) fn answer(project: Project) -> Answer {
    Answer {
        registry_url: None,
        format: 1,
        registry: "pypi".to_owned(),
        name: shopfront_text::names::normal_project(&project.name),
        state: State::Found,
        checked_at: "2026-11-20T12:00:00Z".parse().expect("a time"),
        trouble: None,
        validators: None,
        simple_page: None,
        project: Some(project),
    }
}
