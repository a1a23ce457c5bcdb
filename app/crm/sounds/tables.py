"""Sound files that the PBX plays to customers."""

from datetime import datetime

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field

from app.domain.roles import Permission
from app.events.subjects import describe
from app.records.base import Row, UtcDateTime
from app.records.revision import CONFIGURES


class SoundRow(Row, table=True):
    """A WAV file, as it was uploaded."""

    __tablename__ = "sound"
    __table_args__ = CONFIGURES

    name: str = Field(primary_key=True, max_length=60)
    title: str = ""
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    seconds: float
    user_id: int | None = None
    """The user who uploaded it; None: no user did."""
    created_at: datetime = Field(sa_type=UtcDateTime)


describe(SoundRow, "sound", reads=Permission.SOUNDS_READ, hidden={"content"}, without={"created_at"})
