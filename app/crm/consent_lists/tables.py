"""Lists of numbers that are taken in, one do-not-call or consent each."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlmodel import Field

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
    """A `ConsentKind`: what holds for each of its numbers."""
    purpose: str | None = None
    campaign_id: int | None = None
    source: str
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    known: int = 0
    """Numbers of which it held already, or that the list has twice."""
    rejections: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    """The first of them: `line`, `said`, `why`."""


describe(
    ConsentListRow,
    "consent_list",
    reads=Permission.CONSENTS_MANAGE,
    without={"reading", "progress", "rejected_bytes", "rejections", "created_at", "began_at", "ended_at"},
)
