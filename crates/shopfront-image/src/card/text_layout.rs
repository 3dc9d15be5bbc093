//! Text layout: available letters, text width, line breaks, and drawing on a canvas.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, Glyph, GlyphId, PxScale, ScaleFont, point};
use unicode_normalization::UnicodeNormalization;

use super::canvas::{Canvas, Ink};

static REGULAR: LazyLock<FontRef<'static>> =
    LazyLock::new(|| font(include_bytes!("../../fonts/card-regular.otf")));
static BOLD: LazyLock<FontRef<'static>> =
    LazyLock::new(|| font(include_bytes!("../../fonts/card-bold.otf")));

fn font(bytes: &'static [u8]) -> FontRef<'static> {
    FontRef::try_from_slice(bytes)
        .expect("the fonts are compiled in, and every test draws with them")
}

/// One of the two fonts at one size.
#[derive(Clone, Copy)]
pub struct Face {
    font: &'static FontRef<'static>,
    scale: PxScale,
}

impl Face {
    /// Returns the font for body text, `size` pixels high.
    pub fn regular(size: f32) -> Face {
        Face::of(&REGULAR, size)
    }

    /// Returns the font for names, `size` pixels high.
    pub(crate) fn bold(size: f32) -> Face {
        Face::of(&BOLD, size)
    }

    fn of(font: &'static FontRef<'static>, size: f32) -> Face {
        // The crate measures from the highest to the lowest letter, the usual unit is the em.
        let em = font.units_per_em().unwrap_or(1_000.0);
        Face {
            font,
            scale: PxScale::from(size * font.height_unscaled() / em),
        }
    }

    /// How wide a text is, in pixels; a letter that the fonts lack is as wide as its box.
    pub fn width(self, text: &str) -> f32 {
        self.places(text).1
    }

    /// Returns all letters with their offsets from the left, and their total width.
    fn places(self, text: &str) -> (Vec<(GlyphId, f32)>, f32) {
        let scaled = self.font.as_scaled(self.scale);
        let mut places = Vec::with_capacity(text.len());
        let (mut x, mut before) = (0.0, None);
        for letter in text.chars() {
            let id = self.font.glyph_id(letter);
            if id.0 == 0 {
                places.push((id, x));
                x += self.scale.y * MISSING;
                before = None;
                continue;
            }
            x += before.map_or(0.0, |before| scaled.kern(before, id));
            places.push((id, x));
            x += scaled.h_advance(id);
            before = Some(id);
        }
        (places, x)
    }

    /// Draws one line from `left` on `baseline`.
    pub(super) fn draw(self, canvas: &mut Canvas, text: &str, left: f32, baseline: f32, ink: Ink) {
        for (id, x) in self.places(text).0 {
            if id.0 == 0 {
                self.draw_box(canvas, left + x, baseline, ink);
                continue;
            }
            let glyph = Glyph {
                id,
                scale: self.scale,
                position: point(left + x, baseline),
            };
            let Some(outline) = self.font.outline_glyph(glyph) else {
                continue;
            };
            let bounds = outline.px_bounds();
            #[expect(
                clippy::cast_possible_truncation,
                reason = "places on a canvas are small"
            )]
            let (first_x, first_y) = (bounds.min.x as i64, bounds.min.y as i64);
            outline.draw(|x, y, share| {
                let (x, y) = (
                    usize::try_from(first_x + i64::from(x)),
                    usize::try_from(first_y + i64::from(y)),
                );
                if let (Ok(x), Ok(y)) = (x, y) {
                    canvas.touch(x, y, ink, share);
                }
            });
        }
    }

    /// A box in the place of a letter that the fonts lack: without it, the text would say something
    /// else.
    fn draw_box(self, canvas: &mut Canvas, left: f32, baseline: f32, ink: Ink) {
        let height = self.scale.y;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "places on a canvas are small, and not left of it"
        )]
        let pixel = |at: f32| at.round().max(0.0) as usize;
        let (first_x, last_x) = (
            pixel(left + height * 0.05),
            pixel(left + height * (MISSING - 0.05)),
        );
        let (first_y, last_y) = (pixel(baseline - height * 0.55), pixel(baseline));
        let edge = pixel(height * 0.04).max(1);
        for y in first_y..last_y {
            for x in first_x..last_x {
                if x < first_x + edge
                    || x + edge >= last_x
                    || y < first_y + edge
                    || y + edge >= last_y
                {
                    canvas.touch(x, y, ink, 1.0);
                }
            }
        }
    }

    /// The text in at most `most` lines of at most `width` pixels; what is left over is cut, with
    /// `…`.
    pub(super) fn lines(self, text: &str, width: f32, most: usize) -> Vec<String> {
        let mut lines = self.broken(text, width);
        if lines.len() > most {
            // A line ended at a blank, or after a dash, and no blank follows the dash.
            let rest =
                lines
                    .split_off(most - 1)
                    .iter()
                    .fold(String::new(), |rest, line| {
                        match rest.ends_with(['-', '_', '.', '/']) {
                            true => rest + line,
                            false => rest + " " + line,
                        }
                    });
            lines.push(self.cut(rest.trim_start(), width));
        }
        lines
    }

    /// Breaks the text into any number of lines at words; package names also break after dashes
    /// and dots. A part that is still wider than a line is truncated.
    pub(super) fn broken(self, text: &str, width: f32) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for piece in text.split_inclusive([' ', '-', '_', '.', '/']) {
            let longer = lines
                .last()
                .map(|line| format!("{line}{piece}"))
                .filter(|line| self.width(line.trim_end()) <= width);
            match (longer, lines.last_mut()) {
                (Some(longer), Some(line)) => *line = longer,
                _ => lines.push(self.cut(piece, width)),
            }
        }
        lines
            .iter()
            .map(|line| line.trim_end().to_owned())
            .collect()
    }

    /// Returns `true` if the whole text fits into at most `most` lines.
    pub(super) fn fits(self, text: &str, width: f32, most: usize) -> bool {
        let lines = self.broken(text, width);
        let whole = |text: &str| text.chars().filter(|it| !it.is_whitespace()).count();
        lines.len() <= most
            && whole(&lines.concat()) == whole(text)
            && !lines
                .iter()
                .any(|line| line.ends_with('…') && !text.contains('…'))
    }

    /// Truncates `text` to the width, with `…` if necessary; prose is truncated at a word
    /// boundary.
    pub(super) fn cut(self, text: &str, width: f32) -> String {
        if self.width(text) <= width {
            return text.to_owned();
        }
        let mut letters: Vec<(usize, char)> = text.char_indices().collect();
        while let Some((end, _)) = letters.pop() {
            let kept = &text[..end];
            let shorter = match kept.rfind(' ') {
                // A nearly complete word is removed as well.
                Some(blank) if end - blank < 16 => &kept[..blank],
                _ => kept,
            };
            let shorter = format!(
                "{}…",
                shorter.trim_end_matches([' ', ',', '.', ';', ':', '-'])
            );
            if self.width(&shorter) <= width {
                return shorter;
            }
        }
        String::new()
    }
}

/// The width of a letter that the fonts lack, as a part of its height.
const MISSING: f32 = 0.5;

/// `text` as it can be drawn, with a box for each letter and sign that the fonts lack; nothing,
/// when that is more than every fourth letter: half a sentence says less than none.
pub(super) fn drawable(text: &str) -> Option<String> {
    let is_there = |letter: &char| letter.is_whitespace() || REGULAR.glyph_id(*letter).0 != 0;
    let composed: String = text.nfc().filter(|it| !is_joining(*it)).collect();
    let letters = composed.chars().filter(|it| it.is_alphanumeric());
    let (there, missing): (Vec<char>, Vec<char>) = letters.partition(is_there);
    let words: Vec<&str> = composed.split_whitespace().collect();
    let has_some = composed
        .chars()
        .any(|it| !it.is_whitespace() && is_there(&it));
    (has_some && missing.len() * 3 <= there.len()).then(|| words.join(" "))
}

/// What has no shape of its own, and joins or changes what is beside it.
fn is_joining(character: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::{Face, drawable};

    #[test]
    fn a_letter_or_sign_that_the_fonts_lack_has_a_place_all_the_same() {
        for text in [
            "Not \u{2260} safe",
            "Do \u{1f6ab} use it",
            "x\u{336}y is crossed out",
            "One \u{5d0} letter",
        ] {
            assert_eq!(drawable(text).as_deref(), Some(text));
            let face = Face::regular(34.0);
            let without: String = text.chars().filter(char::is_ascii).collect();
            assert!(face.width(text) > face.width(&without), "{text}");
        }
        assert_eq!(drawable("\u{5d0}\u{5d1}\u{5d2} Tide"), None);
        assert_eq!(
            drawable("\u{1f469}\u{200d}\u{1f4bb} Code").as_deref(),
            Some("\u{1f469}\u{1f4bb} Code")
        );
    }
}
