//! Zip archives: wheels, and the source distributions of old.

use std::io::{Read, Seek};

use super::{Limits, Look, Survey};

/// See [`super::survey`].
pub(super) fn survey<R: Read + Seek>(_bytes: R, _limits: &Limits, _look: &Look<'_>) -> std::io::Result<Survey> {
    todo!()
}
