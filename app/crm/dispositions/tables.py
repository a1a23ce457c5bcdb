"""The dispositions of campaigns."""

from typing import Annotated

import pydantic
from pydantic import StringConstraints
from sqlalchemy import Column, ForeignKey, UniqueConstraint
from sqlmodel import Field

from app.domain.roles import Permission
from app.events.subjects import describe
from app.records.base import Json, Row
from app.system.fields import Fields, Title


class DispositionFields(Fields):
    """The fields of a disposition that people set."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_\-]+$")]
    """The short name that programs use; within a campaign each code is unique."""
    title: Title
    """The title that operators read."""
    titles: Annotated[
        dict[Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")], Title], pydantic.Field(max_length=20)
    ] = pydantic.Field(default_factory=dict)
    """The title in other languages, by language code; a reader of any other language sees `title`."""
    human: bool = True
    """A person was reached."""
    sale: bool = False
    """It counts as a sale."""
    do_not_call: bool = False
    """The customer does not want to be called: their numbers are not called again, in any campaign."""
    callback: bool = False
    """The customer asked to be called back at another time, which the operator enters."""
    unworkable: bool = False
    """The lead is not dialled again."""
    answering_machine: bool = False
    """A machine answered; the accuracy of answering-machine detection is measured by this."""
    position: Annotated[int, pydantic.Field(ge=0, le=1000)] = 0
    """The position in the list of dispositions."""
    active: bool = True
    """Operators may choose it."""


class DispositionRow(Row, DispositionFields, table=True):  # type: ignore[misc]  # each has a configuration of its own type
    """A result that operators may set for a campaign's call."""

    __tablename__ = "disposition"
    __table_args__ = (UniqueConstraint("campaign_id", "code"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int | None = Field(
        default=None, sa_column=Column(ForeignKey("campaign.id", ondelete="CASCADE"), nullable=True)
    )
    """The campaign's id; None: it is for every campaign."""
    code: str = Field(max_length=40)
    titles: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    version: int = 1


describe(DispositionRow, "disposition", reads=Permission.DISPOSITIONS_READ)
