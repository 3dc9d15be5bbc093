"""Tide tables for OKO Dashboard: high and low water for every gauge, reckoned from the moon's own period."""

from datetime import datetime, timedelta, timezone

# Half of the lunar day, after which high water comes again.
PERIOD = timedelta(hours=12, minutes=25.2)

# A high water that was observed at each gauge.
GAUGES = {
    "Cuxhaven": datetime(2026, 1, 1, 9, 14, tzinfo=timezone.utc),
    "Brest": datetime(2026, 1, 1, 1, 52, tzinfo=timezone.utc),
    "Bergen": datetime(2026, 1, 1, 7, 33, tzinfo=timezone.utc),
}


def next_high_water(gauge, now):
    """The next high water at `gauge` after `now`."""
    first = GAUGES[gauge]
    count = (now - first) // PERIOD + 1
    return first + count * PERIOD


def gauges(now=None):
    """A row for each gauge, for the table of the page."""
    now = now or datetime.now(timezone.utc)
    return [
        {
            "name": name,
            "high_water": next_high_water(name, now).isoformat(timespec="minutes"),
            "low_water": (next_high_water(name, now) - PERIOD / 2).isoformat(timespec="minutes"),
        }
        for name in sorted(GAUGES)
    ]


def setup():
    """Called when the dashboard loads the plugin; there is nothing to prepare."""


def teardown():
    """Called when the dashboard unloads it; there is nothing to give back."""
