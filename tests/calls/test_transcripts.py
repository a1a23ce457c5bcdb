"""What the real PBX told of a call, and the record that must come of it. No PBX and no time is needed to run these.

Each scenario is two files in `tests/transcripts`: NAME.txt is what the PBX told, event by event (`tests.transcribe`
records it), NAME.toml the record expected of it. The transcript is replayed through `parse` and `step` in virtual time.
What the floor orders is not carried out, for the transcript is what came of the orders then given; it must be the same
orders again, down to the numbers of the offers.

To add one:

1. Add a story to `tests.transcribe` and run `python -m tests.transcribe NAME`; or put events from a PBX's log into
   NAME.txt, each after its `# +seconds` line, with the caller's number made +372 5550 xxxx. The house is always that of
   `tests.transcribe`: QUEUES and OPERATORS, all available.
2. Read the transcript, and write NAME.toml beside it by what you read, not by what the floor says:

       outcome = "answered"          # CallOutcome
       ended_by = "operator"         # EndedBy
       operator = 1                  # the last who talked; left out where nobody did
       queue = "tugi"                # the queue it ended in
       waited = [[0.0, 1.205]]       # from which moment of the transcript to which, once for each wait
       held = []
       legs = [                      # one for each phone that rang or was joined; outcome only of an offer
         { operator = 1, outcome = "accepted", talked = [1.205, 2.220] },
       ]

   Every time must be one that stands in the transcript, written as it stands there.
"""

import math
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.now import Now
from app.domain.operators import DeviceState, Presence, RoutingState
from app.floor.commands import IdentifyCaller
from app.floor.control import next_deadline, step
from app.floor.events import (
    CallerIdentified,
    ClockTicked,
    Event,
    OfferReturned,
    OperatorSet,
    PresenceAsked,
    QueueSet,
    SnapshotTaken,
)
from app.floor.facts import CallEnded, CallRecord, Fact, FaultSeen, OfferMade, OfferRang
from app.floor.floor import Floor
from app.pbx.parse import parse
from tests.transcribe import FOLDER, OPERATORS, QUEUES, read

TOLERANCE_S = 0.1
ARRIVAL = Now(1000.0, datetime(2026, 1, 5, 9, tzinfo=UTC))
AFTERWARDS_S = 60.0

Spans = Sequence[Sequence[float]]


class Replay:
    """A floor with the house of the transcripts, its clock at what the transcript says."""

    def __init__(self) -> None:
        self.floor = Floor()
        self.facts: list[Fact] = []
        house: list[Event] = [*map(QueueSet, QUEUES), *map(OperatorSet, OPERATORS)]
        house.append(SnapshotTaken((), {person.endpoint: DeviceState.REGISTERED for person in OPERATORS}))
        house += [PresenceAsked(person.id, Presence.AVAILABLE) for person in OPERATORS]
        for event in house:
            self._step(-1.0, event)

    def tell(self, at_s: float, event: Event) -> None:
        """Take an event; what falls due before it comes first."""
        while (due_s := self._due_s()) <= at_s:
            self._step(due_s, ClockTicked())
        if isinstance(event, OfferReturned):
            made = {offer.offer for offer in self.of(OfferMade)}
            assert event.offer in made, "the floor made other offers than when this was recorded"
        self._step(at_s, event)

    def of(self, kind: type[Fact]) -> list[Any]:
        return [fact for fact in self.facts if isinstance(fact, kind)]

    def _due_s(self) -> float:
        deadline_s = next_deadline(self.floor)
        return math.inf if deadline_s is None else deadline_s - ARRIVAL.mono_s

    def _step(self, at_s: float, event: Event) -> None:
        now = Now(ARRIVAL.mono_s + at_s, ARRIVAL.wall + timedelta(seconds=at_s))
        outcome = step(self.floor, event, now)
        self.facts += outcome.facts
        for command in outcome.commands:
            if isinstance(command, IdentifyCaller):
                self._step(at_s, CallerIdentified(command.call))  # unknown to the contact base


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
def test_the_record_of(path: Path) -> None:
    events = list(read(path.read_text()))
    replay = Replay()
    for at_s, event in events:
        parsed = parse(event)
        if parsed is not None:
            replay.tell(at_s, parsed)
    replay.tell(events[-1][0] + AFTERWARDS_S, ClockTicked())

    assert not replay.of(FaultSeen)
    rang = {offer.offer for offer in replay.of(OfferRang)}  # at the phone it was made to, or it is not told
    assert rang == {offer.offer for offer in replay.of(OfferMade)}
    assert_at_rest(replay.floor)
    (ended,) = replay.of(CallEnded)
    expected = tomllib.loads(path.with_suffix(".toml").read_text())
    moments = {at_s for at_s, _ in events}
    assert_record(ended.record, expected, moments)
    assert ended.record.duration_s == pytest.approx(last_hangup_s(events, ended.record), abs=TOLERANCE_S)


def test_each_expectation_has_its_transcript() -> None:
    assert {p.stem for p in FOLDER.glob("*.toml")} == {p.stem for p in FOLDER.glob("*.txt")}


def assert_record(record: CallRecord, expected: dict[str, Any], moments: set[float]) -> None:
    def length_s(spans: Spans) -> float:
        for moment in (at_s for span in spans for at_s in span):
            assert moment in moments, f"nothing happened at +{moment:.3f}"
        return sum(end_s - begin_s for begin_s, end_s in spans)

    assert (record.outcome, record.ended_by) == (expected["outcome"], expected["ended_by"])
    assert record.operator == expected.get("operator")
    assert record.queue == expected["queue"]
    legs = expected["legs"]
    assert [(leg.operator, leg.outcome) for leg in record.legs] == [
        (leg["operator"], leg.get("outcome")) for leg in legs
    ]
    talks = [[leg["talked"]] if "talked" in leg else [] for leg in legs]
    for leg, talk in zip(record.legs, talks, strict=True):
        assert leg.talked_s == pytest.approx(length_s(talk), abs=TOLERANCE_S)
        assert (leg.answered_at is not None) == bool(talk)
    assert record.waited_s == pytest.approx(length_s(expected["waited"]), abs=TOLERANCE_S)
    assert record.held_s == pytest.approx(length_s(expected["held"]), abs=TOLERANCE_S)
    assert record.talked_s == pytest.approx(sum(map(length_s, talks)), abs=TOLERANCE_S)


def assert_at_rest(floor: Floor) -> None:
    """Nothing is left of the call."""
    assert not floor.calls
    assert not floor.by_channel
    for operator in floor.operators.values():
        assert (operator.routing, operator.call) == (RoutingState.IDLE, None)


def last_hangup_s(events: Sequence[tuple[float, Any]], record: CallRecord) -> float:
    """When the caller's channel was gone."""
    return next(
        at_s for at_s, event in events if event.name == "Hangup" and event.get("Uniqueid") == record.channel
    )
