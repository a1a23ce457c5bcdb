"""`Idempotency-Key`: a POST that is sent again, because its answer was lost, is done once and answered again.

First answers are kept in memory, for an hour at most: a client that tries again does so within seconds. They
may hold a secret that is shown once, which is why they are kept no longer and nowhere else.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple

from fastapi import Request, Response
from fastapi.routing import APIRoute

from app.api.problems import Problem
from app.api.security import authenticate, user_id
from app.clock import monotonic

HEADER = "idempotency-key"
KEY_MAX = 200
LIFETIME_S = 3600.0
CAPACITY = 10_000

_Key = tuple[int, str, str, str]


class _Kept(NamedTuple):
    until_s: float
    request: bytes
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes | None
    """None while the first is still being done."""


class Answers:
    """First answers by user, role, path and key; the oldest go when there are too many."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._kept: OrderedDict[_Key, _Kept] = OrderedDict()

    def begin(self, key: _Key, request: bytes) -> Response | None:
        """The first answer, or None when there was none and this is the first.

        Raises:
            Problem: 409 while the first is being done, 422 when the first asked something else.
        """
        now_s = monotonic()
        while self._kept and next(iter(self._kept.values())).until_s <= now_s:
            self._kept.popitem(last=False)
        kept = self._kept.get(key)
        if kept is None:
            self._kept[key] = _Kept(now_s + LIFETIME_S, request, 0, [], None)
            if len(self._kept) > self._capacity:
                self._kept.popitem(last=False)
            return None
        if kept.request != request:
            raise Problem(422, "this Idempotency-Key came with another request before")
        if kept.body is None:
            raise Problem(409, "the first request with this Idempotency-Key is still being done")
        answer = Response(kept.body, kept.status)
        answer.raw_headers = [*kept.headers, (b"idempotency-replayed", b"true")]
        return answer

    def keep(self, key: _Key, answer: Response) -> None:
        """Keep the first answer."""
        begun = self._kept.get(key)
        if begun is not None:
            headers = list(answer.raw_headers)
            self._kept[key] = begun._replace(
                status=answer.status_code, headers=headers, body=bytes(answer.body)
            )

    def forget(self, key: _Key) -> None:
        """The first came to nothing: let it be tried again."""
        self._kept.pop(key, None)


_DOCUMENTED: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": KEY_MAX},
    "description": "Sent again with the same key and body, it is answered again and done once.",
}


class OnceRoute(APIRoute):
    """A route whose POST is done once for each `Idempotency-Key` of a user."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **settings: Any) -> None:
        if "POST" in (settings.get("methods") or ()):
            extra = settings.get("openapi_extra") or {}
            settings["openapi_extra"] = extra | {"parameters": [_DOCUMENTED]}
        super().__init__(path, endpoint, **settings)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with first answers kept."""
        handle = super().get_route_handler()

        async def once(request: Request) -> Response:
            said = request.headers.get(HEADER)
            if said is None or request.method != "POST":
                return await handle(request)
            if not 0 < len(said) <= KEY_MAX:
                raise Problem(422, f"an Idempotency-Key has 1 to {KEY_MAX} characters")
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
