"""The promises hold through 100,000 random steps, whatever people and PBX do; and afterwards all heals."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.floor.model import RoutingState
from tests.floor.promises import BUSY
from tests.floor.story import phone
from tests.floor.walk import Walk

EXAMPLES = 20
STEPS = 2_500  # in each example, for each of two kinds of PBX: 100,000 in all

walks = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],  # a walk does not shrink: another seed is another walk
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.mark.parametrize("faults", [0.0, 0.05], ids=["sound", "imperfect"])
def test_the_promises_hold_after_every_step(faults: float) -> None:
    @walks
    @given(seed=st.integers(0, 2**32))
    def walk(seed: int) -> None:
        w = Walk(seed, faults)
        w.go(STEPS)
        w.heal()
        _floor_and_pbx_agree(w)
        _silence_frees_everybody(w)

    walk()


def _floor_and_pbx_agree(w: Walk) -> None:
    """After a snapshot the floor's talks are the PBX's."""
    for line in w.pbx.lines.values():
        call = next((c for c in w.floor.calls.values() if c.channel == line.channel), None)
        if call is None:
            assert line.queue not in w.floor.queues
        elif line.talking and line.endpoint != "trunk":
            assert call.talking is not None
            assert call.talking.endpoint == line.endpoint
    for id_, operator in w.floor.operators.items():
        if operator.routing is RoutingState.TALKING:
            assert w.pbx.phones[phone(id_)].legs, f"operator {id_} talks on a phone that is on the hook"


def _silence_frees_everybody(w: Walk) -> None:
    """All callers vanish unheard, a snapshot is taken, and for a minute the PBX says nothing."""
    for line in list(w.pbx.lines.values()):
        w.up = False
        w.pbx.hang_up(line)
    w.up = True
    w.world.tell(w.pbx.snapshot())
    w.up = False
    w.world.run(w.world.now_s + 60)
    assert [op for op in w.floor.operators.values() if op.routing in BUSY] == []
    assert w.floor.calls == {}
    assert w.floor.by_channel == {}
    assert all(not queue.waiting_calls for queue in w.floor.queues.values())
