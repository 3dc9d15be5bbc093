//! Header of an image: its format, and the declared number of pixels of the image and each of its
//! frames.
//!
//! Nothing is decoded. The whole structure of a file is traversed nevertheless: a second header
//! may declare another size. Readers differ in which of the sizes they use.

mod jpeg;
mod png;
mod webp;

/// Supported formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// PNG (third edition), with or without animation.
    Png,
    /// JPEG (ITU-T T.81).
    Jpeg,
    /// WebP (RFC 9649).
    WebP,
}

/// Size in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Width in pixels.
    pub width: u64,
    /// Height in pixels.
    pub height: u64,
}

impl Size {
    /// Returns the number of pixels.
    pub fn pixels(self) -> u64 {
        self.width.saturating_mul(self.height)
    }

    /// Returns `true` if one side has more than `most` pixels.
    pub fn is_beyond(self, most: u64) -> bool {
        self.width > most || self.height > most
    }
}

/// Declared sizes of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Size in its first header.
    pub size: Size,
    /// Sizes in all further headers: of frames, of second scans, of the image within its
    /// container.
    pub others: Vec<Size>,
    /// `true` if the data after the header are insufficient for the declared pixels.
    pub is_cut: bool,
}

/// Reason why the header of an image is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Not a file of this format, or truncated.
    Broken,
    /// Two parsers determine different sizes.
    Disputed,
}

impl Format {
    /// Returns the format for the extension of a file name.
    pub fn of_name(name: &str) -> Format {
        match name.rsplit('.').next().unwrap_or_default() {
            "png" => Format::Png,
            "webp" => Format::WebP,
            _ => Format::Jpeg,
        }
    }

    /// Returns the format for messages, with its article.
    pub fn in_words(self) -> &'static str {
        match self {
            Format::Png => "a PNG image",
            Format::Jpeg => "a JPEG image",
            Format::WebP => "a WebP image",
        }
    }

    /// Returns the header of the image in `bytes`. It is parsed twice: here, and by the
    /// independent crate `imagesize`.
    pub fn header(self, bytes: &[u8]) -> Result<Header, Fault> {
        let header = match self {
            Format::Png => png::header(bytes),
            Format::Jpeg => jpeg::header(bytes),
            Format::WebP => webp::header(bytes),
        };
        let header = header.ok_or(Fault::Broken)?;
        let second = imagesize::blob_size(bytes).map_err(|_| Fault::Broken)?;
        let agrees = header.size
            == Size {
                width: second.width as u64,
                height: second.height as u64,
            };
        if agrees {
            Ok(header)
        } else {
            Err(Fault::Disputed)
        }
    }
}

/// Returns the big-endian number at `at` of `bytes`.
fn big_endian(bytes: &[u8], at: usize, count: usize) -> Option<u64> {
    Some(
        bytes
            .get(at..at.checked_add(count)?)?
            .iter()
            .fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
    )
}

/// Returns the little-endian number at `at` of `bytes`.
fn little_endian(bytes: &[u8], at: usize, count: usize) -> Option<u64> {
    Some(
        bytes
            .get(at..at.checked_add(count)?)?
            .iter()
            .rev()
            .fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
    )
}
