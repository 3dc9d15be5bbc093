//! Versions as parsed by Fuel's own tools: Python's `StrictVersion`, which defines the order of
//! all versions.

use std::cmp::Ordering;

/// Version that packages can be built with: `1.0`, `2.10.3`, `1.2b1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version {
    numbers: [Number; 3],
    /// `None` sorts last: a version is newer than its pre-releases.
    before: Before,
}

/// Digits without leading zeros, of any length.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Number(String);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Before {
    Trial(char, Number),
    None,
}

impl Version {
    /// Parses `text`; returns `None` if packages cannot be built with it.
    pub(super) fn of(text: &str) -> Option<Version> {
        let (release, before) = match text.find(['a', 'b']) {
            Some(at) => (
                &text[..at],
                Before::Trial(text[at..].chars().next()?, Number::of(&text[at + 1..])?),
            ),
            None => (text, Before::None),
        };
        let mut numbers = release.split('.').map(Number::of);
        let (major, minor) = (numbers.next()??, numbers.next()??);
        let patch = numbers.next().unwrap_or_else(|| Number::of("0"))?;
        numbers.next().is_none().then_some(Version {
            numbers: [major, minor, patch],
            before,
        })
    }

    /// Returns the first two numbers, which name the installation directory of a plugin: `1.2` of
    /// `1.02.3`.
    pub(super) fn short(&self) -> String {
        format!("{}.{}", self.numbers[0].0, self.numbers[1].0)
    }
}

impl Number {
    fn of(text: &str) -> Option<Number> {
        let is_number = !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
        let plain = text.trim_start_matches('0');
        is_number.then(|| {
            Number(if plain.is_empty() {
                "0".to_owned()
            } else {
                plain.to_owned()
            })
        })
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Number) -> Ordering {
        self.0
            .len()
            .cmp(&other.0.len())
            .then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn versions_have_the_order_of_the_tools_of_fuel() {
        let ordered = [
            "0.9", "1.0a1", "1.0b1", "1.0b2", "1.0.0", "1.0.1a3", "1.0.1", "1.2", "1.10", "2014.2",
        ];
        let versions: Vec<Option<Version>> = ordered.iter().map(|text| Version::of(text)).collect();
        assert!(
            versions.iter().all(Option::is_some) && versions.is_sorted_by(|one, other| one < other),
            "{versions:?}"
        );
    }

    #[test]
    fn one_version_may_be_written_in_several_ways() {
        for (one, other) in [("1.0", "1.0.0"), ("1.1", "1.01"), ("1.0a1", "1.0.0a01")] {
            assert_eq!(Version::of(one), Version::of(other));
        }
        assert_eq!(
            Version::of("01.20.3")
                .map(|version| version.short())
                .as_deref(),
            Some("1.20")
        );
    }

    #[test]
    fn what_packages_can_not_be_built_of_is_no_version() {
        for text in [
            "",
            "1",
            "1.",
            "1.0.0.0",
            "1.0rc1",
            "1.0-1",
            "v1.0",
            "1.0a",
            "1.0\n",
            " 1.0",
            "1.0c1",
            "1.0.0a1b2",
            "1.-0",
        ] {
            assert_eq!(Version::of(text), None, "{text:?}");
        }
    }
}
