"""Custom fields, and their values."""

from enum import StrEnum
from typing import Annotated, Any

import pydantic
from pydantic import BaseModel, ConfigDict, StringConstraints
from sqlalchemy import BigInteger, Column, ForeignKey, Index, Text
from sqlmodel import AutoString, Field

from app.crm.contacts.tables import ContactRow
from app.crm.privacy.holdings import holds
from app.domain.roles import Permission
from app.events.subjects import describe, describe_part
from app.records.base import OrderedJson, Row
from app.system.fields import Fields, Title


class CustomFieldKind(StrEnum):
    """What the values of a field are."""

    TEXT = "text"
    """One line or several, up to 1,000 characters."""
    NUMBER = "number"
    """A decimal number, such as `-12.5`."""
    DATE = "date"
    """A day, such as `2026-03-02`."""
    CHOICE = "choice"
    """The code of one of the choices."""
    YES_NO = "yes_no"
    """`yes` or `no`."""


Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""What programs, files and scripts call a field or a choice: small letters, digits and `_`, up to 40."""


class Titles(BaseModel):
    """One title in the three languages."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    en: Title
    """In English."""
    et: Title
    """In Estonian."""
    ru: Title
    """In Russian."""


class Choice(BaseModel):
    """One of the values that a field of kind `choice` may have."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    code: Code
    """The value; it never changes its meaning."""
    titles: Titles
    """The title that people read."""


class CustomFieldFields(Fields):
    """The fields of a custom field that people set."""

    kind: CustomFieldKind = Field(sa_type=AutoString)
    """The kind of its values; it cannot be changed once a contact has a value."""
    required: bool = False
    """Whoever saves a contact must give a value."""
    position: Annotated[int, pydantic.Field(ge=0, le=1000)] = 0
    """The place among all fields, the lowest first."""
    active: bool = True
    """It is shown and may be filled in. Out of use, it keeps the values it has."""


class CustomFieldRow(CustomFieldFields, Row, table=True):  # type: ignore[misc]  # each base has a config of its own
    """A custom field."""

    __tablename__ = "custom_field"

    code: str = Field(primary_key=True, max_length=40)
    titles: dict[str, str] = Field(sa_type=OrderedJson)
    choices: list[dict[str, Any]] = Field(default_factory=list, sa_type=OrderedJson)
    version: int = 1


class CustomValueRow(Row, table=True):
    """The value of one field of one contact; none where the contact has no value."""

    __tablename__ = "custom_value"
    __table_args__ = (Index("ix_custom_value_code_folded_contact_id", "code", "folded", "contact_id"),)

    contact_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True)
    )
    code: str = Field(foreign_key="custom_field.code", primary_key=True, max_length=40)
    value: str = Field(sa_type=Text)
    """A text as typed; other kinds in the one form of `app.crm.custom_fields.values`."""
    folded: str = Field(max_length=200)
    """The value in the form that filters compare: of a text its first 200 folded characters."""


describe(CustomFieldRow, "custom_field", reads=Permission.CONTACTS_READ)
describe_part(CustomValueRow, "fields", of=ContactRow, key="contact_id", shows=("code", "value"))
holds(CustomValueRow, shows=("code", "value"))
