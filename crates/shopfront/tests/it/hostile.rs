//! Tests of a store with an attack in every field, as the browser tests open it: it is published,
//! and the data in its pages is inert.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::scratch::{Scratch, fixtures};
use crate::support::{built, json, text, tree};

/// Returns `fixtures/hostile`, to be built.
pub(crate) fn store() -> Scratch {
    let scratch = Scratch::empty();
    scratch.overlay(&fixtures().join("hostile"));
    scratch
}

/// Returns the data block of a page.
fn data_of(page: &str) -> Option<&str> {
    let (_, rest) = page.split_once("<script type=\"application/ld+json\">")?;
    Some(rest.split_once("</script>").unwrap().0)
}

#[test]
fn the_data_of_a_page_is_what_its_entry_says_and_ends_where_it_should() {
    let scratch = store();
    built(&scratch, None);
    let mut named = BTreeSet::new();
    for (path, bytes) in tree(&scratch.path().join("dist"))
        .iter()
        .filter(|(path, _)| path.ends_with(".html"))
    {
        let page = std::str::from_utf8(bytes).unwrap();
        let blocks =
            page.matches("<script type=").count() - page.matches("<script type=\"module\"").count();
        let Some(data) = data_of(page) else {
            assert_eq!(blocks, 0, "{path}");
            continue;
        };
        assert_eq!(blocks, 1, "{path}");
        assert!(!data.contains(['<', '>', '&']), "{path}: {data}");
        let data: Value = serde_json::from_str(data).unwrap();
        assert_eq!(
            (&data[1]["@type"], &data[1]["itemListElement"][2]["item"]),
            (&"BreadcrumbList".into(), &data[0]["url"])
        );
        let data = &data[0];
        assert_eq!(
            (&data["@context"], &data["@type"]),
            (&"https://schema.org".into(), &"SoftwareApplication".into())
        );
        let detail = json(
            &scratch,
            &format!(
                "api/v1/plugins/{}.json",
                path.strip_suffix("/index.html").unwrap()
            ),
        );
        for (ours, theirs) in [
            ("name", "display_name"),
            ("description", "display_description"),
            ("identifier", "uid"),
            ("url", "page"),
        ] {
            assert_eq!(data[ours], detail[theirs], "{path}");
        }
        assert_eq!(
            data.get("softwareVersion").unwrap_or(&Value::Null),
            &detail["version"],
            "{path}"
        );
        named.insert(data["name"].as_str().unwrap().to_owned());
    }
    assert_eq!(named.len(), 5, "{named:?}");
}

#[test]
fn a_version_that_is_a_trick_is_text_in_its_badge() {
    let scratch = store();
    built(&scratch, None);
    let message = json(&scratch, "harbour/anchor/badge.json")["message"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(message.starts_with("1.0+\"><script>"), "{message}");
    let drawing = text(&scratch, "harbour/anchor/badge.svg");
    let document = roxmltree::Document::parse(&drawing).unwrap();
    assert!(
        document
            .descendants()
            .all(|node| !node.has_tag_name("script")),
        "{drawing}"
    );
    assert!(
        document
            .descendants()
            .any(|node| node.text() == Some(message.as_str())),
        "{drawing}"
    );
}

/// Some hosts read JSON from files that are named like pages, and a file server serves these as
/// pages.
#[test]
fn json_that_is_published_is_text_whatever_its_file_is_called() {
    let scratch = store();
    built(&scratch, None);
    let (mut pages, mut tricks) = (0, 0);
    for (path, bytes) in tree(&scratch.path().join("dist")) {
        let text = String::from_utf8_lossy(&bytes);
        let is_json = text.starts_with(['{', '[']);
        if !is_json || path.starts_with("harbour/packages/") {
            continue;
        }
        assert!(
            !text.contains(['<', '>', '&', '\u{2028}', '\u{2029}']),
            "{path}"
        );
        assert!(serde_json::from_str::<Value>(&text).is_ok(), "{path}");
        pages += usize::from(path.ends_with(".html"));
        tricks += usize::from(path.ends_with(".html") && text.contains("window.pwned=7"));
    }
    assert_eq!((pages, tricks), (3, 3));
}
