"""`/reference`: the description, rendered by Swagger UI from this service alone."""

import asyncio
import gzip
import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final, NamedTuple

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, StreamingResponse

_HERE: Final = Path(__file__).parent
PARTS: Final = {
    "start.js": (_HERE / "start.js", "text/javascript"),
    "swagger-ui-bundle.js": (_HERE / "ui" / "swagger-ui-bundle.js", "text/javascript"),
    "swagger-ui.css": (_HERE / "ui" / "swagger-ui.css", "text/css"),
}
"""What the page loads, by name."""
BLANK_S: Final = 2.0
"""Seconds between two blanks that are sent while the description is made: nobody takes the line for dead."""
_JSON: Final = "application/json"


class _Description(NamedTuple):
    """The description as it is sent."""

    whole: bytes
    packed: bytes
    """The same, by gzip."""
    tag: str
    """For `ETag`: it changes with the description, whichever of the two is sent."""


def add_reference(api: FastAPI) -> None:
    """Serve `/reference` and the description it shows."""
    making: list[asyncio.Future[_Description]] = []

    def make() -> _Description:
        whole = json.dumps(api.openapi(), ensure_ascii=False, separators=(",", ":")).encode()
        api.openapi_schema = (
            None  # kept, its many objects would cost the loop time at each garbage collection
        )
        tag = f'W/"{hashlib.sha256(whole).hexdigest()[:32]}"'
        return _Description(whole, gzip.compress(whole, 6, mtime=0), tag)

    async def when_made() -> AsyncIterator[bytes]:
        await api.state.subjects.there()
        if making and making[0].done() and making[0].exception() is not None:
            making.clear()
        if not making:  # it takes a second, on a thread; on a busy machine more than an answer may
            making.append(asyncio.get_running_loop().run_in_executor(None, make))
        made = making[0]  # a client that gives up leaves it to the next one
        while not (await asyncio.wait({made}, timeout=BLANK_S))[0]:
            yield b" "
        yield made.result().whole

    @api.get("/api/v1/openapi.json", include_in_schema=False)
    async def description(request: Request) -> Response:
        if not making or not making[0].done() or making[0].exception() is not None:
            return StreamingResponse(when_made(), media_type=_JSON)
        return _answer(making[0].result(), request)

    @api.get("/reference", include_in_schema=False)
    async def page() -> FileResponse:
        return FileResponse(_HERE / "index.html", media_type="text/html")

    for name, (path, kind) in PARTS.items():
        _serve(api, name, path, kind)


def _answer(made: _Description, request: Request) -> Response:
    headers = {"ETag": made.tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    known = {one.strip() for one in request.headers.get("if-none-match", "").split(",")}
    if not known.isdisjoint({"*", made.tag, made.tag.removeprefix("W/")}):
        return Response(status_code=304, headers=headers)
    accepted = request.headers.get("accept-encoding", "")
    if "gzip" in {one.partition(";")[0].strip() for one in accepted.split(",")}:
        return Response(made.packed, headers=headers | {"Content-Encoding": "gzip"}, media_type=_JSON)
    return Response(made.whole, headers=headers, media_type=_JSON)


def _serve(api: FastAPI, name: str, path: Path, kind: str) -> None:
    @api.get(f"/reference/{name}", include_in_schema=False)
    async def part() -> FileResponse:
        return FileResponse(path, media_type=kind)
