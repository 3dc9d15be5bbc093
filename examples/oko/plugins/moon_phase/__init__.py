"""The phase of the moon, as a number between 0 (new) and 1."""

from datetime import datetime, timedelta, timezone

NEW_MOON = datetime(2026, 1, 18, 19, 52, tzinfo=timezone.utc)
MONTH = timedelta(days=29.530588)


def phase(now=None):
    """How much of the month has passed since the last new moon."""
    now = now or datetime.now(timezone.utc)
    return ((now - NEW_MOON) % MONTH) / MONTH
