//! Timeouts and retries.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use super::Retryable;

/// Timeouts and retries of one request.
#[derive(Clone, Copy, Debug)]
pub struct RetryPolicy {
    /// Timeout of a connection.
    pub connect: Duration,
    /// Timeout of one attempt, from its first byte to the last of the response.
    pub request_timeout: Duration,
    /// For all attempts of one request, with the waits between them: none begins after it, and the
    /// last one ends with it, except that bytes which came prolong an attempt.
    pub all: Duration,
    /// How often to try again.
    pub retries: u32,
    /// Waiting time before the first retry; it doubles with each later one.
    pub first_wait: Duration,
    /// Maximum waiting time that a server may request.
    pub max_retry_after: Duration,
}

impl Default for RetryPolicy {
    fn default() -> RetryPolicy {
        RetryPolicy {
            connect: Duration::from_secs(10),
            request_timeout: Duration::from_secs(30),
            all: Duration::from_secs(120),
            retries: 3,
            first_wait: Duration::from_millis(500),
            max_retry_after: Duration::from_secs(60),
        }
    }
}

impl RetryPolicy {
    /// At most so much patience as one has with another store, which must not hold up a run for
    /// long.
    #[must_use]
    pub fn with_a_stranger(self) -> RetryPolicy {
        let (all, max_retry_after) = (Duration::from_secs(45), Duration::from_secs(10));
        RetryPolicy {
            all: self.all.min(all.max(self.request_timeout)),
            max_retry_after: self.max_retry_after.min(max_retry_after),
            ..self
        }
    }

    /// How long to wait after attempt number `tries` (from 0) failed, `spent` after the first of
    /// them began; `None` to give up.
    pub(super) fn wait(&self, tries: u32, retry: Retryable, spent: Duration) -> Option<Duration> {
        if tries >= self.retries {
            return None;
        }
        let wait = match retry {
            Retryable::Never => None,
            Retryable::Soon => Some(jittered(self.first_wait * 2_u32.pow(tries.min(10)))),
            Retryable::After(asked) => (asked <= self.max_retry_after).then_some(asked),
        };
        wait.filter(|wait| spent.saturating_add(*wait) < self.all)
    }
}

/// Returns a duration between half of `wait` and all of it, so that failed clients do not return
/// simultaneously.
fn jittered(wait: Duration) -> Duration {
    let chance = RandomState::new().build_hasher().finish() % 1_000;
    let chance = u32::try_from(chance).unwrap_or_default();
    wait / 2 + wait / 2 * chance / 1_000
}

/// Parses `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date.
pub(super) fn retry_after(text: &str) -> Retryable {
    if let Ok(seconds) = text.trim().parse::<u64>() {
        return Retryable::After(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::parse(text.trim()).map(|zoned| zoned.timestamp());
    match date {
        Ok(date) => Retryable::After(Duration::from_secs(
            u64::try_from(date.as_second() - jiff::Timestamp::now().as_second())
                .unwrap_or_default(),
        )),
        Err(_) => Retryable::Soon,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{RetryPolicy, Retryable};

    #[test]
    fn all_attempts_together_have_an_end() {
        let second = Duration::from_secs;
        for (patience, most) in [
            (RetryPolicy::default(), 120),
            (RetryPolicy::default().with_a_stranger(), 45),
        ] {
            for retry in [Retryable::Soon, Retryable::After(second(9))] {
                assert!(patience.wait(0, retry, second(1)).is_some());
                assert_eq!(patience.wait(0, retry, second(most)), None, "{retry:?}");
                assert_eq!(
                    patience.wait(patience.retries, retry, second(1)),
                    None,
                    "{retry:?}"
                );
            }
        }
        assert_eq!(
            RetryPolicy::default().wait(0, Retryable::After(second(59)), second(70)),
            None
        );
        assert_eq!(
            RetryPolicy::default().with_a_stranger().wait(
                0,
                Retryable::After(second(59)),
                second(0)
            ),
            None
        );
    }
}
