"""Campaigns, and the record of who changed what in them."""

from datetime import datetime
from typing import Annotated, Any

import pydantic
from pydantic import StringConstraints
from sqlalchemy import Column, ForeignKey, Index, Text
from sqlmodel import Field

from app.compliance.rules import RULE_SETS
from app.crm.tallies.tables import Money, Prefix
from app.domain.campaigns import AgainAt, CampaignState, MachineHandling
from app.domain.roles import Permission
from app.events.subjects import describe
from app.records.base import BigInt, Json, Row, UtcDateTime
from app.records.revision import CONFIGURES
from app.system.fields import Fields, Moment, Prose, QueueName, Title

Sound = Annotated[str, StringConstraints(max_length=100, pattern=r"^[A-Za-z0-9_/\-]*$")]
Priority = Annotated[int, pydantic.Field(ge=-1000, le=1000)]


class CampaignFields(Fields):
    """The fields of a campaign that have the same form in the API and in the database."""

    title: Title
    """The name that people see; no two campaigns have the same."""
    queue: QueueName
    """The queue whose operators serve the campaign."""
    caller_id: Annotated[str, StringConstraints(pattern=r"^(\+?[0-9]{1,20})?$")] = ""
    """The number customers see; empty leaves the trunk's own."""
    trunk: Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_.\-]+$")] = (
        "trunk"
    )
    """The PJSIP endpoint of the trunk by which the campaign calls."""
    ring_s: Annotated[int, pydantic.Field(ge=15, le=60)] = 25
    """Seconds that a call rings before it counts as not answered, at least 15."""
    priority: Priority = 0
    """Among campaigns, the one with the highest priority is served first."""
    lines: Annotated[float, pydantic.Field(ge=1, le=10)] = 1.0
    """Lines dialled for each free operator, in mode `ratio`."""
    preview_s: Annotated[int, pydantic.Field(ge=0, le=3600)] = 0
    """Seconds that an operator may look at a lead before it is dialled; 0: no limit."""
    rule_set: Annotated[
        str,
        StringConstraints(max_length=60, pattern=r"^[A-Za-z0-9_.\-]*$"),
        pydantic.Field(json_schema_extra={"enum": list(RULE_SETS)}),
    ] = ""
    """The name of the rule set that the campaign keeps; `GET /rule-sets` lists them and says which is suggested."""
    legal_basis_note: Annotated[Prose, pydantic.Field(max_length=2000)] = ""
    """Where the legal basis is on file; a `legitimate_interest` needs it."""
    abandon_limit: Annotated[float, pydantic.Field(ge=0, le=1)] = 0.03
    """The highest abandon rate allowed, 0..1, as a share of live answers; the rule set may ask for less."""
    connect_s: Annotated[float, pydantic.Field(ge=0, le=30)] = 2.0
    """Seconds after the answer within which an operator must be connected, 0..30; the rule set may ask for less."""
    callers_weight: Annotated[float, pydantic.Field(ge=0, le=1)] = 0.8
    """Where operators also serve callers: how much a caller answered in time weighs against a customer reached. 0: the
    campaign alone counts; 0.5: both alike, where 15 callers in 100 are late because of the campaign (less where fewer
    are, more where more); 0.8: a caller four times as much; 1: callers alone."""
    message: Sound = "please-try-call-later"
    """The sound file that an abandoned customer hears, because no operator was free."""
    detect_machines: bool = False
    """Detect answering machines before a call is connected to an operator."""
    machine_message: Sound = ""
    """The sound file that is played to a machine when `machine` is `message`."""
    holidays: bool = False
    """True: the campaign calls on public holidays, too."""
    prefixes: Annotated[list[Prefix], pydantic.Field(max_length=500)] = pydantic.Field(default_factory=list)
    """The prefixes that numbers may have, such as `+3725`; empty: any."""
    spend_per_day: Money | None = None
    """The most that the calls of one day may cost, in the unit of the tariffs; null: no limit."""
    callback_wait_s: Annotated[int, pydantic.Field(ge=0, le=86_400)] = 900
    """Seconds that a callback waits for its own operator before any operator may take it."""
    disposition_required: bool = False
    """An operator's wrap-up lasts until the disposition is set."""
    starts_at: Moment | None = None
    """The campaign does not call before this moment; null: it may call at once."""
    ends_at: Moment | None = None
    """The campaign does not call after this moment; null: no end."""


class CampaignRow(Row, CampaignFields, table=True):  # type: ignore[misc]  # each has a configuration of its own type
    """A campaign: what is dialled, for whom, and how."""

    __tablename__ = "campaign"
    # The evidence names campaigns: an id never comes back.
    __table_args__ = (CONFIGURES | {"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(unique=True, max_length=100)
    purpose: str
    """A `Purpose`."""
    mode: str
    """A `DialMode`."""
    queue: str = Field(sa_column=Column(ForeignKey("queue.id"), nullable=False))
    legal_basis: str = ""
    """A `LegalBasis`; empty: none is set."""
    legal_basis_note: str = Field(default="", sa_type=Text)
    machine: str = MachineHandling.HANG_UP.value
    """A `MachineHandling`."""
    amd_parameters: dict[str, int] = Field(default_factory=dict, sa_type=Json)
    """Parameters of Asterisk's AMD(), by Asterisk's names; milliseconds or numbers of words."""
    hours: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    """When leads may be called, in their local time: `days` (1 is Monday), `from`, `to`.
    Empty: the rule set's hours.
    """
    country: str
    """ISO 3166: the country of numbers without a country code, and of holidays."""
    time_zone: str
    """IANA name: the time zone of leads that have none of their own."""
    recycling: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    """The settings that differ from the defaults of `app.compliance.recycling.Recycling`."""
    prefixes: list[str] = Field(default_factory=list, sa_type=Json)
    again_at: str = AgainAt.GAP.value
    """An `AgainAt`."""
    starts_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    state: str = CampaignState.DRAFT.value
    """A `CampaignState`."""
    state_reason: str = ""
    state_at: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class CampaignChangeRow(Row, table=True):
    """One change of a campaign: who, what and when. It has no foreign keys, because it outlives its campaign."""

    __tablename__ = "campaign_change"
    __table_args__ = (Index("ix_campaign_change_campaign_id_id", "campaign_id", "id"),)

    id: int | None = Field(default=None, sa_column=Column(BigInt, primary_key=True, autoincrement=True))
    campaign_id: int
    at: datetime = Field(sa_type=UtcDateTime)
    user_id: int | None = None
    """The id of the user who made the change; None: the service itself."""
    what: str
    """`made`, `changed`, `state`, `removed`, `leads_given`, `lead_removed`, `import_started`, ..."""
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=Json)


describe(
    CampaignRow,
    "campaign",
    reads=Permission.CAMPAIGNS_READ,
    without={"state_at", "created_at", "updated_at"},
    also=("leads_given",),
)
