//! When releases came: a small drawing of dots on a line of years, made at build time, without a
//! script.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use shopfront_model::answers::{Project, Release};

/// How wide the drawing is, in tenths of a hundredth: its text stays as large as all other text,
/// however wide the page is.
const WIDTH: i64 = 1_000;
const MARGIN: i64 = 15;
/// A line of a single day would have no length.
const LEAST_SECONDS: i64 = 30 * 86_400;
/// More years than this are not all named.
const MOST_NAMED: i16 = 8;

/// A drawing of all releases that have a date.
#[derive(Serialize)]
pub(super) struct Chart<'s> {
    first: String,
    last: String,
    dots: Vec<Dot<'s>>,
    years: Vec<Year>,
}

/// One release.
#[derive(Serialize)]
struct Dot<'s> {
    /// From the left edge, as `12.3%`.
    x: String,
    version: &'s str,
    /// Marker of the release: `yanked`, `pre`, or empty.
    manner: &'static str,
}

/// Start of a year.
#[derive(Serialize)]
struct Year {
    /// From the left edge, as `12.3%`.
    x: String,
    year: i16,
    is_named: bool,
}

/// The drawing for `project`, from its first release to the time of the build; none for fewer than
/// two dates.
pub(super) fn of(project: &Project, now: Timestamp) -> Option<Chart<'_>> {
    let mut dated: Vec<(Timestamp, &Release)> = project
        .releases
        .iter()
        .filter_map(|it| Some((it.released_at?, it)))
        .collect();
    dated.sort_by_key(|(at, _)| *at);
    let (first, last) = (dated.first()?.0, dated.last()?.0);
    if dated.len() < 2 {
        return None;
    }
    let line = Line {
        from: first.as_second(),
        seconds: (now.max(last).as_second() - first.as_second()).max(LEAST_SECONDS),
    };
    let manner = |release: &Release| match (release.yanked, release.is_prerelease()) {
        (true, _) => "yanked",
        (false, true) => "pre",
        (false, false) => "",
    };
    let dots = dated
        .iter()
        .map(|(at, release)| Dot {
            x: line.x(*at),
            version: &release.version,
            manner: manner(release),
        })
        .collect();
    Some(Chart {
        first: first.to_string(),
        last: last.to_string(),
        dots,
        years: years(&line, first, now.max(last)),
    })
}

/// The stretch of time that the drawing shows.
struct Line {
    from: i64,
    seconds: i64,
}

impl Line {
    fn x(&self, at: Timestamp) -> String {
        let tenths = MARGIN + (at.as_second() - self.from) * (WIDTH - 2 * MARGIN) / self.seconds;
        format!("{}.{}%", tenths / 10, tenths % 10)
    }
}

/// The beginnings of years between `first` and `end`, in UTC.
fn years(line: &Line, first: Timestamp, end: Timestamp) -> Vec<Year> {
    let year_of = |at: Timestamp| at.to_zoned(TimeZone::UTC).year();
    let (from, to) = (year_of(first).saturating_add(1), year_of(end));
    let every = (to.saturating_sub(from) / MOST_NAMED).saturating_add(1);
    let begin = |year: i16| {
        jiff::civil::Date::new(year, 1, 1)
            .ok()?
            .to_zoned(TimeZone::UTC)
            .ok()
            .map(|it| it.timestamp())
    };
    (from..=to)
        .filter_map(|year| {
            Some(Year {
                x: line.x(begin(year)?),
                year,
                is_named: (to - year) % every == 0,
            })
        })
        .collect()
}
