//! Canvas with few colors: each pixel is an index into a palette of ramps, each from a background
//! to an ink on it.

use super::color::{self, Rgb};

/// Number of steps from a background to its ink, sufficient for smooth edges.
const STEPS: u8 = 9;

/// Ink on a background: its index in the palette.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Ink(u8);

/// Rectangle with rounded corners.
#[derive(Clone, Copy)]
pub(super) struct Panel {
    pub(super) left: f32,
    pub(super) top: f32,
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) round: f32,
}

/// Pixels with their palette.
#[derive(Clone)]
pub(super) struct Canvas {
    pub(super) width: usize,
    pub(super) pixels: Vec<u8>,
    pub(super) palette: Vec<Rgb>,
}

impl Canvas {
    /// Returns a canvas filled with `paper`.
    pub(super) fn new(width: usize, height: usize, paper: Rgb) -> Canvas {
        Canvas {
            width,
            pixels: vec![0; width * height],
            palette: vec![paper],
        }
    }

    /// Adds an ink on `ground` to the palette, which has space for 28.
    pub(super) fn ink(&mut self, ground: Rgb, ink: Rgb) -> Ink {
        let first = u8::try_from(self.palette.len()).unwrap_or(u8::MAX - STEPS);
        self.palette.extend(
            (1..=STEPS).map(|step| color::between(ground, ink, f32::from(step) / f32::from(STEPS))),
        );
        Ink(first)
    }

    /// Covers a share of one pixel. If the same ink covers a pixel twice, the larger share is
    /// kept: letters may overlap.
    pub(super) fn touch(&mut self, x: usize, y: usize, ink: Ink, share: f32) {
        // Most pixels around a letter or a corner are not covered.
        if share < 0.5 / f32::from(STEPS) || x >= self.width {
            return;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "one of the steps"
        )]
        let step = ((share * f32::from(STEPS) + 0.5) as u8).clamp(1, STEPS);
        let Some(pixel) = self.pixels.get_mut(y * self.width + x) else {
            return;
        };
        let is_same_ink = *pixel >= ink.0 && *pixel < ink.0 + STEPS;
        let touched = ink.0 + step - 1;
        *pixel = if is_same_ink {
            touched.max(*pixel)
        } else {
            touched
        };
    }

    /// Fills a panel; its interior is written row by row, its edges are smooth.
    pub(super) fn panel(&mut self, panel: Panel, ink: Ink) {
        let Panel {
            left,
            top,
            width,
            height,
            round,
        } = panel;
        let (half_width, half_height) = (width / 2.0, height / 2.0);
        let columns = pixels_between(left, left + width);
        for y in pixels_between(top, top + height) {
            let is_inside = centre(y) > top + 1.0 && centre(y) < top + height - 1.0;
            let straight = if is_inside {
                pixels_between(left + round + 1.0, left + width - round - 1.0)
            } else {
                0..0
            };
            self.fill(y, straight.clone(), ink);
            for x in columns.clone().filter(|x| !straight.contains(x)) {
                let from_middle = (
                    (centre(x) - left - half_width).abs(),
                    (centre(y) - top - half_height).abs(),
                );
                let corner = (
                    from_middle.0 - half_width + round,
                    from_middle.1 - half_height + round,
                );
                let outside = corner.0.max(0.0).hypot(corner.1.max(0.0));
                let distance = outside + corner.0.max(corner.1).min(0.0) - round;
                self.touch(x, y, ink, 0.5 - distance);
            }
        }
    }

    /// Covers a range of a row.
    fn fill(&mut self, y: usize, columns: std::ops::Range<usize>, ink: Ink) {
        let row = y * self.width;
        let columns = row + columns.start.min(self.width)..row + columns.end.min(self.width);
        if let Some(pixels) = self.pixels.get_mut(columns) {
            pixels.fill(ink.0 + STEPS - 1);
        }
    }

    /// Fills the lower half of a disc whose center is at `top`.
    pub(super) fn scallop(&mut self, middle: f32, top: f32, radius: f32, ink: Ink) {
        for y in pixels_between(top, top + radius) {
            for x in pixels_between(middle - radius, middle + radius) {
                let distance = (centre(x) - middle).hypot(centre(y) - top) - radius;
                self.touch(x, y, ink, 0.5 - distance);
            }
        }
    }
}

/// Returns the center of a pixel.
#[expect(clippy::cast_precision_loss, reason = "a canvas is small")]
fn centre(pixel: usize) -> f32 {
    pixel as f32 + 0.5
}

/// Returns the pixels that a range covers.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "places on a canvas are small; what lies before it is cut"
)]
fn pixels_between(start: f32, end: f32) -> std::ops::Range<usize> {
    start.floor().max(0.0) as usize..end.ceil().max(0.0) as usize
}
