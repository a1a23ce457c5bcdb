"""An operator's part in a call, and how it ends."""

from app.domain.ids import ChannelId
from app.domain.now import Now
from app.domain.operators import RoutingState
from app.floor.campaigns import statistics_updates
from app.floor.floor import DeadlineKind
from app.floor.model import Call, LastCampaignCall, Leg, Operator
from app.floor.operators.states import call_over, occupy
from app.floor.turn import Turn

ALONE_S = 0.3
"""How long a caller whose talk is over may be there before the PBX is asked whom they are with."""
SECOND_LOOK_S = 1.0
"""How long after a list without a call's channel another must be without it: a busy PBX tells of an end late."""
_GONE_KEPT = 1_000


def call_of(turn: Turn, channel: ChannelId) -> Call | None:
    """The call this channel belongs to."""
    id_ = turn.floor.by_channel.get(channel)
    return None if id_ is None else turn.floor.calls.get(id_)


def find_leg(call: Call, channel: ChannelId) -> Leg | None:
    """The leg on this channel, the latest first."""
    return next((leg for leg in reversed(call.legs) if leg.channel == channel), None)


def end_leg(turn: Turn, call: Call, leg: Leg, ended: Now | None = None) -> None:
    """Close a leg, now or as of an earlier moment, and free its operator, into wrap-up if they talked."""
    if leg.ended is not None:
        return
    floor = turn.floor
    leg.ended = ended or turn.happened
    if leg.held_since is not None:
        leg.held_s += leg.ended.mono_s - leg.held_since.mono_s
        leg.held_since = None
    if call.talking is leg:
        call.talking = None
    if (
        leg.channel is not None
        and leg.channel != call.channel
        and floor.by_channel.get(leg.channel) == call.id
    ):
        del floor.by_channel[leg.channel]
    operator = floor.operators.get(leg.operator) if leg.operator is not None else None
    if operator is None or operator.call != call.id:
        return
    others = [part for part in call.legs if part.operator == leg.operator and part.ended is None]
    if others:  # the phone's second contact rang, too; or it is called again while it talks
        if not any(part.answered for part in others) and operator.routing is not RoutingState.RINGING:
            occupy(turn, operator, RoutingState.RINGING, "ringing")
        return
    queue = floor.queues.get(call.queue)
    wrap_up_s = queue.settings.wrap_up_s if queue is not None and leg.answered is not None else 0.0
    if leg.answered is not None:
        statistics_updates.talked(turn, call, leg.ended.mono_s - leg.answered.mono_s)
        operator.served = call.queue if call.campaign is None and not call.internal else None
    free(turn, operator, wrap_up_s, _talked(turn, call) if leg.answered is not None else None)


def end_legs(turn: Turn, call: Call, ended: Now | None = None) -> None:
    """Close all legs of a call; of an operator's two, the one that talked last, for the wrap-up is due to it."""
    for leg in sorted(call.legs, key=lambda leg: leg.answered is not None):
        end_leg(turn, call, leg, ended)


def channel_gone(turn: Turn, channel: ChannelId) -> None:
    """Remember that a channel is gone, or on its way: what is told late of it is no new call, and no new ringing."""
    gone = turn.floor.gone
    gone[channel] = None
    if len(gone) > _GONE_KEPT:
        del gone[next(iter(gone))]


def leave_alone(turn: Turn, call: Call) -> None:
    """The talk is over and no other told of. Most often the call ends now; if not, it is looked where the caller is."""
    call.alone_since = turn.now
    turn.set_deadline(DeadlineKind.LEAVE, turn.now.mono_s + ALONE_S, call.ticket, call=call.id)


def free(turn: Turn, operator: Operator, wrap_up_s: float, talked: LastCampaignCall | None = None) -> None:
    """An operator's part in their call is over: they go on with the second line, or to wrap-up, or idle."""
    second = turn.floor.calls.get(operator.second_call) if operator.second_call is not None else None
    operator.second_call = None
    if second is not None and second.talking is not None and second.talking.operator == operator.settings.id:
        operator.call = second.id
        on_hold = second.talking.held_since is not None
        occupy(turn, operator, RoutingState.ON_HOLD if on_hold else RoutingState.TALKING, "second_line")
    else:
        call_over(turn, operator, wrap_up_s, talked)


def _talked(turn: Turn, call: Call) -> LastCampaignCall | None:
    """What a campaign's operator is to say of a call they talked in."""
    campaign = turn.floor.campaigns.get(call.campaign) if call.campaign is not None else None
    if call.attempt is None or campaign is None:
        return None
    required = campaign.settings.disposition_required
    return LastCampaignCall(call.id, call.attempt, campaign.settings.id, required, call.disposed)
