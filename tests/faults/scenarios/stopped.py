"""SIGTERM under load: nothing is lost, and the next process may start at once."""

import asyncio
import json

import websockets

from tests.faults.centre import Centre

STOPPED_S = 5.0
RIGHT_S = 3.0
TOLD_S = 10.0


async def upgrade_service(centre: Centre, times: int) -> int:
    """Roll over to the next process `times` times; every third time it stays away until callers were answered."""
    for turn in range(1, times + 1):
        await centre.some_moment()
        await _stop(centre, turn)
        if turn % 3 == 0:
            await centre.seen.more_answers(centre.operators)  # by the PBX's own queue
        started_s = await centre.service.start()
        await centre.until_right(started_s, RIGHT_S, f"upgrade {turn}")
    return times


async def _stop(centre: Centre, turn: int) -> None:
    url = f"{centre.service.url.replace('http', 'ws')}/ws/desktop"
    headers = {"Cookie": centre.service.cookies(), "Origin": centre.service.url}
    async with websockets.connect(url, additional_headers=headers) as desktop:
        await desktop.recv()  # the snapshot
        async with asyncio.TaskGroup() as group:
            told = group.create_task(_told(desktop))
            took_s = await centre.service.terminate()
    if took_s > STOPPED_S * centre.slowness:
        centre.broken.append(f"stop {turn} took {took_s:.1f} s")
    if not told.result():
        centre.broken.append(f"stop {turn}: the desktop was not told, or something else")


async def _told(desktop: websockets.ClientConnection) -> bool:
    """Whether `going_away` came before the end, and nothing of a PBX that does not answer."""
    try:
        async with asyncio.timeout(TOLD_S):
            while (message := json.loads(await desktop.recv()))["type"] != "going_away":
                if message["type"] == "link_changed":
                    return False
    except (websockets.ConnectionClosed, TimeoutError):
        return False
    return True
