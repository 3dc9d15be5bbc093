//! Measurements as tables for `docs/performance.md`, compared with the goals.

use std::time::Duration;

use crate::measure::Contestant;

/// Renders a table of measurements.
pub(crate) fn table(title: &str, contestants: &[Contestant<'_>]) -> String {
    let mut text = format!(
        "\n### {title}\n\n| what | runs | least s | median s | most s | processor s | peak MB |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n"
    );
    for it in contestants {
        text.push_str(&format!(
            "| {} | {} | {} | {} | {} | {} | {} |\n",
            it.name,
            it.runs.len(),
            seconds(it.least()),
            seconds(it.median()),
            seconds(it.most()),
            it.processor().map_or_else(|| "–".to_owned(), seconds),
            it.peak()
                .map_or_else(|| "–".to_owned(), |bytes| (bytes / 1_000_000).to_string()),
        ));
    }
    text
}

/// Renders one goal: the ratio of `ours` to `theirs`, at most `limit`.
pub(crate) fn ratio(
    what: &str,
    ours: &Contestant<'_>,
    theirs: &Contestant<'_>,
    limit: f64,
) -> String {
    let of = |ours: Duration, theirs: Duration| {
        ours.as_secs_f64() / theirs.as_secs_f64().max(f64::EPSILON)
    };
    let (least, median) = (
        of(ours.least(), theirs.least()),
        of(ours.median(), theirs.median()),
    );
    let verdict = if least.max(median) <= limit {
        "reached"
    } else if least.min(median) <= limit {
        "on the edge"
    } else {
        "not reached"
    };
    format!(
        "| {what} | ≤ {limit} × {} | {least:.2} | {median:.2} | {verdict} |\n",
        theirs.name
    )
}

/// Renders one memory goal, in millions of bytes.
pub(crate) fn peak(what: &str, ours: &Contestant<'_>, limit: u64) -> String {
    let Some(bytes) = ours.peak() else {
        return String::new();
    };
    let verdict = if bytes < limit * 1_000_000 {
        "reached"
    } else {
        "not reached"
    };
    format!(
        "| {what} | < {limit} MB | {} MB | | {verdict} |\n",
        bytes / 1_000_000
    )
}

/// Header of the table of goals.
pub(crate) const GOALS: &str = "\n### Goals\n\n| what | goal | by the least | by the median | |\n| --- | --- | ---: | ---: | --- |\n";

fn seconds(time: Duration) -> String {
    format!("{:.3}", time.as_secs_f64())
}
