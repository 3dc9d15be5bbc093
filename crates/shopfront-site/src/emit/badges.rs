//! Badges: the version of a plugin as a small drawing, and as JSON for services that draw such
//! badges themselves.

use serde::Serialize;

use crate::artifact::Artifact;
use crate::language::Language;
use crate::language::Said;
use crate::merge::{Entry, Store};
use shopfront_check::schema::Schema;
use shopfront_diagnostics::error::{Context, Error};
use shopfront_image::card::{Face, Oklch, accent, hex};
use shopfront_json::SpannedJson;
use shopfront_model::catalogue::LifecycleState;
use shopfront_text as text;
use shopfront_text::xml;

/// Content of both forms, in the terms of the services that read the second.
#[derive(Serialize)]
struct Badge {
    #[serde(rename = "schemaVersion")]
    schema_version: u32,
    label: String,
    message: String,
    color: String,
}

/// The badge of an entry at `folder`, which is its page or that of an earlier id: `badge.svg` and
/// `badge.json`.
///
/// # Errors
/// When the JSON would break `schema`.
pub fn badges(
    store: &Store<'_>,
    words: &Language,
    entry: Entry<'_>,
    folder: &str,
    schema: &Schema,
) -> Result<[Artifact; 2], Error> {
    let badge = Badge::of(store, words, entry);
    let path = format!("{folder}badge.json");
    let document = SpannedJson::compact(&badge).with_context(|| format!("writing {path}"))?;
    schema.assert_written(&path, &document)?;
    Ok([
        Artifact::new(path, document.into_line()),
        Artifact::new(format!("{folder}badge.svg"), badge.drawing()),
    ])
}

/// Maximum length of a version in a badge.
const MOST_MESSAGE: usize = 32;
/// Maximum length of the title of the store.
const MOST_LABEL: usize = 40;

/// White is read on each of them with a contrast of at least 4.5 to 1; so it is on [`calm`].
const GREY: &str = "#5f6368";
const AMBER: &str = "#8a5300";
const RED: &str = "#b3261e";
/// Behind the label.
const DARK: &str = "#3a3f44";

impl Badge {
    fn of(store: &Store<'_>, words: &Language, entry: Entry<'_>) -> Badge {
        let (message, color) = said(store, words, entry);
        Badge {
            schema_version: 1,
            label: text::one_line(&store.file.title, MOST_LABEL),
            message: text::one_line(&message, MOST_MESSAGE),
            color,
        }
    }

    /// As SVG without style, script or address. Every text has its length, so that it fits
    /// whichever font a reader has.
    fn drawing(&self) -> String {
        let face = Face::regular(11.0);
        // The fonts that are asked for are an eighth wider than ours.
        let width_of = |text: &str| (face.width(text) * 1.125).round();
        let (label, message) = (width_of(&self.label), width_of(&self.message));
        // The mark takes 14 pixels, and 6 are between all things.
        let left = 6.0 + 14.0 + 5.0 + label + 6.0;
        let right = 6.0 + message + 7.0;
        let (label_text, message_text) = (xml::text(&self.label), xml::text(&self.message));
        let width = left + right;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"20\" viewBox=\"0 0 {width} 20\" role=\"img\" aria-label=\"{label_text}: {message_text}\">\
             <title>{label_text}: {message_text}</title>\
             <path fill=\"{DARK}\" d=\"M4 0h{}v20H4a4 4 0 0 1-4-4V4a4 4 0 0 1 4-4z\"/>\
             <path fill=\"{color}\" d=\"M{left} 0h{}a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4h-{}z\"/>\
             <g transform=\"translate(5.5 2.5) scale(.47)\" fill=\"#fff\"><path d=\"M3 4h26v7H3zM3 11h6.5v2a3.25 3.25 0 0 1-6.5 0zm13 0h6.5v2a3.25 3.25 0 0 1-6.5 0zM5 19h22v9H5z\"/><path opacity=\".5\" d=\"M9.5 11H16v2a3.25 3.25 0 0 1-6.5 0zm13 0H29v2a3.25 3.25 0 0 1-6.5 0z\"/></g>\
             <g fill=\"#fff\" font-family=\"Verdana,Geneva,DejaVu Sans,sans-serif\" font-size=\"11\">\
             <text x=\"25\" y=\"14\" textLength=\"{label}\" lengthAdjust=\"spacingAndGlyphs\">{label_text}</text>\
             <text x=\"{}\" y=\"14\" textLength=\"{message}\" lengthAdjust=\"spacingAndGlyphs\">{message_text}</text></g></svg>\n",
            left - 4.0,
            right - 4.0,
            right - 4.0,
            left + 6.0,
            color = self.color,
        )
    }
}

/// The message and its color: the worst that is known.
fn said(store: &Store<'_>, words: &Language, entry: Entry<'_>) -> (String, String) {
    let card = entry.card;
    let state = entry.snippet.body.lifecycle.as_ref().map(|it| it.state);
    let plain = |key: &str, color: &str| (words.say(key, &[]), color.to_owned());
    if state == Some(LifecycleState::Withdrawn) {
        return plain("badge_withdrawn", GREY);
    }
    if card.quarantined {
        return plain("badge_quarantined", RED);
    }
    if card.gone {
        return plain("badge_gone", GREY);
    }
    let Some(version) = &card.version else {
        return plain("badge_no_release", GREY);
    };
    let of_version = |key: &str, color: &str| {
        (
            words.say(key, &[("version", Said::Text(version))]),
            color.to_owned(),
        )
    };
    match state {
        _ if card.is_yanked() => of_version("badge_yanked", RED),
        Some(LifecycleState::Deprecated) => of_version("badge_deprecated", AMBER),
        Some(LifecycleState::Abandoned) => of_version("badge_abandoned", AMBER),
        // What could not be confirmed is told, and not dressed as fresh.
        _ if card.stale.is_some() => (version.clone(), GREY.to_owned()),
        _ => (version.clone(), calm(store.file.accent.as_deref())),
    }
}

/// The accent, dark enough for white letters: `--accent-ink` of the light theme.
fn calm(accent_text: Option<&str>) -> String {
    let color = Oklch::of(accent(accent_text));
    hex(color.with(color.lightness.clamp(0.3, 0.5), 0.19))
}

#[cfg(test)]
mod tests {
    use super::{AMBER, DARK, GREY, RED, calm};
    use shopfront_image::card::{Rgb, accent};

    /// The contrast of white to a color (WCAG 2.2).
    fn contrast(color: Rgb) -> f64 {
        let linear = |byte: u8| {
            let share = f64::from(byte) / 255.0;
            if share <= 0.040_45 {
                share / 12.92
            } else {
                ((share + 0.055) / 1.055).powf(2.4)
            }
        };
        let [red, green, blue] = color.map(linear);
        1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
    }

    #[test]
    fn white_letters_are_read_on_every_ground() {
        for fixed in [AMBER, DARK, GREY, RED] {
            assert!(contrast(accent(Some(fixed))) >= 4.5, "{fixed}");
        }
        for step in 0..512_u32 {
            let chosen = format!(
                "#{:02x}{:02x}{:02x}",
                (step & 7) * 36,
                (step >> 3 & 7) * 36,
                (step >> 6 & 7) * 36
            );
            let ground = calm(Some(&chosen));
            assert!(
                contrast(accent(Some(&ground))) >= 4.5,
                "{chosen} becomes {ground}"
            );
        }
    }
}
