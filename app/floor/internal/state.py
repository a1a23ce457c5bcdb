"""The course of operators' calls to each other, for live events and for the PBX's own event log alike.

A call lasts as long as both its ends exist; before the answer, as long as the calling end. What an attended transfer
does depends on the calls it joins:

- Two calls between colleagues: the first ends, and its other party takes the transferring operator's place in the
  second.
- A call between colleagues and an older call, with a customer or outside: the first was a consultation. The older
  call's record has the colleague's part, and the consultation gets no record. A consultation that ends without a
  transfer gets a record like any other call.
- A call between colleagues and a newer call: the first was no consultation, and ends.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeVar

from app.domain.calls import EndedBy
from app.domain.ids import CallId, ChannelId, OperatorId
from app.domain.now import Now
from app.domain.operators import RoutingState
from app.floor.model import Leg

KEPT: Final = 1_000
_Id = TypeVar("_Id", CallId, ChannelId)


@dataclass(slots=True)
class InternalCall:
    """One call from an operator's phone to another operator's."""

    id: CallId
    channel_name: str
    caller_number: str
    caller_name: str
    dialled: str
    began: Now
    caller: OperatorId | None
    """The operator who called, even if another talks in their place now."""
    called: OperatorId | None
    """The operator who was called."""
    endpoint: str
    """The called phone."""
    near: Leg
    """The phone at the caller's end now."""
    far: Leg | None = None
    """The phone that rings, or talks, at the other end."""
    earlier: list[Leg] = field(default_factory=list)
    """Phones that were at the other end before a transfer or a pickup."""
    answered: Now | None = None
    hung_up_first: EndedBy | None = None
    unheard: bool = False
    """The floor missed events of this call."""
    missing_since: Now | None = None
    """When a snapshot first did not list the call's channels."""

    @property
    def parts(self) -> Iterator[Leg]:
        """The ends that exist: the near one, and the far one once it rings."""
        yield self.near
        if self.far is not None:
            yield self.far

    @property
    def operators(self) -> list[OperatorId]:
        """The operators whose phones are at its ends."""
        return [part.operator for part in self.parts if part.operator is not None]

    def part(self, channel: ChannelId) -> Leg | None:
        """The end at this channel."""
        return next((part for part in self.parts if part.channel == channel), None)

    def end_of(self, channel: ChannelId) -> EndedBy:
        """The party that has ended the call if this channel hangs up first."""
        return EndedBy.CALLER if channel == self.near.channel else EndedBy.OPERATOR

    def ends_with(self, channel: ChannelId) -> bool:
        """Whether the call ends with this channel: a phone that only rang may be followed by another."""
        return self.answered is not None or channel == self.near.channel


class Joined(NamedTuple):
    """The result of an attended transfer."""

    ended: tuple[InternalCall, ...] = ()
    """Calls that are over."""
    consulted: tuple[InternalCall, ...] = ()
    """Consultations, which get no record of their own."""
    moved: tuple[OperatorId, ...] = ()
    """The operator who left, and the one who took their place."""


@dataclass(slots=True)
class Internal:
    """All calls between colleagues."""

    calls: dict[CallId, InternalCall] = field(default_factory=dict)
    by_channel: dict[ChannelId, CallId] = field(default_factory=dict)
    over: dict[CallId, None] = field(default_factory=dict)
    """The last calls and consultations that ended: a late event of one begins no new call."""
    gone: dict[ChannelId, None] = field(default_factory=dict, compare=False)
    """The last channels of any kind that ended. Not compared, as the end of a channel of no call changes nothing."""

    def of_channel(self, channel: ChannelId) -> InternalCall | None:
        """The call that a channel is an end of."""
        id_ = self.by_channel.get(channel)
        return None if id_ is None else self.calls.get(id_)

    def of_operator(self, id_: OperatorId) -> Iterator[InternalCall]:
        """An operator's calls, the oldest first."""
        return (call for call in self.calls.values() if id_ in call.operators)

    def holds(self, id_: OperatorId) -> bool:
        """Whether an operator's phone is in a call with a colleague, or rings for one."""
        return bool(self.calls) and next(self.of_operator(id_), None) is not None

    def doing(self, id_: OperatorId, routing: RoutingState) -> RoutingState:
        """The routing state that people see: an otherwise idle operator in a call with a colleague talks, or rings."""
        if routing is not RoutingState.IDLE or not self.calls:
            return routing
        calls = list(self.of_operator(id_))
        if any(call.answered for call in calls):
            return RoutingState.TALKING
        return RoutingState.RINGING if calls else routing

    def begin(self, call: InternalCall) -> None:
        """Add a call from a phone to a colleague's."""
        self.calls[call.id] = call
        if call.near.channel is not None:
            self.by_channel[call.near.channel] = call.id

    def ring(self, call: InternalCall, leg: ChannelId, now: Now) -> bool:
        """Note that the colleague's phone rings; False: that is known, or the channel is another call's or gone."""
        if call.far is not None or leg in self.by_channel or leg in self.gone:
            return False
        call.far = Leg(operator=call.called, endpoint=call.endpoint, began=now, channel=leg, rang=now)
        self.by_channel[leg] = call.id
        return True

    def answer(
        self, call: InternalCall, leg: ChannelId, endpoint: str, operator: OperatorId | None, now: Now
    ) -> bool:
        """Note that the ringing phone was answered, or that another phone picked the call up.

        Args:
            call: the call whose phone rings.
            leg: the channel that answered.
            endpoint: that channel's phone.
            operator: the operator of that phone.
            now: when it answered.

        Returns:
            False: the call does not ring, is answered already, or the channel is another call's.
        """
        far = call.far
        if far is None or far.channel is None or call.answered is not None or leg == call.near.channel:
            return False
        if leg != far.channel:
            if leg in self.by_channel:
                return False  # another call's
            self.by_channel.pop(far.channel, None)
            self.by_channel[leg] = call.id
            far.ended = now
            call.earlier.append(far)
            call.far = far = Leg(operator=operator, endpoint=endpoint, began=now, channel=leg, rang=now)
        call.answered = far.answered = now
        return True

    def hung_up(self, channel: ChannelId) -> None:
        """Remember that a channel has ended."""
        _keep(self.gone, channel)

    def end(self, call: InternalCall) -> None:
        """Remove a call that is over."""
        del self.calls[call.id]
        for part in call.parts:
            if part.channel is not None and self.by_channel.get(part.channel) == call.id:
                del self.by_channel[part.channel]
        _keep(self.over, call.id)

    def join(
        self, lines: tuple[ChannelId, ChannelId], began: Callable[[ChannelId], Now | None], now: Now
    ) -> Joined:
        """Handle an attended transfer: an operator joined the parties of two calls, and left both.

        Args:
            lines: the operator's two channels.
            began: gives when the call on a line began that is not with a colleague; None: not known.
            now: when the operator joined them.
        """
        ours = [(call, line) for line in lines if (call := self.of_channel(line)) is not None]
        if len(ours) == 2 and ours[0][0] is not ours[1][0]:
            (first, first_line), (second, line) = sorted(ours, key=lambda one: one[0].began.mono_s)
            return self._join_both(first, first_line, second, line, now)
        if len(ours) != 1:
            return Joined()
        ((call, line),) = ours
        since = began(lines[1] if line == lines[0] else lines[0])
        consulted = since is None or since.mono_s <= call.began.mono_s
        if not consulted:
            call.hung_up_first = call.hung_up_first or call.end_of(line)
        self.end(call)
        return Joined(consulted=(call,)) if consulted else Joined(ended=(call,))

    def _join_both(
        self, first: InternalCall, first_line: ChannelId, second: InternalCall, line: ChannelId, now: Now
    ) -> Joined:
        first.hung_up_first = first.hung_up_first or first.end_of(first_line)
        self.end(first)
        other = first.far if first_line == first.near.channel else first.near
        leaves = second.part(line)
        if other is None or other.channel is None or leaves is None:
            return Joined(ended=(first,))
        self.by_channel.pop(line, None)
        self.by_channel[other.channel] = second.id
        place = Leg(
            operator=other.operator, endpoint=other.endpoint, began=now, channel=other.channel,
            answered=now if second.answered is not None else None,
        )  # fmt: skip
        if leaves is second.near:
            second.near = place
        else:
            leaves.ended = now
            second.earlier.append(leaves)
            second.far = place
        second.hung_up_first = None
        moved = [id_ for id_ in (leaves.operator, other.operator) if id_ is not None]
        return Joined(ended=(first,), moved=tuple(moved))


def _keep(last: dict[_Id, None], id_: _Id) -> None:
    last[id_] = None
    if len(last) > KEPT:
        del last[next(iter(last))]
