//! An image that is not what its name says, or too large in bytes or in pixels.

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Location, code};
use shopfront_image::header::{Fault, Format, Header, Size};

static CODE: Code = code!("bad-asset", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Load,
};

/// The largest image, in bytes.
pub const MAX_IMAGE: usize = 1 << 20;

/// Animations have as many pixels as so many images of the largest size.
const MAX_FRAMES: u64 = 16;

/// The use of an image, which limits its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// The icon of a plugin or a host.
    Icon,
    /// A screenshot, or the logo of the store.
    Picture,
}

impl Use {
    /// The most pixels on one side.
    fn max_side(self) -> u64 {
        match self {
            Use::Icon => 1_024,
            Use::Picture => 4_096,
        }
    }

    fn in_words(self) -> &'static str {
        match self {
            Use::Icon => "an icon",
            Use::Picture => "a picture",
        }
    }
}

/// Returns the reason why the image at `path` cannot be shown as an image of this use; `None` when
/// it can.
pub(crate) fn of_image(path: &str, bytes: &[u8], used_as: Use) -> Option<Diagnostic> {
    if bytes.len() > MAX_IMAGE {
        let message = format!("the image `{path}` is larger than {} KiB", MAX_IMAGE / 1024);
        return Some(
            CODE.at(Location::whole(path), "too large", message)
                .help(SCALE),
        );
    }
    let format = Format::of_name(path);
    match format.header(bytes) {
        Ok(header) => {
            of_size(path, &header, used_as).or_else(|| header.is_cut.then(|| broken(path, format)))
        }
        Err(Fault::Broken) => Some(broken(path, format)),
        Err(Fault::Disputed) => {
            let message = format!("readers take two different sizes for the image `{path}`");
            Some(
                CODE.at(Location::whole(path), "two sizes", message)
                    .help(SAVE),
            )
        }
    }
}

fn broken(path: &str, format: Format) -> Diagnostic {
    let message = format!("`{path}` is not {}, or not a whole one", format.in_words());
    CODE.at(
        Location::whole(path),
        "not the image that its name says",
        message,
    )
    .help(SAVE)
}

/// Returns the problem of the sizes that the headers of an image state: a small file can unfold to
/// gigabytes in a browser.
fn of_size(path: &str, header: &Header, used_as: Use) -> Option<Diagnostic> {
    let most = used_as.max_side();
    let all = || std::iter::once(header.size).chain(header.others.iter().copied());
    if let Some(Size { width, height }) = all().find(|size| size.pixels() == 0) {
        let message =
            format!("the image `{path}` has no pixels: its header says {width} x {height}");
        return Some(
            CODE.at(Location::whole(path), "no pixels", message)
                .help(SAVE),
        );
    }
    if let Some(Size { width, height }) = all().find(|size| size.is_beyond(most)) {
        let message = format!(
            "the image `{path}` has {width} x {height} pixels; {} has at most {most} x {most}",
            used_as.in_words()
        );
        return Some(
            CODE.at(Location::whole(path), "too many pixels", message)
                .help(SCALE),
        );
    }
    let pixels = all().fold(0_u64, |sum, size| sum.saturating_add(size.pixels()));
    (pixels > MAX_FRAMES * most * most).then(|| {
        let frames = header.others.len();
        let message = format!(
            "the image `{path}` has {pixels} pixels in {frames} frames; {} is the most",
            MAX_FRAMES * most * most
        );
        CODE.at(Location::whole(path), "too many frames", message)
            .help("leave frames out, or scale all of them down")
    })
}

const SCALE: &str = "scale it down; an icon of 256 pixels is sharp everywhere";
const SAVE: &str = "save it again in the format of its name";
