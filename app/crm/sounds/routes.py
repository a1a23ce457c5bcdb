"""Sound files that the PBX plays to customers: who called, and how not to be called again."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.accounts.service import LoggedIn
from app.api.compensation import all_or_nothing
from app.api.problems import EVERYWHERE, Problem, problems
from app.api.schemas import Line
from app.api.security import Known, needs, user_id
from app.api.services import Services
from app.crm.sounds import queries
from app.crm.sounds.schemas import SoundOut
from app.crm.sounds.tables import SoundRow
from app.domain.roles import Permission
from app.pbx.sounds import MOST_BYTES, PREFIX, SoundFolder, length_s
from app.records.engine import reading, writing

Reads = Annotated[LoggedIn, needs(Permission.SOUNDS_READ)]
Writes = Annotated[LoggedIn, needs(Permission.SOUNDS_WRITE)]
router = APIRouter(prefix="/sounds", tags=["campaigns"])

_NAME = r"^[A-Za-z0-9][A-Za-z0-9_\-]*$"
SoundName = Annotated[str, Path(max_length=60, pattern=_NAME, description="The sound's name.")]
_BINARY = {"schema": {"type": "string", "format": "binary"}}


def _folder(services: Services) -> SoundFolder:
    if services.sounds is None:
        raise Problem(409, "the service was not told where the PBX takes sound files from")
    return services.sounds


@router.get("", summary="Sound files", responses=EVERYWHERE)
async def list_sounds(_: Reads, services: Known) -> list[SoundOut]:
    """Those that were brought, by name; the PBX has others of its own."""
    async with reading(services.engine) as session:
        rows = await queries.list_sounds(session)
    return [SoundOut.of(row) for row in rows]


@router.post(
    "",
    status_code=201,
    summary="Bring a sound file",
    responses=EVERYWHERE | problems(409),
    openapi_extra={"requestBody": {"required": True, "content": {"application/octet-stream": _BINARY}}},
)
async def bring_sound(
    request: Request,
    who: Writes,
    services: Known,
    name: Annotated[str, Query(max_length=60, pattern=_NAME, description="Letters, digits, `_` and `-`.")],
    title: Annotated[Line, Query(description="What is said in it.")] = "",
) -> SoundOut:
    """WAV, 8000 samples of 16 bits a second, mono, up to 1 MiB; anything else is refused with the reason.

    One of the same name gives way to it, at once.
    """
    folder = _folder(services)
    content = await _content(request)
    seconds = await asyncio.to_thread(length_s, content)  # it may have a hundred thousand chunks
    row = SoundRow(
        name=name,
        title=title,
        content=content,
        seconds=seconds,
        user_id=user_id(who),
        created_at=services.now(),
    )
    told = SoundOut.of(row)
    async with all_or_nothing() as undo:
        # Before it is kept: a sound that the PBX has not got is not kept at all.
        before = await asyncio.to_thread(folder.lay, name, content)
        undo.push_async_callback(asyncio.to_thread, folder.put_back, name, before)
        async with writing(services.engine) as session:
            await queries.save_sound(session, row)
    return told


@router.get(
    "/{name}",
    summary="One sound file",
    responses=EVERYWHERE | problems(404) | {200: {"description": "WAV", "content": {"audio/wav": _BINARY}}},
    response_class=Response,
)
async def get_sound(name: SoundName, _: Reads, services: Known) -> Response:
    """As it was brought."""
    async with reading(services.engine) as session:
        row = await queries.get_sound(session, name)
    if row is None:
        raise Problem(404, "no such sound file")
    return Response(row.content, media_type="audio/wav")


@router.delete(
    "/{name}", status_code=204, summary="Remove a sound file", responses=EVERYWHERE | problems(404, 409)
)
async def remove_sound(name: SoundName, _: Writes, services: Known) -> None:
    """Refused while a campaign that is not finished plays it."""
    folder = _folder(services)
    async with writing(services.engine) as session:
        if await queries.get_sound(session, name) is None:
            raise Problem(404, "no such sound file")
        playing = await queries.campaigns_that_play(session, PREFIX + name)
        if playing:
            raise Problem(409, f"campaigns play it: {', '.join(playing)}")
        await queries.remove_sound(session, name)
    await asyncio.to_thread(folder.remove, name)


async def _content(request: Request) -> bytes:
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > MOST_BYTES:
            raise Problem(413, f"a sound file has at most {MOST_BYTES} bytes", {"Connection": "close"})
    return bytes(content)
