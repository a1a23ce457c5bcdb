"""Campaigns as they are set, and their attempts to reach customers."""

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
    """One dial of an earlier day or life, as it is on file."""

    at: datetime
    answered: bool
    """By a person."""
    rang_s: float
    """From the dial to the answer, or to the end."""
    ordinal: int
    """Which attempt at its lead it was, from 1."""


class CampaignRecalled(NamedTuple):
    """What is on file of a campaign: to be told once it is set, and again when its window changes."""

    campaign: CampaignId
    answers: tuple[tuple[datetime, LiveAnswers], ...] = ()
    """Live answers in the window of its rules, all of them, counted by the moment they were answered."""
    dials: tuple[RecalledDial, ...] = ()
    """The last ones, the oldest first. A campaign that has learned by itself does not learn from them."""
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
    """Calls placed at one time, at most."""
    calls_per_s: float


class LeadFound(NamedTuple):
    """The dialer has reserved a lead for an operator to look at."""

    attempt: AttemptId
    campaign: CampaignId
    lead: LeadId
    number: str
    """That will be dialled."""
    contact: ContactId | None = None
    contact_name: str = ""
    ordinal: int = 1
    """Which attempt at this lead it would be, from 1."""
    callback_at: datetime | None = None
    """When the customer asked to be called."""
    columns: Columns = ()
    """What its list tells of it."""


class AttemptDialled(NamedTuple):
    """The dialer picked a lead and committed the attempt; the PBX is told to dial."""

    attempt: AttemptId
    lead: LeadId
    number: str
    contact: ContactId | None = None
    contact_name: str = ""
    operator: OperatorId | None = None
    """Who has to call this customer back; None: whoever is free."""
    ordinal: int = 1
    """Which attempt at this lead it is, from 1."""
    columns: Columns = ()
    """What its list tells of it, for who talks with them."""


class AttemptRestored(NamedTuple):
    """An attempt of the service's last life whose end is not on record: the PBX says next what became of it."""

    attempt: AttemptId
    campaign: CampaignId
    lead: LeadId
    number: str
    contact: ContactId | None = None
    contact_name: str = ""
    operator: OperatorId | None = None
    """Who had to call this customer back; None: whoever is free."""
    columns: Columns = ()
    """What its list tells of it, for who talks with them."""


class AttemptNotPlaced(NamedTuple):
    """There is no lead for an attempt; nothing was dialled."""

    attempt: AttemptId
    again_s: float
    """Look again after so many seconds."""


class AttemptAnswered(NamedTuple):
    """Somebody, or a machine, answered a call that was placed."""

    channel: ChannelId
    channel_name: str
    campaign: CampaignId
    number: str
    machine: bool = False
    amd: str = ""
    """The detector's verdict and why; empty where nobody listened."""
    line: str = ""
    """The trunk it was placed through."""


class AttemptFailed(NamedTuple):
    """The PBX could not place a call, or nobody answered it; told besides the hang-up, where there was a channel."""

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
