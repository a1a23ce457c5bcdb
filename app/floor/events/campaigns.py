"""Events of campaigns: their settings, their records and their attempts to reach customers."""

from datetime import datetime
from typing import NamedTuple

from app.domain.campaigns import AttemptOutcome, CampaignSettings
from app.domain.ids import (
    AttemptId,
    CampaignId,
    ChannelId,
    Columns,
    ContactId,
    LeadId,
    OperatorId,
)
from app.pacing.abandonment import LiveAnswers


class CampaignSet(NamedTuple):
    """A campaign was made or changed."""

    settings: CampaignSettings


class RecalledDial(NamedTuple):
    """One dial of an earlier day, or from before a restart of the service, as recorded."""

    at: datetime
    answered: bool
    """A person answered."""
    rang_s: float
    """From the dial to the answer, or to the end."""
    ordinal: int
    """The number of this attempt at its lead, from 1."""


class CampaignRecalled(NamedTuple):
    """The records of a campaign: sent after `CampaignSet`, and again when the abandonment window changes."""

    campaign: CampaignId
    answers: tuple[tuple[datetime, LiveAnswers], ...] = ()
    """All live answers in the abandonment window, by the moment of the answer."""
    dials: tuple[RecalledDial, ...] = ()
    """The last dials, the oldest first. A campaign whose statistics have dials already ignores them."""
    talks_s: tuple[float, ...] = ()
    """How long operators talked, the oldest first."""
    wrap_ups_s: tuple[float, ...] = ()
    """How long they wrapped up."""


class CampaignRemoved(NamedTuple):
    """A campaign was taken away."""

    campaign: CampaignId


class TrunkSet(NamedTuple):
    """A trunk's limits were set."""

    name: str
    channels: int
    """The most calls placed at one time."""
    calls_per_s: float


class LeadFound(NamedTuple):
    """The dialer reserved a lead for an operator to look at."""

    attempt: AttemptId
    campaign: CampaignId
    lead: LeadId
    number: str
    """The number that will be dialled."""
    contact: ContactId | None = None
    contact_name: str = ""
    ordinal: int = 1
    """The number of this attempt at the lead, from 1."""
    callback_at: datetime | None = None
    """The time at which the customer asked to be called."""
    columns: Columns = ()
    """The lead's columns in its list."""


class AttemptDialled(NamedTuple):
    """The dialer picked a lead and committed the attempt; the PBX is told to dial."""

    attempt: AttemptId
    lead: LeadId
    number: str
    contact: ContactId | None = None
    contact_name: str = ""
    operator: OperatorId | None = None
    """The operator who has to call this customer back; None: any free operator."""
    ordinal: int = 1
    """The number of this attempt at the lead, from 1."""
    columns: Columns = ()
    """The lead's columns in its list, shown to the operator who talks."""


class AttemptRestored(NamedTuple):
    """An attempt from before a restart of the service, without an end on record. The PBX reports its end next."""

    attempt: AttemptId
    campaign: CampaignId
    lead: LeadId
    number: str
    contact: ContactId | None = None
    contact_name: str = ""
    operator: OperatorId | None = None
    """The operator who had to call this customer back; None: any free operator."""
    columns: Columns = ()
    """The lead's columns in its list, shown to the operator who talks."""


class AttemptNotPlaced(NamedTuple):
    """There is no lead for an attempt; nothing was dialled."""

    attempt: AttemptId
    again_s: float
    """After how many seconds to ask the dialer again."""


class AttemptAnswered(NamedTuple):
    """A person or a machine answered an attempt."""

    channel: ChannelId
    channel_name: str
    campaign: CampaignId
    number: str
    machine: bool = False
    amd: str = ""
    """The verdict of answering-machine detection, and its reason; empty: it did not run."""
    line: str = ""
    """The trunk of the call."""


class AttemptFailed(NamedTuple):
    """The PBX could not place a call, or nobody answered. If there was a channel, its hang-up is a second event."""

    attempt: AttemptId
    outcome: AttemptOutcome


class CustomerOptedOut(NamedTuple):
    """A customer pressed the key not to be called again."""

    channel: ChannelId
    campaign: CampaignId


CampaignEvent = (
    AttemptDialled
    | AttemptRestored
    | AttemptNotPlaced
    | LeadFound
    | AttemptAnswered
    | AttemptFailed
    | CustomerOptedOut
    | CampaignSet
    | CampaignRecalled
    | CampaignRemoved
    | TrunkSet
)
