//! Sizes of untrusted images, and the image cards of pages.

pub mod card;
pub mod header;
