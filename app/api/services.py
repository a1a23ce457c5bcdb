"""What the interface is given at run time: everything it serves, and nothing it finds by itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, TypeVar

from sqlalchemy.ext.asyncio import AsyncEngine

from app.api.metrics import FloorMetrics
from app.api.session_cache import SessionCache
from app.domain.ids import CampaignId
from app.floor.events import Event
from app.floor.facts import PersonActed, StepResult
from app.floor.floor import Floor
from app.live.hub import Hub
from app.pbx.sounds import SoundFolder
from app.records.journal_state import JournalState
from app.serving.addresses import Proxies
from app.serving.connections import Connections
from app.serving.descriptors import DescriptorState
from app.system import clock

_Part = TypeVar("_Part")


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
    """The accounts of phones where the PBX reads them; which there are follows from the rows."""

    async def check(self) -> None:
        """See that they can be written; raises as a database does that is away."""

    async def renew(self, name: str) -> str:
        """Give an account a new secret, and tell it."""


class Configuration(Protocol):
    """Brings what is in the rows onto the floor and to the PBX."""

    async def settle(self) -> None:
        """Wait until everything committed so far is in force.

        Raises:
            NotInForceYet: it cannot be now, and will be later.
        """


@dataclass(slots=True, frozen=True)
class LinkState:
    """How the link to the PBX stands."""

    connected: bool
    """Logged in."""
    pong_age_s: float | None
    """Seconds since the PBX last answered a ping; None before the first."""
    reconciled: bool
    """A snapshot has been merged since the last log-in."""
    detail: str = ""
    """Why the link is down."""
    counters: Mapping[str, int] = field(default_factory=dict)
    """For /metrics: whatever the link counts."""


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
    """None: accounts and routes are written to the PBX by others."""
    sip_address: str = ""
    """What an operator's phone registers with."""
    sip_transport: Literal["udp", "tcp", "tls"] = "udp"
    """How it registers; with `tls` its sound is encrypted, too."""
    websocket_url: str = ""
    """Where one in the browser registers."""
    origins: frozenset[str] = frozenset()
    """Other origins whose pages may open the websocket."""
    https: bool = False
    """Browsers reach the service by HTTPS."""
    proxies: Proxies = field(default_factory=Proxies)
    """In front of the service: what they say of their clients is believed."""
    connections: Connections = field(default_factory=Connections)
    """Those of the HTTP server."""
    descriptors: Callable[[], DescriptorState] = lambda: DescriptorState(0, 1)
    campaign_changed: Callable[[CampaignId], None] = lambda _: None
    """Told, once it is committed, that a campaign or its leads changed: the floor hears of it at once."""
    acted: Callable[[PersonActed], None] = lambda _: None
    """Told, once the floor has done it, what somebody asked of it: the journal writes it into the stream of events."""
    sounds: SoundFolder | None = None
    """Where the PBX takes sound files from; None: nobody has said."""
    parts: Mapping[type[object], object] = field(default_factory=dict)
    """What serves single subjects, by its class: see `part`."""
    now: Callable[[], datetime] = clock.utc_now
    session_cache: SessionCache = field(default_factory=SessionCache)

    def part(self, kind: type[_Part]) -> _Part | None:
        """What serves a subject, such as where its files are brought; None: nothing does here."""
        found = self.parts.get(kind)
        return found if isinstance(found, kind) else None

    def end_login(self, session_id: int) -> None:
        """A log-in or token is over: its sockets are closed, and it is not remembered."""
        self.session_cache.forget_login(session_id)
        self.hub.end_login(str(session_id))

    def end_user(self, user_id: int, *, keep: int | None = None) -> None:
        """A user's rights changed: all their sockets are closed, but those of one log-in, and none is remembered."""
        self.session_cache.forget_user(user_id)
        self.hub.end_user(user_id, keep="" if keep is None else str(keep))
