//! Colors of the stylesheet: OKLCH (CSS Color 4), derived from the accent of the store.

use std::f32::consts::TAU;

/// Red, green and blue in sRGB.
pub type Rgb = [u8; 3];

/// Color in OKLCH: lightness, chroma and hue.
#[derive(Clone, Copy, Debug)]
pub struct Oklch {
    /// Lightness, from 0.0 to 1.0.
    pub lightness: f32,
    /// Chroma, 0.0 for gray.
    pub chroma: f32,
    /// Hue in turns of the circle.
    pub hue: f32,
}

/// Default accent of a store, as in `styles.css`.
const DEFAULT_ACCENT: Rgb = [0x0b, 0x6e, 0x4f];

/// Parses `#rrggbb`; returns the default accent if missing or invalid.
pub fn accent(text: Option<&str>) -> Rgb {
    let parse = |text: &str| {
        let digits = text
            .strip_prefix('#')
            .filter(|it| it.len() == 6 && it.is_ascii())?;
        let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
        Some([part(0)?, part(2)?, part(4)?])
    };
    text.and_then(parse).unwrap_or(DEFAULT_ACCENT)
}

/// Returns the color as `#rrggbb`.
pub fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Returns the color between two, at `share` of the distance to the second.
pub(super) fn between(from: Rgb, to: Rgb, share: f32) -> Rgb {
    std::array::from_fn(|at| {
        to_byte(f32::from(from[at]) + (f32::from(to[at]) - f32::from(from[at])) * share)
    })
}

impl Oklch {
    /// Converts from sRGB.
    pub fn of(rgb: Rgb) -> Oklch {
        let [red, green, blue] = rgb.map(to_linear);
        let long = (0.412_221_46 * red + 0.536_332_55 * green + 0.051_445_995 * blue).cbrt();
        let medium = (0.211_903_5 * red + 0.680_699_5 * green + 0.107_396_96 * blue).cbrt();
        let short = (0.088_302_46 * red + 0.281_718_85 * green + 0.629_978_7 * blue).cbrt();
        let a = 1.977_998_5 * long - 2.428_592_2 * medium + 0.450_593_7 * short;
        let b = 0.025_904_037 * long + 0.782_771_77 * medium - 0.808_675_77 * short;
        let lightness = 0.210_454_26 * long + 0.793_617_8 * medium - 0.004_072_047 * short;
        Oklch {
            lightness,
            chroma: a.hypot(b),
            hue: (b.atan2(a) / TAU).rem_euclid(1.0),
        }
    }

    /// Returns the same hue with this lightness, and at most this chroma.
    pub fn with(self, lightness: f32, most_chroma: f32) -> Rgb {
        Oklch {
            lightness,
            chroma: self.chroma.min(most_chroma),
            hue: self.hue,
        }
        .rgb()
    }

    /// Converts to sRGB; values outside the gamut are clipped.
    pub(crate) fn rgb(self) -> Rgb {
        let (sine, cosine) = (self.hue * TAU).sin_cos();
        let (a, b) = (self.chroma * cosine, self.chroma * sine);
        let long = (self.lightness + 0.396_337_78 * a + 0.215_803_76 * b).powi(3);
        let medium = (self.lightness - 0.105_561_346 * a - 0.063_854_17 * b).powi(3);
        let short = (self.lightness - 0.089_484_18 * a - 1.291_485_5 * b).powi(3);
        [
            4.076_741_7 * long - 3.307_711_6 * medium + 0.230_969_94 * short,
            -1.268_438 * long + 2.609_757_4 * medium - 0.341_319_38 * short,
            -0.004_196_086 * long - 0.703_418_6 * medium + 1.707_614_7 * short,
        ]
        .map(from_linear)
    }
}

fn to_linear(byte: u8) -> f32 {
    let share = f32::from(byte) / 255.0;
    if share <= 0.040_45 {
        share / 12.92
    } else {
        ((share + 0.055) / 1.055).powf(2.4)
    }
}

fn from_linear(share: f32) -> u8 {
    let share = share.clamp(0.0, 1.0);
    to_byte(
        255.0
            * if share <= 0.003_130_8 {
                share * 12.92
            } else {
                1.055 * share.powf(1.0 / 2.4) - 0.055
            },
    )
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to a byte"
)]
fn to_byte(value: f32) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}
