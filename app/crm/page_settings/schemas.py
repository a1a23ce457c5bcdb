"""What a user's own pages keep for them."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, JsonValue

from app.api.schemas import Line, QueueName, RequestModel, Shown, Title

_SEARCH: JsonValue = {"title": "Katkestatud müügikõned", "search": {"queue": "sales", "outcome": "abandoned"}}
_LIMIT: JsonValue = {"waiting": 5, "wait_s": 60, "service_level": 0.8}
SearchField = Literal["from", "to", "queue", "operator", "outcome", "direction"]
"""Customers' numbers are not kept: nobody would erase them there."""


class SavedSearch(RequestModel):
    """A search for calls that a user saved."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SEARCH]})

    title: Title
    """The title that the user gave it."""
    search: Annotated[dict[SearchField, Line], Field(max_length=12)]
    """What is looked for, by the fields of the page's address."""


class SearchesIn(RequestModel):
    """All saved searches of a user."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_SEARCH]}]})

    items: Annotated[list[SavedSearch], Field(max_length=50)]
    """The searches in their order, at most 50."""


class QueueLimit(RequestModel):
    """What must not be passed in a queue, or the page sounds an alarm."""

    model_config = ConfigDict(json_schema_extra={"examples": [_LIMIT]})

    waiting: Annotated[int, Field(ge=0, le=10_000)] | None = None
    """The most callers who may wait; null: no limit."""
    wait_s: Annotated[int, Field(ge=1, le=86_400)] | None = None
    """The longest that a caller may wait, in seconds; null: the queue's target."""
    service_level: Annotated[float, Field(ge=0, le=1)] | None = None
    """The lowest service level of the last half hour, 0..1; null: no limit."""


class LimitsIn(RequestModel):
    """All limits of a user."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"queues": {"sales": _LIMIT}}]})

    queues: Annotated[dict[QueueName, QueueLimit], Field(max_length=100)]
    """The limits by queue, of at most 100 queues."""


class PageSettingsOut(Shown):
    """What is kept for the user who asks."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"searches": [_SEARCH], "limits": {"sales": _LIMIT}}]}
    )

    searches: list[SavedSearch]
    """Saved searches for calls, in their order."""
    limits: dict[str, QueueLimit]
    """Limits by queue."""
