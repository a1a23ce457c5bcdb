"""How calls and attempts update a campaign's statistics, with a few operations each.

The answer rate counts only outcomes that depend on customers. A dial that the PBX or the network could not place, or
whose outcome is unknown, does not count: a fault of an hour must not look as if nobody answered.
"""

from typing import Final

from app.domain.campaigns import AttemptOutcome
from app.domain.now import Now
from app.floor.campaigns.dialing import Attempt, Campaign
from app.floor.events import RecalledDial
from app.floor.model import Call, Operator
from app.floor.turn import Turn

_NOBODY: Final = frozenset(
    {AttemptOutcome.MACHINE, AttemptOutcome.BUSY, AttemptOutcome.NO_ANSWER, AttemptOutcome.WRONG_NUMBER}
)


def answered(turn: Turn, attempt: Attempt) -> None:
    """Count an attempt that a person answered."""
    _dial_over(turn, attempt, answered=True)


def failed(turn: Turn, attempt: Attempt, outcome: AttemptOutcome) -> None:
    """Count an attempt that no person answered, if the outcome depended on the customer."""
    if outcome in _NOBODY:
        _dial_over(turn, attempt, answered=False)


def settled(turn: Turn, attempt: Attempt, *, abandoned: bool) -> None:
    """Count a live answer as connected in time or as abandoned, at the moment of the answer."""
    campaign = turn.floor.campaigns[attempt.campaign]
    campaign.abandonment.add((attempt.answered or turn.now).wall, abandoned=abandoned)
    campaign.statistics.settled(campaign.record(turn.now))


def talked(turn: Turn, call: Call, seconds: float) -> None:
    """Count an operator's talk that ended, in seconds."""
    campaign = turn.floor.campaigns.get(call.campaign) if call.campaign is not None else None
    queue = turn.floor.queues.get(call.queue)
    if campaign is not None:
        campaign.statistics.talked(seconds)
    elif queue is not None and call.campaign is None and not call.internal:
        queue.caller_s.talked(seconds)


def wrapped_up(turn: Turn, operator: Operator, seconds: float) -> None:
    """Count an operator's wrap-up that ended, in seconds; 0: there was none after the talk."""
    campaign = turn.floor.campaigns.get(operator.talked.campaign) if operator.talked is not None else None
    queue = turn.floor.queues.get(operator.served) if operator.served is not None else None
    if campaign is not None:
        campaign.statistics.wrapped_up(seconds)
    elif queue is not None:
        queue.caller_s.wrapped_up(seconds)


def recalled(campaign: Campaign, dials: tuple[RecalledDial, ...], now: Now) -> None:
    """Count recorded dials from before a restart, the oldest first."""
    learn, zone = campaign.statistics, campaign.settings.zone
    for dial in dials:
        tell = learn.answered if dial.answered else learn.failed
        ago_s = max(0.0, (now.wall - dial.at).total_seconds())
        hour = dial.at.astimezone(zone).hour
        tell(rang_s=dial.rang_s, attempt=dial.ordinal, hour=hour, now_s=now.mono_s - ago_s)


def _dial_over(turn: Turn, attempt: Attempt, *, answered: bool) -> None:
    if attempt.dialled is None or attempt.lead is None:
        return  # dialled before a restart: how long it rang is not known
    campaign = turn.floor.campaigns[attempt.campaign]
    tell = campaign.statistics.answered if answered else campaign.statistics.failed
    tell(
        rang_s=turn.now.mono_s - attempt.dialled.mono_s,
        attempt=attempt.ordinal,
        hour=turn.now.wall.astimezone(campaign.settings.zone).hour,
        now_s=turn.now.mono_s,
    )
