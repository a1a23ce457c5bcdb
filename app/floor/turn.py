"""The context of one step: the floor, the moment, and the commands and facts so far."""

from dataclasses import dataclass, field
from heapq import heappush

from app.domain.ids import AttemptId, CallId, NodeId, OperatorId, node_of
from app.domain.now import Now
from app.domain.operators import Presence, RoutingState
from app.floor.commands import Command, TakeSnapshot
from app.floor.facts import Fact, FaultSeen, OperatorChanged
from app.floor.floor import Deadline, DeadlineKind, Floor
from app.floor.model import Operator


@dataclass(slots=True)
class Turn:
    """The context of one step, passed to the functions that handle it; they add commands and facts."""

    floor: Floor
    now: Now
    happened: Now
    """When the event happened: earlier than `now` if the event was late."""
    commands: list[Command] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)

    def set_deadline(
        self,
        kind: DeadlineKind,
        at_s: float,
        ticket: int,
        *,
        call: CallId | None = None,
        operator: OperatorId | None = None,
        attempt: AttemptId | None = None,
    ) -> None:
        """Set a deadline at `at_s` (monotonic seconds); it is void if `ticket` is by then."""
        floor = self.floor
        due = Deadline(
            at_s=at_s,
            order=floor.next_order,
            kind=kind,
            call=call,
            operator=operator,
            ticket=ticket,
            attempt=attempt,
        )
        heappush(floor.deadlines, due)
        floor.next_order += 1

    def fault(self, what: str, call: CallId) -> None:
        """Record something that should not happen to a call, and ask its PBX for a snapshot to correct it."""
        self.facts.append(FaultSeen(what, call))
        self.take_snapshot(node_of(call), what)

    def take_snapshot(self, node: NodeId, cause: str) -> None:
        """Ask a PBX for a snapshot if the link is up; if not, the service asks at its next log-in."""
        if self.floor.node(node).linked:
            self.commands.append(TakeSnapshot(cause, node))

    def operator_changed(self, operator: Operator, cause: str) -> None:
        """Record an operator's state as it now is."""
        routing = self.floor.internal.doing(operator.settings.id, operator.routing)
        does = _does(operator, routing)
        if operator.since is None or does != operator.does:
            operator.does, operator.since = does, self.now
        self.floor.look_at_campaigns = True
        self.facts.append(
            OperatorChanged(
                operator=operator.settings.id,
                presence=operator.presence,
                break_reason=operator.break_reason,
                routing=routing,
                device=operator.device,
                call=operator.call,
                pending=operator.pending[0] if operator.pending else None,
                cause=cause,
            )
        )


def _does(operator: Operator, routing: RoutingState) -> tuple[object, ...]:
    """The operator's state as people see it; a pending presence is not part of it."""
    if routing is not RoutingState.IDLE:
        return routing, operator.call
    if operator.presence is not Presence.AVAILABLE:
        return operator.presence, operator.break_reason
    return operator.presence, operator.device
