//! How long to wait, and how often to try again.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use super::Retry;

/// The patience with one request.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For a connection.
    pub connect: Duration,
    /// For one attempt, from its first byte to the last of the answer.
    pub whole: Duration,
    /// How often to try again.
    pub retries: u32,
    /// Before the first of these; each later one waits twice as long.
    pub first_wait: Duration,
    /// The longest that a server may ask us to wait.
    pub longest_wait: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience {
            connect: Duration::from_secs(10),
            whole: Duration::from_secs(30),
            retries: 3,
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(60),
        }
    }
}

impl Patience {
    /// How long to wait after attempt number `tries` (from 0) failed; `None` to give up.
    pub(super) fn wait(&self, tries: u32, retry: Retry) -> Option<Duration> {
        if tries >= self.retries {
            return None;
        }
        match retry {
            Retry::Never => None,
            Retry::Soon => Some(jittered(self.first_wait * 2_u32.pow(tries.min(10)))),
            Retry::After(asked) => (asked <= self.longest_wait).then_some(asked),
        }
    }
}

/// Between half of `wait` and all of it, so that those who failed together do not come back together.
fn jittered(wait: Duration) -> Duration {
    let chance = RandomState::new().build_hasher().finish() % 1_000;
    let chance = u32::try_from(chance).unwrap_or_default();
    wait / 2 + wait / 2 * chance / 1_000
}

/// What `Retry-After` asks for (RFC 9110, section 10.2.3): seconds, or a date.
pub(super) fn retry_after(text: &str) -> Retry {
    if let Ok(seconds) = text.trim().parse::<u64>() {
        return Retry::After(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::parse(text.trim()).map(|zoned| zoned.timestamp());
    match date {
        Ok(date) => {
            Retry::After(Duration::from_secs(u64::try_from(date.as_second() - jiff::Timestamp::now().as_second()).unwrap_or_default()))
        }
        Err(_) => Retry::Soon,
    }
}
