"""Lists of numbers that are taken in, one do-not-call or consent each."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, String, Text
from sqlmodel import Field

from app.domain.roles import Permission
from app.events.subjects import describe
from app.records.base import Json, Row, UtcDateTime


class ConsentListRow(Row, table=True):
    """A file of numbers on its way in. No foreign keys: it is evidence of where they come from."""

    __tablename__ = "consent_list"
    __table_args__ = ({"sqlite_autoincrement": True},)  # files name it: an id never comes back

    id: int | None = Field(default=None, primary_key=True)
    user_id: int | None = None
    """Who brought it."""
    word: str = Field(sa_type=String(20))
    """A `Word`: what holds for each of its numbers."""
    purpose: str | None = None
    campaign_id: int | None = None
    source: str
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    size: int = Field(sa_type=BigInteger)
    """Bytes."""
    state: str
    """A `JobState`."""
    reading: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    """How the file is read; empty until it has been looked at."""
    progress: float = 0.0
    """How much of the file has been read, 0..1."""
    rows: int = 0
    """Rows that have been dealt with."""
    added: int = 0
    """Numbers."""
    known: int = 0
    """Numbers of which it held already, or that the list has twice."""
    rejected: int = 0
    """Rows of which something could not be read."""
    rejected_bytes: int = Field(default=0, sa_type=BigInteger)
    """How long the file of rejected rows was then."""
    rejections: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    """The first of them: `line`, `said`, `why`."""
    note: str = Field(default="", sa_type=Text)
    created_at: datetime = Field(sa_type=UtcDateTime)
    """From then on it holds."""
    began_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


describe(
    ConsentListRow,
    "consent_list",
    reads=Permission.CONSENTS_MANAGE,
    without={"reading", "progress", "rejected_bytes", "rejections", "created_at", "began_at", "ended_at"},
)
