"""A campaign's evidence as the API shows it."""

from datetime import datetime

from pydantic import ConfigDict

from app.api.schemas import Shown
from app.crm.evidence.service import Abandonment
from app.domain.campaigns import Window


class AbandonmentOut(Shown):
    """The exact abandon rate: the share of live answers that were abandoned, over the window of the campaign's rule
    set.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "rule_set": "ofcom_2010",
                    "window": "rolling_day",
                    "from_at": "2026-03-01T12:00:00Z",
                    "to_at": "2026-03-02T12:00:00Z",
                    "answered": 485,
                    "abandoned": 12,
                    "rate": 0.02414,
                    "limit": 0.03,
                    "over_limit": False,
                }
            ]
        }
    )

    rule_set: str
    """The rule set that sets the limit."""
    window: Window
    """The window over which the rate is measured."""
    from_at: datetime | None
    """The beginning of the window; null: from the first call."""
    to_at: datetime
    """The end of the window: when the rate was counted."""
    answered: int
    """Live answers to which an operator was connected in time."""
    abandoned: int
    """Live answers to which no operator was connected in time."""
    rate: float
    """`abandoned` as a share of all live answers, 0..1."""
    limit: float | None
    """The highest abandon rate allowed, 0..1; null: no limit."""
    over_limit: bool
    """The rate is over the limit."""

    @classmethod
    def of(cls, found: Abandonment) -> "AbandonmentOut":
        """The abandon rate as the API shows it."""
        return cls.model_validate(found._asdict())
