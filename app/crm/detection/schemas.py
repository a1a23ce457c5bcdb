"""How often the detector of answering machines was wrong."""

from pydantic import ConfigDict, JsonValue

from app.api.schemas import Shown
from app.crm.detection.service import Verdicts
from app.pacing.amd_accuracy import share


class VerdictShare(Shown):
    """One kind of verdict."""

    talks: int
    """An operator talked after it."""
    disposed: int
    """And said what the call came to: the estimate rests on these."""
    wrong: int
    """How many of the `disposed` heard something else."""
    share: float | None
    """`wrong` / `disposed`, 0..1."""
    low: float
    """The true share is between `low` and `high` 19 times in 20 (Wilson's interval)."""
    high: float
    """The upper end of it, 0..1."""

    @classmethod
    def of(cls, found: Verdicts) -> "VerdictShare":
        """Counts as they are told."""
        told = share(found.wrong, found.disposed)
        return cls(
            talks=found.talks,
            disposed=found.disposed,
            wrong=found.wrong,
            share=told.share,
            low=round(told.low, 4),
            high=round(told.high, 4),
        )


_SHARE: JsonValue = {"talks": 120, "disposed": 100, "wrong": 3, "share": 0.03, "low": 0.0103, "high": 0.0845}


class DetectionOut(Shown):
    """How often operators found the detector of answering machines to be wrong."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"human": _SHARE, "machine": _SHARE}]})

    human: VerdictShare
    """It took them for people, or was not sure; wrong: the operator heard a machine."""
    machine: VerdictShare
    """It took them for machines, and the campaign passes those on; wrong: the operator heard a person."""
