"""Preview: an idle operator is shown a lead, looks at it, and dials or skips it.

    idle operator -> FindLead -> LeadFound: shown -> dialled by them, or when the time is over -> PlaceCall
                                                 `-> skipped, or the operator leaves -> ReleaseLead

Until a lead is found, the operator is idle like any other. From then on they are offered no call but its answer. A lead
that is shown is never taken from the operator; while callers wait too long, no new leads are shown. The operator is
there when the customer answers, so no customer is abandoned.
"""

from datetime import timedelta
from typing import Final

from app.domain.campaigns import DialMode
from app.domain.errors import NotPossible
from app.domain.ids import AttemptId, OperatorId, at_node
from app.domain.now import Now
from app.domain.operators import RoutingState
from app.floor.calls.routing import withdraw_operator
from app.floor.campaigns import attempts
from app.floor.campaigns.dialing import Attempt, Campaign, Preview
from app.floor.campaigns.pacing_view import grow, lines_of
from app.floor.commands import FindLead, ReleaseLead
from app.floor.errors import CampaignAtRest, NoFreeLine, NoPreview, PbxAway, PreviewDialling
from app.floor.events import AttemptNotPlaced, LeadFound
from app.floor.floor import DeadlineKind
from app.floor.model import Operator
from app.floor.operators import states
from app.floor.turn import Turn

LONGEST_S: Final = 840.0
"""How long an operator may look at a lead if the campaign sets no time; then it is given back."""
FIND_S: Final = 15.0
"""How long the dialer may take to find a lead."""
NO_LINE_S: Final = 1.0
"""How long after a dial that was not possible, such as with no free line, it is tried again."""


def look(turn: Turn, campaign: Campaign, unclaimed: int) -> None:
    """Ask the dialer for a lead for each idle operator of a campaign, at most `unclaimed`, the longest idle first."""
    floor = turn.floor
    queue = floor.queues[campaign.settings.queue]
    idle = [
        operator
        for id_ in queue.members
        if (operator := floor.operators[id_]).offerable
        and operator.node == campaign.node
        and id_ not in floor.previews
        and queue.settings.skills <= operator.settings.skills
    ]
    for operator in sorted(idle, key=lambda one: (one.idle_since_s, one.settings.id))[:unclaimed]:
        id_ = AttemptId(at_node(campaign.node, f"kc{campaign.settings.id}-{floor.next_attempt}"))
        floor.next_attempt += 1
        preview = Preview(id=id_, campaign=campaign.settings.id, operator=operator.settings.id)
        _set_end(turn, preview, FIND_S)
        floor.previews[operator.settings.id] = preview
        turn.commands.append(FindLead(id_, campaign.settings.id, operator.settings.id))


def found(turn: Turn, event: LeadFound) -> None:
    """Show a lead to the operator it was found for; if the operator is no longer idle, give it back."""
    floor = turn.floor
    preview = _of(turn, event.attempt)
    operator = floor.operators.get(preview.operator) if preview is not None else None
    if preview is None or operator is None or preview.lead is not None or not operator.offerable:
        if preview is not None and preview.lead is None:
            del floor.previews[preview.operator]
        turn.commands.append(ReleaseLead(event.attempt, event.campaign, "operator_busy", skipped=False))
        return
    settings = floor.campaigns[preview.campaign].settings
    preview.lead = event
    _set_end(turn, preview, settings.preview_s or LONGEST_S)
    withdraw_operator(floor, operator)
    operator.routing = RoutingState.PREVIEWING
    operator.ticket += 1
    turn.operator_changed(operator, "lead_shown")


def not_found(turn: Turn, event: AttemptNotPlaced) -> None:
    """End a preview for which the dialer has no lead."""
    preview = _of(turn, event.attempt)
    if preview is None or preview.dialled:
        return
    del turn.floor.previews[preview.operator]
    if (campaign := turn.floor.campaigns.get(preview.campaign)) is not None:
        campaign.nothing_until_s = max(campaign.nothing_until_s, turn.now.mono_s + event.again_s)


def dial(turn: Turn, id_: OperatorId) -> None:
    """Call the customer whose lead an operator looks at.

    Raises:
        OperatorNotOnFloor: no such operator.
        NoPreview: the operator is shown no lead.
        PreviewDialling, CampaignAtRest, PbxAway, NoFreeLine: the lead cannot be dialled now.
    """
    preview, operator = _shown(turn, id_)
    floor = turn.floor
    campaign = floor.campaigns[preview.campaign]
    settings = campaign.settings
    if not settings.running:
        raise CampaignAtRest
    if not floor.node(campaign.node).linked:
        raise PbxAway
    trunk = floor.trunks[settings.trunk]
    grow(trunk, turn.now.mono_s)
    if lines_of(trunk) < 1:
        raise NoFreeLine
    trunk.credit -= 1.0
    preview.dialled, preview.until = True, None
    ordinal = preview.lead.ordinal if preview.lead is not None else 1
    attempts.place(
        turn,
        campaign,
        Attempt(id=preview.id, campaign=settings.id, asked=turn.now, operator=id_, ordinal=ordinal),
    )
    turn.operator_changed(operator, "lead_dialled")


def skip(turn: Turn, id_: OperatorId, reason: str) -> None:
    """Do not call the customer whose lead an operator looks at.

    Raises:
        OperatorNotOnFloor: no such operator.
        NoPreview: the operator is shown no lead.
        PreviewDialling: the lead is being dialled.
    """
    _, operator = _shown(turn, id_)
    states.give_back(turn, operator, reason, skipped=True)


def end_all(turn: Turn, campaign: Campaign, reason: str) -> None:
    """Give back all leads of a campaign that are shown and not dialled: it stops, or changes its dial mode."""
    for preview in list(turn.floor.previews.values()):
        if preview.campaign == campaign.settings.id and preview.lead is not None:
            states.give_back(turn, turn.floor.operators[preview.operator], reason)


def time_over(turn: Turn, preview: Preview) -> None:
    """Handle the end of a preview's time: dial the lead, or give it back if the campaign sets no time."""
    operator = turn.floor.operators[preview.operator]
    if preview.lead is None:
        del turn.floor.previews[preview.operator]
    elif turn.floor.campaigns[preview.campaign].settings.preview_s <= 0:
        states.give_back(turn, operator, "not_decided")
    else:
        try:
            dial(turn, preview.operator)
        except NotPossible:
            _set_end(turn, preview, NO_LINE_S)


def is_preview(campaign: Campaign) -> bool:
    """Whether the campaign runs in preview mode."""
    return campaign.settings.running and campaign.settings.mode is DialMode.PREVIEW


def _set_end(turn: Turn, preview: Preview, after_s: float) -> None:
    now = turn.now
    preview.until = Now(now.mono_s + after_s, now.wall + timedelta(seconds=after_s))
    turn.set_deadline(DeadlineKind.PREVIEW, preview.until.mono_s, 0, operator=preview.operator)


def _of(turn: Turn, id_: AttemptId) -> Preview | None:
    return next((preview for preview in turn.floor.previews.values() if preview.id == id_), None)


def _shown(turn: Turn, id_: OperatorId) -> tuple[Preview, Operator]:
    operator = states.known(turn, id_)
    preview = turn.floor.previews.get(id_)
    if preview is None or preview.lead is None:
        raise NoPreview
    if preview.dialled:
        raise PreviewDialling
    return preview, operator
