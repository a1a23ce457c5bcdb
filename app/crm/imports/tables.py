"""Imports of leads."""

from typing import Any

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from app.domain.roles import Permission
from app.events.subjects import describe
from app.lists.jobs import FileRow
from app.records.base import Json


class ImportJobRow(FileRow, table=True):
    """A file of leads on its way into a campaign."""

    __tablename__ = "import_job"
    __table_args__ = (
        {"sqlite_autoincrement": True},  # files and leads name it: an id never comes back
    )

    campaign_id: int = Field(
        sa_column=Column(ForeignKey("campaign.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    name: str
    """The file's name."""
    dry_run: bool = False
    """True: it only counts, and adds no leads."""
    look: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    """The preview: the first rows as they would become leads, and a workbook's sheets."""
    runner: str = ""
    """The runner that works on the import: the service, or a command."""
    duplicates: int = 0
    removed: int = 0
    """Leads that an undo removed again."""


describe(
    ImportJobRow,
    "import",
    reads=Permission.LEADS_READ,
    without={
        *("reading", "look", "runner", "progress", "rejected_bytes"),
        *("created_at", "began_at", "ended_at"),
    },
)
