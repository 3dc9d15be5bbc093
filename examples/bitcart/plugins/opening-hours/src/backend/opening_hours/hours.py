"""The hours of the shop, and what they say of a moment."""

from datetime import datetime, time

# Monday is 0; a day that is not here is closed.
HOURS = {
    0: (time(9), time(18)),
    1: (time(9), time(18)),
    2: (time(9), time(18)),
    3: (time(9), time(20)),
    4: (time(9), time(18)),
    5: (time(10), time(14)),
}


def state(now: datetime) -> dict:
    """Whether the shop is open at `now`, and until when."""
    opens, closes = HOURS.get(now.weekday(), (None, None))
    if opens is None or not opens <= now.time() < closes:
        return {"open": False, "until": None}
    return {"open": True, "until": closes.strftime("%H:%M")}
