"""How many numbers to dial now, and why.

Theory of operation. `ClaimForecast` gives the risk of one more dial: the chance that, if it is answered, every operator
is claimed by then. Dials are added while that risk is within what the abandonment record accepts. Where the best policy
is known (memoryless times), this rule with a constant risk agrees with it to within a thousandth.

The abandonment limit is also a hard stop. While no call may be abandoned, each dial has an idle operator kept for it
until it ends (see `app.floor.campaigns.keeping`); operators left free for callers are not used for this. And dials are
never added beyond the point where the record's room would probably be exceeded (`OVERSPEND`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.domain.campaigns import DialMode
from app.pacing.forecast import ClaimForecast, DialInFlight
from app.pacing.risk import AbandonmentRecord
from app.pacing.statistics import CampaignStatistics

LOOK_AGAIN_S = 1.0
"""How many seconds until the next decision: forecasts change with time even if nothing happens."""
OVERSPEND = 0.01
"""The highest accepted P(more calls are abandoned than the record has room for)."""
CAREFUL = 0.3
"""The risk accepted, at most, for an idle operator's only dial: a caller may take that operator first."""
ROUNDS = 2
"""How many calls for each operator must be over before any call is risked: the first talks to end are mostly short."""
MOST_AT_ONCE = 50
"""The most dials that one decision places; the next decision may follow at once."""


class Bound(StrEnum):
    """Why no more calls are placed."""

    MODE = "mode"
    """The dial mode: its number of lines for each free operator is reached, or it places none."""
    NO_LEADS = "no_leads"
    """Nobody on the campaign's lists may be called now."""
    NOBODY_READY = "nobody_ready"
    """There is no operator to take an answer."""
    LINES = "lines"
    """No more lines are free, or one decision places no more."""
    RISK = "risk"
    """One more dial would have a higher risk than is accepted."""
    RECORD = "record"
    """No call may be abandoned now: one line for each free operator, who is kept for it."""
    LEARNING = "learning"
    """Too few calls are over to know how long they take: one line for each free operator, who is kept for it."""
    INBOUND = "inbound"
    """Callers wait, and the next free operators are for them."""
    CALLERS = "callers"
    """Free operators are left for expected callers."""
    ROOM = "room"
    """With one more dial, more calls might be abandoned than the record has room for."""


@dataclass(slots=True, frozen=True)
class PacingView:
    """What pacing sees of a campaign at one moment.

    Args:
        mode: how the campaign dials.
        idle: operators who could take an answer now, and are kept for no dial.
        talking_s: how long each operator who will be available after the call has been in it, hold included, in
            seconds; 0 for an operator who is being offered a call.
        wrapping_up_s: how long each wrapping-up operator has been at it, in seconds.
        dials: dials in flight, those asked of the dialer included; without those that have an operator kept.
        waiting: calls, live answers and callers, that wait for these operators.
        rivals: dials in flight of other campaigns towards these operators, with each campaign's statistics.
        callers_per_s: calls of customers expected a second for these operators.
        inbound_at_risk: a caller in their queues has waited so long that nothing may be dialled ahead of free
            operators.
        kept: operators who are kept for dials in flight, of any campaign.
        due: calls that will take one of the idle operators in a moment.
        left: idle operators who are left for expected callers.
        lines: how many dials may be added within all limits of trunk and campaign, at least 0.
        record: live answers in the abandonment window, with the limit.
        statistics: the campaign's statistics.
        ratio: lines for each free operator in mode ratio, at least 1.
        connect_s: how long a live answer may wait for its operator, in seconds.
        attempt: the number of the next dial among the attempts at its lead, from 1.
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
        """Operators who are idle, kept for dials, or available after their present call."""
        return self.idle + self.kept + len(self.talking_s) + len(self.wrapping_up_s)

    @property
    def unkept(self) -> int:
        """Dials towards these operators without an operator kept, of any campaign."""
        return len(self.dials) + sum(len(dials) for _, dials in self.rivals)

    @property
    def in_flight(self) -> int:
        """Dials towards these operators, of any campaign."""
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
    """The forecast behind a decision. Rates and probabilities are 0..1, times are seconds."""

    answer_rate: float
    answer_rate_spread: float
    """The standard deviation of the estimated answer rate."""
    answer_s: float
    """Mean time from dial to answer."""
    handling_s: float
    """Mean handling time of a call: talk and wrap-up."""
    window_s: float
    """How far ahead the next two figures look."""
    freed: float
    """Busy operators expected to be free within the window."""
    answers: float
    """Answers expected within the window from the dials that were in flight."""
    risk: float
    """P(the last dial placed finds no operator, if it is answered); 0 when none was placed."""
    next_risk: float
    """The risk of one more dial."""
    accepted_risk: float
    """The highest risk that the abandonment record accepts."""


@dataclass(slots=True, frozen=True)
class Decision:
    """How many calls to place, why no more, and when to decide again."""

    place: int
    bound: Bound
    spare: float
    """Calls that may still be abandoned within the limit; negative beyond it."""
    forecast: Forecast | None = None
    """Set in mode predictive when an operator is ready."""
    kept: int = 0
    """How many of the placed calls have an operator kept for them; the others are risked."""
    left: int = 0
    """Idle operators left for expected callers."""
    look_again_s: float = LOOK_AGAIN_S
    """In how many seconds to decide again at the latest; an event of the campaign is reason to decide earlier."""


def calls_to_place(view: PacingView, now_s: float) -> Decision:
    """Decide how many numbers to dial now.

    Args:
        view: the campaign at this moment.
        now_s: monotonic seconds, by the clock of the statistics.
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
    """Add a dial for each idle operator whom the risked dials leave over, and keep that operator for it."""
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
        bound = Bound.INBOUND  # the next free operator is for a waiting call
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
    """Add dials one by one, up to `wanted`, as long as lines, risk and record allow.

    Returns:
        How many were added, what stopped the adding, the risk of the last dial, and the risk of one more.
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
