"""Imports of leads."""

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from app.domain.jobs import JobState
from app.domain.roles import Permission
from app.events.subjects import describe
from app.lists.jobs import PreviewedRow


class ImportJobRow(PreviewedRow, table=True):
    """A file of leads on its way into a campaign."""

    __tablename__ = "import_job"
    __table_args__ = (
        {"sqlite_autoincrement": True},  # files and leads name it: an id never comes back
    )

    campaign_id: int = Field(
        sa_column=Column(ForeignKey("campaign.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    duplicates: int = 0


describe(
    ImportJobRow,
    "import",
    reads=Permission.LEADS_READ,
    also=JobState,
    without={
        *("reading", "look", "runner", "progress", "rejected_bytes"),
        *("created_at", "began_at", "ended_at"),
    },
)
