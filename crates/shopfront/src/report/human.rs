//! Terminal report: each diagnostic with its source lines, in the style of rustc.

use std::borrow::Cow;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use super::{Located, Range, RenderOptions, Texts};
use shopfront_diagnostics::{Label, Severity};
use shopfront_text::strip_controls;

/// Renders all diagnostics, each followed by a blank line.
pub(super) fn text(found: &[Located<'_>], texts: &Texts, look: RenderOptions) -> String {
    let renderer = if look.color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let renderer = renderer
        .decor_style(DecorStyle::Ascii)
        .term_width(look.columns);
    let mut out = String::new();
    let mut room = MAX_SHOWN;
    for located in found {
        out.push_str(&renderer.render(&[group(located, texts, &mut room)]));
        out.push_str("\n\n");
    }
    out
}

fn group<'a>(located: &'a Located<'_>, texts: &'a Texts, room: &mut usize) -> Group<'a> {
    let diagnostic = located.diagnostic;
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level
        .primary_title(strip_controls(&diagnostic.message))
        .id(diagnostic.code.name);
    let mut group = title.element(place(
        &diagnostic.primary,
        &located.primary,
        texts,
        AnnotationKind::Primary,
        room,
    ));
    for (label, range) in diagnostic.secondary.iter().zip(&located.secondary) {
        group = group.element(place(label, range, texts, AnnotationKind::Context, room));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(strip_controls(help)));
    }
    if let Some(command) = diagnostic.command() {
        group = group.element(
            Level::NOTE
                .with_name("fix")
                .message(strip_controls(&command).into_owned()),
        );
    }
    group.element(Level::NOTE.with_name("explain").message(format!(
        "{} explain {}",
        shopfront_diagnostics::program::name(),
        diagnostic.code.name
    )))
}

/// Maximum bytes of shown lines. Longer ones are unreadable on a terminal.
const MAX_LINES: usize = 64 << 10;
/// The most bytes of lines that one report shows: the renderer goes through every line once more for each fault in it.
const MAX_SHOWN: usize = 4 << 20;

/// Renders the source line with its caret. For whole files, very long lines and binary files,
/// renders only the location.
fn place<'a>(
    label: &'a Label,
    range: &Range,
    texts: &'a Texts,
    kind: AnnotationKind,
    room: &mut usize,
) -> Element<'a> {
    let path = label.place.path.as_str();
    let text = texts.get(path).filter(|_| range.bytes.end > 0);
    let lines = text
        .and_then(|text| lines_of(text, range))
        .filter(|it| it.lines.len() <= MAX_LINES.min(*room));
    let Some(Lines {
        lines,
        start,
        number,
    }) = lines
    else {
        return Origin::path(strip_controls(path))
            .line(range.start.line)
            .char_column(range.start.column)
            .into();
    };
    *room -= lines.len();
    let span = range.bytes.start - start..range.bytes.end - start;
    let source = Snippet::source(strip_controls_of_source(lines))
        .line_start(number)
        .path(strip_controls(path));
    source
        .annotation(kind.span(span).label(strip_controls(&label.text)))
        .into()
}

/// Source lines of a range.
struct Lines<'t> {
    lines: &'t str,
    /// Offset of the lines in the text, in bytes.
    start: usize,
    /// Number of the first line, from 1.
    number: usize,
}

/// Returns the lines of `text` that contain `range`; `None` for a range of another text. The
/// renderer would read all of the text for each location.
fn lines_of<'t>(text: &'t str, range: &Range) -> Option<Lines<'t>> {
    text.get(range.bytes.clone())?;
    // The end of a text is shown behind its last line, not on an empty one below it.
    let is_end = range.bytes.start == text.len() && text.ends_with('\n');
    let first = range.bytes.start - usize::from(is_end);
    let start = text.get(..first)?.rfind('\n').map_or(0, |at| at + 1);
    let end = text
        .get(range.bytes.end..)?
        .find('\n')
        .map_or(text.len(), |at| range.bytes.end + at + 1);
    Some(Lines {
        lines: &text[start..end],
        start,
        number: range.start.line - usize::from(is_end),
    })
}

/// Replaces control characters in an untrusted source line. The renderer replaces ASCII controls,
/// but neither C1 controls (ISO 6429) nor invisible characters. Of these, U+009B begins a command
/// like escape and bracket. Replacements have the same number of bytes, so that all spans remain
/// valid.
fn strip_controls_of_source(text: &str) -> Cow<'_, str> {
    shopfront_text::replaced(text, |it| match it.character.len_utf8() {
        1 => None,
        2 => Some("\u{bf}"),
        3 => Some("\u{fffd}"),
        _ => Some("\u{bf}\u{bf}"),
    })
}
