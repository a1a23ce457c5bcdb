"""Reports work that failed, because the database is away or the program is at fault.

A fault is logged with its traceback and counted by the part of the service, so that monitoring can raise an alarm.
"""

from typing import Any, Final

from prometheus_client import Counter

from app.system.away import is_away, reason

FAULTS: Final = Counter(
    "keskus_faults",
    "Faults of the program, by the part that met them; each is in the log with its traceback.",
    ["part"],
    registry=None,
)
"""The faults of this process."""


PAUSE_S: Final = 60.0
"""Seconds that a part of the service rests after a fault before it tries again: at once it would fail again."""


def report(log: Any, event: str, error: BaseException, *, part: str, **told: object) -> bool:
    """Log why work failed.

    Args:
        log: a structlog logger.
        event: the name of the log entry, which says what failed: `records_not_completed`.
        error: the cause.
        part: the part of the service, for the log and the metrics.
        told: further fields of the log entry.

    Returns:
        True when a database, a disk or the network is away; False for a fault, which is counted.
    """
    if is_away(error):
        log.warning(event, reason=reason(error), **told)
        return True
    count(part)
    log.error(event, part=part, reason=reason(error), exc_info=error, **told)
    return False


def count(part: str) -> None:
    """Count a fault that is logged elsewhere."""
    FAULTS.labels(part).inc()
