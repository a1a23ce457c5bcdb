"""Transfers that an operator asks the service for, in the simulated centre."""

import pytest

from app.simulator.centre import Centre
from app.simulator.script_settings import phone_of
from app.simulator.transfers import QUEUE, TRUNK


@pytest.mark.parametrize(
    ("extension", "rings"),
    [(phone_of(2), phone_of(2)), (f"{QUEUE}b", phone_of(2)), ("+37255500002", TRUNK)],
)
def test_the_simulated_pbx_sends_the_caller_where_the_service_was_asked_to(
    extension: str, rings: str
) -> None:
    centre = Centre()
    for action in (
        *(("queue", "a"), ("queue", "b"), ("operator", 1, "a"), ("operator", 2, "b")),
        *(("presence", 1), ("presence", 2), ("wait", 1.0), ("arrive", 7, "a"), ("wait", 1.0)),
        *(("answer", 7), ("wait", 1.0)),
    ):
        centre.do(action)
    line = centre.lines[7]
    assert (line.endpoint, line.talking) == (phone_of(1), True)
    centre.do(("asks_transfer", 7, extension))
    centre.do(("wait", 1.0))
    assert (line.endpoint, line.talking) == (rings, False)
    centre.do(("answer", 7))
    centre.do(("wait", 1.0))
    assert (line.endpoint, line.talking) == (rings, True)
    centre.do(("hang_up", 7))
    centre.do(("wait", 1.0))
    assert not centre.lines
