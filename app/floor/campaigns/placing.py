"""When each campaign places calls; `app.pacing` decides how many.

The floor decides when an operator, a call or an attempt changes, and once a second while a campaign runs, at most four
times a second. Campaigns of higher priority come first; of two alike, the one that placed its last call earlier. An
operator towards whom another campaign has dials in flight counts as taken, so that no operator is counted on twice.
"""

from typing import Final

from app.domain.campaigns import CampaignSettings
from app.domain.ids import AttemptId, CampaignId, at_node
from app.domain.now import Now
from app.floor.campaigns import attempts, keeping, previews, statistics_updates
from app.floor.campaigns.dialing import Attempt, Campaign, Trunk
from app.floor.campaigns.pacing_view import grow, view_of
from app.floor.errors import CampaignCalling, CampaignNotOnFloor, CampaignQueueAway, TrunkInUse
from app.floor.events import CampaignRecalled
from app.floor.facts import PacingDecided
from app.floor.floor import DeadlineKind
from app.floor.turn import Turn
from app.pacing.abandonment import Abandonment
from app.pacing.calls_to_place import LOOK_AGAIN_S, Bound, Decision, PacingView, calls_to_place
from app.pacing.statistics import CampaignStatistics

APART_S: Final = 0.25
"""The least time between two decisions: changes come in bursts."""
TELL_S: Final = 1.0
"""The least time between two `PacingDecided` facts of a campaign."""


def set_campaign(turn: Turn, settings: CampaignSettings) -> None:
    """Make or change a campaign. Attempts that are under way go on; its statistics are kept.

    Raises:
        CampaignQueueAway: its queue is not on the floor.
        TrunkInUse: the trunk would change while attempts are under way.
    """
    floor = turn.floor
    if settings.queue not in floor.queues:
        raise CampaignQueueAway(queue=settings.queue)
    campaign = floor.campaigns.get(settings.id)
    if campaign is None:
        floor.campaigns[settings.id] = Campaign(
            settings=settings,
            statistics=CampaignStatistics(settings.ring_s),
            abandonment=_abandonment(settings, turn.now),
        )
    elif campaign.attempts and campaign.settings.trunk != settings.trunk:
        raise TrunkInUse
    else:
        before, campaign.settings = campaign.settings, settings
        campaign.nothing_until_s = 0.0
        campaign.statistics.rings(settings.ring_s)
        if not previews.is_preview(campaign):
            previews.end_all(turn, campaign, "campaign_stopped")
        if (before.window, before.begun, before.zone) != (settings.window, settings.begun, settings.zone):
            campaign.abandonment = _abandonment(settings, turn.now)
    floor.trunks.setdefault(settings.trunk, Trunk(counted_s=turn.now.mono_s))
    floor.look_at_campaigns = True


def recall(turn: Turn, event: CampaignRecalled) -> None:
    """Take over a campaign's recorded answers and dials into its abandonment rate and statistics.

    Raises:
        CampaignNotOnFloor: no such campaign.
    """
    campaign = turn.floor.campaigns.get(event.campaign)
    if campaign is None:
        raise CampaignNotOnFloor(campaign=event.campaign)
    campaign.abandonment = _abandonment(campaign.settings, turn.now)
    for at, answers in event.answers:
        campaign.abandonment.add(at, abandoned=False, times=answers.answered)
        campaign.abandonment.add(at, abandoned=True, times=answers.abandoned)
    if not campaign.statistics.dials:
        statistics_updates.recalled(campaign, event.dials, turn.now)
        for seconds in event.talks_s:
            campaign.statistics.talked(seconds)
        for seconds in event.wrap_ups_s:
            campaign.statistics.wrapped_up(seconds)
    turn.floor.look_at_campaigns = True


def remove_campaign(turn: Turn, id_: CampaignId) -> None:
    """Take a campaign away.

    Raises:
        CampaignNotOnFloor: no such campaign.
        CampaignCalling: attempts are under way.
    """
    campaign = turn.floor.campaigns.get(id_)
    if campaign is None:
        raise CampaignNotOnFloor(campaign=id_)
    if campaign.attempts:
        raise CampaignCalling
    previews.end_all(turn, campaign, "campaign_stopped")
    del turn.floor.campaigns[id_]


def set_trunk(turn: Turn, name: str, channels: int, calls_per_s: float) -> None:
    """Set how many attempts a trunk may have at one time, and how many calls may be placed a second."""
    most = max(1.0, calls_per_s)
    trunk = turn.floor.trunks.setdefault(name, Trunk(counted_s=turn.now.mono_s, credit=most))
    trunk.channels, trunk.calls_per_s = channels, calls_per_s
    trunk.credit = min(trunk.credit, most)


def evaluate_pacing(turn: Turn) -> None:
    """Decide how many calls each running campaign places now, and place them."""
    floor, now_s = turn.floor, turn.now.mono_s
    running = [
        campaign
        for campaign in floor.campaigns.values()
        if campaign.settings.running
        and campaign.settings.queue in floor.queues
        and floor.node(campaign.node).linked
    ]
    if not running:
        return
    if now_s < floor.looked_s + APART_S:
        _look_at(turn, floor.looked_s + APART_S)
        return
    floor.looked_s = now_s
    again_s = LOOK_AGAIN_S
    for campaign in sorted(
        running, key=lambda each: (-each.settings.priority, each.placed_s, each.settings.id)
    ):
        grow(floor.trunks[campaign.settings.trunk], now_s)
        view = view_of(floor, campaign, turn.now)
        if now_s < campaign.nothing_until_s:
            decision = Decision(place=0, bound=Bound.NO_LEADS, spare=view.record.spare)
        else:
            decision = calls_to_place(view, now_s)
        again_s = min(again_s, decision.look_again_s)
        if previews.is_preview(campaign) and decision.bound is Bound.MODE:
            previews.look(turn, campaign, view.unclaimed)
        if view.strict is not None:
            keeping.require(floor, campaign)
        for place in range(decision.place):
            _place(turn, campaign, kept=place >= decision.place - decision.kept)
        _tell(turn, campaign, view, decision)
    _look_at(turn, now_s + again_s)


def _look_at(turn: Turn, at_s: float) -> None:
    floor = turn.floor
    if not turn.now.mono_s < floor.look_at_s <= at_s:
        floor.look_at_s = at_s
        turn.set_deadline(DeadlineKind.LOOK, at_s, 0)


def _abandonment(settings: CampaignSettings, now: Now) -> Abandonment:
    return Abandonment(window=settings.window, begun=settings.begun or now.wall, zone=settings.zone)


def _place(turn: Turn, campaign: Campaign, *, kept: bool) -> None:
    floor, settings = turn.floor, campaign.settings
    id_ = AttemptId(at_node(campaign.node, f"kc{settings.id}-{floor.next_attempt}"))
    floor.next_attempt += 1
    campaign.placed_s = turn.now.mono_s
    floor.trunks[settings.trunk].credit -= 1.0
    attempt = Attempt(id=id_, campaign=settings.id, asked=turn.now, ordinal=campaign.ordinal)
    attempts.place(turn, campaign, attempt)
    if kept and not keeping.keep(turn, attempt):
        floor.unkept[id_] = None


def _tell(turn: Turn, campaign: Campaign, view: PacingView, decision: Decision) -> None:
    """Keep the last decision, and make it a fact when it is new."""
    record = view.record
    decided = PacingDecided(
        campaign=campaign.settings.id,
        mode=view.mode,
        idle=view.idle,
        ready=view.ready,
        dials=view.in_flight,
        waiting=view.waiting,
        answered=record.answered,
        abandoned=record.abandoned,
        limit=record.limit,
        decision=decision,
        kept=view.kept,
    )
    campaign.decided, campaign.decided_at = decided, turn.now
    new = (decision.place, decision.bound)
    if new != campaign.told and turn.now.mono_s >= campaign.told_s + TELL_S:
        campaign.told, campaign.told_s = new, turn.now.mono_s
        turn.facts.append(decided)
