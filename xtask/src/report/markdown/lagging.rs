//! The plugins that a host has left behind, as a part of the text of an issue.

use super::inert;
use crate::merge::Lagging;
use crate::report::counted;

/// A heading, a sentence and a list, each item with the page of the plugin where `store` is published.
pub(in crate::report) fn text(lagging: &Lagging<'_>, store: Option<&str>) -> String {
    let all = lagging.behind.len() + lagging.ready;
    let title = inert::code(&format!("{} {}", lagging.host.body.title, lagging.major));
    let mut text = format!(
        "## {title}\n\n{} of {} no release for it yet:\n\n",
        counted(lagging.behind.len(), "plugin"),
        if all == 1 { "1 has".to_owned() } else { format!("{all} have") }
    );
    for snippet in &lagging.behind {
        let name = inert::code(&snippet.body.display_name);
        let id = format!("{}/{}", snippet.host, snippet.id);
        match store {
            Some(store) => text.push_str(&format!("- {name} ([{id}]({store}{id}/))\n")),
            None => text.push_str(&format!("- {name} ({id})\n")),
        }
    }
    text + "\n"
}
