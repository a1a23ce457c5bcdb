"""Leads, their numbers, and the contacts and numbers that are engaged."""

from datetime import datetime
from typing import Annotated, Any

import pydantic
from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, UniqueConstraint
from sqlmodel import Field

from app.crm.contact_history.sources import joins_history
from app.crm.privacy.holdings import holds
from app.domain.roles import Permission
from app.events.subjects import describe
from app.records.base import BigInt, OrderedJson, Row, UtcDateTime
from app.records.columns import Digits, only_where
from app.system.fields import Fields, Line


class LeadFields(Fields):
    """The lead's names and external id, as its list has them."""

    external_id: Annotated[Line, pydantic.Field(min_length=1)] | None = None
    """The lead's id in another system; a campaign has each id once."""
    surname: Line = ""
    """The surname; empty for none."""
    given_name: Line = ""
    """The given names; empty for none."""
    patronymic: Line = ""
    """The patronymic; empty for none."""
    company_name: Line = ""
    """The company's name; empty for none."""


class LeadRow(Row, LeadFields, table=True):  # type: ignore[misc]  # each has a configuration of its own type
    """Somebody a campaign is to call.

    Each state that is searched has a partial index with the order of its search, so that a pick reads the leads it
    takes and no others, however many there are.
    """

    __tablename__ = "lead"
    __table_args__ = (
        Index(
            "ix_lead_ready",
            "campaign_id",
            "rank",
            "id",
            **only_where("state = 'ready' AND callback_at IS NULL"),
        ),
        Index(
            "ix_lead_callback",
            "campaign_id",
            "callback_at",
            **only_where("state = 'ready' AND callback_at IS NOT NULL"),
        ),
        Index("ix_lead_waiting", "campaign_id", "next_at", **only_where("state = 'waiting'")),
        Index("ix_lead_callbacks", "callback_at", "id", **only_where("callback_at IS NOT NULL")),
        Index("ix_lead_reserved", "lease_until", **only_where("state = 'reserved'")),
        # With all that is counted and asked, so that no lead itself is read.
        Index(
            "ix_lead_stopped",
            "campaign_id",
            "reason",
            "id",
            "next_at",
            "state",
            **only_where("state IN ('waiting', 'done')"),
        ),
        Index("ix_lead_campaign_id_state_id", "campaign_id", "state", "id"),
        Index("ix_lead_import_job_id", "import_job_id"),
        UniqueConstraint("campaign_id", "external_id"),
        Index("ix_lead_contact_id_campaign_id", "contact_id", "campaign_id", unique=True),
        {"sqlite_autoincrement": True},  # the evidence names leads: an id never comes back
    )

    id: int | None = Field(default=None, sa_column=Column(BigInt, primary_key=True, autoincrement=True))
    campaign_id: int = Field(sa_column=Column(ForeignKey("campaign.id", ondelete="CASCADE"), nullable=False))
    contact_id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger, ForeignKey("contact.id", ondelete="CASCADE"), nullable=True),
    )
    """None: the contact base does not know them. Who is forgotten there is forgotten here."""
    time_zone: str = ""
    """The IANA name of the lead's time zone; empty: that of the number, else the campaign's."""
    rank: int = 0
    """Its priority, negated: an index read forwards gives the highest priority first, then the oldest."""
    variables: dict[str, Any] = Field(default_factory=dict, sa_type=OrderedJson)
    """Further data by name, such as columns of its list, in the list's order."""
    state: str
    """A `LeadState`."""
    reason: str = ""
    """Why the lead is in that state."""
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """The moment until which a waiting lead waits."""
    next_position: int = 0
    """The position of the number to be dialled next."""
    attempts: int = 0
    last_outcome: str | None = None
    """An `AttemptOutcome`."""
    attempt_id: str | None = Field(default=None, max_length=150)
    """The attempt under way, or the last one."""
    runner: str = Field(default="", sa_type=String(80))
    """The runner that has reserved the lead; empty: none."""
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    callback_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the customer asked to be called."""
    callback_operator: int | None = None
    """The operator who is to call back; None: anybody."""
    import_job_id: int | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)


class LeadNumberRow(Row, table=True):
    """A lead's number. A campaign has each number once."""

    __tablename__ = "lead_number"
    __table_args__ = (UniqueConstraint("campaign_id", "e164"),)

    lead_id: int = Field(
        sa_column=Column(
            BigInteger, ForeignKey("lead.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
        )
    )
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """The order they are tried in, from 0."""
    campaign_id: int
    e164: str = Field(sa_type=Digits)
    raw: str = ""
    """As it was typed or imported."""
    extension: str = Field(default="", sa_type=String(20))
    """Digits to dial once the call is answered."""
    attempts: int = 0
    last_outcome: str | None = None
    usable: bool = True
    """False: it turned out to be wrong."""


class EngagedRow(Row, table=True):
    """A contact, or a number, that some lead is reserved or dialled for: nobody else may call them meanwhile.

    That a key is there once is what keeps two campaigns, or two runners, from calling one customer at a time.
    """

    __tablename__ = "engaged"

    key: str = Field(primary_key=True, sa_type=Digits)
    """A number in E.164, or `c` and a contact's id."""
    lead_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("lead.id", ondelete="CASCADE"), nullable=False, index=True)
    )


describe(
    LeadRow,
    "lead",
    reads=Permission.LEADS_READ,
    hidden={"variables"},  # a lead may belong to no contact with whom its events could be erased
    without={"runner", "lease_until", "attempts", "attempt_id", "next_position", "created_at"},
    people_only=True,
)
joins_history(
    LeadRow,
    "promise",
    at="callback_at",
    user="callback_operator",
    shows=("campaign_id", "state", "reason", "last_outcome"),
)
holds(
    LeadRow,
    numbered=(LeadNumberRow, "lead_id", "e164"),
    shows=(
        *("created_at", "campaign_id", "surname", "given_name", "patronymic", "company_name", "external_id"),
        *("variables", "state", "reason", "last_outcome", "callback_at", "import_job_id"),
    ),
)
holds(
    LeadNumberRow,
    through=("lead_id", LeadRow),
    number="e164",
    shows=("e164", "raw", "attempts", "last_outcome"),
)
