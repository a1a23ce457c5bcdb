"""What stands in the records does not depend on what classes are called."""

from collections.abc import Iterator
from typing import get_args

import pytest

from app.floor.facts import CallQueued
from app.floor.model import CallId
from app.records import mapping
from app.records.mapping import KINDS, Mapper
from tests.records.stories import SALES, call_story, step

STORED = {
    *("CallAnswered", "CallArrived", "CallEnded", "CallHeld", "CallLeaving", "CallParked", "CallQueued"),
    *(
        "CallResumed",
        "CallTransferred",
        "CallerKnown",
        "InternalEnded",
        "OfferEnded",
        "OfferMade",
        "OfferRang",
    ),
    *("OutgoingAllowed", "OutgoingAnswered", "OutgoingBegan", "OutgoingEnded", "OutgoingRefused"),
}
"""Every kind there has ever been. One may be added, none taken away or called otherwise."""


def test_every_fact_of_a_call_has_a_name_that_stays() -> None:
    assert set(get_args(mapping._CallFact)) == KINDS.keys()
    assert set(KINDS.values()) == STORED
    assert len(KINDS) == len(STORED)


@pytest.fixture
def renamed() -> Iterator[None]:
    """A class that is called otherwise."""
    CallQueued.__name__ = "CallInLine"
    yield
    CallQueued.__name__ = "CallQueued"


@pytest.mark.usefixtures("renamed")
def test_a_class_that_is_called_otherwise_changes_nothing() -> None:
    batch = Mapper().batch([*call_story("c1"), step(0, CallQueued(CallId("c2"), SALES, "arrived"))])
    assert {row["kind"] for row in batch.events} <= STORED
    assert batch.events[-1]["kind"] == "CallQueued"
