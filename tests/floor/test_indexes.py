"""The indexes stay small and fair however often people come and go."""

from app.domain.ids import QueueId
from app.domain.operators import Presence
from app.floor.commands import OfferCall, TakeSnapshot
from app.floor.events import CommandRefused
from app.simulator.promises import check
from tests.floor.story import Story

MANY = 500
SWEPT = 64 + 10  # entries: what is not worth sweeping, and a few that live


def test_operators_who_come_and_go_behind_the_best_do_not_pile_up() -> None:
    s = Story()
    s.queue()
    s.operator(1, ("sales", 1))
    s.operator(2, ("sales", 2))
    s.pbx.hang_up(s.call())  # from now there is an index of the idle
    for _ in range(MANY):
        s.on_break(2)
        s.presence(2, Presence.AVAILABLE)
    (heap,) = s.floor.queues[QueueId("sales")].idle.values()
    assert len(heap) <= SWEPT
    check(s.floor, s.world.now_s)
    assert [s.ringing(s.call()) for _ in range(3)] == [1, 2, None]


def test_callers_who_come_and_go_behind_the_first_do_not_pile_up() -> None:
    s = Story()
    s.queue()
    first = s.call()
    for _ in range(MANY):
        s.pbx.hang_up(s.call())
    last = s.call()
    (heap,) = s.floor.queues[QueueId("sales")].waiting.values()
    assert len(heap) <= SWEPT
    s.operator(1)
    s.operator(2)
    assert (s.ringing(first), s.ringing(last)) == (1, 2)


def test_deadlines_of_calls_that_are_over_do_not_pile_up() -> None:
    s = Story()
    s.queue(ring_s=20)
    s.operator(1)
    for _ in range(MANY):
        line = s.talk(1)
        s.wait(10)
        s.pbx.hang_up(line)
    assert len(s.floor.deadlines) <= 10


def test_who_missed_a_call_goes_to_the_end_of_the_line() -> None:
    s = Story()
    s.queue(miss_limit=0, retry_s=5)
    s.operator(1)
    s.wait(1)
    s.operator(2)
    s.wait(1)
    s.operator(3)
    s.wait(1)
    line = s.call()
    s.pbx.reject(line)
    assert s.ringing(line) == 2
    s.wait(10)
    assert [s.ringing(s.call()) for _ in range(2)] == [3, 1]


def test_refusals_count_only_in_a_row() -> None:
    s = Story()
    s.queue(miss_limit=0, retry_s=0)
    s.operator(1)
    obey = s.world.obey

    def refuse_once() -> None:
        s.tell(CommandRefused(s.ordered(OfferCall)[-1], "no"))

    s.world.obey = lambda _: None
    line = s.call()
    refuse_once()
    s.world.obey = obey
    s.wait(1)
    assert s.ringing(line) == 1  # the second order rings: the caller can be moved after all
    s.world.obey = lambda _: None
    s.pbx.reject(line)
    s.wait(1)
    refuse_once()
    assert TakeSnapshot("offer_refused") not in s.commands
