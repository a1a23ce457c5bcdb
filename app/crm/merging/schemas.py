"""Merges as the API takes and shows them."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import ConfigDict, Field, JsonValue

from app.api.schemas import Line, RequestModel, Shown
from app.crm.contacts.schemas import CONTACT_EXAMPLE, ContactOut
from app.crm.merging.service import Merged
from app.crm.merging.tables import ContactMergeRow
from app.crm.merging.values import Choice

_CHOICE: dict[str, JsonValue] = {
    "field": "surname",
    "mine": "Kask",
    "theirs": "Kazk",
    "wins": "Kask",
    "set_aside": "Kazk",
}


class MergeIn(RequestModel):
    """A contact that goes into another."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"other": 9, "take": ["surname"]}]})

    other: Annotated[int, Field(ge=1, le=2**53)]
    """The contact that goes: all it has moves to the contact in the path."""
    take: Annotated[list[Line], Field(max_length=50)] = Field(default_factory=list)
    """Fields in which the value of the contact that goes wins; the preview lists the fields."""


class ChoiceOut(Shown):
    """One field of two contacts, side by side."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CHOICE]})

    field: str
    """The field's name; give it in `take` to let the other contact's value win."""
    mine: str | int | None
    """The value of the contact that stays."""
    theirs: str | int | None
    """The value of the contact that goes."""
    wins: str | int | None
    """The value after the merge, if nothing is taken; two notes become one."""
    set_aside: str | int | None
    """The value that the contact would not show any more; null for none."""

    @classmethod
    def of(cls, choice: Choice) -> Self:
        """The field as the API shows it."""
        return cls(**choice._asdict())


class MergedOut(Shown):
    """What a merge has done."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "merge": 4,
                    "contact": CONTACT_EXAMPLE,
                    "set_aside": {"surname": "Kazk"},
                    "moved": {"call": 12, "consent": 1},
                }
            ]
        }
    )

    merge: int
    """The merge's id: it can be undone by it."""
    contact: ContactOut
    """The contact that stayed."""
    set_aside: dict[str, str | int]
    """Values that the contact does not show any more, by field; undoing brings them back. `phone.` with a number, and
    `email.` with an address, is a label. The contact is found by an external id that was set aside, too."""
    moved: dict[str, int]
    """How many rows of each kind moved to the contact that stayed."""

    @classmethod
    def of(cls, merged: Merged) -> Self:
        """The merge as the API shows it."""
        return cls(
            merge=merged.merge,
            contact=ContactOut.of(merged.contact),
            set_aside=dict(merged.set_aside),
            moved=dict(merged.moved),
        )


class MergeOut(Shown):
    """A merge into a contact."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": 4,
                    "merged": 9,
                    "at": "2026-03-02T09:18:09Z",
                    "user": 2,
                    "set_aside": {"surname": "Kazk"},
                    "undone_at": None,
                }
            ]
        }
    )

    id: int
    """The merge's id."""
    merged: int
    """The id of the contact that went."""
    at: datetime
    """When it was merged."""
    user: int | None
    """The user who merged."""
    set_aside: dict[str, str | int]
    """Values that the contact does not show any more, by field; undoing brings them back."""
    undone_at: datetime | None
    """When the merge was undone; null: it holds."""

    @classmethod
    def of(cls, row: ContactMergeRow) -> Self:
        """The merge as the API shows it."""
        return cls(
            id=row.id or 0,
            merged=row.merged_id,
            at=row.at,
            user=row.user_id,
            set_aside=row.set_aside,
            undone_at=row.undone_at,
        )


class PartedOut(Shown):
    """Both contacts after a merge was undone."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"contacts": [CONTACT_EXAMPLE, CONTACT_EXAMPLE]}]}
    )

    contacts: list[ContactOut]
    """The contact that had stayed, and the one that is back."""
