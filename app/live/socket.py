"""One desktop's websocket: it sends frames as they come due, and listens for the end alone.

Every send has a deadline. A reader that is too slow is closed with `SLOW_READER`; on coming back it resumes.
"""

import asyncio

from starlette.websockets import WebSocket, WebSocketDisconnect

from app.live.hub import Hub
from app.live.messages import GOING_AWAY, LOGIN_ENDED, POLICY, SLOW_READER, TRY_LATER, Beat, encode
from app.live.places import TooManySessions
from app.live.session import Session, Viewer
from app.live.views import iso
from app.system.clock import utc_now

BEAT_S = 5.0
"""Seconds of silence after which a `beat` is sent."""
DRAIN_S = 10.0
"""Seconds a reader may take to make room for the next frame."""
_CLOSE_S = 1.0
_MOST_HEARD = 100
"""A desktop sends nothing here; one that sends this many frames is cut off."""
_GONE = 1000
_LAST_WORDS = frozenset({0, GOING_AWAY})


async def serve(
    websocket: WebSocket, hub: Hub, viewer: Viewer, *, epoch: str = "", after: int | None = None
) -> None:
    """Serve an authenticated desktop until it goes, falls behind, or its log-in ends."""
    await websocket.accept()
    try:
        session = hub.attach(viewer, epoch=epoch, after=after)
    except TooManySessions as error:
        await websocket.close(TRY_LATER, str(error))
        return
    try:
        async with asyncio.TaskGroup() as group:
            listener = group.create_task(_listen(websocket, session))
            await _write(websocket, session)
            listener.cancel()
    finally:
        hub.detach(session)


async def _listen(websocket: WebSocket, session: Session) -> None:
    for _ in range(_MOST_HEARD):
        if (await websocket.receive())["type"] == "websocket.disconnect":
            session.cut(_GONE)
            return
    session.cut(POLICY)


async def _write(websocket: WebSocket, session: Session) -> None:
    try:
        while True:
            session.awake.clear()
            while session.frames and session.code in _LAST_WORDS:
                async with asyncio.timeout(DRAIN_S):
                    await websocket.send_text(session.frames.popleft())
            if session.code:
                break
            await _wait(session)
    except TimeoutError:
        session.cut(SLOW_READER)
    except WebSocketDisconnect:
        return
    try:
        async with asyncio.timeout(_CLOSE_S):
            await websocket.close(session.code)
    except (TimeoutError, WebSocketDisconnect, RuntimeError):
        return  # it was gone, or takes nothing any more; the server drops the connection when we return


async def _wait(session: Session) -> None:
    expires = session.viewer.expires
    left_s = (expires - utc_now()).total_seconds() if expires else BEAT_S
    if left_s <= 0:
        session.cut(LOGIN_ENDED)
        return
    try:
        async with asyncio.timeout(min(BEAT_S, left_s)):
            await session.awake.wait()
    except TimeoutError:
        beat: Beat = {"type": "beat", "number": session.last, "now": iso(utc_now())}
        session.frames.append(encode(beat))
