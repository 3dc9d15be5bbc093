//! Clock access.

use jiff::Timestamp;

use shopfront_diagnostics::error::{Context, Error};

/// Returns the current time in whole seconds.
pub fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

/// Returns the time of a reproducible build
/// (<https://reproducible-builds.org/specs/source-date-epoch/>).
///
/// # Errors
/// Returns an error if `SOURCE_DATE_EPOCH` is set and is not a number of seconds.
pub fn claimed() -> Result<Option<Timestamp>, Error> {
    let Ok(text) = std::env::var("SOURCE_DATE_EPOCH") else {
        return Ok(None);
    };
    let seconds: i64 = text.parse().map_err(|_| {
        Error::new(format!(
            "SOURCE_DATE_EPOCH is `{text}`, which is no number of seconds"
        ))
    })?;
    Timestamp::from_second(seconds)
        .with_context(|| "reading SOURCE_DATE_EPOCH".to_owned())
        .map(Some)
}
