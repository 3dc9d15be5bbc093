//! Long descriptions as the page of an entry shows them: one text in `tests/fixtures/readmes/`, its HTML beside it.

use std::fs;
use std::path::PathBuf;

use shopfront::render::readme_html;

use crate::golden;
use crate::properties::readme::is_harmless;

#[test]
fn long_descriptions_are_shown_as_their_fixtures_say() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/readmes");
    let mut texts: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|it| it.unwrap().path()).collect();
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
        let html = readme_html(&fs::read_to_string(&path).unwrap(), content_type, Some("https://github.com/harbour/tides"));
        is_harmless(&html);
        differences.extend(golden::difference(&path.with_added_extension("html"), &html));
    }
    golden::assert_none(&differences);
}

/// What would take the square of its length does not end in a lifetime: a heading that stands a hundred thousand times, and
/// quotes that nothing closes.
#[test]
fn what_is_repeated_without_end_is_rendered_all_the_same() {
    let html = readme_html(&"# a\n".repeat(200_000), Some("text/markdown"), None);
    assert!(html.contains("id=\"readme-a-199999\""));
    let html = readme_html(&format!("```python\n{}\n```\n", "\"\\\"".repeat(20_000)).repeat(15), Some("text/markdown"), None);
    assert_eq!(html.matches("<pre").count(), 15);
}
