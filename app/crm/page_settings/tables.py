"""What a user's pages keep for them."""

from typing import Any

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from app.records.base import Json, Row


class PageSettingsRow(Row, table=True):
    """A user's own settings of pages; they mean nothing to anybody else."""

    __tablename__ = "page_settings"

    user_id: int = Field(
        sa_column=Column(
            ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
        )
    )
    searches: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    """Saved searches for calls, in their order."""
    limits: dict[str, dict[str, Any]] = Field(default_factory=dict, sa_type=Json)
    """Limits by queue."""
