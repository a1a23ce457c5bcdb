"""Preview: an idle operator is shown a lead, looks at it, and dials or skips it.

    idle operator -> FindLead -> LeadFound: shown -> dialled by them, or when the time is over -> PlaceCall
                                                 `-> skipped, or the operator leaves -> ReleaseLead

Until a lead is found the operator is idle like any other; from then on they are offered no call but its answer. A lead
that is shown is never taken from them: while callers wait too long, it is only that no new one is shown. The operator
is there when the customer answers, so nobody is abandoned for want of one.
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
"""How long a lead may be looked at where the campaign sets no end; then it is given back."""
FIND_S: Final = 15.0
"""How long the dialer may take to find a lead."""
NO_LINE_S: Final = 1.0
"""When a dial whose time has come is tried again, with no line free."""


def look(turn: Turn, campaign: Campaign, unclaimed: int) -> None:
    """Find a lead for each idle operator of a campaign, at most `unclaimed`: the longest idle first."""
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
    """Show a lead to the operator it was found for; if they are not idle any more, give it back."""
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
    """There is no lead to show."""
    preview = _of(turn, event.attempt)
    if preview is None or preview.dialled:
        return
    del turn.floor.previews[preview.operator]
    if (campaign := turn.floor.campaigns.get(preview.campaign)) is not None:
        campaign.nothing_until_s = max(campaign.nothing_until_s, turn.now.mono_s + event.again_s)


def dial(turn: Turn, id_: OperatorId) -> None:
    """Call the customer whose lead an operator looks at.

    Raises:
        NoPreview: they look at none.
        PreviewDialling, CampaignAtRest, PbxAway, NoFreeLine: it cannot be dialled now.
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
        NoPreview: they look at none.
        PreviewDialling: it is being dialled.
    """
    _, operator = _shown(turn, id_)
    states.give_back(turn, operator, reason, skipped=True)


def end_all(turn: Turn, campaign: Campaign, reason: str) -> None:
    """Give back what is looked at and not dialled: the campaign stops, or is dialled in another way."""
    for preview in list(turn.floor.previews.values()):
        if preview.campaign == campaign.settings.id and preview.lead is not None:
            states.give_back(turn, turn.floor.operators[preview.operator], reason)


def time_over(turn: Turn, preview: Preview) -> None:
    """The lead was looked at for as long as may be: dial it, or give it back where there is no such time."""
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
    """Whether its operators look at leads."""
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
