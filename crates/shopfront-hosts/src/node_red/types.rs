//! Node types: those of Node-RED itself, and those of a module, found as the runtime finds them.

use shopfront_text::visible;

/// Maximum length of a type in bytes.
const MAX_TYPE: usize = 200;

/// Built-in node types of Node-RED 3 to 5, including those of its editor.
pub(super) const CORE_TYPES: &[&str] = &[
    "batch",
    "catch",
    "change",
    "comment",
    "complete",
    "csv",
    "debug",
    "delay",
    "exec",
    "file",
    "file in",
    "function",
    "global-config",
    "group",
    "html",
    "http in",
    "http proxy",
    "http request",
    "http response",
    "inject",
    "join",
    "json",
    "junction",
    "link call",
    "link in",
    "link out",
    "mqtt in",
    "mqtt out",
    "mqtt-broker",
    "range",
    "rbe",
    "sort",
    "split",
    "status",
    "subflow",
    "switch",
    "tab",
    "tcp in",
    "tcp out",
    "tcp request",
    "template",
    "tls-config",
    "trigger",
    "udp in",
    "udp out",
    "unknown",
    "watch",
    "websocket in",
    "websocket out",
    "websocket-client",
    "websocket-listener",
    "xml",
    "yaml",
];

/// Returns the types that the runtime finds in `html`. It searches for `/<script
/// ([^>]*)data-template-name\s*=\s*['"]([^'"]*)['"]/gi`, in any context.
pub(super) fn types_in(html: &str) -> Vec<String> {
    const TAG: &str = "<script ";
    let lower = html.to_ascii_lowercase();
    let mut types = Vec::new();
    let mut from = 0;
    while let Some(start) = lower[from..].find(TAG).map(|at| from + at + TAG.len()) {
        let end = lower[start..]
            .find('>')
            .map_or(lower.len(), |at| start + at);
        // If this tag has no name before its end, no tag that begins within it has one either:
        // each byte is read once.
        from = end;
        if let Some((name, behind)) = template_name(html, &lower, start, end) {
            types.extend(
                Some(visible(name).into_owned())
                    .filter(|name| !name.is_empty() && name.len() <= MAX_TYPE),
            );
            from = behind;
        }
    }
    types
}

/// Returns the value of the last complete `data-template-name` between `start` and `end`, and its
/// end, as a greedy pattern finds it.
fn template_name<'h>(
    html: &'h str,
    lower: &str,
    start: usize,
    end: usize,
) -> Option<(&'h str, usize)> {
    const NAME: &str = "data-template-name";
    let names = lower[start..end]
        .rmatch_indices(NAME)
        .map(|(at, _)| start + at + NAME.len());
    let value = |at: usize| {
        let quoted = html[at..]
            .trim_start()
            .strip_prefix('=')?
            .trim_start()
            .strip_prefix(['"', '\''])?;
        let name = &quoted[..quoted.find(['"', '\''])?];
        Some((name, html.len() - quoted.len() + name.len()))
    };
    names.into_iter().find_map(value)
}

#[cfg(test)]
mod tests {
    use super::types_in;

    /// An unclosed tag is searched once, not again from each tag that begins in it.
    #[test]
    fn tags_that_nothing_ends_are_read_once() {
        assert_eq!(types_in(&"<script ".repeat(200_000)), Vec::<String>::new());
        let named = "<script data-template-name=\"tide\" ".repeat(50_000);
        assert_eq!(types_in(&named), ["tide"]);
        assert_eq!(
            types_in(&"<script data-template-name='a'>".repeat(3)),
            ["a", "a", "a"]
        );
    }
}
