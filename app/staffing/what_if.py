"""A recorded day as input of the simulator: its rows become simulated callers, customers and operators."""

from collections.abc import Sequence
from datetime import datetime
from math import ceil, inf

from app.domain.campaigns import AttemptOutcome, DialMode
from app.simulator.campaign_people import Ends
from app.simulator.day import HOUR_S, Day, Distribution, Inbound, Outbound
from app.simulator.day_figures import Part
from app.simulator.learned import DayUnfit, SeenDial, seen, seen_leads
from app.simulator.people import constantly, exponential
from app.staffing.days import CallOnFile, DayOnFile, DialOnFile

_ENDS = {
    AttemptOutcome.ANSWERED: Ends.ANSWER,
    AttemptOutcome.ABANDONED: Ends.ANSWER,
    AttemptOutcome.HUNG_UP: Ends.ANSWER,
    AttemptOutcome.MACHINE: Ends.MACHINE,
    AttemptOutcome.BUSY: Ends.BUSY,
    AttemptOutcome.NO_ANSWER: Ends.NO_ANSWER,
    AttemptOutcome.WRONG_NUMBER: Ends.BUSY,
    AttemptOutcome.FAILED: Ends.BUSY,
}
"""How a simulated dial ends, by the recorded outcome. With the other outcomes nothing rang, or it is not known."""
SHORTEST_H = 0.1
"""The least length of a simulated day, in hours."""
SHORT_H = 0.25
"""A last hour of the day that is shorter has the rate of the hour before and itself together."""
RING_S = range(15, 61)
"""How long a campaign's dial may ring, in seconds."""


def day_like(records: DayOnFile, *, target_s: float = 20.0) -> Day:
    """A simulated day with the operators, callers and customers of a recorded one.

    Args:
        records: the recorded day.
        target_s: the service-level target, in seconds.

    Raises:
        DayUnfit: nobody was logged in, or there were neither inbound calls nor dials.
    """
    if records.begins is None or records.ends is None or not records.shifts:
        raise DayUnfit("no operator was logged in that day")
    dials = [dial for dial in records.dials if dial.outcome in _ENDS]
    if not records.calls and not dials:
        raise DayUnfit("nobody called and nobody was called that day")
    first = records.begins.astimezone()
    hours = max(SHORTEST_H, (records.ends - first).total_seconds() / HOUR_S)
    shifts = records.shifts.values()
    logged_in_s = sum(shift.logged_in_s for shift in shifts)
    breaks = sum(shift.breaks for shift in shifts)
    on_break_s = sum(shift.on_break_s for shift in shifts)
    return Day(
        operators=max(1, round(logged_in_s / (hours * HOUR_S))),
        outbound=_outbound(dials, records, first) if dials else None,
        inbound=_inbound(records.calls, first, hours, target_s) if records.calls else None,
        begins=first.hour + first.minute / 60.0,
        hours=hours,
        wrap_up=seen(records.wrap_ups_s, 0.0),
        pick_up=seen(records.pick_ups_s, 4.0),
        auto_answer_s=_mean(records.campaign_pick_ups_s, 0.3),
        miss_rate=records.missed / records.offers if records.offers else 0.0,
        work_s=(logged_in_s - on_break_s) / breaks if breaks else inf,
        break_s=on_break_s / breaks if breaks else 600.0,
    )


def on_record(records: DayOnFile) -> Part:
    """The recorded day's own figures."""
    part = Part()
    for shift in records.shifts.values():
        part.working_s += shift.working_s
        part.on_duty_s += shift.logged_in_s - shift.on_break_s
    for call in records.calls:
        (part.waits_s if call.answered else part.lost_waits_s).append(call.waited_s)
    for dial in records.dials:
        part.outcomes[dial.outcome] = part.outcomes.get(dial.outcome, 0) + 1
        part.abandoned += dial.outcome is AttemptOutcome.ABANDONED
        if dial.outcome is AttemptOutcome.ANSWERED:
            part.connects_s.append(dial.connect_s or 0.0)
    return part


def _outbound(dials: Sequence[DialOnFile], records: DayOnFile, first: datetime) -> Outbound:
    modes = [DialMode(dial.mode) for dial in dials if dial.mode != DialMode.PREVIEW]
    rang_s = [dial.rang_s for dial in dials if dial.outcome is AttemptOutcome.NO_ANSWER]
    longest_s = ceil(_quantile(rang_s, 0.95)) if rang_s else 25
    ring_s = min(RING_S[-1], max(RING_S[0], longest_s))
    seen_dials = [
        SeenDial(_hour(dial.at, first), _ENDS[dial.outcome], min(dial.rang_s, ring_s)) for dial in dials
    ]
    return Outbound(
        mode=max(set(modes), key=modes.count) if modes else DialMode.PROGRESSIVE,
        leads=seen_leads(seen_dials),
        talk=seen(records.campaign_talks_s, 100.0),
        ring_s=ring_s,
    )


def _inbound(calls: Sequence[CallOnFile], first: datetime, hours: float, target_s: float) -> Inbound:
    an_hour = [0.0] * ceil(hours)
    for call in calls:
        an_hour[min(len(an_hour) - 1, _hour(call.at, first))] += 1.0
    last = hours - len(an_hour) + 1  # the last hour may not be a whole one
    if last < SHORT_H and len(an_hour) > 1:  # one call in a minute is no sixty an hour
        an_hour[-2:] = [(an_hour[-2] + an_hour[-1]) / (1.0 + last)] * 2
    else:
        an_hour[-1] /= last
    talks_s = [call.talked_s for call in calls if call.answered]
    return Inbound(an_hour, seen(talks_s, 180.0), _patience(calls), target_s)


def _patience(calls: Sequence[CallOnFile]) -> Distribution:
    """How long callers wait before they hang up, taken for exponential.

    The mean is the sum of all waits divided by the number of callers who gave up: the maximum-likelihood estimate, with
    answered calls as censored waits.
    """
    gave_up = sum(not call.answered for call in calls)
    mean_s = sum(call.waited_s for call in calls) / gave_up if gave_up else inf
    if mean_s == inf or mean_s <= 0.0:
        return lambda _: constantly(inf)
    return lambda random: exponential(random, mean_s)


def _hour(at: datetime, first: datetime) -> int:
    return max(0, int((at - first).total_seconds() / HOUR_S))


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _quantile(values: Sequence[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]
