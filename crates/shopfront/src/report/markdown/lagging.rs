//! Text of the issue about plugins without a release for the newest version of their host.

use super::bounded_text::{BoundedText, MOST};
use super::inert;
use crate::report::Issue;
use shopfront_model::catalogue::Snippet;
use shopfront_site::merge::Lagging;
use shopfront_text::counted;
use shopfront_text::one_line;

/// Renders a sentence and a list. If `store` is published, each item links to the page of the
/// plugin.
pub(in crate::report) fn issue(lagging: &Lagging<'_>, store: Option<&str>) -> Issue {
    let all = lagging.behind.len() + lagging.ready;
    let head = format!(
        "{} of {} no release for {} yet:\n\n",
        counted(lagging.behind.len(), "plugin"),
        if all == 1 {
            "1 has".to_owned()
        } else {
            format!("{all} have")
        },
        inert::code(&format!("{} {}", lagging.host.body.title, lagging.major)),
    );
    let row = |snippet: &&Snippet| {
        let name = inert::code(&snippet.body.display_name);
        let id = format!("{}/{}", snippet.host, snippet.id);
        match store {
            Some(store) => format!("- {name} ([{id}]({store}{id}/))\n"),
            None => format!("- {name} ({id})\n"),
        }
    };
    let rows: Vec<String> = lagging.behind.iter().map(row).collect();
    let elsewhere = store
        .map(|store| format!("[All that is known]({store}status/)"))
        .unwrap_or_default();
    let mut room = BoundedText::before(String::new(), elsewhere);
    room.list(&head, &rows, "more", MOST);
    let body = room.finish();
    Issue {
        title: format!(
            "No release yet for {} {}",
            one_line(&lagging.host.body.title, 100),
            lagging.major
        ),
        body,
    }
}
