"""A request whose body is left as it came, so that it can be read on a thread, and is described all the same."""

from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import WrapValidator

FILE_MOST: Final = 4 << 20
"""Bytes of a file."""


class _Unread(Request):
    async def json(self) -> bytes:
        """The body as it came."""
        return await self.body()


class UnreadRoute(APIRoute):
    """A route whose parameter `Annotated[Model, UNREAD]` is the body's bytes."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Hand on the request with its body unread."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            return await handler(_Unread(request.scope, request.receive))

        return handle


UNREAD: Final = WrapValidator(lambda said, _: said)
"""Of a parameter that is the body's bytes, though it is described as what they say."""
