"""Who calls: contacts and their numbers."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Text, UniqueConstraint
from sqlmodel import Field

from app.crm.privacy.holdings import holds
from app.domain.roles import Permission
from app.events.subjects import describe, describe_part
from app.records.base import BigInt, Row, UtcDateTime
from app.records.columns import Digits, only_where


class ContactKind(StrEnum):
    """Who a contact is."""

    PERSON = "person"
    COMPANY = "company"


EMPLOYED = "employer_id IS NOT NULL"


class ContactRow(Row, table=True):
    """A person or a company."""

    __tablename__ = "contact"
    __table_args__ = (
        Index("ix_contact_registry_code", "registry_code", **only_where("registry_code <> ''")),
        Index("ix_contact_employer_id_search", "employer_id", "search", "id", **only_where(EMPLOYED)),
        Index("ix_contact_owner_id", "owner_id", "id", **only_where("owner_id IS NOT NULL")),
        Index("ix_contact_served", "last_served_at", "id"),
        {"sqlite_autoincrement": True},  # history names contacts: an id never comes back
    )

    id: int | None = Field(default=None, sa_column=Column(BigInt, primary_key=True, autoincrement=True))
    kind: str
    """A `ContactKind`."""
    surname: str = ""
    given_name: str = ""
    patronymic: str = ""
    company_name: str = ""
    registry_code: str = ""
    """A company's code in the register of its country."""
    employer_id: int | None = Field(default=None, sa_type=BigInteger)
    """The company that a person works for. No foreign key: SQLite could add one only by making the table anew."""
    job_title: str = ""
    """What the person is at the employer."""
    owner_id: int | None = None
    """The user who looks after the contact."""
    note: str = Field(default="", sa_type=Text)
    external_id: str | None = Field(default=None, unique=True)
    language: str = ""
    last_operator_id: int | None = None
    last_served_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    search: str = Field(default="", index=True)
    """The name, folded for search: see `app.crm.contacts.service.fold`."""
    version: int = 1
    """Raised with each change that people make."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class PhoneRow(Row, table=True):
    """A contact's number. One number may belong to several contacts."""

    __tablename__ = "phone"
    __table_args__ = (
        Index("ix_phone_e164_contact_id", "e164", "contact_id"),
        UniqueConstraint("contact_id", "e164"),
    )

    id: int | None = Field(default=None, sa_column=Column(BigInt, primary_key=True, autoincrement=True))
    contact_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("contact.id", ondelete="CASCADE"), nullable=False)
    )
    e164: str = Field(sa_type=Digits)
    """`+` and digits; a short or internal number as it is dialed."""
    raw: str = ""
    """As it was typed or imported."""
    label: str = ""
    preferred: bool = False
    """The number to call first; one of each contact."""


class EmailRow(Row, table=True):
    """A contact's e-mail address. One address may belong to several contacts."""

    __tablename__ = "email"
    __table_args__ = (
        Index("ix_email_folded_contact_id", "folded", "contact_id"),
        UniqueConstraint("contact_id", "folded"),
    )

    id: int | None = Field(default=None, sa_column=Column(BigInt, primary_key=True, autoincrement=True))
    contact_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("contact.id", ondelete="CASCADE"), nullable=False)
    )
    address: str
    """The address as it was typed."""
    folded: str
    """The address in small letters: it is looked up by this."""
    label: str = ""
    preferred: bool = False
    """The address to write to first; one of each contact."""


PHONE_TOLD = ("e164", "raw", "label", "preferred")
EMAIL_TOLD = ("address", "label", "preferred")
"""What events tell of a number and of an address: all that an undo puts back."""
describe(
    ContactRow,
    "contact",
    reads=Permission.CONTACTS_READ,
    without={"last_operator_id", "last_served_at", "search", "created_at", "updated_at"},
    whole=True,
    also=("imported", "export_begun", "exported", "merged", "unmerged", "restored", "handed_out"),
)
describe_part(PhoneRow, "phones", of=ContactRow, key="contact_id", shows=PHONE_TOLD, whole=True)
describe_part(EmailRow, "emails", of=ContactRow, key="contact_id", shows=EMAIL_TOLD, whole=True)
holds(
    ContactRow,
    contact="id",
    shows=(
        *("kind", "surname", "given_name", "patronymic", "company_name", "registry_code", "employer_id"),
        *("job_title", "note", "external_id", "language", "last_served_at", "created_at", "updated_at"),
    ),
)
holds(PhoneRow, shows=("e164", "raw", "label", "preferred"))
holds(EmailRow, shows=("address", "label", "preferred"))
