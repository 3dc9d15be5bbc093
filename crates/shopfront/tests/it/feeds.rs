//! Tests of feeds as a validator reads them (RFC 4287, RFC 4151, RFC 3339), and of badges as a
//! browser reads them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use roxmltree::{Document, Node};

use crate::fake_index::{FakeIndex, project_json, yank};
use crate::hostile;
use crate::scratch::Scratch;
use crate::support::{asking, built, harbour, json, project, text, tree};

const ATOM: &str = "http://www.w3.org/2005/Atom";

/// Returns the children of `node` with this name.
fn all<'d>(node: Node<'d, 'd>, name: &str) -> Vec<Node<'d, 'd>> {
    node.children()
        .filter(|child| child.has_tag_name((ATOM, name)))
        .collect()
}

/// Returns the text of the only child with this name. It contains no markup.
fn one<'d>(node: Node<'d, 'd>, name: &str) -> &'d str {
    let found = all(node, name);
    assert_eq!(
        found.len(),
        1,
        "<{}> has {} <{name}>",
        node.tag_name().name(),
        found.len()
    );
    assert!(
        !found[0].children().any(|child| child.is_element()) && found[0].attributes().len() == 0,
        "<{name}> is plain text"
    );
    found[0].text().unwrap_or_default()
}

fn links(node: Node<'_, '_>, relation: &str) -> Vec<String> {
    let of_relation = |link: &Node<'_, '_>| link.attribute("rel") == Some(relation);
    all(node, "link")
        .into_iter()
        .filter(of_relation)
        .map(|link| link.attribute("href").unwrap().to_owned())
        .collect()
}

fn assert_only(node: Node<'_, '_>, allowed: &[&str]) {
    for child in node.children().filter(Node::is_element) {
        let is_known = child.tag_name().namespace() == Some(ATOM)
            && allowed.contains(&child.tag_name().name());
        assert!(
            is_known,
            "<{}> in <{}>",
            child.tag_name().name(),
            node.tag_name().name()
        );
    }
    let loose: String = node
        .children()
        .filter(Node::is_text)
        .filter_map(|it| it.text())
        .collect();
    assert_eq!(
        loose.trim(),
        "",
        "loose text in <{}>",
        node.tag_name().name()
    );
}

/// Returns `true` for a tag URI (RFC 4151): an authority, a date, and characters that a URL may
/// contain.
fn is_tag(id: &str) -> bool {
    let Some((entity, specific)) = id
        .strip_prefix("tag:")
        .and_then(|rest| rest.split_once(':'))
    else {
        return false;
    };
    let Some((authority, date)) = entity.split_once(',') else {
        return false;
    };
    let is_name = !authority.is_empty()
        && authority
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
    let is_plain =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?%".contains(&byte);
    is_name
        && date.parse::<jiff::civil::Date>().is_ok()
        && !specific.is_empty()
        && specific.bytes().all(is_plain)
}

/// Feed items as a reader stores them.
type Kept = BTreeMap<String, (String, String)>;

/// Fails unless the feed at `path` of the store at `base` is valid. Adds its items to `kept`.
fn assert_feed(base: &str, path: &str, source: &str, kept: &mut Kept) -> usize {
    let document = Document::parse(source).unwrap_or_else(|fault| panic!("{path}: {fault}"));
    let feed = document.root_element();
    assert!(feed.has_tag_name((ATOM, "feed")), "{path}");
    assert_only(
        feed,
        &[
            "id", "title", "subtitle", "updated", "link", "author", "entry",
        ],
    );
    assert_eq!(
        (one(feed, "id"), links(feed, "self")),
        (
            format!("{base}{path}").as_str(),
            vec![format!("{base}{path}")]
        )
    );
    assert_eq!(
        links(feed, "alternate"),
        [format!("{base}{}", path.strip_suffix("feed.xml").unwrap())]
    );
    assert!(
        !one(feed, "title").trim().is_empty() && all(feed, "subtitle").len() <= 1,
        "{path}"
    );
    assert!(!one(all(feed, "author")[0], "name").is_empty(), "{path}");
    let entries = all(feed, "entry");
    assert!(entries.len() <= 50, "{path} has {}", entries.len());
    let mut times = Vec::new();
    let mut ids = BTreeSet::new();
    for entry in &entries {
        assert_only(
            *entry,
            &[
                "id", "title", "updated", "link", "author", "category", "summary",
            ],
        );
        let (id, updated) = (one(*entry, "id"), one(*entry, "updated"));
        assert!(is_tag(id) && ids.insert(id), "{path}: {id}");
        assert!(!one(*entry, "title").trim().is_empty(), "{path}: {id}");
        assert!(
            updated.ends_with('Z') && updated.as_bytes()[10] == b'T',
            "{path}: {updated}"
        );
        times.push(updated.parse::<Timestamp>().unwrap());
        let page = links(*entry, "alternate");
        // Items of an upstream store link to its own pages.
        let is_foreign = id.contains('+');
        assert!(
            page.len() == 1
                && (page[0].starts_with(base) != is_foreign)
                && page[0].starts_with("https://"),
            "{path}: {page:?}"
        );
        let told = (one(*entry, "title").to_owned(), updated.to_owned());
        // A yanked release is reported as such in the feed of all releases.
        let known = kept.entry(id.to_owned()).or_insert_with(|| told.clone());
        assert!(
            known.1 == told.1 && (known.0.starts_with(&told.0) || told.0.starts_with(&known.0)),
            "{id} is told twice: {known:?}, {told:?}"
        );
    }
    assert!(times.is_sorted_by(|a, b| a >= b), "{path} is not in order");
    let updated: Timestamp = one(feed, "updated").parse().unwrap();
    assert!(
        times.first().is_none_or(|newest| *newest == updated),
        "{path}"
    );
    entries.len()
}

#[test]
fn every_feed_of_every_store_is_one() {
    let small = crate::formats::small();
    for scratch in [Scratch::base(), small, hostile::store()] {
        built(&scratch, None);
        let base = json(&scratch, "plugins.json")["store"]["url"]
            .as_str()
            .unwrap()
            .to_owned();
        let moved = moved(&scratch);
        let (mut kept, mut feeds, mut told) = (Kept::new(), 0, 0);
        for (path, bytes) in tree(&scratch.path().join("dist"))
            .iter()
            .filter(|(path, _)| path.ends_with("feed.xml") && !moved.contains(*path))
        {
            told += assert_feed(&base, path, std::str::from_utf8(bytes).unwrap(), &mut kept);
            feeds += 1;
        }
        assert!(feeds >= 4 && told >= 4, "{feeds} feeds, {told} news");
    }
}

/// Returns the feeds of earlier ids, which are copies of the current ones.
fn moved(scratch: &Scratch) -> Vec<String> {
    let files = tree(&scratch.path().join("dist"));
    let is_redirect = |path: &String| {
        files
            .get(path)
            .is_some_and(|page| String::from_utf8_lossy(page).contains("http-equiv=\"refresh\""))
    };
    files
        .keys()
        .filter(|path| is_redirect(path))
        .map(|path| path.replace("index.html", "feed.xml"))
        .collect()
}

#[test]
fn a_feed_of_a_plugin_has_its_fifty_newest_releases() {
    let (scratch, index) = harbour(2);
    let dates: Vec<(String, String)> = (0..70)
        .map(|n| {
            (
                format!("1.{n}"),
                format!("20{:02}-0{}-11T10:20:30Z", 10 + n / 9, 1 + n % 9),
            )
        })
        .collect();
    let releases: Vec<(&str, &str)> = dates
        .iter()
        .map(|(version, date)| (version.as_str(), date.as_str()))
        .collect();
    let mut long = project_json(&project("anchor"), &releases);
    yank(&mut long, "1.68", "sinks");
    index.json(&project("anchor"), long);
    built(&scratch, Some(asking(&index.base())));
    let source = text(&scratch, "harbour/anchor/feed.xml");
    assert_eq!(
        assert_feed(
            "https://quay.example/",
            "harbour/anchor/feed.xml",
            &source,
            &mut Kept::new()
        ),
        50
    );
    let document = Document::parse(&source).unwrap();
    let titles: Vec<&str> = all(document.root_element(), "entry")
        .into_iter()
        .map(|entry| one(entry, "title"))
        .collect();
    assert_eq!(
        titles[..3],
        [
            "The anchor is listed in The quay",
            "The anchor 1.69",
            "The anchor 1.68 (yanked)"
        ]
    );
    assert_eq!(titles[49], "The anchor 1.21");
    // The id of a release does not change with the next release, nor when the registry is queried
    // again.
    built(&scratch, None);
    assert_eq!(text(&scratch, "harbour/anchor/feed.xml"), source);
}

#[test]
fn neither_new_plugins_nor_new_releases_drown_the_others() {
    let (scratch, index) = harbour(12);
    built(&scratch, Some(asking(&index.base())));
    let source = text(&scratch, "feed.xml");
    let document = Document::parse(&source).unwrap();
    let kind = |entry: Node<'_, '_>| {
        all(entry, "category")[0]
            .attribute("term")
            .unwrap()
            .to_owned()
    };
    let kinds: Vec<String> = all(document.root_element(), "entry")
        .into_iter()
        .map(kind)
        .collect();
    let count = |wanted: &str| kinds.iter().filter(|kind| *kind == wanted).count();
    assert_eq!((count("listing"), count("release")), (12, 12));
}

#[test]
fn a_badge_says_the_worst_that_is_known() {
    let (scratch, index) = harbour(4);
    let mut buoy = project_json(&project("buoy"), &crate::support::RELEASES);
    yank(&mut buoy, "1.0", "leaks");
    yank(&mut buoy, "1.1", "leaks");
    index.json(&project("buoy"), buoy);
    let crane = crate::support::snippet("crane").replace(
        "\n}\n",
        ",\n  \"lifecycle\": {\"state\": \"deprecated\", \"reason\": \"Too slow.\"}\n}\n",
    );
    scratch.write("catalogue/harbour/crane.json", &crane);
    built(&scratch, Some(asking(&index.base())));
    let message = |scratch: &Scratch, id: &str| {
        json(scratch, &format!("harbour/{id}/badge.json"))["message"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        ["anchor", "buoy", "crane"].map(|id| message(&scratch, id)),
        ["1.1", "1.1 yanked", "1.1 deprecated"]
    );
    let grey = json(&scratch, "harbour/dredger/badge.json")["color"].clone();
    drop(index);
    // The registry is down: the version is still shown, but not in the color of confirmed data.
    let down = FakeIndex::start();
    down.fault(
        "*",
        crate::fake_index::Fault::ServerError500 { times: u32::MAX },
    );
    built(&scratch, Some(asking(&down.base())));
    assert_eq!(message(&scratch, "dredger"), "1.1");
    assert_ne!(json(&scratch, "harbour/dredger/badge.json")["color"], grey);
    for id in ["anchor", "buoy", "crane", "dredger"] {
        assert_drawing(
            &text(&scratch, &format!("harbour/{id}/badge.svg")),
            &message(&scratch, id),
        );
    }
    let settings = text(&scratch, "../catalogue/store.json");
    scratch.write(
        "catalogue/store.json",
        &settings.replacen('{', "{\n  \"language\": \"de\",", 1),
    );
    built(&scratch, None);
    assert_eq!(
        ["anchor", "buoy", "crane"].map(|id| message(&scratch, id)),
        ["1.1", "1.1 zurückgerufen", "1.1 veraltet"]
    );
    assert_drawing(
        &text(&scratch, "harbour/buoy/badge.svg"),
        "1.1 zurückgerufen",
    );
}

/// Fails unless the badge shows its message visually and to screen readers, and contains no active
/// content.
fn assert_drawing(source: &str, message: &str) {
    let document = Document::parse(source).unwrap();
    let root = document.root_element();
    let title = root
        .children()
        .find(|it| it.has_tag_name("title"))
        .and_then(|it| it.text())
        .unwrap();
    assert!(title.ends_with(&format!(": {message}")), "{title}");
    assert_eq!(
        (root.attribute("role"), root.attribute("aria-label")),
        (Some("img"), Some(title))
    );
    let texts: Vec<Node<'_, '_>> = document
        .descendants()
        .filter(|it| it.has_tag_name("text"))
        .collect();
    assert_eq!(texts.last().unwrap().text(), Some(message));
    assert!(
        texts
            .iter()
            .all(|it| it.attribute("textLength").unwrap().parse::<f32>().unwrap() > 4.0)
    );
    let plain = ["svg", "title", "path", "g", "text"];
    for node in document.descendants().filter(Node::is_element) {
        assert!(
            plain.contains(&node.tag_name().name()),
            "<{}>",
            node.tag_name().name()
        );
        let is_harmless =
            |name: &str| !name.starts_with("on") && !matches!(name, "href" | "style" | "src");
        assert!(
            node.attributes().all(|it| is_harmless(it.name())),
            "{source}"
        );
    }
}
