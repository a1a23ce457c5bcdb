"""Wall clocks jump, the PBX's and the service's, together and apart; durations stay true."""

from app.system import clock
from tests.faults.centre import Centre
from tests.faults.faketime import Clock

HOUR_S = 3600
DAY_S = 86_400
RIGHT_S = 5.0


async def jump_clocks(centre: Centre, ours: Clock, pbx: Clock, jumps: int) -> int:
    """Let them jump by an hour and a day, forward and back again, `jumps` times."""
    centre.excuses.clocks_jump = True
    plan = [
        (f"{name} clock {offset_s / HOUR_S:+.0f} h", clocks, offset_s)
        for name, clocks in (("service's", [ours]), ("PBX's", [pbx]), ("either", [ours, pbx]))
        for offset_s in (HOUR_S, -HOUR_S, DAY_S, -DAY_S)
    ]
    centre.chance.shuffle(plan)
    for turn in range(jumps):
        what, clocks, offset_s = plan[turn % len(plan)]
        for one in clocks:
            one.set(offset_s)
        await centre.until_right(clock.utc_now().timestamp(), RIGHT_S, what)
        await centre.seen.more_answers(centre.operators // 2)
        for one in clocks:
            one.set(0)
        await centre.until_right(clock.utc_now().timestamp(), RIGHT_S, f"{what}, and back")
        await centre.some_moment()
    return 2 * jumps
