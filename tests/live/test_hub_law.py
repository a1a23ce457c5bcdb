"""Whatever happens in whatever order, each session is told exactly what is due."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.calls import CallState, OfferOutcome
from app.domain.campaigns import CampaignSettings, DialMode
from app.domain.ids import CampaignId, OperatorId, QueueId
from app.domain.operators import Presence
from app.floor.events import (
    AttemptNotPlaced,
    CampaignRemoved,
    CampaignSet,
    LinkLost,
    OperatorRemoved,
    PresenceAsked,
    QueueRemoved,
    SnapshotTaken,
    WrapUpEnded,
)
from app.live.hub import TELL_S
from tests.live.centre import Centre
from tests.live.hubs import OPERATORS, QUEUES, WATCHER, as_operator, drain, small_centre
from tests.live.reader import Reader


def act(centre: Centre, choice: int, pick: int) -> None:  # noqa: C901 - a table
    """One of the things that may happen on a floor, if it can."""
    operator = OperatorId(OPERATORS[pick % 3])
    calls = list(centre.floor.calls.values())
    call = calls[pick % len(calls)] if calls else None
    match choice:
        case 0:
            centre.arrive(QUEUES[pick % 2], f"+3725550{pick:04}")
        case 1 if call:
            centre.identify(call.id, "Kask", 5, (5,) if pick % 2 else (5, 6))
        case 2 if call and call.offer:
            centre.ring(call.id)
        case 3 if call and call.offer:
            centre.answer(call.id)
        case 4 if call and call.offer:
            centre.decline(call.id, OfferOutcome.TIMED_OUT if pick % 2 else OfferOutcome.CANCELLED)
        case 5 if call:
            centre.hang_up(call.id)
        case 6:
            presence = list(Presence)[pick % 3]
            centre.post(PresenceAsked(operator, presence, "paus"))
        case 7:
            centre.post(WrapUpEnded(operator))
        case 8:
            centre.add_operator(operator, *QUEUES[pick % 3 :])
        case 9:
            centre.post(OperatorRemoved(operator))
        case 10:
            centre.add_queue(QUEUES[pick % 2], f"Järjekord {pick}")
        case 11 if pick % 5 == 0:
            centre.post(QueueRemoved(QueueId(QUEUES[pick % 2])))
        case 12:
            centre.post(LinkLost("x") if pick % 2 else SnapshotTaken((), {}))
        case 13:
            centre.wait(pick % 30)
        case 14:
            settings = CampaignSettings(
                CampaignId(7), "Kevad", mode=DialMode.PROGRESSIVE, queue=QueueId(QUEUES[0])
            )
            centre.post(CampaignSet(dataclasses.replace(settings, running=pick % 3 > 0)))
        case 15 if centre.floor.attempts:
            attempts = list(centre.floor.attempts)
            centre.post(AttemptNotPlaced(attempts[pick % len(attempts)], 1.0))
        case 16:
            centre.post(CampaignRemoved(CampaignId(7)))
        case 17 if call and call.talking:
            centre.park(call.id, str(701 + pick % 20))
        case 18 if call and call.state is CallState.PARKED:
            centre.retrieve(call.id, operator)


ACTS = st.tuples(st.integers(0, 18), st.integers(0, 999))
CUTS = st.tuples(st.sampled_from(["cut", "flush", "read"]), st.integers(0, 3))


@pytest.mark.parametrize("tell_s", [TELL_S, 0.0])
@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(ACTS, ACTS, CUTS), max_size=120))
def test_any_interleaving_tells_each_session_exactly_what_is_due(
    tell_s: float, script: list[tuple[int | str, int]]
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("app.live.hub.TELL_S", tell_s)
        _tells_exactly_what_is_due(script)


def _tells_exactly_what_is_due(script: list[tuple[int | str, int]]) -> None:
    centre = small_centre(ring=60, backlog=1_000)
    viewers = [WATCHER, *(as_operator(id_) for id_ in OPERATORS)]
    steady = [(centre.hub.attach(viewer), Reader(operator=viewer.operator)) for viewer in viewers]
    due: list[list[int]] = [[] for _ in viewers]
    cut = [(centre.hub.attach(viewer), Reader(operator=viewer.operator)) for viewer in viewers]
    for choice, pick in script:
        if choice == "flush":
            centre.schedule.run()
        elif choice == "read":
            session, reader = cut[pick]
            if session.frames:
                reader.read(session.frames.popleft())
        elif choice == "cut":
            session, reader = cut[pick]
            centre.hub.detach(session)
            session = centre.hub.attach(viewers[pick], epoch=reader.epoch, after=reader.last)
            cut[pick] = session, reader
        else:
            assert isinstance(choice, int)
            act(centre, choice, pick)
    centre.hub.flush()
    centre.hub.look_again()  # at more than is here
    centre.hub.flush()
    for index, viewer in enumerate(viewers):
        for session, reader in (steady[index], cut[index]):
            drain(session, reader)
        steady_reader, cut_reader = steady[index][1], cut[index][1]
        due[index] = steady_reader.numbers
        assert steady_reader.snapshots == 1
        since = due[index][-len(cut_reader.numbers) :] if cut_reader.numbers else []
        assert cut_reader.numbers == since, "exactly the last messages, each once"
        fresh = Reader(operator=viewer.operator)
        drain(centre.hub.attach(viewer), fresh)
        assert steady_reader.truth == fresh.truth
        assert cut_reader.truth == fresh.truth
