"""Types of fields that several requests share."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from app.api.field_errors import TextUnstorable, TooManyParts
from app.api.texts import storable
from app.numbers.faults import TEXT_MOST
from app.system.fields import Line, Moment, Prose, QueueName, SentBack, Title, Words

__all__ = [
    "NAME",
    "CallKey",
    "CampaignAsked",
    "ContactAsked",
    "ContactKey",
    "DialplanSkills",
    "Language",
    "Line",
    "Moment",
    "OperatorAsked",
    "Prose",
    "QueueName",
    "RequestModel",
    "RowId",
    "Shown",
    "Skill",
    "Skills",
    "Title",
    "TypedNumber",
    "Words",
    "is_small",
]

NAME = r"^[A-Za-z0-9_.\-]+$"
"""A regular expression for the names that the dialplan accepts."""


Skill = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9_.:\-]+$")]
Language = Annotated[str, StringConstraints(max_length=10, pattern=r"^[A-Za-z\-]*$")]
TypedNumber = Annotated[str, StringConstraints(min_length=1, max_length=TEXT_MOST)]
"""Telephone numbers as typed or pasted: `app.numbers.reader` reads them."""
Skills = Annotated[list[Skill], Field(max_length=50)]
DialplanSkills = Annotated[
    list[Annotated[str, StringConstraints(min_length=1, max_length=30, pattern=NAME)]], Field(max_length=8)
]
"""Skills that the dialplan carries, joined in one variable."""
ContactKey = Annotated[int, Path(ge=1, le=2**53, description="The contact's id.")]
RowId = Annotated[int, Path(ge=1, le=2**31 - 1, description="Its id, as lists and answers tell it.")]
CallKey = Annotated[
    str,
    Path(
        min_length=1,
        max_length=150,
        pattern=r"^[A-Za-z0-9_.:\-]+$",
        description="The call's or the attempt's id.",
    ),
]
CampaignAsked = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="Only of this campaign.")]
OperatorAsked = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="Only of this operator.")]
ContactAsked = Annotated[int | None, Query(ge=1, le=2**53, description="Only of this contact.")]


NAMES_MAX, ITEMS_MAX = 100, 2000
"""The most fields of an object, and items of a list: each one that does not fit costs an error."""
_NESTED = (dict, list)


def is_small(said: object) -> bool:
    """Whether every object and list in a JSON value is within `NAMES_MAX` and `ITEMS_MAX`."""
    waiting = [said]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if len(one) > NAMES_MAX:
                return False
            waiting += [part for part in one.values() if isinstance(part, _NESTED)]
        elif isinstance(one, list):
            if len(one) > ITEMS_MAX:
                return False
            waiting += [part for part in one if isinstance(part, _NESTED)]
    return True


def named_after(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row's values by the names that answers give them: a reference is called after the thing, without `_id`."""
    return {name.removesuffix("_id"): value for name, value in row.items()}


class Shown(BaseModel):
    """An answer, or a part of one. The text below a field is its description in the reference.

    It stands behind `Fields` among the bases of a class: an answer may be made from rows with more columns.
    """

    model_config = ConfigDict(extra="ignore", use_attribute_docstrings=True)


class RequestModel(SentBack):
    """A request body: unknown fields, and text that cannot be stored, are refused."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, said: object) -> object:
        if not is_small(said):
            raise TooManyParts(fields=NAMES_MAX, items=ITEMS_MAX)
        if not storable(said):
            raise TextUnstorable
        return said
