"""Days in the time zone of the called party or of the campaign."""

from datetime import UTC, date, datetime, timedelta, tzinfo

from app.numbers.facts import zone


def zone_of(name: str) -> tzinfo:
    """The time zone of a name; UTC for a name that is not a time zone."""
    return zone(name) or UTC


def midnights(name: str, at: datetime) -> tuple[datetime, datetime]:
    """When the day of a moment began in a time zone, and when the next day begins; UTC for a name that is not a time
    zone.
    """
    local = at.astimezone(zone_of(name))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight, midnight + timedelta(days=1)


def day_in(name: str, at: datetime) -> tuple[date, datetime]:
    """The day of a moment in a time zone, and when the next day begins; UTC for a name that is not a time zone."""
    today, tomorrow = midnights(name, at)
    return today.date(), tomorrow.astimezone(UTC)
