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
"""How long a caller whose talk is over may stay before the floor asks for a snapshot."""
SECOND_LOOK_S = 1.0
"""How long after a first snapshot without a call's channel a second must be without it, too, before the call counts
as ended: a busy PBX reports an end late."""
_GONE_KEPT = 1_000


def call_of(turn: Turn, channel: ChannelId) -> Call | None:
    """The call this channel belongs to."""
    id_ = turn.floor.by_channel.get(channel)
    return None if id_ is None else turn.floor.calls.get(id_)


def find_leg(call: Call, channel: ChannelId) -> Leg | None:
    """The leg on this channel, the latest first."""
    return next((leg for leg in reversed(call.legs) if leg.channel == channel), None)


def end_leg(turn: Turn, call: Call, leg: Leg, ended: Now | None = None) -> None:
    """Close a leg, as of `ended` or of the event, and free its operator: into wrap-up if they talked."""
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
    if others:  # the phone's second contact rang, too; or the phone is called again while it talks
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
    """Close all legs of a call. Legs that talked come last, so that an operator with two legs gets the wrap-up."""
    for leg in sorted(call.legs, key=lambda leg: leg.answered is not None):
        end_leg(turn, call, leg, ended)


def channel_gone(turn: Turn, channel: ChannelId) -> None:
    """Remember that a channel is gone or about to go: its late events start no new call and no new ringing."""
    gone = turn.floor.gone
    gone[channel] = None
    if len(gone) > _GONE_KEPT:
        del gone[next(iter(gone))]


def leave_alone(turn: Turn, call: Call) -> None:
    """Note that the talk is over and no other has begun. Mostly the call ends now; if not, a snapshot is asked for."""
    call.alone_since = turn.now
    turn.set_deadline(DeadlineKind.LEAVE, turn.now.mono_s + ALONE_S, call.ticket, call=call.id)


def free(turn: Turn, operator: Operator, wrap_up_s: float, talked: LastCampaignCall | None = None) -> None:
    """Free an operator whose part in a call is over: for the second line's talk, for wrap-up, or to idle."""
    second = turn.floor.calls.get(operator.second_call) if operator.second_call is not None else None
    operator.second_call = None
    if second is not None and second.talking is not None and second.talking.operator == operator.settings.id:
        operator.call = second.id
        on_hold = second.talking.held_since is not None
        occupy(turn, operator, RoutingState.ON_HOLD if on_hold else RoutingState.TALKING, "second_line")
    else:
        call_over(turn, operator, wrap_up_s, talked)


def _talked(turn: Turn, call: Call) -> LastCampaignCall | None:
    """The campaign's call that the operator has to dispose of; None: no campaign placed the call."""
    campaign = turn.floor.campaigns.get(call.campaign) if call.campaign is not None else None
    if call.attempt is None or campaign is None:
        return None
    required = campaign.settings.disposition_required
    return LastCampaignCall(call.id, call.attempt, campaign.settings.id, required, call.disposed)
