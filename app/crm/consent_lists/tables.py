"""Lists of numbers, each number to get the same consent or do-not-call."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlmodel import Field

from app.domain.jobs import JobState
from app.domain.roles import Permission
from app.events.subjects import describe
from app.lists.jobs import FileRow
from app.records.base import Json, UtcDateTime


class ConsentListRow(FileRow, table=True):
    """A file of numbers of each of which the same holds, from `created_at` on.

    No foreign keys: it is evidence of where they come from.
    """

    __tablename__ = "consent_list"
    __table_args__ = ({"sqlite_autoincrement": True},)  # files name it: an id never comes back

    word: str = Field(sa_type=String(20))
    """The `ConsentKind` that holds for each number."""
    purpose: str | None = None
    campaign_id: int | None = None
    source: str
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    known: int = 0
    """Numbers for which the same held already, or that the list has twice."""
    rejections: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    """The first rejected rows: `line`, `said`, `why`, `faults`."""


describe(
    ConsentListRow,
    "consent_list",
    reads=Permission.CONSENTS_MANAGE,
    also=JobState,
    without={"reading", "progress", "rejected_bytes", "rejections", "created_at", "began_at", "ended_at"},
)
