"""Files over HTTP: the desks where they are brought, and their rejected rows given back."""

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
    """Where files of a kind are brought.

    Raises:
        FilesUntaken: nowhere.
    """
    desk = services.part(kind)
    if desk is None:
        raise FilesUntaken
    return desk


def csv(path: Path, name: str) -> FileResponse:
    """A file as an answer.

    Args:
        path: where it is.
        name: what it is called where it is saved.
    """
    return FileResponse(path, media_type="text/csv", filename=name)
