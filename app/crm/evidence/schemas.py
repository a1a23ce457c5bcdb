"""What is said of a campaign's evidence over HTTP."""

from datetime import datetime

from pydantic import ConfigDict

from app.api.schemas import Shown
from app.crm.evidence.service import Abandonment
from app.domain.campaigns import Window


class AbandonmentOut(Shown):
    """The exact share of live answers that were abandoned, over the window that rules the campaign."""

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
    """The rule set whose limit it is."""
    window: Window
    """What the share is measured over."""
    from_at: datetime | None
    """None: from the first call."""
    to_at: datetime
    """Up to when it was counted."""
    answered: int
    """Live, and an operator was there in time."""
    abandoned: int
    """Live, and no operator was there in time."""
    rate: float
    """Of all live answers, 0..1."""
    limit: float | None
    """The share that may be abandoned, 0..1; null: no limit."""
    over_limit: bool
    """The share is over the limit."""

    @classmethod
    def of(cls, found: Abandonment) -> "AbandonmentOut":
        """As it is told."""
        return cls.model_validate(found._asdict())
