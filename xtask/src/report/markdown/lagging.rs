//! The plugins that a host has left behind, as the text of an issue.

use super::inert;
use crate::merge::Lagging;
use crate::report::{Issue, counted};
use crate::text::one_line;

/// An issue has an end, of 65,536 characters: rows beyond these are counted.
const MOST_ROWS: usize = 200;

/// A sentence and a list, each item with the page of the plugin where `store` is published.
pub(in crate::report) fn issue(lagging: &Lagging<'_>, store: Option<&str>) -> Issue {
    let all = lagging.behind.len() + lagging.ready;
    let mut body = format!(
        "{} of {} no release for {} yet:\n\n",
        counted(lagging.behind.len(), "plugin"),
        if all == 1 { "1 has".to_owned() } else { format!("{all} have") },
        inert::code(&format!("{} {}", lagging.host.body.title, lagging.major)),
    );
    for snippet in lagging.behind.iter().take(MOST_ROWS) {
        let name = inert::code(&snippet.body.display_name);
        let id = format!("{}/{}", snippet.host, snippet.id);
        match store {
            Some(store) => body.push_str(&format!("- {name} ([{id}]({store}{id}/))\n")),
            None => body.push_str(&format!("- {name} ({id})\n")),
        }
    }
    if lagging.behind.len() > MOST_ROWS {
        let more = format!("\nand {} more", lagging.behind.len() - MOST_ROWS);
        body.push_str(&store.map_or_else(|| format!("{more}\n"), |store| format!("{more}: [all that is known]({store}status/)\n")));
    }
    Issue { title: format!("No release yet for {} {}", one_line(&lagging.host.body.title, 100), lagging.major), body }
}
