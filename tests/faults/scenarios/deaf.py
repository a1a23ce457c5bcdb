"""Events that never arrive: each kind in turn deleted between PBX and service."""

from tests.faults.centre import Centre

HEALED_S = 5.0
EVENTS = ("UserEvent:KeskusEntered", "DialBegin", "DialEnd", "HangupRequest", "Hangup", "DeviceStateChange")
"""Those that each call brings; transfers and holds have tests of their own."""
STRUCK_S = 60.0


async def lose_one_event(centre: Centre, times: int) -> int:
    """Lose one event of each kind, `times` times; each time all heals within 5 s."""
    proxy = centre.proxy
    kinds = list(EVENTS) * times
    centre.chance.shuffle(kinds)
    for kind in kinds:
        await centre.some_moment()
        before = proxy.happened[kind]
        proxy.delete(kind, times=1)
        async with centre.watched(HEALED_S, f"one {kind} lost"):
            await proxy.until(kind, before + 1, STRUCK_S)
            await centre.seen.more_answers(centre.operators // 2)
    return len(kinds)


async def lose_kind(centre: Centre, kind: str, answers: int) -> int:
    """Lose every event of a kind while `answers` talks begin."""
    before = centre.proxy.happened[kind]
    centre.proxy.delete(kind)
    async with centre.watched(HEALED_S, f"all {kind} lost"):
        await centre.seen.more_answers(answers, timeout_s=180.0)
    centre.proxy.restore()
    return centre.proxy.happened[kind] - before
