//! The header of an image: which format it has, and how many pixels it and each of its frames claim
//! to have.
//!
//! Nothing is decoded. The whole structure of a file is walked all the same, since a second header
//! may claim another size than the first one, and readers differ in which of them they believe.

mod jpeg;
mod png;
mod webp;

/// The formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// PNG (third edition), with or without animation.
    Png,
    /// JPEG (ITU-T T.81).
    Jpeg,
    /// WebP (RFC 9649).
    WebP,
}

/// Pixels, across and down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Across.
    pub width: u64,
    /// Down.
    pub height: u64,
}

impl Size {
    /// All pixels.
    pub fn pixels(self) -> u64 {
        self.width.saturating_mul(self.height)
    }

    /// Whether one side has more than `most` pixels.
    pub fn is_beyond(self, most: u64) -> bool {
        self.width > most || self.height > most
    }
}

/// What an image claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Its size, as its first header states it.
    pub size: Size,
    /// The sizes that all further headers state: of frames, of second scans, of the image within
    /// its container.
    pub others: Vec<Size>,
    /// Whether the data behind it are too few for so many pixels.
    pub is_cut: bool,
}

/// Why the header of an image cannot be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Not a file of this format, or not a whole one.
    Broken,
    /// Two readers take two sizes for it.
    Disputed,
}

impl Format {
    /// The format that the name of a file calls for.
    pub fn of_name(name: &str) -> Format {
        match name.rsplit('.').next().unwrap_or_default() {
            "png" => Format::Png,
            "webp" => Format::WebP,
            _ => Format::Jpeg,
        }
    }

    /// The format as messages say it, with its article.
    pub fn in_words(self) -> &'static str {
        match self {
            Format::Png => "a PNG image",
            Format::Jpeg => "a JPEG image",
            Format::WebP => "a WebP image",
        }
    }

    /// The header of the image in `bytes`, read twice: here, and by the crate `imagesize`, which
    /// shares no line with this.
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

/// A number at `at` of `bytes`, its highest byte first.
fn big_endian(bytes: &[u8], at: usize, count: usize) -> Option<u64> {
    Some(
        bytes
            .get(at..at.checked_add(count)?)?
            .iter()
            .fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
    )
}

/// A number at `at` of `bytes`, its lowest byte first.
fn little_endian(bytes: &[u8], at: usize, count: usize) -> Option<u64> {
    Some(
        bytes
            .get(at..at.checked_add(count)?)?
            .iter()
            .rev()
            .fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
    )
}
