"""What a part of the service says when its work fails: the database is away, or the program is at fault.

A fault is logged with its traceback and counted by part, so that an alarm can be set on it.
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
"""Of this process."""


PAUSE_S: Final = 60.0
"""How long a part rests after a fault before it looks again: nothing it does then will go better at once."""


def report(log: Any, event: str, error: BaseException, *, part: str, **told: object) -> bool:
    """Log why work failed.

    Args:
        log: a structlog logger.
        event: what did not come about: `records_not_completed`.
        error: why.
        part: of the service, in the log and the metrics.
        told: besides, in the log.

    Returns:
        Whether a database, a disk or the way there is away; else it is a fault, and is counted.
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
