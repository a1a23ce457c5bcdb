"""Tags, and which contacts have them."""

from enum import StrEnum

from sqlalchemy import BigInteger, Column, ForeignKey, Index
from sqlmodel import AutoString, Field

from app.crm.contacts.tables import ContactRow
from app.crm.privacy.holdings import holds
from app.domain.roles import Permission
from app.events.subjects import describe, describe_part
from app.records.base import Row
from app.system.fields import Fields, Title


class TagColour(StrEnum):
    """The colour of a tag, as a name, so that each page chooses a shade that is readable there."""

    GREY = "grey"
    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    GREEN = "green"
    TEAL = "teal"
    BLUE = "blue"
    PURPLE = "purple"


class TagFields(Fields):
    """The fields of a tag that people set."""

    name: Title
    """The tag's name; no two tags have the same, whatever its case."""
    colour: TagColour = Field(default=TagColour.GREY, sa_type=AutoString)
    """The tag's colour."""


class TagRow(TagFields, Row, table=True):  # type: ignore[misc]  # each base has a config of its own
    """A tag."""

    __tablename__ = "tag"
    __table_args__ = ({"sqlite_autoincrement": True},)  # history names tags: an id never comes back

    id: int | None = Field(default=None, primary_key=True)
    folded: str = Field(unique=True)
    """The name in the form that is compared: see `app.crm.tags.service`."""
    version: int = 1


class ContactTagRow(Row, table=True):
    """One contact that has one tag."""

    __tablename__ = "contact_tag"
    __table_args__ = (Index("ix_contact_tag_tag_id_contact_id", "tag_id", "contact_id"),)

    contact_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True)
    )
    tag_id: int = Field(foreign_key="tag.id", ondelete="CASCADE", primary_key=True)


describe(TagRow, "tag", reads=Permission.CONTACTS_READ, without={"folded"})
describe_part(ContactTagRow, "tags", of=ContactRow, key="contact_id", shows=("tag_id",))
holds(ContactTagRow, shows=("tag_id",))
