//! An image that is not what its name says, or too large.

use super::{Check, Rule};
use crate::diagnostic::{Code, Diagnostic, Place, code};

static CODE: Code = code!("bad-asset", Error, Files);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Reading };

/// The largest image, in bytes.
pub(crate) const MAX_IMAGE: usize = 1 << 20;

/// Why the bytes of the image at `path` can not be shown; `None` when they can.
pub(crate) fn of_image(path: &str, bytes: &[u8]) -> Option<Diagnostic> {
    if bytes.len() > MAX_IMAGE {
        let message = format!("the image `{path}` is larger than {} KiB", MAX_IMAGE / 1024);
        return Some(CODE.at(Place::whole(path), "too large", message).help("scale it down; an icon of 256 pixels is sharp everywhere"));
    }
    let ending = path.rsplit('.').next().unwrap_or_default();
    let (expected, is_that) = match ending {
        "png" => ("a PNG image", is_png(bytes)),
        "webp" => ("a WebP image", bytes.len() > 16 && bytes.starts_with(b"RIFF") && &bytes[8..12] == b"WEBP" && riff_is_whole(bytes)),
        _ => ("a JPEG image", bytes.starts_with(b"\xff\xd8\xff") && bytes.ends_with(b"\xff\xd9")),
    };
    if is_that {
        return None;
    }
    let message = format!("`{path}` is not {expected}, or not a whole one");
    Some(CODE.at(Place::whole(path), "not the image that its name says", message).help("save it again in the format of its name"))
}

/// PNG (third edition), section 5: the signature, and the last chunk `IEND`.
fn is_png(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x89PNG\r\n\x1a\n") && bytes.ends_with(b"\0\0\0\0IEND\xaeB`\x82")
}

fn riff_is_whole(bytes: &[u8]) -> bool {
    let length = u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]);
    usize::try_from(length).is_ok_and(|length| length + 8 <= bytes.len() + 1)
}
