"""A campaign's call needs a disposition, and the wrap-up waits for it."""

import pytest

from app.domain.ids import AttemptId, CallId
from app.domain.operators import Presence, RoutingState
from app.floor.events import DispositionSet
from app.floor.facts import AttemptDisposed
from tests.floor.outbound import Outbound

WRAP_UP_S = 10.0


class Talking(Outbound):
    """One operator talks with whom the campaign called."""

    def __init__(self, *, required: bool = True, wrap_up_s: float = WRAP_UP_S) -> None:
        super().__init__(operators=1, disposition_required=required)
        self.queue(wrap_up_s=wrap_up_s)
        self.line = self.answers()
        self.answer(self.line)
        self.attempt = AttemptId(self.placed[0].attempt)

    def hang_up(self) -> None:
        self.pbx.hang_up(self.line)
        assert self.op(1).routing is RoutingState.WRAP_UP

    def dispose(self) -> None:
        self.tell(DispositionSet(self.attempt))


def test_a_wrap_up_waits_for_the_disposition_that_is_required() -> None:
    tale = Talking()
    tale.hang_up()
    talked = tale.op(1).talked
    assert talked is not None
    assert (talked.attempt, talked.required, talked.disposed) == (tale.attempt, True, False)
    tale.end_wrap_up(1)
    assert tale.refusal == "say first what the call came to"
    tale.wait(WRAP_UP_S * 3)
    assert tale.op(1).routing is RoutingState.WRAP_UP
    tale.dispose()
    assert tale.op(1).routing is RoutingState.IDLE, "its time was over long ago"
    assert [fact.operator for fact in tale.told(AttemptDisposed)] == [1]


def test_said_in_time_the_wrap_up_goes_on_to_its_end() -> None:
    tale = Talking()
    tale.hang_up()
    tale.dispose()
    tale.dispose()
    assert len(tale.told(AttemptDisposed)) == 1, "a correction changes nothing for the floor"
    assert tale.op(1).routing is RoutingState.WRAP_UP
    tale.wait(WRAP_UP_S)
    assert tale.op(1).routing is RoutingState.IDLE
    assert tale.op(1).talked is not None, "it may still be corrected"


def test_said_during_the_talk_it_is_said() -> None:
    tale = Talking()
    tale.dispose()
    assert [fact.call for fact in tale.told(AttemptDisposed)] == [CallId(tale.line.channel)]
    tale.hang_up()
    tale.end_wrap_up(1)
    assert tale.op(1).routing is RoutingState.IDLE


def test_a_queue_without_wrap_up_waits_for_it_all_the_same() -> None:
    tale = Talking(wrap_up_s=0.0)
    tale.hang_up()
    tale.wait(60.0)
    assert tale.op(1).routing is RoutingState.WRAP_UP
    tale.dispose()
    assert tale.op(1).routing is RoutingState.IDLE


def test_one_that_is_not_required_holds_nobody_up() -> None:
    tale = Talking(required=False)
    tale.hang_up()
    tale.wait(WRAP_UP_S)
    assert tale.op(1).routing is RoutingState.IDLE
    talked = tale.op(1).talked
    assert talked is not None
    assert not talked.required


@pytest.mark.parametrize("asked_in_talk", [True, False])
def test_who_leaves_leaves(asked_in_talk: bool) -> None:
    tale = Talking()
    if asked_in_talk:
        tale.presence(1, Presence.OFFLINE)
        tale.pbx.hang_up(tale.line)
    else:
        tale.hang_up()
        tale.presence(1, Presence.OFFLINE)
    assert tale.op(1).routing is RoutingState.IDLE
    tale.presence(1, Presence.AVAILABLE)
    assert tale.op(1).offerable, "what is owed is on file and holds up nobody"


def test_a_call_of_a_customer_owes_nothing() -> None:
    tale = Outbound(operators=1, running=False, disposition_required=True)
    tale.talk(1)
    assert tale.op(1).talked is None
