"""Notes about contacts."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Text
from sqlmodel import Field

from app.crm.contact_history.sources import joins_history
from app.crm.privacy.holdings import holds
from app.domain.roles import Permission
from app.events.subjects import describe
from app.records.base import BigInt, Row, UtcDateTime


class NoteRow(Row, table=True):
    """A note. It goes with its contact: its text is about the person."""

    __tablename__ = "contact_note"
    __table_args__ = (
        Index("ix_contact_note_contact_id_created_at", "contact_id", "created_at", "id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, sa_column=Column(BigInt, primary_key=True, autoincrement=True))
    contact_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("contact.id", ondelete="CASCADE"), nullable=False)
    )
    call_id: str | None = Field(default=None, max_length=150, index=True)
    """The call in which it was taken; None: in none."""
    text: str = Field(sa_type=Text)
    author_id: int
    author_name: str
    """The author's name as it was then."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1


describe(NoteRow, "note", reads=Permission.CONTACTS_READ, without={"author_name", "created_at"})
joins_history(
    NoteRow, "note", at="created_at", user="author_id", shows=("text", "call_id"), unless="withdrawn_at"
)
holds(NoteRow, shows=("created_at", "text", "author_name", "call_id", "withdrawn_at"))
