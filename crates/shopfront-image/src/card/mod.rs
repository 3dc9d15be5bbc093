//! Image cards: the preview image of a shared link to a page, 1200 by 630 pixels.

mod canvas;
mod color;
mod text_layout;
mod png;

pub use color::{Oklch, Rgb, accent, hex};
pub use text_layout::Face;

use canvas::{Canvas, Ink, Panel};
use text_layout::drawable;

use shopfront_diagnostics::error::{Context, Error};
use shopfront_text::digest;

/// Counts up whenever a card would look other than before: it is part of the key under which a card
/// is kept.
const LOOK: u32 = 2;

const WIDTH: usize = 1_200;
const HEIGHT: usize = 630;
/// Left and right bounds of all content, in pixels.
const LEFT: f32 = 80.0;
const RIGHT: f32 = 1_120.0;

/// Texts of a card.
pub struct Words<'w> {
    /// Display name of the plugin.
    pub name: &'w str,
    /// Display description of the plugin.
    pub description: &'w str,
    /// Author and host, above the name.
    pub origin: &'w [&'w str],
    /// Text of the sign below the awning.
    pub sign: Option<&'w str>,
    /// Id, whose first letters are on the tile. It replaces a name without drawable letters.
    pub id: &'w str,
}

impl Words<'_> {
    /// Returns the key of the image: two cards with one key are identical byte for byte.
    pub fn key(&self, easel: &CardRenderer) -> String {
        let Words {
            name,
            description,
            origin,
            sign,
            id,
        } = self;
        let parts = [
            LOOK.to_string().as_str(),
            &easel.store,
            &hex(easel.accent),
            name,
            description,
            &origin.join("\u{1f}"),
            id,
        ]
        .join("\u{1e}");
        digest::sha256(format!("{parts}\u{1e}{sign:?}").as_bytes())
    }
}

/// Shared parts of all cards of a store: its colors, and everything that is drawn once.
pub struct CardRenderer {
    store: String,
    accent: Rgb,
    sheet: Canvas,
    ink: Ink,
    quiet: Ink,
    on_sign: Ink,
    sign: Panel,
    sign_edge: Ink,
    sign_face: Ink,
    shadow: Ink,
}

impl CardRenderer {
    /// Returns the renderer for the store with this title and accent.
    pub fn new(title: &str, accent_text: Option<&str>) -> CardRenderer {
        let accent = color::accent(accent_text);
        let hue = Oklch::of(accent);
        // As in `styles.css`, light theme.
        let (paper, raised) = (hue.with(0.975, 0.012), [255; 3]);
        let (ink, quiet) = (hue.with(0.23, 0.02), hue.with(0.45, 0.02));
        let edge = hue.with(0.63, 0.02);
        let mut sheet = Canvas::new(WIDTH, HEIGHT, paper);
        let stripes = [
            sheet.ink(paper, accent),
            sheet.ink(paper, color::between([255; 3], accent, 0.22)),
        ];
        awning(&mut sheet, stripes);
        let mut easel = CardRenderer {
            store: drawable(title).unwrap_or_default(),
            accent,
            ink: sheet.ink(paper, ink),
            quiet: sheet.ink(paper, quiet),
            shadow: sheet.ink(paper, hue.with(0.9, 0.02)),
            sign_edge: sheet.ink(paper, edge),
            sign_face: sheet.ink(edge, raised),
            on_sign: sheet.ink(raised, ink),
            sign: Panel {
                left: 0.0,
                top: 118.0,
                width: 0.0,
                height: 96.0,
                round: 16.0,
            },
            sheet,
        };
        easel.foot(stripes);
        easel
    }

    /// Returns the card of `words` as a PNG file.
    ///
    /// # Errors
    /// Returns an error if compression fails.
    pub fn card(&self, words: &Words<'_>) -> Result<Vec<u8>, Error> {
        let mut sheet = self.sheet.clone();
        self.tile(&mut sheet, words.id);
        let sign = words.sign.and_then(drawable);
        let free = sign.map_or(RIGHT, |sign| self.hang(&mut sheet, &sign));
        let origin: Vec<String> = words
            .origin
            .iter()
            .filter_map(|text| drawable(text))
            .collect();
        for (text, (baseline, face)) in origin
            .iter()
            .zip([(154.0, Face::bold(34.0)), (200.0, Face::regular(28.0))])
        {
            face.draw(
                &mut sheet,
                &face.cut(text, free - 216.0),
                216.0,
                baseline,
                self.quiet,
            );
        }
        let name = drawable(words.name).unwrap_or_else(|| words.id.to_owned());
        let bottom = self.name(&mut sheet, &name);
        let face = Face::regular(34.0);
        let most = if bottom > 350.0 { 2 } else { 3 };
        for (index, line) in drawable(words.description)
            .iter()
            .flat_map(|text| face.lines(text, RIGHT - LEFT, most))
            .enumerate()
        {
            #[expect(clippy::cast_precision_loss, reason = "three lines at most")]
            face.draw(
                &mut sheet,
                &line,
                LEFT,
                bottom + 62.0 + 46.0 * index as f32,
                self.quiet,
            );
        }
        png::file(1_200, &sheet.palette, &sheet.pixels)
            .with_context(|| "drawing an image card".to_owned())
    }

    /// Draws the name in the largest size that fits two lines; returns its lower end.
    fn name(&self, sheet: &mut Canvas, name: &str) -> f32 {
        let sizes = [88.0, 76.0, 66.0, 58.0];
        let width = RIGHT - LEFT;
        // One line is preferred as long as it is still large.
        let fits = |most: usize| {
            sizes.iter().copied().find(|size| {
                (*size > 70.0 || most > 1) && Face::bold(*size).fits(name, width, most)
            })
        };
        let size = fits(1).or_else(|| fits(2)).unwrap_or(58.0);
        let face = Face::bold(size);
        let mut baseline = 0.0;
        let lines = face.lines(name, width, 2);
        for (index, line) in lines.iter().enumerate() {
            baseline = if lines.len() > 1 { 302.0 } else { 322.0 }
                + if index == 0 { 0.0 } else { size * 1.1 };
            face.draw(sheet, line, LEFT, baseline, self.ink);
        }
        baseline
    }

    /// Draws the first letters of the id on a colored tile, as in the listings.
    fn tile(&self, sheet: &mut Canvas, id: &str) {
        // Hues of `.t0` to `.t5` in `styles.css`, in turns.
        let turns = [0.0, 52.0, 110.0, 168.0, 226.0, 300.0];
        let hue =
            (Oklch::of(self.accent).hue + turns[id.chars().count() % 6] / 360.0).rem_euclid(1.0);
        let ground = Oklch {
            lightness: 0.905,
            chroma: 0.055,
            hue,
        }
        .rgb();
        let (tile, letters) = (
            sheet.ink(sheet.palette[0], ground),
            sheet.ink(
                ground,
                Oklch {
                    lightness: 0.39,
                    chroma: 0.085,
                    hue,
                }
                .rgb(),
            ),
        );
        sheet.panel(
            Panel {
                left: LEFT,
                top: 110.0,
                width: 108.0,
                height: 108.0,
                round: 26.0,
            },
            tile,
        );
        let mut initials = id.chars().take(2);
        let text: String = initials
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .chain(initials)
            .collect();
        let face = Face::bold(50.0);
        face.draw(
            sheet,
            &text,
            LEFT + 54.0 - face.width(&text) / 2.0,
            182.0,
            letters,
        );
    }

    /// Draws the sign with its cords; returns the right end of the space beside it.
    fn hang(&self, sheet: &mut Canvas, text: &str) -> f32 {
        let face = Face::bold(44.0);
        let text = face.cut(text, 330.0);
        let width = face.width(&text) + 72.0;
        let sign = Panel {
            left: RIGHT - width,
            width,
            ..self.sign
        };
        for cord in [sign.left + 24.0, RIGHT - 26.0].map(f32::round) {
            let top = awning_end(cord + 1.0);
            sheet.panel(
                Panel {
                    left: cord,
                    top,
                    width: 2.0,
                    height: sign.top - top,
                    round: 0.0,
                },
                self.sign_edge,
            );
        }
        sheet.panel(
            Panel {
                left: sign.left + 3.0,
                top: sign.top + 7.0,
                width: width - 6.0,
                ..sign
            },
            self.shadow,
        );
        sheet.panel(sign, self.sign_edge);
        let inner = Panel {
            left: sign.left + 2.0,
            top: sign.top + 2.0,
            width: width - 4.0,
            height: sign.height - 4.0,
            round: sign.round - 2.0,
        };
        sheet.panel(inner, self.sign_face);
        face.draw(
            sheet,
            &text,
            sign.left + 36.0,
            sign.top + 64.0,
            self.on_sign,
        );
        sign.left - 32.0
    }

    /// Draws the logo and the title of the store at the bottom of every card.
    fn foot(&mut self, [accent, pale]: [Ink; 2]) {
        let (left, top) = (LEFT, 548.0);
        let sheet = &mut self.sheet;
        sheet.panel(
            Panel {
                left,
                top,
                width: 44.0,
                height: 14.0,
                round: 0.0,
            },
            accent,
        );
        for (index, ink) in [accent, pale, accent, pale].into_iter().enumerate() {
            #[expect(clippy::cast_precision_loss, reason = "four of them")]
            sheet.scallop(left + 5.5 + 11.0 * index as f32, top + 14.0, 5.5, ink);
        }
        sheet.panel(
            Panel {
                left: left + 4.0,
                top: top + 24.0,
                width: 36.0,
                height: 18.0,
                round: 0.0,
            },
            accent,
        );
        let face = Face::bold(32.0);
        face.draw(
            sheet,
            &face.cut(&self.store, RIGHT - LEFT - 64.0),
            left + 64.0,
            top + 33.0,
            self.ink,
        );
    }
}

/// Width of a stripe of the awning, and start of its scallops.
const STRIPE: f32 = 60.0;
const HEM: f32 = 32.0;

/// Draws stripes in the accent color with a scalloped edge, over the whole width.
fn awning(sheet: &mut Canvas, stripes: [Ink; 2]) {
    for (index, ink) in stripes.into_iter().cycle().take(20).enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "twenty of them")]
        let left = STRIPE * index as f32;
        sheet.panel(
            Panel {
                left,
                top: -1.0,
                width: STRIPE,
                height: HEM + 1.0,
                round: 0.0,
            },
            ink,
        );
        sheet.scallop(left + STRIPE / 2.0, HEM, STRIPE / 2.0, ink);
    }
}

/// Returns the lower end of the awning above a position.
fn awning_end(x: f32) -> f32 {
    let radius = STRIPE / 2.0;
    HEM + (radius.powi(2) - (x.rem_euclid(STRIPE) - radius).powi(2))
        .max(0.0)
        .sqrt()
}
