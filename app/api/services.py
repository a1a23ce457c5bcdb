"""Everything that the HTTP interface is given at run time; it looks up nothing by itself."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, TypeVar

from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts.last_seen import LastSeen
from app.api.metrics import FloorMetrics
from app.api.phone_loans import PhoneLoans
from app.api.session_cache import SessionCache
from app.domain.ids import CampaignId, ChannelId
from app.floor.events import Event
from app.floor.facts import PersonActed, StepResult
from app.floor.floor import Floor
from app.live.hub import Hub
from app.pbx.realtime.ice import Ice
from app.pbx.realtime.lent_secrets import Lent
from app.pbx.realtime.registrations import Dialog
from app.pbx.sounds import SoundFolder
from app.records.journal_state import JournalState
from app.serving.addresses import Proxies
from app.serving.connections import Connections
from app.serving.descriptors import DescriptorState
from app.system import clock

_Part = TypeVar("_Part")


async def no_dialogs(_: Sequence[ChannelId]) -> Sequence[Dialog]:
    """Where there is no PBX to ask."""
    return ()


class Runner(Protocol):
    """Drives the floor."""

    @property
    def floor(self) -> Floor:
        """Read only, and only between awaits."""

    async def post(self, event: Event) -> StepResult:
        """Take an event and give its outcome.

        Raises:
            NotPossible: the floor refuses it, and is as it was.
        """


class Softphones(Protocol):
    """The accounts of phones where the PBX reads them; they follow from the rows in the database."""

    async def check(self) -> None:
        """Check that accounts can be written; raises the errors of a database that is away."""

    async def give_secret(self, name: str) -> str:
        """Give a new account, which no phone has registered with, its secret, and return it."""

    async def renew(self, name: str) -> str:
        """Give an account a new secret, and return it. Phones that registered with the old one no longer ring."""

    async def lend(self, name: str, until: int, session: int) -> Lent:
        """Give the phone in the page a new secret until that time, in seconds since 1970, or until the log-in ends."""

    async def lent_in(self) -> set[int]:
        """The log-ins in which secrets are lent now."""

    async def take_back(self, session: int) -> None:
        """End what was lent in a log-in."""


class Configuration(Protocol):
    """Brings the configuration in the rows into force on the floor and in the PBX."""

    async def settle(self) -> None:
        """Wait until everything committed so far is in force.

        Raises:
            NotInForceYet: it cannot come into force now; the service tries again by itself.
        """


@dataclass(slots=True, frozen=True)
class LinkState:
    """State of the link to the PBX."""

    connected: bool
    """The service is logged in to the PBX."""
    pong_age_s: float | None
    """Seconds since the PBX last answered a ping; None before the first."""
    reconciled: bool
    """A snapshot has been merged since the last log-in."""
    detail: str = ""
    """Why the link is down."""
    counters: Mapping[str, int] = field(default_factory=dict)
    """The link's own counters by name, for /metrics."""


@dataclass(slots=True, frozen=True)
class Services:
    """Everything the interface serves."""

    engine: AsyncEngine
    runner: Runner
    hub: Hub
    metrics: FloorMetrics
    journal_state: Callable[[], JournalState]
    link_state: Callable[[], LinkState]
    region: str
    """Country of numbers without a country code (ISO 3166)."""
    configuration: Configuration
    softphones: Softphones | None = None
    """None: this service does not write accounts and routes to the PBX."""
    sip_address: str = ""
    """The address that operators' phones register with."""
    sip_transport: Literal["udp", "tcp", "tls"] = "udp"
    """How these phones register; with `tls` their sound is encrypted, too."""
    websocket_url: str = ""
    """The address that phones in browsers register with."""
    ice: Ice = field(default_factory=Ice)
    """The servers that help phones in browsers through firewalls."""
    phone_loans: PhoneLoans = field(default_factory=PhoneLoans)
    dialogs: Callable[[Sequence[ChannelId]], Awaitable[Sequence[Dialog]]] = no_dialogs
    """Gives the SIP dialogs of phones' channels; raises `PbxError` while the PBX cannot be asked."""
    origins: frozenset[str] = frozenset()
    """Other origins whose pages may open the websocket."""
    https: bool = False
    """Browsers reach the service by HTTPS."""
    proxies: Proxies = field(default_factory=Proxies)
    """Trusted proxies in front of the service: what they say of their clients is believed."""
    connections: Connections = field(default_factory=Connections)
    """Connections of the HTTP server."""
    descriptors: Callable[[], DescriptorState] = lambda: DescriptorState(0, 1)
    campaign_changed: Callable[[CampaignId], None] = lambda _: None
    """Called after a change of a campaign or its leads is committed, so that the floor hears of it at once."""
    acted: Callable[[PersonActed], None] = lambda _: None
    """Called after the floor has done what a person asked: the journal writes it into the stream of events."""
    sounds: SoundFolder | None = None
    """The folder from which the PBX plays sound files; None: not configured."""
    parts: Mapping[type[object], object] = field(default_factory=dict)
    """Services of single subjects, by their class: see `part`."""
    now: Callable[[], datetime] = clock.utc_now
    session_cache: SessionCache = field(default_factory=SessionCache)
    last_seen: LastSeen = field(default_factory=LastSeen)
    configuring: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Whose turn it is to change configuration. Without turns those who wait would wait for each other in the database,
    each with one of its few connections, and nobody else had one."""

    def part(self, kind: type[_Part]) -> _Part | None:
        """The service of one subject, such as the desk for its files; None: there is none here."""
        found = self.parts.get(kind)
        return found if isinstance(found, kind) else None

    def end_login(self, session_id: int) -> None:
        """End a log-in or token: close its websockets, and drop it from the cache."""
        self.session_cache.forget_login(session_id)
        self.hub.end_login(str(session_id))

    def end_user(self, user_id: int, *, keep: int | None = None) -> None:
        """Close the websockets of a user whose rights changed, and drop their log-ins from the cache.

        Args:
            user_id: the user.
            keep: the log-in whose websockets stay open; None: all are closed.
        """
        self.session_cache.forget_user(user_id)
        self.hub.end_user(user_id, keep="" if keep is None else str(keep))
