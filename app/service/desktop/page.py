"""Serves the built desktop: the page with a fresh nonce, and the files it loads, compressed beforehand.

The names of files have their hashes in them, so browsers keep them for ever. The page itself is asked for each time.
"""

from collections.abc import Mapping
from pathlib import Path
from secrets import token_urlsafe
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse

from app.api.errors import AddressUnknown
from app.api.problems import refused

BUILT: Final = Path(__file__).parent / "built"
"""Where `make web` puts it; a package carries it."""
_NONCE: Final = "{{nonce}}"
_NONCE_BYTES: Final = 16
_KINDS: Final = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}


def add_desktop(api: FastAPI, built: Path = BUILT) -> None:
    """Serve the desktop at `/desk`; the address without a path leads there."""
    template: list[str] = []
    files: dict[str, Path] = {}

    def load() -> Mapping[str, Path]:
        """The files, found once; when the first browser asks, so that the service starts without them."""
        if not files:
            files.update({path.name: path for path in (built / "assets").iterdir()})
        return files

    @api.get("/", include_in_schema=False)
    async def beginning() -> RedirectResponse:
        return RedirectResponse("/desk", 307)

    @api.get("/desk", include_in_schema=False)
    @api.get("/desk/{path:path}", include_in_schema=False)
    async def page(request: Request, path: str = "") -> Response:
        if path.startswith("assets/"):
            return _file(load(), path.removeprefix("assets/"), request.headers.get("accept-encoding", ""))
        if not template:
            template.append((built / "index.html").read_text(encoding="utf-8"))
        request.state.nonce = token_urlsafe(_NONCE_BYTES)
        return HTMLResponse(template[0].replace(_NONCE, request.state.nonce))


def _file(files: Mapping[str, Path], name: str, accepts: str) -> Response:
    path = files.get(name)
    kind = _KINDS.get(path.suffix) if path is not None else None
    if path is None or kind is None:
        return refused(AddressUnknown())
    compressed = files.get(f"{name}.br")
    if compressed is None:
        return FileResponse(path, media_type=kind)
    headers = {"Vary": "Accept-Encoding"}
    if "br" in {one.partition(";")[0].strip() for one in accepts.split(",")}:
        return FileResponse(compressed, media_type=kind, headers=headers | {"Content-Encoding": "br"})
    return FileResponse(path, media_type=kind, headers=headers)
