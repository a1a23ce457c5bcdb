"""`Idempotency-Key`: a POST that is sent again because its answer was lost is done once, and gets the same answer.

First answers are kept in memory, for an hour at most: a client that tries again does so within seconds. They
may hold a secret that is shown once, which is why they are kept no longer and nowhere else. Each user has a bound of
their own, so that no client pushes out another's.
"""

import hashlib
import json
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Coroutine
from typing import Any, NamedTuple

from fastapi import Request, Response
from fastapi.routing import APIRoute

from app.api.errors import AnswerErased, KeyBusy, KeyUnfit, KeyUsed, TooManyRequests
from app.api.problems import also, refused
from app.api.security import authenticate, user_id
from app.system.clock import monotonic

HEADER = "idempotency-key"
KEY_MAX = 200
LIFETIME_S = 3600.0
OF_USER = 1000
"""The most answers kept for one user."""
BYTES_OF_USER = 4 << 20
"""The most bytes of one user's answers together; a larger answer is kept alone."""

_Key = tuple[int, str, str, str]


class _Kept(NamedTuple):
    until_s: float
    request: bytes
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes | None
    """None while the first request is in progress."""


class _User:
    """One user's answers."""

    def __init__(self) -> None:
        self.keys: OrderedDict[_Key, None] = OrderedDict()
        self.body_bytes = 0


class Answers:
    """First answers by user, role, path and key. Each user has room of their own; the user's oldest give way."""

    def __init__(self, of_user: int = OF_USER, bytes_of_user: int = BYTES_OF_USER) -> None:
        self._of_user, self._bytes_of_user = of_user, bytes_of_user
        self._kept: OrderedDict[_Key, _Kept] = OrderedDict()
        self._users: defaultdict[int, _User] = defaultdict(_User)

    def begin(self, key: _Key, request: bytes) -> Response | None:
        """The first answer; None when this request is the first, which is then noted.

        Raises:
            KeyBusy: the first request is in progress.
            KeyUsed: the first request had another body.
            TooManyRequests: too many of the user's requests are in progress.
        """
        now_s = monotonic()
        while self._kept and next(iter(self._kept.values())).until_s <= now_s:
            self.forget(next(iter(self._kept)))
        kept = self._kept.get(key)
        if kept is None:
            self._make_room(key[0])
            self._kept[key] = _Kept(now_s + LIFETIME_S, request, 0, [], None)
            self._users[key[0]].keys[key] = None
            return None
        if kept.request != request:
            raise KeyUsed
        if kept.body is None:
            raise KeyBusy
        answer = Response(kept.body, kept.status)
        answer.raw_headers = [*kept.headers, (b"idempotency-replayed", b"true")]
        return answer

    def keep(self, key: _Key, answer: Response) -> None:
        """Keep the first answer."""
        begun = self._kept.get(key)
        if begun is None:
            return
        body, user = bytes(answer.body), self._users[key[0]]
        headers = list(answer.raw_headers)
        self._kept[key] = begun._replace(status=answer.status_code, headers=headers, body=body)
        user.keys.move_to_end(key)
        user.body_bytes += len(body)
        while user.body_bytes > self._bytes_of_user:
            oldest = self._oldest(user)
            if oldest is None or oldest == key:
                break
            self.forget(oldest)

    def forget(self, key: _Key) -> None:
        """Drop a request that failed or is too old: it may be done again."""
        kept = self._kept.pop(key, None)
        if kept is None:
            return
        user = self._users[key[0]]
        del user.keys[key]
        user.body_bytes -= len(kept.body or b"")
        if not user.keys:
            del self._users[key[0]]

    def blank(self, texts: Collection[str]) -> None:
        """Keep no answer that has one of these texts: its request is still done once, and answered with 410.

        Args:
            texts: of a person who was erased.
        """
        sought = [json.dumps(text, ensure_ascii=False)[1:-1].encode() for text in texts if text]
        for key, kept in self._kept.items():
            if kept.body is not None and any(text in kept.body for text in sought):
                user = self._users[key[0]]
                gone = refused(AnswerErased())
                user.body_bytes += len(gone.body) - len(kept.body)
                self._kept[key] = kept._replace(
                    status=gone.status_code, headers=list(gone.raw_headers), body=bytes(gone.body)
                )

    def _make_room(self, user: int) -> None:
        keys = self._users[user].keys
        if len(keys) < self._of_user:
            return
        oldest = self._oldest(self._users[user])
        if oldest is None:
            raise TooManyRequests(requests=self._of_user)
        self.forget(oldest)

    def _oldest(self, user: _User) -> _Key | None:
        """The user's oldest answer. A request in progress is never dropped, else it might be done twice."""
        return next((key for key in user.keys if self._kept[key].body is not None), None)


_DOCUMENTED: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": KEY_MAX},
    "description": "Sent again with the same key and body, it is answered again and done once.",
}


class IdempotentRoute(APIRoute):
    """A route whose POST is done once for each `Idempotency-Key` of a user."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **settings: Any) -> None:
        if "POST" in (settings.get("methods") or ()):
            extra = settings.get("openapi_extra") or {}
            settings["openapi_extra"] = extra | {"parameters": [_DOCUMENTED]}
            said = settings.get("responses") or {}
            settings["responses"] = also(said, KeyBusy, KeyUsed, KeyUnfit, TooManyRequests, AnswerErased)
        super().__init__(path, endpoint, **settings)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's handler, which keeps first answers."""
        handle = super().get_route_handler()

        async def once(request: Request) -> Response:
            said = request.headers.get(HEADER)
            if said is None or request.method != "POST":
                return await handle(request)
            if not 0 < len(said) <= KEY_MAX:
                raise KeyUnfit(characters=KEY_MAX)
            who = await authenticate(request)
            answers: Answers = request.app.state.answers
            key = (user_id(who), who.user.role, request.url.path, said)
            before = answers.begin(key, hashlib.sha256(await request.body()).digest())
            if before is not None:
                return before
            try:
                answer = await handle(request)
            except BaseException:
                answers.forget(key)
                raise
            answers.keep(key, answer)
            return answer

        return once
