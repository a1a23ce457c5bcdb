"""Sound files that the PBX plays to customers, such as who called, and how not to be called again."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.accounts.service import LoggedIn
from app.api.configuration import Configuring, later
from app.api.problems import refusals
from app.api.schemas import Line
from app.api.security import Known, needs, user_id
from app.api.services import Services
from app.crm.sounds import service
from app.crm.sounds.errors import (
    SoundInQueues,
    SoundInUse,
    SoundsFolderUnset,
    SoundTooLarge,
    SoundUnknown,
)
from app.crm.sounds.schemas import SoundOut
from app.crm.sounds.tables import SoundRow
from app.domain.roles import Permission
from app.pbx.sounds import MOST_BYTES, SoundCutOff, SoundFormat, SoundUnreadable, length_s
from app.records.engine import reading

Reads = Annotated[LoggedIn, needs(Permission.SOUNDS_READ)]
Writes = Annotated[LoggedIn, needs(Permission.SOUNDS_WRITE)]
router = APIRouter(prefix="/sounds", tags=["campaigns"])

_NAME = r"^[A-Za-z0-9][A-Za-z0-9_\-]*$"
SoundName = Annotated[str, Path(max_length=60, pattern=_NAME, description="The sound's name.")]
_BINARY = {"schema": {"type": "string", "format": "binary"}}


def _require_folder(services: Services) -> None:
    if services.sounds is None:
        raise SoundsFolderUnset


@router.get("", summary="Sound files", responses=refusals())
async def list_sounds(_: Reads, services: Known) -> list[SoundOut]:
    """Returns the uploaded sound files by name; the PBX has others of its own."""
    async with reading(services.engine) as session:
        rows = await service.list_sounds(session)
    return [SoundOut.of(row) for row in rows]


@router.post(
    "",
    status_code=201,
    summary="Bring a sound file",
    responses=refusals(SoundsFolderUnset, SoundTooLarge, SoundUnreadable, SoundFormat, SoundCutOff)
    | later(201),
    openapi_extra={"requestBody": {"required": True, "content": {"application/octet-stream": _BINARY}}},
)
async def bring_sound(
    request: Request,
    who: Writes,
    services: Known,
    configuring: Configuring,
    *,
    name: Annotated[str, Query(max_length=60, pattern=_NAME, description="Letters, digits, `_` and `-`.")],
    title: Annotated[Line, Query(description="The words that are spoken in the sound.")] = "",
) -> SoundOut:
    """WAV, 8000 samples of 16 bits a second, mono, up to 1 MiB; any other file is refused with the reason. The file
    replaces one of the same name at once.

    One of the same name gives way to it, at once.
    """
    _require_folder(services)
    content = await _content(request)
    row = SoundRow(
        name=name,
        title=title,
        content=content,
        seconds=await asyncio.to_thread(length_s, content),  # it may have a hundred thousand chunks
        user_id=user_id(who),
        created_at=services.now(),
    )
    told = SoundOut.of(row)
    async with configuring(who.actor) as session:
        await service.keep_sound(session, row)
    return told


@router.get(
    "/{name}",
    summary="One sound file",
    responses=refusals(SoundUnknown) | {200: {"description": "WAV", "content": {"audio/wav": _BINARY}}},
    response_class=Response,
)
async def get_sound(name: SoundName, _: Reads, services: Known) -> Response:
    """The file's bytes, as they were uploaded."""
    async with reading(services.engine) as session:
        row = await service.get_sound(session, name)
    return Response(row.content, media_type="audio/wav")


@router.delete(
    "/{name}",
    status_code=204,
    summary="Remove a sound file",
    responses=refusals(SoundUnknown, SoundInUse, SoundInQueues, SoundsFolderUnset) | later(204),
)
async def remove_sound(name: SoundName, who: Writes, services: Known, configuring: Configuring) -> None:
    """Refused while a campaign that is not finished plays the file, or a queue to callers who waited too long."""
    _require_folder(services)
    async with configuring(who.actor) as session:
        await service.remove_sound(session, name)


async def _content(request: Request) -> bytes:
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > MOST_BYTES:
            raise SoundTooLarge(bytes=MOST_BYTES)
    return bytes(content)
