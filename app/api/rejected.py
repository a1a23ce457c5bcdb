"""Rejected rows of a file, given back as a file: the same for lists of leads and of numbers."""

import asyncio
from pathlib import Path
from typing import Any, Final

from fastapi.responses import FileResponse

from app.api.errors import NothingRejected
from app.api.problems import EVERYWHERE, problems

_CSV: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "A CSV file",
        "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}},
    }
}
ANSWERS: Final = EVERYWHERE | problems(404) | _CSV


async def rejected_rows(path: Path, name: str) -> FileResponse:
    """A file of rejected rows.

    Args:
        path: where it is, if a row has been rejected.
        name: what it is called where it is saved.

    Raises:
        NothingRejected: there are none yet.
    """
    if not await asyncio.to_thread(path.is_file):
        raise NothingRejected
    return FileResponse(path, media_type="text/csv", filename=name)
