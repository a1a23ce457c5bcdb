"""Calls that were let go because too many waited, in the log: a flood of them is one line a minute."""

from collections import Counter
from typing import Final

import structlog

from app.domain.calls import CallOutcome
from app.floor.facts import CallLeaving, StepResult
from app.floor.floor import Floor
from app.system.logs import mask_number

log = structlog.get_logger(__name__)

SAY_S: Final = 60.0
SHOWN: Final = 5
"""How many of the numbers with most refused calls are named, masked."""


class RefusalLog:
    """A sink of the runner: call `note` with each outcome."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._causes: Counter[str] = Counter()
        self._numbers: Counter[str] = Counter()
        self._say_at_s = 0.0

    def note(self, outcome: StepResult) -> None:
        """Count refused calls; log the first at once, and later ones together, a minute later at the earliest."""
        for fact in outcome.facts:
            if isinstance(fact, CallLeaving):
                call = self._floor.calls.get(fact.call)
                if call is not None and call.leaving is CallOutcome.TURNED_AWAY:
                    self._causes[fact.cause] += 1
                    self._numbers[mask_number(call.caller_number)] += 1
        now_s = outcome.at.mono_s
        if self._causes and now_s >= self._say_at_s:
            log.warning(
                "calls_refused", causes=dict(self._causes), numbers=dict(self._numbers.most_common(SHOWN))
            )
            self._causes.clear()
            self._numbers.clear()
            self._say_at_s = now_s + SAY_S
