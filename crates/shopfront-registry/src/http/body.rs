//! The body of an answer: of bounded size, in bounded time.

use std::io::{ErrorKind, Read};
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use reqwest::blocking::Response as Answer;

use super::{Attempt, Retryable};
use crate::web::{BodyRange, Request};

/// For every so many bytes of a body that came, an attempt may take its time once more.
const BYTES_OF_ONE_TIME: u64 = 16 << 20;

/// The most that is read of a body; a part is never longer than what was asked for.
pub(super) fn limit(request: &Request<'_>, status: StatusCode) -> u64 {
    match request.part {
        BodyRange::Last(count) if status == StatusCode::PARTIAL_CONTENT => count.min(request.limit),
        BodyRange::Between(first, last) if status == StatusCode::PARTIAL_CONTENT => last
            .saturating_sub(first)
            .saturating_add(1)
            .min(request.limit),
        _ => request.limit,
    }
}

/// The body, of bounded size and in bounded time: see [`time_after`].
///
/// The client's own time limit begins anew with every piece of a body: a drip would never end.
pub(super) fn read(
    mut answer: Answer,
    limit: u64,
    begun: Instant,
    time: Duration,
) -> Result<Vec<u8>, Attempt> {
    let too_large = || Attempt::never(format!("the answer is larger than {}", size(limit)));
    if answer
        .content_length()
        .is_some_and(|announced| announced > limit)
    {
        return Err(too_large());
    }
    let mut body = Vec::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        let read = match answer.read(&mut piece) {
            Ok(0) => return Ok(body),
            Ok(read) => read,
            Err(cause) if cause.kind() == ErrorKind::Interrupted => continue,
            Err(cause) => {
                return Err(Attempt {
                    why: broken_off(&cause).to_owned(),
                    retry: Retryable::Soon,
                });
            }
        };
        body.extend_from_slice(&piece[..read]);
        if body.len() as u64 > limit {
            return Err(too_large());
        }
        if begun.elapsed() > time_after(time, body.len() as u64) {
            return Err(Attempt {
                why: OUT_OF_TIME.to_owned(),
                retry: Retryable::Soon,
            });
        }
    }
}

/// The time of an attempt after so many bytes: `time`, and as much again for each 16 MiB that came.
/// What is only announced brings none.
fn time_after(time: Duration, bytes: u64) -> Duration {
    #[expect(
        clippy::cast_precision_loss,
        reason = "bodies are far below 2^52 bytes"
    )]
    let times = 1.0 + bytes as f64 / BYTES_OF_ONE_TIME as f64;
    time.mul_f64(times)
}

/// "64 MiB", "300 bytes".
fn size(bytes: u64) -> String {
    if bytes >= 1 << 20 {
        format!("{} MiB", bytes >> 20)
    } else {
        format!("{bytes} bytes")
    }
}

const OUT_OF_TIME: &str = "the answer did not end in time";

fn broken_off(cause: &std::io::Error) -> &'static str {
    let is_timeout = cause
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<reqwest::Error>())
        .is_some_and(reqwest::Error::is_timeout);
    if is_timeout || cause.kind() == ErrorKind::TimedOut {
        OUT_OF_TIME
    } else {
        "the answer broke off"
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::time_after;

    #[test]
    fn only_bytes_that_came_bring_more_time() {
        let time = Duration::from_secs(30);
        let after = |bytes: u64| time_after(time, bytes).as_secs();
        assert_eq!([0, 300, 16 << 20, 64 << 20].map(after), [30, 30, 60, 150]);
    }
}
