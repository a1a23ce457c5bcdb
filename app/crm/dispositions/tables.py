"""How a campaign's calls may come out."""

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
    """What an operator says a call came to."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_\-]+$")]
    """Its short name, for programs; each campaign has a code once."""
    title: Title
    """What operators read."""
    titles: Annotated[
        dict[Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")], Title], pydantic.Field(max_length=20)
    ] = pydantic.Field(default_factory=dict)
    """By language, for those who read it; `title` for the others."""
    human: bool = True
    """A person was reached."""
    sale: bool = False
    """It counts as a sale."""
    do_not_call: bool = False
    """The customer does not want to be called: their numbers are not called again, in any campaign."""
    callback: bool = False
    """The customer asked to be called at another time, which the operator then says."""
    unworkable: bool = False
    """The lead is not dialled again."""
    answering_machine: bool = False
    """It was a machine: what the detector is judged by."""
    position: Annotated[int, pydantic.Field(ge=0, le=1000)] = 0
    """Where it stands in the list."""
    active: bool = True
    """Operators may choose it."""


class DispositionRow(Row, DispositionFields, table=True):  # type: ignore[misc]  # each has a configuration of its own type
    """What an operator says a call of a campaign came to."""

    __tablename__ = "disposition"
    __table_args__ = (UniqueConstraint("campaign_id", "code"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int | None = Field(
        default=None, sa_column=Column(ForeignKey("campaign.id", ondelete="CASCADE"), nullable=True)
    )
    """None: for every campaign."""
    code: str = Field(max_length=40)
    titles: dict[str, str] = Field(default_factory=dict, sa_type=Json)


describe(DispositionRow, "disposition", reads=Permission.DISPOSITIONS_READ)
