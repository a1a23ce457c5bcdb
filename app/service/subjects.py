"""The subjects' routes, which are loaded while the floor runs already.

They take as long to load as all the rest of the service, and no call waits for them. A request for one of them waits.
"""

import asyncio
from collections.abc import Sequence
from functools import cache

from fastapi import APIRouter, FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

from app.system.loading import loading

API = "/api/v1"


class Subjects:
    """Brings the subjects' routes into an application."""

    def __init__(self, api: FastAPI, engine: AsyncEngine) -> None:
        """Let requests that no route of the application serves wait for the subjects' routes."""
        self._state, self._engine, self._router = api.state, engine, api.router
        self._there = asyncio.Event()
        self._one_by_one = asyncio.Lock()
        self._not_found, api.router.default = api.router.default, self._serve

    async def run(self) -> None:
        """Load the routes in a thread, and add them."""
        self.add(await asyncio.to_thread(subject_routes))

    def add(self, routes: Sequence[BaseRoute]) -> None:
        """Serve these, which `subject_routes` built, from now on."""
        from app.service.subject_routers import DESKS  # noqa: PLC0415 - loaded with the routes

        for name, desk in DESKS.items():
            setattr(self._state, name, desk(self._engine))
        self._router.routes.extend(routes)
        self._there.set()

    async def there(self) -> None:
        """Wait until all routes are there."""
        await self._there.wait()

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._there.is_set() or scope["type"] != "http" or not scope["path"].startswith(f"{API}/"):
            await self._not_found(scope, receive, send)
            return
        await self._there.wait()
        async with self._one_by_one:  # a thousand that were waiting do not hold the loop when all may go on
            await asyncio.sleep(0)
        await self._router.app(scope, receive, send)


@cache
def subject_routes() -> Sequence[BaseRoute]:
    """Load and build the routes. Applications share them: they know nothing of either."""
    with loading():
        from app.api.sent_back import let_back  # noqa: PLC0415 - loaded with the routes
        from app.service.subject_routers import ROUTERS  # noqa: PLC0415 - by whoever can wait for it

        made = APIRouter()
        # Each by itself: a router within a router makes FastAPI build every route once more.
        for part in ROUTERS:
            let_back(part.routes)
            made.include_router(part, prefix=API)
        warm_up(made)
    return made.routes


def warm_up(router: APIRouter) -> None:
    """Let FastAPI build a router's routes, which it does otherwise at the first request, while all else waits."""
    nowhere = {"type": "http", "method": "GET", "path": "/", "root_path": "", "headers": []}
    for route in router.routes:
        route.matches(nowhere)
