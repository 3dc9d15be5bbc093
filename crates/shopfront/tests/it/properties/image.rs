//! Property of images: for any bytes, the header is read in all three ways, and the result matches
//! the contents.

use shopfront_image::header::{Format, Header};

/// Checks bytes as an image of any format.
pub(super) fn holds(bytes: &[u8]) {
    for format in [Format::Png, Format::Jpeg, Format::WebP] {
        let Ok(Header { size, others, .. }) = format.header(bytes) else {
            continue;
        };
        // Each further size takes some bytes to be stated.
        assert!(others.len() <= bytes.len() / 8);
        let second = imagesize::blob_size(bytes).expect("both readers take it for an image");
        assert_eq!(
            (size.width, size.height),
            (second.width as u64, second.height as u64)
        );
    }
}
