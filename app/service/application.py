"""The HTTP application: routes, errors, and the layers around them."""

from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from fastapi import FastAPI
from fastapi.responses import FileResponse

from app.api import floor, health, problems
from app.api.exports import ExportPlaces
from app.api.forwarded import Forwarded
from app.api.idempotency import Answers
from app.api.login_limits import LoginLimits
from app.api.middleware import BODY_LIMIT, Guards
from app.api.services import Services
from app.api.shares import FairShares
from app.api.texts import StorableAddresses
from app.api.turns import Turns
from app.crm.centre_file.body import FILE_MOST
from app.crm.consent_lists.service import MOST_BYTES as LIST_MOST
from app.crm.crm_lookup.desk import CrmDesk
from app.crm.imports.service import Imports
from app.crm.privacy.eraser import Eraser
from app.crm.privacy.person_files import PersonFiles
from app.crm.users import session
from app.pbx.sounds import MOST_BYTES as SOUND_MOST
from app.service.desktop.page import BUILT, add_desktop
from app.service.reference.description import TAGS, TEXT, Described
from app.service.reference.page import add_reference
from app.service.subjects import API, Subjects

_ICON = Path(__file__).parent / "icon.svg"

_LARGE: Final = {"/api/v1/configuration": FILE_MOST}
"""Paths whose bodies are put whole, and are large."""


def create_app(services: Services) -> FastAPI:
    """Build the application, with the routes of the floor and of sessions: `state.subjects` brings all others.

    Args:
        services: everything it serves. `services.hub` and `services.metrics` must be told of each outcome.
    """
    api = Described(
        title="Keskus",
        version="1",
        description=TEXT,
        openapi_url=None,  # `add_reference` serves it
        openapi_tags=TAGS,
        docs_url=None,  # its page loads scripts from another site
        redoc_url=None,
        redirect_slashes=False,
    )
    api.state.services = services
    api.state.login_limits = LoginLimits()
    api.state.answers = Answers()
    api.state.export_places = ExportPlaces()
    _forget_with(api, services)
    health.watch(services)
    problems.add_handlers(api)
    for part in (session.router, floor.router):
        api.include_router(part, prefix=API)
    api.include_router(floor.outside)
    api.include_router(health.health_routes(health.Readiness()))
    _add_icon(api)
    if BUILT.is_dir():
        add_desktop(api)
    api.state.subjects = Subjects(api, services.engine)
    add_reference(api)
    api.add_middleware(StorableAddresses)
    uploads, phones = _uploads(services), _origin(services.websocket_url)
    api.add_middleware(FairShares, uploads=uploads)
    api.add_middleware(Guards, https=services.https, uploads=uploads, large=_LARGE, phones=phones)
    api.add_middleware(Forwarded, proxies=services.proxies)
    api.add_middleware(Turns)
    return api


def _forget_with(api: FastAPI, services: Services) -> None:
    """Let what is in memory of a person go when the person is erased."""
    eraser, files = services.part(Eraser), services.part(PersonFiles)
    if eraser is None:
        return
    answers: Answers = api.state.answers
    eraser.told.append(lambda person: answers.blank((*person.names, *person.numbers, *person.emails)))
    if (crm := services.part(CrmDesk)) is not None:
        eraser.told.append(lambda person: crm.forget(person.numbers))
    if files is not None:
        eraser.told.append(lambda person: files.forget_contact(person.contact))


def _origin(url: str) -> str:
    """The scheme, host and port of a websocket's address; empty for none.

    >>> _origin("wss://pbx.example:8089/ws")
    'wss://pbx.example:8089'
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _uploads(services: Services) -> dict[str, int]:
    """Paths that take files, with the most bytes of each; the route counts the bytes of a body that comes in pieces."""
    desk = services.part(Imports)
    most = BODY_LIMIT if desk is None else desk.most_bytes
    return {
        r"/api/v1/campaigns/\d+/imports": most,
        "/api/v1/contact-imports": most,
        "/api/v1/consents/imports": LIST_MOST,
        "/api/v1/sounds": SOUND_MOST,
    }


def _add_icon(api: FastAPI) -> None:
    @api.get("/icon.svg", include_in_schema=False)
    async def icon() -> FileResponse:
        return FileResponse(_ICON, media_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"})
