"""Pacers for a dialing centre: the floor's own, and the references that it is compared with."""

from dataclasses import dataclass, field
from enum import Enum

from app.domain.campaigns import DialMode
from app.pacing.calls_to_place import Decision, PacingView, calls_to_place
from app.pacing.forecast import DialInFlight
from app.pacing.poisson_binomial import Claims
from app.pacing.risk import AbandonmentRecord
from app.pacing.statistics import CampaignStatistics
from app.simulator.campaign_people import Ends
from app.simulator.dialing import Dial, DialingCentre

LIMIT = 0.03


class FloorPacer:
    """The floor's own pacing, with the same inputs that the floor gives it.

    Args:
        mode: how it dials.
        limit: the highest abandon rate, 0..1.
        ring_s: seconds that a dial rings at most.
        ratio: dials for each free operator, in mode ratio.
    """

    def __init__(self, mode: DialMode, *, limit: float = LIMIT, ring_s: int = 25, ratio: float = 1.0) -> None:
        self.mode, self.limit, self.ratio = mode, limit, ratio
        self.statistics = CampaignStatistics(ring_s)
        self.last: Decision | None = None

    def look(self, centre: DialingCentre) -> tuple[int, float]:
        """Give the decision of `calls_to_place`."""
        self.last = calls_to_place(self.view(centre), centre.now_s)
        return self.last.place, self.last.look_again_s

    def view(self, centre: DialingCentre) -> PacingView:
        """The centre as pacing sees it."""
        now_s = centre.now_s
        return PacingView(
            mode=self.mode,
            idle=centre.idle,
            talking_s=[now_s - since_s for since_s in centre.talking.values()],
            wrapping_up_s=[now_s - since_s for since_s in centre.wrapping_up.values()],
            dials=[DialInFlight(now_s - dial.placed_s) for dial in centre.dials],
            waiting=len(centre.waiting),
            lines=centre.free_lines,
            record=self.record(centre),
            statistics=self.statistics,
            ratio=self.ratio,
            connect_s=centre.connect_s,
        )

    def record(self, centre: DialingCentre) -> AbandonmentRecord:
        """The abandonment record of the day up to now."""
        return AbandonmentRecord(centre.tally.answered, centre.tally.abandoned, self.limit)

    def dial_ended(self, centre: DialingCentre, dial: Dial) -> None:
        """Learn."""
        learn = self.statistics.answered if dial.ends is Ends.ANSWER else self.statistics.failed
        learn(rang_s=dial.after_s, attempt=1, hour=int(9 + centre.now_s // 3600) % 24, now_s=centre.now_s)

    def settled(self, centre: DialingCentre) -> None:
        """Learn."""
        self.statistics.settled(self.record(centre))

    def talked(self, seconds: float) -> None:
        """Learn."""
        self.statistics.talked(seconds)

    def wrapped_up(self, seconds: float) -> None:
        """Learn."""
        self.statistics.wrapped_up(seconds)


class OraclePacer(FloorPacer):
    """An oracle that knows how and when each dial in flight will end, but not the outcome of the next lead.

    It dials one lead, sees its outcome, and goes on. It weighs the risk of each moment as the floor does.
    """

    def __init__(self, *, limit: float = LIMIT) -> None:
        super().__init__(DialMode.PREDICTIVE, limit=limit)

    def look(self, centre: DialingCentre) -> tuple[int, float]:
        """Dial while the risk of the next dial is acceptable."""
        record = self.record(centre)
        accepted = self.statistics.risk.accepted(record)
        unclaimed = max(0, centre.idle - len(centre.waiting) - len(centre.dials))
        while unclaimed > 0 or (record.allowed and self._risk(centre) <= accepted):
            centre.place()
            unclaimed -= 1
        return 0, 1.0

    def _risk(self, centre: DialingCentre) -> float:
        now_s, ringing = centre.now_s, self.statistics.ring_times.known()
        within_s = tuple(answer_s + centre.connect_s for answer_s in ringing.answers_s)
        handling = self.statistics.handling.known(within_s)
        busy = [handling.of_talk(now_s - since_s) for since_s in centre.talking.values()]
        busy += [handling.of_wrap_up(now_s - since_s) for since_s in centre.wrapping_up.values()]
        coming = [dial.placed_s + dial.after_s - now_s for dial in centre.dials if dial.ends is Ends.ANSWER]
        operators = centre.idle + len(busy) - len(centre.waiting)
        total = 0.0
        for n, answer_s in enumerate(ringing.answers_s):
            before = sum(1 for after_s in coming if after_s <= answer_s)
            total += Claims([still[n] for still in busy], operators - before, 0).all_taken()
        return total / len(within_s)


class DropMethod(Enum):
    """What VICIdial's method does when today's drops are above the limit."""

    HARD_LIMIT = "hard limit"
    AVERAGE = "average"
    TAPERED = "tapered"


@dataclass(slots=True)
class VicidialPacer:
    """VICIdial's method, from its description: a level that follows how many operators were ready.

    Every 15 s `level *= 1 + (mean ready - mean waiting) / operators + target` over fifteen samples, one a second, held
    in [1, most]; every 2.5 s it dials `round(level * operators) - live calls`.

    Args:
        target: added to the difference, as a share of the operators.
        most: the highest level.
        method: what it does after too many drops.
        idle_only: dial for idle operators only, and do not count talks as live calls.
        limit: the highest abandon rate, 0..1.
        day_s: length of the day in seconds, for the tapered method.
    """

    target: float = 0.0
    most: float = 3.0
    method: DropMethod = DropMethod.HARD_LIMIT
    idle_only: bool = False
    limit: float = LIMIT
    day_s: float = 8 * 3600.0
    level: float = 1.0
    _samples: list[tuple[int, int]] = field(default_factory=list)
    _sampled_s: float = -1.0
    _dialled_s: float = -10.0

    def look(self, centre: DialingCentre) -> tuple[int, float]:
        """Take a sample every second; set the level and dial when they are due."""
        now_s = centre.now_s
        if now_s >= self._sampled_s + 1.0 - 1e-6:
            self._sampled_s = now_s
            self._samples.append((centre.idle, len(centre.waiting)))
            if len(self._samples) == 15:
                self._set_level(centre)
        place = 0
        if now_s >= self._dialled_s + 2.5 - 1e-6:
            self._dialled_s = now_s
            if self.idle_only:
                place = round(self.level * centre.idle) - len(centre.dials) - len(centre.waiting)
            else:
                live = len(centre.dials) + len(centre.waiting) + len(centre.talking)
                place = round(self.level * centre.operators) - live
        again_s = min(self._sampled_s + 1.0, self._dialled_s + 2.5) - now_s
        return max(0, place), max(0.01, again_s)

    def dial_ended(self, centre: DialingCentre, dial: Dial) -> None:
        """It does not learn."""

    def settled(self, centre: DialingCentre) -> None:
        """It counts in `look`."""

    def talked(self, seconds: float) -> None:
        """It does not learn."""

    def wrapped_up(self, seconds: float) -> None:
        """It does not learn."""

    def _set_level(self, centre: DialingCentre) -> None:
        ready = sum(idle for idle, _ in self._samples) / 15.0
        waiting = sum(answers for _, answers in self._samples) / 15.0
        self._samples.clear()
        level = self.level * (1.0 + (ready - waiting) / centre.operators + self.target)
        if centre.tally.abandoned_share > self.limit:
            if self.method is DropMethod.HARD_LIMIT:
                level = 1.0
            elif self.method is DropMethod.AVERAGE:
                level /= 2.0
            else:
                level *= 1.0 - centre.now_s / self.day_s
        self.level = max(1.0, min(self.most, level))
