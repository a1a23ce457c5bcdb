"""The error rates of answering-machine detection."""

from pydantic import ConfigDict, JsonValue

from app.api.schemas import Shown
from app.crm.detection.service import Verdicts
from app.pacing.amd_accuracy import share


class VerdictShare(Shown):
    """The talks after one kind of verdict, and how many verdicts were wrong."""

    talks: int
    """Calls in which an operator talked after this verdict."""
    disposed: int
    """Those of the `talks` that have a disposition; the estimate rests on these."""
    wrong: int
    """Those of the `disposed` whose disposition contradicts the verdict."""
    share: float | None
    """`wrong` / `disposed`, 0..1."""
    low: float
    """The lower end of the interval in which the true share lies 19 times in 20 (Wilson's interval)."""
    high: float
    """The upper end of that interval, 0..1."""

    @classmethod
    def of(cls, found: Verdicts) -> "VerdictShare":
        """Counts as the API shows them."""
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
    """How often answering-machine detection was wrong, by operators' dispositions."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"human": _SHARE, "machine": _SHARE}]})

    human: VerdictShare
    """The verdict was a person, or not sure. Wrong: the operator heard a machine."""
    machine: VerdictShare
    """The verdict was a machine, and the campaign connected the call. Wrong: the operator heard a person."""
