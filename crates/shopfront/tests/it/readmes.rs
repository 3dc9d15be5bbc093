//! Tests of long descriptions on the page of an entry: one text in `tests/fixtures/readmes/`, with
//! the expected HTML beside it.

use std::fs;
use std::path::{Path, PathBuf};

use shopfront_markdown::readme::ReadmeHtml;

use crate::golden;
use crate::properties::readme::is_harmless;

#[test]
fn long_descriptions_are_shown_as_their_fixtures_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../xtask/tests/fixtures/readmes");
    let mut texts: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    texts.retain(|it| it.extension().is_some_and(|it| it != "html"));
    texts.sort();
    assert!(texts.len() >= 5);
    let mut differences = Vec::new();
    for path in texts {
        let content_type = match path.extension().and_then(|it| it.to_str()) {
            Some("md") => Some("text/markdown"),
            Some("rst") => Some("text/x-rst"),
            Some("txt") => None,
            other => panic!("a fixture that ends in {other:?}"),
        };
        let html = ReadmeHtml::of(
            &fs::read_to_string(&path).unwrap(),
            content_type,
            Some("https://github.com/harbour/tides"),
        )
        .html;
        is_harmless(&html);
        differences.extend(golden::difference(
            &path.with_added_extension("html"),
            &html,
        ));
    }
    golden::assert_none(&differences);
}

/// A quadratic algorithm would not terminate in practice for a heading that occurs a hundred
/// thousand times, or for unclosed quotes.
#[test]
fn what_is_repeated_without_end_is_rendered_all_the_same() {
    let html = ReadmeHtml::of(&"# a\n".repeat(100_000), Some("text/markdown"), None).html;
    assert!(html.contains("id=\"readme-a-99999\""));
    let html = ReadmeHtml::of(
        &format!("```python\n{}\n```\n", "\"\\\"".repeat(20_000)).repeat(5),
        Some("text/markdown"),
        None,
    )
    .html;
    assert_eq!(html.matches("<pre").count(), 5);
}
