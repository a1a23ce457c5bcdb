"""Files over HTTP: the desks that take uploads, and the downloads of rejected rows."""

from pathlib import Path
from typing import Any, Final, TypeVar

from fastapi.responses import FileResponse

from app.api.errors import FilesUntaken
from app.api.services import Services

Desk = TypeVar("Desk")
CSV: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "A CSV file",
        "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}},
    }
}
"""For a route's `responses`."""


def desk_of(services: Services, kind: type[Desk]) -> Desk:
    """The desk that takes files of a kind.

    Raises:
        FilesUntaken: the service has no such desk.
    """
    desk = services.part(kind)
    if desk is None:
        raise FilesUntaken
    return desk


def csv(path: Path, name: str) -> FileResponse:
    """A file as an answer.

    Args:
        path: the file on disk.
        name: the file's name where it is saved.
    """
    return FileResponse(path, media_type="text/csv", filename=name)
