"""`kill -9` of the service at random moments, under load."""

from tests.faults.centre import Centre

RIGHT_S = 3.0


async def kill_service(centre: Centre, times: int) -> int:
    """Kill it `times` times; every third time it stays away until the PBX's own queue has answered somebody."""
    for turn in range(1, times + 1):
        await centre.some_moment()
        await centre.service.kill()
        if turn % 3 == 0:
            # Each operator may have had one call in hand; whatever is more comes of the PBX's own queue.
            await centre.seen.more_answers(centre.operators + 1)
        started_s = await centre.service.start()
        await centre.until_right(started_s, RIGHT_S, f"kill {turn}")
    return times
