"""Files over HTTP: the desks that take uploads, and the downloads of rejected rows."""

from pathlib import Path
from typing import Any, Final, TypeVar

from fastapi.responses import FileResponse
from starlette.types import Message, Receive, Scope, Send

from app.api.errors import FilesUntaken, RangeUnfit
from app.api.problems import refused
from app.api.services import Services

Desk = TypeVar("Desk")
CSV: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "A CSV file",
        "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}},
    }
}
"""For a route's `responses`."""
_RANGE_UNFIT: Final = frozenset({400, 416})
"""What a file's response answers to a header `Range` that does not fit, in plain text."""


def desk_of(services: Services, kind: type[Desk]) -> Desk:
    """The desk that takes files of a kind.

    Raises:
        FilesUntaken: the service has no such desk.
    """
    desk = services.part(kind)
    if desk is None:
        raise FilesUntaken
    return desk


class Download(FileResponse):
    """A file, or the part that the header `Range` asks for. A range that does not fit is refused as a problem."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file, or the refusal."""
        unfit = False

        async def unless_unfit(message: Message) -> None:
            nonlocal unfit
            unfit = unfit or message.get("status") in _RANGE_UNFIT
            if not unfit:
                await send(message)

        await super().__call__(scope, receive, unless_unfit)
        if unfit:
            size = int(self.headers["content-length"])
            refusal = refused(RangeUnfit(bytes=size), headers={"Content-Range": f"bytes */{size}"})
            await refusal(scope, receive, send)


def csv(path: Path, name: str) -> Download:
    """A file as an answer.

    Args:
        path: the file on disk.
        name: the file's name where it is saved.
    """
    return Download(path, media_type="text/csv", filename=name)
