//! Neutralization of workflow commands, which a runner executes if a log contains them.

use std::borrow::Cow;

use crate::is_line_end;

/// Syntax of a text, which determines the replacement of a character in a command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Syntax {
    /// Prose, source lines, Markdown: U+FFFD, so that readers notice the replacement.
    #[default]
    Text,
    /// JSON: an escape, so that the document keeps its meaning.
    Json,
    /// Text in which lines that begin with `::error`, `::warning` or `::notice` are commands of
    /// this program.
    Annotations,
}

/// Commands that this program writes, as the start of a line.
const ANNOTATIONS: [&str; 6] = [
    "::error ",
    "::error::",
    "::warning ",
    "::warning::",
    "::notice ",
    "::notice::",
];

/// Returns `text` without commands that are not from this program.
///
/// The runner of GitHub Actions executes `##[name …]` anywhere in a line, and `::name …::` after
/// white space at the start of a line. Azure Pipelines and TeamCity write a word in the middle of
/// the first form, `##vso[`, `##teamcity[`. One character of either form is replaced by one
/// other, so that columns do not change.
pub fn escape_commands(text: &str, syntax: Syntax) -> Cow<'_, str> {
    let mut commands: Vec<usize> = in_line(text).collect();
    // JSON has no such line: its lines begin with a bracket, a quotation mark, a digit or a
    // letter.
    if syntax != Syntax::Json {
        commands.extend(at_line_start(text, syntax));
    }
    if commands.is_empty() {
        return Cow::Borrowed(text);
    }
    commands.sort_unstable();
    let mut out = String::with_capacity(text.len() + 6 * commands.len());
    let mut from = 0;
    for at in commands {
        out.push_str(&text[from..at]);
        out.push_str(if syntax == Syntax::Json {
            "\\u0023"
        } else {
            "\u{fffd}"
        });
        from = at + 1;
    }
    Cow::Owned(out + &text[from..])
}

/// Returns the second `#` of every `##[`, with or without a word before the bracket.
fn in_line(text: &str) -> impl Iterator<Item = usize> {
    let (mut previous, mut second) = (b' ', None);
    text.bytes().enumerate().filter_map(move |(at, byte)| {
        let found = second.filter(|_| byte == b'[');
        second = match byte {
            b'#' => (previous == b'#').then_some(at),
            it if it.is_ascii_alphanumeric() => second,
            _ => None,
        };
        previous = byte;
        found
    })
}

/// Returns the first `:` of every line that begins with a command.
fn at_line_start(text: &str, syntax: Syntax) -> impl Iterator<Item = usize> {
    let mut from = 0;
    text.split_inclusive(is_line_end).filter_map(move |line| {
        let start = from;
        from += line.len();
        // The runner removes a byte order mark from the start of a stream.
        let begun = line.trim_start_matches(|it: char| it.is_whitespace() || it == '\u{feff}');
        // A third colon would be part of a name that no command has. Reports write it before the
        // location of a second label.
        let is_command = begun.starts_with("::") && !begun.starts_with(":::");
        let is_ours =
            syntax == Syntax::Annotations && ANNOTATIONS.iter().any(|ours| line.starts_with(ours));
        (is_command && !is_ours).then_some(start + line.len() - begun.len())
    })
}

/// Returns JSON as in reports: two spaces, a final newline. Characters that are invisible or that
/// a workflow runner interprets are escaped: `\u009b`.
pub fn pretty_json(document: &impl serde::Serialize) -> String {
    let plain = serde_json::to_string_pretty(document)
        .expect("strings, numbers and lists can be written as JSON");
    let mut written = String::with_capacity(plain.len() + 1);
    let mut end = 0;
    // JSON has line ends only between its values.
    for it in crate::hidden(&plain).filter(|it| it.character != '\n') {
        written.push_str(&plain[end..it.at]);
        it.character
            .encode_utf16(&mut [0; 2])
            .iter()
            .for_each(|unit| written.push_str(&format!("\\u{unit:04x}")));
        end = it.at + it.character.len_utf8();
    }
    written.push_str(&plain[end..]);
    written.push('\n');
    escape_commands(&written, Syntax::Json).into_owned()
}
