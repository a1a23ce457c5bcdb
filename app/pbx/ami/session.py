"""One connection and one login: panoramisk's Manager without its reconnect, re-send and blind ping."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from panoramisk.manager import Manager

from app.pbx.ami.asked import AskedOne
from app.pbx.ami.encode import Action, encode
from app.pbx.ami.errors import PbxError
from app.pbx.ami.message import Response
from app.pbx.ami.protocol import LinkProtocol

_LOGIN_ID = "login"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSettings:
    """The address of Asterisk, the account, and the time limits; all times in seconds.

    Raises ValueError for a user name or secret that cannot be sent.
    """

    host: str = "127.0.0.1"
    port: int = 5038
    username: str
    secret: str = field(repr=False)
    events: str = "on"  # AMI event mask of the login: "on", "off", or classes as "call,user"
    connect_timeout_s: float = 5.0  # connection and login together
    ping_interval_s: float = 2.0
    pong_deadline_s: float = 2.0
    retry_first_s: float = 0.1  # doubled after each failure ...
    retry_last_s: float = (
        2.0  # ... up to this: after 6 s without the service, callers go to the PBX's own queues
    )
    login_retry_s: float = 15.0  # after a refused login: a wrong secret does not mend itself quickly

    def __post_init__(self) -> None:
        # A secret that cannot be sent should fail at the start, not at every login.
        encode({"Action": "Login", "Username": self.username, "Secret": self.secret}, _LOGIN_ID)


class Session(Manager):  # type: ignore[misc]  # panoramisk has no types
    """A Manager that lives as long as its one connection. `on_login` is called inside the read that brought
    the answer, so that no event behind it is missed; `on_lost` when the connection is gone.
    """

    def __init__(
        self,
        settings: LinkSettings,
        protocol: LinkProtocol,
        on_login: Callable[[LinkProtocol], None],
        on_lost: Callable[[LinkProtocol, str], None],
    ) -> None:
        super().__init__(
            host=settings.host,
            port=settings.port,
            username=settings.username,
            secret=settings.secret,
            events=settings.events,
            protocol_factory=lambda: protocol,
            loop=asyncio.get_running_loop(),
        )
        self._on_login = on_login
        self._on_lost = on_lost

    async def open(self) -> None:
        """Connect and log in.

        Raises OSError (cannot connect), PbxRejected (login refused) or PbxLinkLost (dropped meanwhile).
        """
        loop = asyncio.get_running_loop()
        connection = await loop.create_connection(
            self.config["protocol_factory"], self.config["host"], self.config["port"]
        )
        connected = loop.create_future()
        connected.set_result(connection)
        self.connection_made(connected)  # panoramisk takes the protocol and sends the login
        self.pinger.cancel()  # the link sends its own pings and checks their answers
        await self.authenticated_future

    def send_action(
        self, action: Action, as_list: object = None, **kwargs: object
    ) -> asyncio.Future[Response]:
        """Send the login, the only action that panoramisk itself sends here."""
        del as_list, kwargs
        asked = _AskedLogin(partial(self._on_login, self.protocol))
        try:
            self.protocol.ask({_LOGIN_ID: asked}, encode(action, _LOGIN_ID))
        except PbxError as error:  # gone again already
            asked.fail(error)
        return asked.future

    def login(self, future: asyncio.Future[Response]) -> bool:
        """Note whether the login succeeded, where panoramisk keeps it; `open` raises the error."""
        self.authenticated = not future.cancelled() and future.exception() is None
        return self.authenticated

    def connection_lost(self, exc: str) -> None:
        """Pass the reason on. The link reconnects with a new session, which knows no old action."""
        self._on_lost(self.protocol, exc)


class _AskedLogin(AskedOne):
    def __init__(self, on_success: Callable[[], None]) -> None:
        super().__init__("Login")
        self._on_success = on_success

    def answer(self, action_id: str, response: Response) -> bool:
        if response.success and not self.future.done():
            self._on_success()
        return super().answer(action_id, response)
