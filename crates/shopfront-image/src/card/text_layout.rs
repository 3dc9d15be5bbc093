//! Letters: which ones there are, how wide a text is, where it breaks, and how it gets onto a
//! canvas.

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
    /// Letters for reading, so many pixels high.
    pub fn regular(size: f32) -> Face {
        Face::of(&REGULAR, size)
    }

    /// Letters for names.
    pub(crate) fn bold(size: f32) -> Face {
        Face::of(&BOLD, size)
    }

    fn of(font: &'static FontRef<'static>, size: f32) -> Face {
        // The crate measures from the highest to the lowest letter, everybody else by the em.
        let em = font.units_per_em().unwrap_or(1_000.0);
        Face {
            font,
            scale: PxScale::from(size * font.height_unscaled() / em),
        }
    }

    /// How wide a text is, in pixels; a letter that the fonts lack counts as wide as it is high.
    pub fn width(self, text: &str) -> f32 {
        self.places(text).1
    }

    /// Every letter with its place from the left, and the width of them all.
    fn places(self, text: &str) -> (Vec<(GlyphId, f32)>, f32) {
        let scaled = self.font.as_scaled(self.scale);
        let mut places = Vec::with_capacity(text.len());
        let (mut x, mut before) = (0.0, None);
        for letter in text.chars() {
            let id = self.font.glyph_id(letter);
            if id.0 == 0 {
                x += self.scale.y * 0.8;
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

    /// Draws one line from `left`, standing on `baseline`.
    pub(super) fn draw(self, canvas: &mut Canvas, text: &str, left: f32, baseline: f32, ink: Ink) {
        for (id, x) in self.places(text).0 {
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

    /// The text in at most `most` lines of at most `width` pixels; what is left over is cut, with
    /// `…`.
    pub(super) fn lines(self, text: &str, width: f32, most: usize) -> Vec<String> {
        let mut lines = self.broken(text, width);
        if lines.len() > most {
            // A line ended at a blank, or behind a dash, where none belongs.
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

    /// Lines of whole words, as many as it takes; names of packages break behind their dashes and
    /// dots too. What is still wider than a line is cut.
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

    /// Whether the text needs at most so many lines, and loses nothing.
    pub(super) fn fits(self, text: &str, width: f32, most: usize) -> bool {
        let lines = self.broken(text, width);
        let whole = |text: &str| text.chars().filter(|it| !it.is_whitespace()).count();
        lines.len() <= most
            && whole(&lines.concat()) == whole(text)
            && !lines
                .iter()
                .any(|line| line.ends_with('…') && !text.contains('…'))
    }

    /// As much of `text` as fits, with `…` where that is not all; of prose, whole words.
    pub(super) fn cut(self, text: &str, width: f32) -> String {
        if self.width(text) <= width {
            return text.to_owned();
        }
        let mut letters: Vec<(usize, char)> = text.char_indices().collect();
        while let Some((end, _)) = letters.pop() {
            let kept = &text[..end];
            let shorter = match kept.rfind(' ') {
                // A word that is nearly whole goes too.
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

/// `text` without the letters that the fonts lack; nothing, when more than every fourth one would
/// be missing: half a sentence says less than none.
pub(super) fn drawable(text: &str) -> Option<String> {
    let is_there = |letter: &char| letter.is_whitespace() || REGULAR.glyph_id(*letter).0 != 0;
    let composed: String = text.nfc().collect();
    let letters = composed.chars().filter(|it| it.is_alphanumeric());
    let (there, missing): (Vec<char>, Vec<char>) = letters.partition(is_there);
    let kept: String = composed.chars().filter(is_there).collect();
    let words: Vec<&str> = kept.split_whitespace().collect();
    (!words.is_empty() && missing.len() * 3 <= there.len()).then(|| words.join(" "))
}
