"""How many numbers to dial now, and why.

Theory of operation. `Outlook` tells the risk of one dial more: the chance that, if it is answered, every operator is
claimed by then. Dials are added while that risk is no more than what the abandonment record lets us accept. Where the
best policy is known (memoryless times), this rule with a constant risk is that policy to within a thousandth.

The limit is a hard stop, too. While no call may be abandoned, each dial has an idle operator kept for it until it ends
(see `app.floor.campaigns.keeping`), less those who are left free for callers; and there are never so many lines that
more calls would probably be abandoned than the record has room for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.domain.campaigns import DialMode
from app.pacing.forecast import ClaimForecast, DialInFlight
from app.pacing.risk import AbandonmentRecord
from app.pacing.statistics import CampaignStatistics

LOOK_AGAIN_S = 1.0
"""Forecasts change with time alone; then it is worth looking again."""
OVERSPEND = 0.01
"""P(more calls are abandoned than the record has room for) that is never passed."""
CAREFUL = 0.3
"""The same that is accepted for an idle operator's only dial, at most: a caller may take them first."""
ROUNDS = 2
"""Of talks that end first most are short. Until so many calls for each operator are over, no call is risked."""
MOST_AT_ONCE = 50
"""One decision places no more; the next may follow at once."""


class Bound(StrEnum):
    """What kept the number from being higher."""

    MODE = "mode"
    """The mode itself: so many lines for each free operator, or none."""
    NO_LEADS = "no_leads"
    """Nobody on its lists may be called now."""
    NOBODY_READY = "nobody_ready"
    """No operator is there to take an answer."""
    LINES = "lines"
    """There are no more lines, or enough for one decision."""
    RISK = "risk"
    """One more would risk more than is accepted."""
    RECORD = "record"
    """No call may be abandoned now: one line for each free operator, who is kept for it."""
    LEARNING = "learning"
    """Too few calls are over to tell how long they take: one line for each free operator, who is kept for it."""
    INBOUND = "inbound"
    """Callers wait, and the next free operators are theirs."""
    CALLERS = "callers"
    """Free operators are left for callers who are expected."""
    ROOM = "room"
    """With one more, more calls might be abandoned than the record has room for."""


@dataclass(slots=True, frozen=True)
class PacingView:
    """What pacing sees of a campaign at one moment.

    Args:
        mode: how the campaign dials.
        idle: operators who could take an answer now, and are kept for no dial.
        talking_s: how long each operator who comes back after it has been in a call, hold included, in seconds; 0 for
            one a call is being offered to.
        wrapping_up_s: how long each has been wrapping up, in seconds.
        dials: in flight, those asked for included; without those that have an operator kept.
        waiting: calls that nobody was found for yet and that these operators take, live answers and callers.
        rivals: dials in flight of other campaigns towards these operators, with what each of those has taught.
        callers_per_s: calls expected a second that nobody dialled and that these operators take.
        inbound_at_risk: a caller of theirs has waited for so long that nothing may be dialled ahead of operators.
        kept: operators who are kept for dials in flight, of whatever campaign.
        due: calls that will take one of the idle operators in a moment.
        left: idle operators who are left for callers who are expected.
        lines: that may be added within all limits of trunk and campaign, at least 0.
        record: live answers in the window of the rule.
        statistics: what the campaign has taught.
        ratio: lines for each free operator in mode ratio, at least 1.
        connect_s: how long a live answer may wait for its operator, in seconds.
        attempt: which attempt the next dial is at its lead, from 1.
    """

    mode: DialMode
    idle: int
    talking_s: Sequence[float]
    wrapping_up_s: Sequence[float]
    dials: Sequence[DialInFlight]
    waiting: int
    lines: int
    record: AbandonmentRecord
    statistics: CampaignStatistics
    ratio: float = 1.0
    connect_s: float = 2.0
    attempt: int = 1
    rivals: Sequence[tuple[CampaignStatistics, Sequence[DialInFlight]]] = ()
    callers_per_s: float = 0.0
    inbound_at_risk: bool = False
    kept: int = 0
    due: int = 0
    left: int = 0

    @property
    def ready(self) -> int:
        """Operators who take answers now or after what they do."""
        return self.idle + self.kept + len(self.talking_s) + len(self.wrapping_up_s)

    @property
    def unkept(self) -> int:
        """Dials towards these operators that no operator is kept for, of whatever campaign."""
        return len(self.dials) + sum(len(dials) for _, dials in self.rivals)

    @property
    def in_flight(self) -> int:
        """Dials towards these operators, of whatever campaign."""
        return self.unkept + self.kept

    @property
    def unclaimed(self) -> int:
        """Idle operators for whom there is neither a call nor a dial."""
        return max(0, self.idle - self.due - self.unkept)

    @property
    def strict(self) -> Bound | None:
        """Why no call may be abandoned now, so that each dial needs an operator kept; None: the risk rule decides."""
        if self.mode is DialMode.PROGRESSIVE:
            return Bound.MODE
        if self.record.allowed < 1:
            return Bound.RECORD
        if self.statistics.handling.calls < ROUNDS * self.ready:
            return Bound.LEARNING
        return None


@dataclass(slots=True, frozen=True)
class Forecast:
    """What was expected when it was decided. Rates and probabilities are 0..1, times are seconds."""

    answer_rate: float
    answer_rate_spread: float
    """One standard deviation of what is not known about it."""
    answer_s: float
    """Mean time from dial to answer."""
    handling_s: float
    """Mean time a call takes of an operator."""
    window_s: float
    """How far ahead the next two figures look."""
    freed: float
    """Busy operators expected to be free within the window."""
    answers: float
    """Answers expected within the window from the dials that were in flight."""
    risk: float
    """P(the last dial placed finds no operator, if it is answered); 0 when none was placed."""
    next_risk: float
    """The same of one more."""
    accepted_risk: float
    """What the record lets us accept."""


@dataclass(slots=True, frozen=True)
class Decision:
    """How many to place, when to look again at the latest, and why."""

    place: int
    bound: Bound
    spare: float
    """Calls that may still be abandoned within the limit; negative beyond it."""
    forecast: Forecast | None = None
    """In mode predictive, with somebody ready."""
    kept: int = 0
    """For so many of them an operator is kept; the others are risked."""
    left: int = 0
    """Idle operators left for callers who are expected."""
    look_again_s: float = LOOK_AGAIN_S
    """Seconds from now; an event of this campaign is reason to look earlier."""


def calls_to_place(view: PacingView, now_s: float) -> Decision:
    """Decide how many numbers to dial now.

    Args:
        view: the campaign at this moment.
        now_s: monotonic seconds, the clock the statistics were told.
    """
    spare = view.record.spare
    if view.mode is DialMode.PREVIEW:
        return Decision(place=0, bound=Bound.MODE, spare=spare)
    if view.ready == 0:
        return Decision(place=0, bound=Bound.NOBODY_READY, spare=spare)
    risked = Decision(place=0, bound=view.strict or Bound.INBOUND, spare=spare)
    if view.mode is DialMode.PREDICTIVE:
        risked = _predict(view, now_s)
    elif view.strict is None and not view.inbound_at_risk:
        risked = _risk_ratio(view)
    return _keep(view, risked)


def _keep(view: PacingView, risked: Decision) -> Decision:
    """Add a dial for each idle operator whom the risked ones leave, and keep that operator for it."""
    lines = view.lines - risked.place
    unclaimed = view.unclaimed - risked.place
    wanted = max(0, unclaimed - view.left)
    kept = min(wanted, lines)
    bound = risked.bound
    if kept < wanted:
        bound = Bound.LINES
    elif unclaimed > kept:
        bound = Bound.CALLERS
    elif view.due and not unclaimed:
        bound = Bound.INBOUND
    elif view.waiting and not view.idle and not view.in_flight and not risked.place:
        bound = Bound.INBOUND  # whoever is free next is theirs
    return replace(risked, place=risked.place + kept, bound=bound, kept=kept, left=view.left)


def _predict(view: PacingView, now_s: float) -> Decision:
    statistics, outlook = view.statistics, _outlook(view)
    accepted = statistics.risk.accepted(view.record)
    strict = view.strict or (Bound.INBOUND if view.inbound_at_risk else None)
    if strict is None:
        place, bound, risk, next_risk = _add(view, outlook, MOST_AT_ONCE, accepted=accepted)
    else:
        place, bound, risk, next_risk = 0, strict, 0.0, outlook.risk()
    rate = outlook.rate
    forecast = Forecast(
        answer_rate=rate,
        answer_rate_spread=rate * (1.0 - rate) * statistics.answer_rate.variance_at(now_s) ** 0.5,
        answer_s=outlook.answer_s,
        handling_s=statistics.handling.mean_s,
        window_s=outlook.window_s,
        freed=outlook.freed,
        answers=outlook.answers,
        risk=risk,
        next_risk=next_risk,
        accepted_risk=accepted,
    )
    return Decision(
        place=place,
        bound=Bound.LINES if bound is Bound.MODE else bound,
        spare=view.record.spare,
        forecast=forecast,
    )


def _risk_ratio(view: PacingView) -> Decision:
    wanted = int(view.ratio * max(0, view.idle + view.kept - view.waiting - view.left)) - view.in_flight
    accepted = view.statistics.risk.accepted(view.record)
    place, bound, _, _ = _add(view, _outlook(view), max(0, wanted), accepted=accepted)
    return Decision(place=place, bound=bound, spare=view.record.spare)


def _outlook(view: PacingView) -> ClaimForecast:
    return ClaimForecast(
        view.statistics,
        idle=view.idle - view.waiting - view.left,
        talking_s=view.talking_s,
        wrapping_up_s=view.wrapping_up_s,
        dials=view.dials,
        callers_per_s=view.callers_per_s,
        rivals=view.rivals,
        attempt=view.attempt,
        connect_s=view.connect_s,
        allowed=view.record.allowed,
    )


def _add(
    view: PacingView, outlook: ClaimForecast, wanted: int, *, accepted: float
) -> tuple[int, Bound, float, float]:
    """Add dials one by one: as many as are wanted, and as the risk and the record allow.

    Returns:
        how many, what ended it, the risk of the last one, and of one more.
    """
    place, risk = 0, 0.0
    while True:
        next_risk = outlook.risk()
        if place >= view.lines:
            return place, Bound.LINES, risk, next_risk
        if place >= wanted:
            return place, Bound.MODE, risk, next_risk
        careful = place < view.unclaimed - view.left and view.record.allowed > 1
        if next_risk > (max(accepted, CAREFUL) if careful else accepted):
            return place, Bound.RISK, risk, next_risk
        outlook.add()
        if outlook.overspends() > OVERSPEND:
            return place, Bound.ROOM, risk, next_risk
        place, risk = place + 1, next_risk
