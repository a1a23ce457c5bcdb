"""Softphone accounts and number routes, kept as rows that Asterisk reads at each use (PJSIP and dialplan realtime).

The service writes, the PBX reads: a new account can register at once, with no reload. In the sandbox the rows live
in an SQLite file of the PBX's own, elsewhere in PostgreSQL; never in the service's own database file.
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from types import TracebackType
from typing import Final, Literal, NamedTuple, Self

from sqlalchemy import (
    Table,
    delete,
    false,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from app.pbx.dialplan import Context
from app.pbx.realtime.database import (
    changing,
    looking,
    metadata,
    open_realtime,
    require_file,
    require_own_tables,
)
from app.pbx.realtime.lent_secrets import LentSecrets
from app.pbx.realtime.tables import (
    IN_PAGE,
    add_missing_columns,
    aor_table,
    auth_name,
    auth_table,
    away_table,
    endpoint_table,
    new_secret,
    route_table,
)

_NAME_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")
_DISPLAY_BANNED: Final = frozenset('"<>\\\r\n\0')

SIP_CODECS: Final = ("alaw", "ulaw", "g722", "opus")
BROWSER_CODECS: Final = ("alaw", "ulaw", "opus")
"""A carrier's codec comes first, so that the PBX need not transcode. Where it transcodes to a customer and another page
takes the phone's place in the talk (INVITE with Replaces), about every second time the customer hears nothing more."""
QUALIFY_S: Final = 15  # a phone that vanished is unreachable after QUALIFY_S + QUALIFY_TIMEOUT_S at most
QUALIFY_TIMEOUT_S: Final = 3.0

PROBE: Final = "keskus-check"
"""The name of the account and route target that `keskus check` writes for a moment."""

RouteKind = Literal["queue", "operator"]
_OURS: Final = re.compile(r"op[0-9]+")


def account_name(operator: int) -> str:
    """The account name of an operator's phone: its PJSIP endpoint and its SIP user name."""
    return f"op{operator}"


@dataclass(frozen=True)
class AwayNumber:
    """A number outside that phones may call while the service is away."""

    number: str
    """Digits as dialled, or a prefix with a star behind it, such as `+372*`."""
    trunk: str = ""
    """The endpoint of the trunk; empty: `KESKUS_TRUNK`."""
    caller_id: str = ""


@dataclass(frozen=True)
class SoftphoneAccount:
    """One operator's SIP account; `secret` is never shown in its repr."""

    name: str  # the PJSIP endpoint, such as "op12"; also the SIP user name
    secret: str = field(default="", repr=False)  # empty: put() makes one
    display: str = ""  # the name that a colleague's phone shows
    number: str = ""  # the operator's own number, shown with the name
    encrypted: bool = False  # a SIP phone that must encrypt its sound (SRTP, keys by SDES); for SIP over TLS
    browser: bool = False  # the desktop's own softphone (WebRTC); else any SIP phone by UDP or TCP
    language: str = ""


@dataclass(frozen=True)
class Route:
    """Where a dialled number goes: a queue with its entry settings, or an operator's softphone."""

    number: str  # digits; a plus sign and punctuation are dropped, as the dialplan drops them
    kind: RouteKind
    target: str  # the queue's name or the operator's endpoint
    answer: bool = (
        True  # answer at once and play music; else the caller hears ringing until an operator answers
    )
    music: str = "default"
    language: str = ""
    skills: Sequence[str] = ()
    priority: int = 0


class Brought(NamedTuple):
    """The accounts that `SoftphoneStore.bring` changed and whose registrations must end."""

    again: Sequence[str] = ()
    """Accounts made anew while a removed account of the same name was not yet forgotten, and those of another kind."""
    removed: Sequence[str] = ()
    """Accounts that were removed, because their operators are operators no more."""


class SoftphoneStore:
    """Writes softphone accounts and routes where the PBX reads them."""

    def __init__(self, url: str) -> None:
        """Open the store; it connects at first use.

        Args:
            url: SQLAlchemy address: `sqlite+aiosqlite:///<file>` or `postgresql+asyncpg://...`.

        Raises:
            RealtimeUnfit: `url` is not such an address.
        """
        self._url = url
        self._engine = open_realtime(url)
        self.lent = LentSecrets(self._engine)

    async def __aenter__(self) -> Self:
        """Create the tables that are missing."""
        await self.create_schema()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every database connection."""
        await self.close()

    async def create_schema(self) -> None:
        """Create missing tables, and missing columns of existing ones.

        Raises:
            RealtimeUnfit: the SQLite file does not exist, or the database is not Asterisk's.
        """
        await asyncio.to_thread(require_file, self._url)
        async with self._engine.begin() as connection:
            await connection.run_sync(require_own_tables)
            await connection.run_sync(metadata.create_all)
            await connection.run_sync(add_missing_columns)

    async def close(self) -> None:
        """Close every database connection."""
        await self._engine.dispose()

    async def put(self, account: SoftphoneAccount) -> SoftphoneAccount:
        """Write an account; it can register at once. An account of that name is replaced.

        Args:
            account: the account; with an empty secret it gets a new one.

        Returns:
            The account with its secret.

        Raises:
            ValueError: a field holds what a SIP account must not.
        """
        _check_account(account)
        account = replace(account, secret=account.secret or new_secret())
        async with changing(self._engine) as connection:
            await _put(connection, account)
        return account

    async def give_secret(self, name: str) -> str:
        """Give an account another secret; nobody can register with the old one again.

        Returns:
            The new secret.
        """
        secret = new_secret()
        async with changing(self._engine) as connection:
            used = (
                await connection.execute(select(endpoint_table.c.auth).where(endpoint_table.c.id == name))
            ).scalar()
            row = update(auth_table).where(auth_table.c.id == (used or name))
            await connection.execute(row.values(password=secret, keskus_until=None, keskus_session=None))
        return secret

    async def check(self) -> None:
        """Check that accounts can be written.

        Raises:
            SQLAlchemyError, OSError: they cannot.
        """
        async with changing(self._engine) as connection:
            await connection.execute(update(auth_table).where(false()).values(password=""))

    async def bring(self, accounts: Sequence[SoftphoneAccount], routes: Sequence[Route]) -> Brought:
        """Make the operators' accounts and the routes exactly these; rows that agree already are left alone.

        Existing secrets stay; a new account gets a secret that nobody knows, until `give_secret`. Accounts whose
        names are not of the form `op<number>` belong to somebody else and are left alone.

        Raises:
            ValueError: a field holds what it must not.
        """
        for account in accounts:
            _check_account(account)
        for route in routes:
            _check_route(route)
        wanted = {one.name: one for one in accounts}
        leads = {digits(one.number): _route_row(one) for one in routes}
        async with looking(self._engine) as connection:
            phones = {
                row["id"]: dict(row) for row in (await connection.execute(select(endpoint_table))).mappings()
            }
            there = {
                row["number"]: dict(row) for row in (await connection.execute(select(route_table))).mappings()
            }
        made = [one for name, one in wanted.items() if name not in phones]
        changed = [
            one
            for name, one in wanted.items()
            if name in phones and not _agrees(phones[name], _endpoint_row(one))
        ]
        removed = sorted(name for name in phones.keys() - wanted.keys() if _OURS.fullmatch(name))
        gone = [number for number, row in there.items() if number not in leads and row["target"] != PROBE]
        led = [row for number, row in leads.items() if number not in there or not _agrees(there[number], row)]
        again: list[str] = []
        if made or changed or removed or gone or led:
            async with changing(self._engine) as connection:
                left = await connection.execute(select(aor_table.c.id).where(aor_table.c.max_contacts == 0))
                other = {
                    one.name for one in changed if phones[one.name]["auth"] != _endpoint_row(one)["auth"]
                }
                again = sorted({one.name for one in made} & set(left.scalars()) | other)
                for one in made:
                    await _put(connection, replace(one, secret=new_secret()))
                for one in changed:
                    row = _endpoint_row(one)
                    await connection.execute(
                        update(endpoint_table).where(endpoint_table.c.id == one.name).values(row)
                    )
                    if one.name in other:
                        await _have_secret(connection, one)
                for name in removed:
                    await _remove(connection, name)
                for number in (*gone, *(row["number"] for row in led)):
                    await connection.execute(delete(route_table).where(route_table.c.number == number))
                if led:
                    await connection.execute(insert(route_table), led)
        return Brought(again, removed)

    async def remove(self, name: str) -> None:
        """Remove an account: its phone cannot register again and is not dialled. A talk that it is in goes on.

        The account's AOR stays until `forget`, with room for no contact: without it Asterisk cannot list the account's
        registrations.
        """
        async with changing(self._engine) as connection:
            await _remove(connection, name)

    async def removed(self) -> list[str]:
        """Give the names of removed accounts that are not yet forgotten, sorted."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(select(aor_table.c.id).where(aor_table.c.max_contacts == 0))
            return sorted(str(name) for name in rows.scalars())

    async def forget(self, name: str) -> None:
        """Delete what is left of a removed account; does nothing if the account exists again."""
        async with changing(self._engine) as connection:
            await connection.execute(
                delete(aor_table).where(aor_table.c.id == name, aor_table.c.max_contacts == 0)
            )

    async def is_known(self, name: str) -> bool:
        """Whether there is an account of that name, or one that was removed and is not yet forgotten."""
        async with self._engine.connect() as connection:
            found = await connection.execute(select(aor_table.c.id).where(aor_table.c.id == name))
            return found.first() is not None

    async def let_register(self, longest_s: int) -> None:
        """Let all phones register for up to `longest_s` seconds: the demo's robots do not renew their registrations."""
        async with changing(self._engine) as connection:
            await connection.execute(update(aor_table).values(maximum_expiration=longest_s))

    async def encrypt(self, wanted: bool) -> None:  # noqa: FBT001 - it reads as it is
        """Have all our SIP phones encrypt their sound, or none, from their next call on. Browsers always encrypt it."""
        rows = update(endpoint_table).where(endpoint_table.c.context == Context.INTERNAL)
        phones, browsers = (
            rows.where(endpoint_table.c.webrtc != "yes"),
            rows.where(endpoint_table.c.webrtc == "yes"),
        )
        async with changing(self._engine) as connection:
            await connection.execute(phones.values(media_encryption=_media_encryption(encrypted=wanted)))
            await connection.execute(browsers.values(media_encryption="dtls"))

    async def names(self) -> list[str]:
        """Give the names of all accounts, sorted."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(select(endpoint_table.c.id).order_by(endpoint_table.c.id))
            return [str(name) for name in rows.scalars()]

    async def put_route(self, route: Route) -> None:
        """Write a number's route; it holds from the next call on. An older route of that number is replaced.

        Raises:
            ValueError: a field holds what a route must not.
        """
        _check_route(route)
        row = _route_row(route)
        async with changing(self._engine) as connection:
            await connection.execute(delete(route_table).where(route_table.c.number == row["number"]))
            await connection.execute(insert(route_table).values(row))

    async def remove_route(self, number: str) -> None:
        """Remove a number's route; callers of that number then hear that it is not in service."""
        async with changing(self._engine) as connection:
            await connection.execute(delete(route_table).where(route_table.c.number == digits(number)))

    async def put_away_numbers(self, numbers: Sequence[AwayNumber]) -> None:
        """Replace the numbers that phones may call outside while the service is away."""
        async with changing(self._engine) as connection:
            await connection.execute(delete(away_table))
            if numbers:
                await connection.execute(insert(away_table), [asdict(one) for one in numbers])

    async def routed_numbers(self) -> list[str]:
        """Give all numbers that have a route, sorted."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(select(route_table.c.number).order_by(route_table.c.number))
            return [str(number) for number in rows.scalars()]


def digits(number: str) -> str:
    """Give a number as the dialplan looks it up: ASCII digits only."""
    return "".join(letter for letter in number if letter in "0123456789")


def _check_name(name: str, what: str, *, empty: bool = False) -> None:
    if not (name or empty) or len(name) > 80 or not _NAME_LETTERS.issuperset(name):
        raise ValueError(f"{what} must be letters, digits, _ . or -, at most 80 of them: {name!r}")


def _check_account(account: SoftphoneAccount) -> None:
    _check_name(account.name, "a softphone's name")
    _check_name(account.language, "a language", empty=True)
    _check_name(account.secret, "a softphone's secret", empty=True)
    if account.name == "trunk":
        raise ValueError("a softphone must not be called 'trunk': that is the carrier")
    if _DISPLAY_BANNED.intersection(account.display):
        raise ValueError(
            "a softphone's display name must not hold quotes, brackets, backslashes or line ends"
        )


def _check_route(route: Route) -> None:
    if not digits(route.number):
        raise ValueError(f"a route's number must hold digits: {route.number!r}")
    _check_name(route.target, "a route's target")
    _check_name(route.music, "a music class", empty=True)
    _check_name(route.language, "a language", empty=True)
    for skill in route.skills:
        _check_name(skill, "a skill")


async def _put(connection: AsyncConnection, account: SoftphoneAccount) -> None:
    await _remove_rows(connection, account.name, endpoint_table, auth_table, aor_table)
    await connection.execute(insert(aor_table).values(_aor_row(account)))
    await connection.execute(insert(auth_table).values(_auth_row(account)))
    await connection.execute(insert(endpoint_table).values(_endpoint_row(account)))


async def _remove(connection: AsyncConnection, name: str) -> None:
    await _remove_rows(connection, name, endpoint_table, auth_table)
    await connection.execute(update(aor_table).where(aor_table.c.id == name).values(max_contacts=0))


async def _remove_rows(connection: AsyncConnection, name: str, *tables: Table) -> None:
    for table in tables:
        await connection.execute(delete(table).where(table.c.id.in_((name, f"{name}{IN_PAGE}"))))


async def _have_secret(connection: AsyncConnection, account: SoftphoneAccount) -> None:
    """See that an account has a secret of its kind; one that nobody knows, if it had none."""
    row = _auth_row(replace(account, secret=new_secret()))
    there = await connection.execute(select(auth_table.c.id).where(auth_table.c.id == row["id"]))
    if there.first() is None:
        await connection.execute(insert(auth_table).values(row))


def _agrees(row: Mapping[str, object], wanted: Mapping[str, object]) -> bool:
    """Whether a row has all wanted values; its other columns do not matter."""
    return all(row[name] == value for name, value in wanted.items())


def _route_row(route: Route) -> dict[str, object]:
    return {
        "number": digits(route.number),
        "kind": route.kind,
        "target": route.target,
        "answer": "yes" if route.answer else "no",
        "music": route.music,
        "language": route.language,
        "skills": "&".join(route.skills),
        "priority": route.priority,
    }


def _media_encryption(*, encrypted: bool) -> str:
    return "sdes" if encrypted else "no"


def _endpoint_row(account: SoftphoneAccount) -> dict[str, object]:
    return {
        "id": account.name,
        "aors": account.name,
        "auth": auth_name(account.name, browser=account.browser),
        "context": Context.INTERNAL,
        "disallow": "all",
        "allow": ",".join(BROWSER_CODECS if account.browser else SIP_CODECS),
        "callerid": f'"{account.display or account.name}" <{digits(account.number) or account.name}>',
        "language": account.language or None,
        "webrtc": "yes" if account.browser else "no",
        "dtls_auto_generate_cert": "yes" if account.browser else "no",
        "direct_media": "no",
        "rtp_symmetric": "yes",
        "force_rport": "yes",
        "rewrite_contact": "yes",
        "allow_subscribe": "no",
        "allow_transfer": "yes",
        "trust_id_inbound": "no",
        "dtmf_mode": "rfc4733",
        # For a browser webrtc implies it, but Asterisk refuses an account where this is empty.
        "media_encryption": "dtls" if account.browser else _media_encryption(encrypted=account.encrypted),
        "device_state_busy_at": 1,
    }


def _auth_row(account: SoftphoneAccount) -> dict[str, object]:
    return {
        "id": auth_name(account.name, browser=account.browser),
        "auth_type": "userpass",
        "username": account.name,
        "password": account.secret,
    }


def _aor_row(account: SoftphoneAccount) -> dict[str, object]:
    return {
        "id": account.name,
        "max_contacts": 1,
        "remove_existing": "yes",
        "remove_unavailable": "yes",
        "qualify_frequency": QUALIFY_S,
        "qualify_timeout": str(QUALIFY_TIMEOUT_S),
        "default_expiration": 300,
        "minimum_expiration": 30,
        # Asterisk keeps registrations on disk, but loses those of the last second before a power failure. Such a phone
        # is back when it registers again, so that must not take an hour.
        "maximum_expiration": 600,
    }
