"""Sessions and permissions: browsers send a session's cookie, programs send a bearer token.

A browser sends the cookie with the requests of any page. So a request that changes something, and the websocket,
must come from our own page. A bearer token is only sent by a program that knows it.
"""

import asyncio
from collections.abc import Collection
from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPBearer
from starlette.requests import HTTPConnection

from app.accounts.service import LoggedIn, find_session
from app.api.errors import (
    EventKindUnknown,
    HostUntold,
    HttpsOnly,
    HttpsUntold,
    NotLoggedIn,
    OtherSite,
    PermissionMissing,
    SubjectUnknown,
)
from app.api.problems import SAFE_METHODS
from app.api.services import Services
from app.domain.ids import OperatorId
from app.domain.roles import Permission
from app.events.kinds import ALL, Kinds
from app.events.subjects import HAPPENS, NAMES
from app.live.session import Viewer
from app.system.away import is_away

FIND_S = 2.0
"""Seconds that the database may take to find a session that is in the cache; another one has the request's time."""
_bearer = HTTPBearer(auto_error=False, description="A program's token, from `POST /api/v1/tokens`.")
_cookie = APIKeyCookie(
    name="keskus_session", auto_error=False, description="A browser's session, from `POST /api/v1/session`."
)


def services_of(connection: HTTPConnection) -> Services:
    """What the application was created with."""
    services: Services = connection.app.state.services
    return services


def is_https(connection: HTTPConnection) -> bool:
    """Whether browsers reach the service by HTTPS: by a setting, or as a trusted proxy says."""
    return services_of(connection).https or connection.url.scheme in {"https", "wss"}


def cookie_name(connection: HTTPConnection, what: str = "session") -> str:
    """A cookie's name; over HTTPS its prefix forbids other hosts to set it."""
    return f"__Host-keskus_{what}" if is_https(connection) else f"keskus_{what}"


def refuse_other_sites(connection: HTTPConnection, *, others: frozenset[str] = frozenset()) -> None:
    """Refuse a request unless it comes, as the browser says, from our own page or from an origin in `others`.

    Raises:
        OtherSite: the request comes from another site.
        HttpsUntold, HttpsOnly, HostUntold: a proxy in front or a setting is wrong; the error says which.
    """
    origin = connection.headers.get("origin")
    if origin is not None and origin in others:
        return
    site = connection.headers.get("sec-fetch-site")
    if (site is not None and site != "same-origin") or (origin is None and site is None):
        raise OtherSite
    if origin is None:
        return
    said = urlsplit(origin)
    scheme = "https" if is_https(connection) else "http"
    same_host = said.netloc == connection.headers.get("host")
    if same_host and said.scheme == scheme:
        return
    forwarded = any(
        name in connection.headers for name in ("x-forwarded-for", "x-forwarded-host", "forwarded")
    )
    if same_host and said.scheme == "https":
        raise HttpsUntold
    if site == "same-origin" or forwarded:
        raise HttpsOnly if same_host else HostUntold
    raise OtherSite


async def authenticate(connection: HTTPConnection) -> LoggedIn:
    """The log-in that a request belongs to.

    Raises:
        NotLoggedIn: the request has no valid session.
        OtherSite, HttpsUntold, HttpsOnly, HostUntold: see `refuse_other_sites`.
        SQLAlchemyError, OSError: the database does not answer, and the session is not in the cache.
    """
    known: LoggedIn | None = getattr(connection.state, "logged_in", None)
    if known is not None:
        return known
    services = services_of(connection)
    token, by_cookie = token_of(connection)
    found = await _find(services, token) if token else None
    if found is None:
        raise NotLoggedIn
    if by_cookie:
        changes = connection.scope["type"] == "websocket" or connection.scope["method"] not in SAFE_METHODS
        others = services.origins if connection.scope["type"] == "websocket" else frozenset()
        if changes:
            refuse_other_sites(connection, others=others)
    found = replace(found, request=connection.state.request_id)
    connection.state.logged_in = found
    return found


def token_of(connection: HTTPConnection) -> tuple[str, bool]:
    """The token that a request comes with, empty for none, and whether it is a browser's."""
    kind, _, token = connection.headers.get("authorization", "").partition(" ")
    if not kind:
        return connection.cookies.get(cookie_name(connection), "").strip(), True
    return (token.strip() if kind.lower() == "bearer" else ""), False


def whose(connection: HTTPConnection) -> str:
    """Whose request it is, as far as that is known without the database: a user, or a token; empty: a stranger's."""
    services = services_of(connection)
    token, _ = token_of(connection)
    known = services.session_cache.find(token, services.now()) if token else None
    return f"user {user_id(known)}" if known is not None else token


async def _find(services: Services, token: str) -> LoggedIn | None:
    remembered = services.session_cache
    forgotten = remembered.forgotten
    known = remembered.find(token, services.now())
    if known is not None and services.journal_state().last_error is not None:
        return known  # the database is known to be away: do not wait for it again
    try:
        async with asyncio.timeout(FIND_S if known is not None else None):
            found = await find_session(services.engine, token, services.now())
    except Exception as error:
        if known is None or not is_away(error):
            raise
        return known
    if found is None:
        remembered.drop(token)
    else:
        services.last_seen.note(found, services.now())
        remembered.keep(token, found, forgotten)
    return found


def changes_for(who: LoggedIn, asked: str) -> frozenset[str]:
    """The subjects whose changes somebody asks for.

    Args:
        who: the user who asks.
        asked: names with commas between.

    Raises:
        SubjectUnknown: one of the names is no subject.
        PermissionMissing: the user may not read one of the subjects.
    """
    names = frozenset(filter(None, asked.split(",")))
    for name in sorted(names):
        needed = NAMES.get(name)
        if needed is None:
            raise SubjectUnknown(subject=name, subjects=sorted(NAMES))
        require(who, needed)
    return names


def allow_kinds(who: LoggedIn, kinds: Collection[str], *, values: bool) -> None:
    """Check that somebody may read all kinds of event that they ask for, or let others be told of.

    Args:
        who: the user who asks.
        kinds: of the events.
        values: with the fields before and after each change, as in the audit log.

    Raises:
        SubjectUnknown: a kind is of no subject.
        PermissionMissing: the user may not read one of the subjects, or the audit log.
    """
    changes_for(who, ",".join(sorted(Kinds(kinds).subjects)))
    if values:
        require(who, Permission.AUDIT_READ)


def require_kinds(kinds: Collection[str]) -> None:
    """Check that there are events of all kinds that are asked for, by name or by an asterisk.

    Raises:
        SubjectUnknown: a kind is of no subject.
        EventKindUnknown: it never happens to its subject.
    """
    for kind in sorted(kinds):
        subject, _, what = kind.partition(".")
        if ALL in {kind, what}:
            continue
        if subject not in HAPPENS:
            raise SubjectUnknown(subject=subject, subjects=sorted(NAMES))
        if what not in HAPPENS[subject]:
            raise EventKindUnknown(kind=kind, kinds=[f"{subject}.{one}" for one in sorted(HAPPENS[subject])])


async def authenticate_again(connection: HTTPConnection) -> LoggedIn:
    """The log-in that a request belongs to, looked at once more while its answer goes on.

    Raises:
        NotLoggedIn: the log-in is over.
        SQLAlchemyError, OSError: as `authenticate`.
    """
    connection.state.logged_in = None
    return await authenticate(connection)


def viewer_of(services: Services, who: LoggedIn) -> Viewer:
    """What a logged-in user sees of the floor."""
    assert who.user.id is not None
    operator = OperatorId(who.user.id)
    return Viewer(
        user=who.user.id,
        login=str(who.session.id),
        operator=operator if operator in services.runner.floor.operators else None,
        sees_floor=may(who, Permission.FLOOR_WATCH),
        sees_contacts=may(who, Permission.CONTACTS_READ),
        expires=who.session.expires_at,
    )


def may(who: LoggedIn, permission: Permission) -> bool:
    """Whether a user's role has a permission."""
    return permission in who.permissions


def require(who: LoggedIn, permission: Permission) -> None:
    """Check that a user's role has a permission.

    Raises:
        PermissionMissing: it has not.
    """
    if not may(who, permission):
        raise PermissionMissing(permission=permission.value, role=who.user.role)


class Needs:
    """A dependency that requires a permission."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    async def __call__(
        self,
        request: Request,
        _bearer: Annotated[object, Depends(_bearer)],
        _cookie: Annotated[object, Depends(_cookie)],
    ) -> LoggedIn:
        """The log-in of the user who asks.

        Raises:
            NotLoggedIn: the request has no valid session.
            PermissionMissing: the user lacks the permission.
        """
        who = await authenticate(request)
        require(who, self.permission)
        return who


def needs(permission: Permission) -> Any:
    """For a route's `Annotated`: the route requires this permission, and says so under `security`."""
    return Security(Needs(permission), scopes=[permission.value])


def user_id(who: LoggedIn) -> int:
    """The user's id."""
    assert who.user.id is not None
    return who.user.id


Known = Annotated[Services, Depends(services_of)]
