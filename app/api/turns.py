"""Spreads the begin of requests over turns of the event loop.

A hundred requests that arrive together would all be read and routed in one turn, about a millisecond each, and the
floor and the PBX share that loop. So one turn begins requests for `BEGIN_S`; the others begin in the next turns, first
come, first served.
"""

import asyncio
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from app.system.clock import monotonic

BEGIN_S: Final = 0.01
"""Seconds for which one turn of the loop may begin requests."""


class Turns:
    """An ASGI layer around all others."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._over_s: float | None = None
        """When this turn's time is over, monotonic; None: no request has begun in it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "lifespan":
            await self._begin()
        await self._app(scope, receive, send)

    async def _begin(self) -> None:
        while True:
            if self._over_s is None:
                self._over_s = monotonic() + BEGIN_S
                asyncio.get_running_loop().call_soon(self._turn_over)
                return
            if monotonic() < self._over_s:
                return
            await asyncio.sleep(0)

    def _turn_over(self) -> None:
        self._over_s = None
