"""Imports of leads."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Text
from sqlmodel import Field

from app.domain.roles import Permission
from app.events.subjects import describe
from app.records.base import Json, Row, UtcDateTime


class ImportJobRow(Row, table=True):
    """A file of leads on its way into a campaign."""

    __tablename__ = "import_job"
    __table_args__ = (
        {"sqlite_autoincrement": True},  # files and leads name it: an id never comes back
    )

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(
        sa_column=Column(ForeignKey("campaign.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    user_id: int | None = None
    """Who brought it."""
    name: str
    """The file's own."""
    size: int = Field(sa_type=BigInteger)
    """Bytes."""
    state: str
    """A `JobState`."""
    dry_run: bool = False
    """Nothing is added: it only counts."""
    reading: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    """How the file is read: encoding, delimiter, sheet, columns."""
    look: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    """Its first rows as they would come in, and a workbook's sheets."""
    runner: str = ""
    """Who works on it: the service, or a command."""
    progress: float = 0.0
    """How much of the file has been read, 0..1."""
    rows: int = 0
    """Rows that have been dealt with."""
    rejected_bytes: int = Field(default=0, sa_type=BigInteger)
    """How long the file of rejected rows was then."""
    added: int = 0
    duplicates: int = 0
    rejected: int = 0
    removed: int = 0
    """Taken away again by an undo."""
    note: str = Field(default="", sa_type=Text)
    """Why it failed or was cut off."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    began_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


describe(
    ImportJobRow,
    "import",
    reads=Permission.LEADS_READ,
    without={
        *("reading", "look", "runner", "progress", "rejected_bytes"),
        *("created_at", "began_at", "ended_at"),
    },
)
