"""How many calls each campaign places now.

Looked at when an operator, a call or an attempt changes, and once a second while a campaign runs; at most ten times a
second. Campaigns of higher priority come first. What another campaign has in flight towards the same operators counts
as taken, so that no operator is counted twice.
"""

from typing import Final

from app.floor import attempts
from app.floor.campaign import (
    Attempt,
    AttemptState,
    Campaign,
    CampaignSettings,
    DialMode,
    Trunk,
)
from app.floor.commands import PlaceCall
from app.floor.errors import NotPossible
from app.floor.floor import DeadlineKind, Floor
from app.floor.model import AttemptId, CampaignId
from app.floor.turn import Turn

LOOK_S: Final = 1.0
APART_S: Final = 0.1
"""The least time between two looks: changes come in swarms."""


def set_campaign(turn: Turn, settings: CampaignSettings) -> None:
    """Make or change a campaign. Attempts that are under way go on.

    Raises:
        NotPossible: its queue is not there, or it would change trunks while calls are under way.
    """
    floor = turn.floor
    if settings.queue not in floor.queues:
        raise NotPossible(f"there is no queue {settings.queue}")
    campaign = floor.campaigns.get(settings.id)
    if campaign is None:
        floor.campaigns[settings.id] = Campaign(settings)
    elif campaign.attempts and campaign.settings.trunk != settings.trunk:
        raise NotPossible("the trunk cannot be changed while calls are under way")
    else:
        campaign.settings = settings
        campaign.nothing_until_s = 0.0
    floor.trunks.setdefault(settings.trunk, Trunk(counted_s=turn.now.mono_s))
    floor.look_at_campaigns = True


def remove_campaign(turn: Turn, id_: CampaignId) -> None:
    """Take a campaign away.

    Raises:
        NotPossible: there is none, or calls are under way.
    """
    campaign = turn.floor.campaigns.get(id_)
    if campaign is None:
        raise NotPossible("no such campaign on the floor")
    if campaign.attempts:
        raise NotPossible("calls of this campaign are under way")
    del turn.floor.campaigns[id_]


def set_trunk(turn: Turn, name: str, channels: int, calls_per_s: float) -> None:
    """Limit what is placed through a trunk at one time, and in a second."""
    trunk = turn.floor.trunks.setdefault(name, Trunk(counted_s=turn.now.mono_s))
    trunk.channels, trunk.calls_per_s = channels, calls_per_s
    trunk.credit = max(1.0, min(trunk.credit, calls_per_s))


def look(turn: Turn) -> None:
    """Place what is to be placed now."""
    floor = turn.floor
    running = [campaign for campaign in floor.campaigns.values() if campaign.settings.running]
    if not running or not floor.linked:
        return
    now_s = turn.now.mono_s
    for campaign in sorted(running, key=lambda each: (-each.settings.priority, each.settings.id)):
        if now_s < campaign.looked_s + APART_S:
            turn.set_deadline(
                DeadlineKind.LOOK, campaign.looked_s + APART_S, 0, campaign=campaign.settings.id
            )
            continue
        campaign.looked_s = now_s
        turn.set_deadline(DeadlineKind.LOOK, now_s + LOOK_S, 0, campaign=campaign.settings.id)
        if now_s >= campaign.nothing_until_s:
            for _ in range(_allowed(turn, campaign, _wanted(floor, campaign))):
                _place(turn, campaign)


def _wanted(floor: Floor, campaign: Campaign) -> int:
    """How many more lines the mode asks for; 0 with nobody free."""
    settings = campaign.settings
    queue = floor.queues.get(settings.queue)
    if queue is None or not queue.idle_operators or settings.mode is DialMode.PREVIEW:
        return 0
    lines = settings.lines if settings.mode is DialMode.RATIO else 1.0
    return int(queue.idle_operators * max(1.0, lines)) - _taken(floor, campaign)


def _taken(floor: Floor, campaign: Campaign) -> int:
    """Lines already under way towards this campaign's operators, and answers that wait for one."""
    members = floor.queues[campaign.settings.queue].members.keys()
    taken = 0
    for other in floor.campaigns.values():
        theirs = floor.queues.get(other.settings.queue)
        if theirs is not None and not members.isdisjoint(theirs.members):
            taken += sum(_is_under_way(floor, attempt) for attempt in other.attempts.values())
    return taken


def _is_under_way(floor: Floor, attempt: Attempt) -> bool:
    """Whether an attempt will want an operator who is idle now."""
    if attempt.state is not AttemptState.ANSWERED:
        return True
    call = floor.calls.get(attempt.call) if attempt.call is not None else None
    return call is not None and call.offer is None and call.answered is None and call.leaving is None


def _allowed(turn: Turn, campaign: Campaign, wanted: int) -> int:
    """What the trunk takes of it now."""
    trunk = turn.floor.trunks[campaign.settings.trunk]
    now_s = turn.now.mono_s
    grown = trunk.credit + (now_s - trunk.counted_s) * trunk.calls_per_s
    trunk.credit, trunk.counted_s = min(max(1.0, trunk.calls_per_s), grown), now_s
    allowed = max(0, min(wanted, trunk.channels - trunk.attempts, int(trunk.credit)))
    trunk.credit -= allowed
    return allowed


def _place(turn: Turn, campaign: Campaign) -> None:
    floor, settings = turn.floor, campaign.settings
    id_ = AttemptId(f"kc{settings.id}-{floor.next_attempt}")
    floor.next_attempt += 1
    attempts.ask(turn, campaign, Attempt(id_, settings.id, turn.now))
    turn.commands.append(
        PlaceCall(
            id_, settings.id, settings.trunk, settings.caller_id, settings.ring_s, settings.queue,
            settings.detect_machines,
        )
    )  # fmt: skip
