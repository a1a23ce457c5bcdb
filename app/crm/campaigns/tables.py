"""Campaigns, and who changed what of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Text
from sqlmodel import Field

from app.domain.campaigns import AgainAt, CampaignState, MachineHandling
from app.domain.roles import Permission
from app.events.subjects import describe
from app.records.base import BigInt, Json, Row, UtcDateTime


class CampaignRow(Row, table=True):
    """A campaign: what is dialled, for whom, and how."""

    __tablename__ = "campaign"
    __table_args__ = ({"sqlite_autoincrement": True},)  # the evidence names campaigns: an id never comes back

    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(unique=True, max_length=100)
    purpose: str
    """A `Purpose`."""
    mode: str
    """A `DialMode`."""
    queue: str = Field(sa_column=Column(ForeignKey("queue.id"), nullable=False))
    """Whose operators serve it."""
    caller_id: str = ""
    """The number customers see; empty leaves the trunk's own."""
    trunk: str = "trunk"
    """The PJSIP endpoint it dials through."""
    ring_s: int = 25
    """How long the customer's telephone rings, 15..60."""
    priority: int = 0
    """Among campaigns; the highest is served first."""
    lines: float = 1.0
    """For each free operator, in the mode `ratio`; at least 1."""
    preview_s: int = 0
    """How long an operator may look at a lead before it is dialled; 0: for as long as they like."""
    rule_set: str = ""
    """The name of the law it keeps: see `app.compliance.rules`."""
    legal_basis: str = ""
    """A `LegalBasis`; empty: nobody has said."""
    legal_basis_note: str = Field(default="", sa_type=Text)
    abandon_limit: float = 0.03
    """The share of live answers that may find no operator, 0..1."""
    connect_s: float = 2.0
    """How soon after the answer an operator must be connected."""
    callers_weight: float = 0.8
    """Of a caller answered in time against a customer reached, 0..1."""
    message: str = "please-try-call-later"
    """The sound file that a customer hears whom no operator could take."""
    detect_machines: bool = False
    machine: str = MachineHandling.HANG_UP.value
    """A `MachineHandling`."""
    machine_message: str = ""
    """The sound file left on an answering machine."""
    amd_parameters: dict[str, int] = Field(default_factory=dict, sa_type=Json)
    """Of Asterisk's AMD(), by its own names, in milliseconds or words."""
    hours: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    """When leads may be called, in their own time: `days` (1 is Monday), `from`, `to`. Empty: as the rule set says."""
    holidays: bool = False
    """Whether they may be called on their country's holidays."""
    country: str
    """ISO 3166: of numbers without a country code, and of holidays."""
    time_zone: str
    """Of leads that have none of their own."""
    recycling: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    """What differs from `app.compliance.recycling.Recycling`."""
    prefixes: list[str] = Field(default_factory=list, sa_type=Json)
    """How numbers may begin, in E.164; empty: as they like."""
    spend_per_day: float | None = None
    """What its calls of one day may cost, in the unit of the tariffs; None: whatever they do."""
    again_at: str = AgainAt.GAP.value
    """An `AgainAt`."""
    callback_wait_s: int = 900
    """How long a callback waits for its own operator before anybody may take it."""
    disposition_required: bool = False
    """An operator's wrap-up goes on until they have said what the call came to."""
    starts_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    state: str = CampaignState.DRAFT.value
    """A `CampaignState`."""
    state_reason: str = ""
    state_at: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class CampaignChangeRow(Row, table=True):
    """Who did what to a campaign, and when. No foreign keys: it outlives what it tells of."""

    __tablename__ = "campaign_change"
    __table_args__ = (Index("ix_campaign_change_campaign_id_id", "campaign_id", "id"),)

    id: int | None = Field(default=None, sa_column=Column(BigInt, primary_key=True, autoincrement=True))
    campaign_id: int
    at: datetime = Field(sa_type=UtcDateTime)
    user_id: int | None = None
    """None: the service itself."""
    what: str
    """`made`, `changed`, `state`, `leads_added`, `leads_removed`, `imported`, ..."""
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=Json)


describe(
    CampaignRow, "campaign", reads=Permission.CAMPAIGNS_READ, without={"state_at", "created_at", "updated_at"}
)
