"""What stands in the records does not depend on what classes are called."""

from collections.abc import Iterator
from dataclasses import fields

import pytest

from app.domain.ids import CallId
from app.floor.facts import CallQueued
from app.records.mapping import Batch, Mapper
from app.records.packing import NAMES, Unpackable, pack, unpack
from app.records.timeline import KINDS
from tests.records.stories import SALES, call_story, step


@pytest.fixture
def renamed() -> Iterator[None]:
    """A class that is called otherwise."""
    CallQueued.__name__ = "CallInLine"
    yield
    CallQueued.__name__ = "CallQueued"


@pytest.mark.usefixtures("renamed")
def test_a_class_that_is_called_otherwise_changes_nothing() -> None:
    batch = Mapper().batch([*call_story("c1"), step(0, CallQueued(CallId("c2"), SALES, "arrived"))])
    assert {row["kind"] for row in batch.events} <= set(KINDS.values())
    assert batch.events[-1]["kind"] == "CallQueued"


FIRST = (
    b'{"arrived":[],"ended":[],"contacts":[["c1",{"b_id":"c1","b_contact_id":5}]],"legs":[],'
    b'"events":[{"call_id":"c1","seq":1767261601000000,"at":{"$time":"2026-01-01T10:00:01+00:00"},"kind":"CallerKnown",'
    b'"cause":"picked","operator_id":null,"data":{"name":"","contact":5,"matches":[]}}],"intervals":[],"closings":[],'
    b'"served":[],"facts":1,"oldest":[-999999.0,{"$time":"2026-01-01T10:00:01+00:00"}]}'
)
"""A record of the spool as versions wrote it that did not tell its form."""


def test_a_batch_in_the_spool_has_names_that_stay() -> None:
    batch = unpack(FIRST)
    assert batch.facts == 1
    assert batch.contacts == {CallId("c1"): {"b_id": "c1", "b_contact_id": 5}}
    assert batch.events[0]["at"] == batch.oldest.wall if batch.oldest else None
    since = FIRST.replace(b"{", b'{"version":1,', 1)[:-1] + b',"stream":[]}'
    assert pack(batch) == since, "the same names, in the same order, and those that came since"
    assert unpack(pack(batch)) == batch
    assert set(NAMES.values()) == {field.name for field in fields(Batch)}
    with pytest.raises(Unpackable, match="its form is 2"):
        unpack(FIRST.replace(b"{", b'{"version":2,', 1))
