"""Operators' calls to each other, and how they go: for what is heard live, and for the PBX's own event log.

A call lasts as long as both its ends are there; before the answer, as long as who calls. An attended transfer decides
by what it joins:

- Two calls between colleagues: the first ends, and its other party takes the place, in the second, of who joined them.
- A colleague who was asked about a customer, or about somebody outside: the other call's record tells of their part,
  and the consultation is no call of its own. One that is given up is a call as any other.
- A call that was there before what it is joined with: it was no consultation, and ends.
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
    """One call from an operator's phone to another's: the one calls, the other is called."""

    id: CallId
    channel_name: str
    caller_number: str
    caller_name: str
    dialled: str
    began: Now
    caller: OperatorId | None
    """Who called, whoever talks in their place now."""
    called: OperatorId | None
    """Whose phone is called."""
    endpoint: str
    """That phone."""
    near: Leg
    """The phone at the caller's end now."""
    far: Leg | None = None
    """The phone that rings, or talks, at the other end."""
    earlier: list[Leg] = field(default_factory=list)
    """Phones that were at the other end before, by transfers."""
    answered: Now | None = None
    hung_up_first: EndedBy | None = None
    unheard: bool = False
    """Part of its life was not heard."""
    missing_since: Now | None = None
    """When a list of the PBX's channels was first without it."""

    @property
    def parts(self) -> Iterator[Leg]:
        """Both ends, as far as they are there."""
        yield self.near
        if self.far is not None:
            yield self.far

    @property
    def operators(self) -> list[OperatorId]:
        """Whose phones are at its ends."""
        return [part.operator for part in self.parts if part.operator is not None]

    def part(self, channel: ChannelId) -> Leg | None:
        """The end at this channel."""
        return next((part for part in self.parts if part.channel == channel), None)

    def end_of(self, channel: ChannelId) -> EndedBy:
        """Who it is that hangs up there."""
        return EndedBy.CALLER if channel == self.near.channel else EndedBy.OPERATOR

    def ends_with(self, channel: ChannelId) -> bool:
        """Whether the end of this channel is the call's: a phone that rings in vain may be followed by another's."""
        return self.answered is not None or channel == self.near.channel


class Joined(NamedTuple):
    """What an attended transfer came to."""

    ended: tuple[InternalCall, ...] = ()
    """Calls that are over."""
    consulted: tuple[InternalCall, ...] = ()
    """Consultations: no calls of their own."""
    moved: tuple[OperatorId, ...] = ()
    """Who took another's place, and whose."""


@dataclass(slots=True)
class Internal:
    """All calls between colleagues."""

    calls: dict[CallId, InternalCall] = field(default_factory=dict)
    by_channel: dict[ChannelId, CallId] = field(default_factory=dict)
    over: dict[CallId, None] = field(default_factory=dict)
    """The last ones that ended, or were no calls of their own: what is told late of them is nothing new."""
    gone: dict[ChannelId, None] = field(default_factory=dict, compare=False)
    """The last channels that ended, whatever they were: of a channel that nobody knows the floor is as it was."""

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
        """What an operator does, as people see it: a word with a colleague is a talk for who has no other."""
        if routing is not RoutingState.IDLE or not self.calls:
            return routing
        calls = list(self.of_operator(id_))
        if any(call.answered for call in calls):
            return RoutingState.TALKING
        return RoutingState.RINGING if calls else routing

    def begin(self, call: InternalCall) -> None:
        """A phone calls a colleague's."""
        self.calls[call.id] = call
        if call.near.channel is not None:
            self.by_channel[call.near.channel] = call.id

    def ring(self, call: InternalCall, leg: ChannelId, now: Now) -> bool:
        """The colleague's phone is dialled; False: that is known, or it is another call's."""
        if call.far is not None or leg in self.by_channel or leg in self.gone:
            return False
        call.far = Leg(operator=call.called, endpoint=call.endpoint, began=now, channel=leg, rang=now)
        self.by_channel[leg] = call.id
        return True

    def answer(
        self, call: InternalCall, leg: ChannelId, endpoint: str, operator: OperatorId | None, now: Now
    ) -> bool:
        """The phone that rang was answered, or another picked it up; False: it was not that, or is known.

        Args:
            call: the one that rings.
            leg: what answered.
            endpoint: the phone that it is.
            operator: whose.
            now: when.
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
        """A channel is gone, and does not come again."""
        _keep(self.gone, channel)

    def end(self, call: InternalCall) -> None:
        """It is over."""
        del self.calls[call.id]
        for part in call.parts:
            if part.channel is not None and self.by_channel.get(part.channel) == call.id:
                del self.by_channel[part.channel]
        _keep(self.over, call.id)

    def join(
        self, lines: tuple[ChannelId, ChannelId], began: Callable[[ChannelId], Now | None], now: Now
    ) -> Joined:
        """An operator joined the parties of two calls, and left both.

        Args:
            lines: the operator's channels.
            began: when the call on a line began that is not with a colleague; None: it is not known.
            now: when.
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
