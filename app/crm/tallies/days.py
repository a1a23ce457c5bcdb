"""Days where the called party, or the campaign, is."""

from datetime import UTC, date, datetime, timedelta, tzinfo

from app.numbers.facts import zone


def zone_of(name: str) -> tzinfo:
    """A time zone; UTC for a name that is none."""
    return zone(name) or UTC


def midnights(name: str, at: datetime) -> tuple[datetime, datetime]:
    """When the day of a moment began in a time zone (UTC for one that is none), and when the next one begins."""
    local = at.astimezone(zone_of(name))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight, midnight + timedelta(days=1)


def day_in(name: str, at: datetime) -> tuple[date, datetime]:
    """Which day it is in a time zone (UTC for one that is none), and when the next begins there."""
    today, tomorrow = midnights(name, at)
    return today.date(), tomorrow.astimezone(UTC)
