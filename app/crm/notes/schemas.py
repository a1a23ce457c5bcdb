"""Notes as the API takes and shows them."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import ConfigDict, Field, JsonValue

from app.api.schemas import RequestModel, Shown, Words
from app.crm.notes.tables import NoteRow

_NOTE: dict[str, JsonValue] = {
    "id": 31,
    "text": "Asked for the price list.",
    "call": "keskus-1772442901.7",
    "author": 12,
    "author_name": "Mari Maasikas",
    "created_at": "2026-03-02T09:18:30Z",
    "version": 1,
}


class NoteText(RequestModel):
    """A note's text."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "Asked for the price list."}]})

    text: Words
    """The text, at most 20,000 characters."""


class NoteIn(NoteText):
    """A new note."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "Asked for the price list.", "call": "keskus-1772442901.7"}]}
    )

    call: Annotated[str, Field(min_length=1, max_length=150, pattern=r"^[A-Za-z0-9_.:\-]+$")] | None = None
    """The id of the call in which it was taken; null: in none."""


class NoteOut(Shown):
    """A note about a contact."""

    model_config = ConfigDict(json_schema_extra={"examples": [_NOTE]})

    id: int
    """The note's id."""
    text: str
    """The text, as it was typed."""
    call: str | None
    """The id of the call in which it was taken; null: in none."""
    author: int
    """The id of the user who wrote it."""
    author_name: str
    """The author's name as it was then."""
    created_at: datetime
    """When it was written."""
    version: int
    """Raised with each change; the same as in `ETag`."""

    @classmethod
    def of(cls, row: NoteRow) -> Self:
        """The note as the API shows it."""
        return cls.model_validate(row.model_dump() | {"call": row.call_id, "author": row.author_id})


class Notes(Shown):
    """A page of a contact's notes."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_NOTE], "next": None}]})

    items: list[NoteOut]
    """The notes of this page, the newest first."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""
