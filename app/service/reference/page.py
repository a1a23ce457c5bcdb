"""`/reference`: the description, rendered by Swagger UI from this service alone."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Response
from fastapi.responses import FileResponse, StreamingResponse

_HERE: Final = Path(__file__).parent
PARTS: Final = {
    "start.js": (_HERE / "start.js", "text/javascript"),
    "swagger-ui-bundle.js": (_HERE / "ui" / "swagger-ui-bundle.js", "text/javascript"),
    "swagger-ui.css": (_HERE / "ui" / "swagger-ui.css", "text/css"),
}
"""What the page loads, by name."""

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
"""Used piece by piece: the encoder in C would keep all threads waiting until the whole is written."""


def add_reference(api: FastAPI) -> None:
    """Serve `/reference` and the description it shows."""
    made: list[asyncio.Future[bytes]] = []

    def make() -> bytes:
        described = json.dumps(api.openapi(), ensure_ascii=False, separators=(",", ":")).encode()
        api.openapi_schema = (
            None  # kept, its many objects would cost the loop time at each garbage collection
        )
        return described

    async def when_made() -> AsyncIterator[bytes]:
        yield await asyncio.shield(made[0])  # a client that gives up leaves it to the next one

    @api.get("/api/v1/openapi.json", include_in_schema=False)
    async def description() -> Response:
        await api.state.subjects.there()
        if not made:  # it takes a second, on a thread; on a busy machine more than an answer may
            made.append(asyncio.get_running_loop().run_in_executor(None, make))
        return StreamingResponse(when_made(), media_type="application/json")

    @api.get("/reference", include_in_schema=False)
    async def page() -> FileResponse:
        return FileResponse(_HERE / "index.html", media_type="text/html")

    for name, (path, kind) in PARTS.items():
        _serve(api, name, path, kind)


def _serve(api: FastAPI, name: str, path: Path, kind: str) -> None:
    @api.get(f"/reference/{name}", include_in_schema=False)
    async def part() -> FileResponse:
        return FileResponse(path, media_type=kind)
