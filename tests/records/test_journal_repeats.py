"""However the facts are cut into batches and these put together, and however often, the tables are the same."""

from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.contacts.tables import ContactKind
from app.domain.ids import CallId, ContactId, OperatorId
from app.floor.facts import CallerKnown, CallQueued, OperatorGone, StepResult
from app.records.base import metadata
from app.records.mapping import Mapper
from app.records.statements import Statements
from tests.records.stories import DAWN, SALES, call_arrived, call_story, operator_changed, step

HISTORY = ("call", "call_leg", "call_event", "operator_state")
OPEN = CallId("open")
DAY: list[StepResult] = sorted(
    [
        *call_story("c1", 0, operator=7, contact=3),
        *call_story("c2", 30, operator=8, contact=3),
        *call_story("c3", 100, operator=7, contact=None),
        step(90, operator_changed(7)),
        step(40, call_arrived(OPEN), CallQueued(OPEN, SALES, "arrived")),
        step(41, CallerKnown(OPEN, "Mari", ContactId(3), (ContactId(3),), "lookup")),
        step(50, CallerKnown(OPEN, "Anna", ContactId(4), (), "picked")),
        step(55, call_arrived(OPEN), CallQueued(OPEN, SALES, "adopted")),
        step(200, OperatorGone(OperatorId(8))),
    ],
    key=lambda outcome: outcome.at.mono_s,
)


async def _write(
    engine: AsyncEngine, cuts: set[int], repeats: list[int], together: int
) -> dict[str, list[Any]]:
    contact = {"kind": ContactKind.PERSON.value, "surname": "", "given_name": "", "patronymic": ""}
    contact |= {"company_name": "", "note": "", "language": "", "search": ""}
    async with engine.begin() as connection:
        for name in (*HISTORY, "contact"):
            await connection.execute(metadata.tables[name].delete())
        for id_ in (3, 4):
            row = {**contact, "id": id_, "created_at": DAWN, "updated_at": DAWN}
            await connection.execute(metadata.tables["contact"].insert(), row)
    mapper, statements = Mapper(), Statements(engine.dialect)
    edges = [0, *sorted(cuts), len(DAY)]
    batches = [mapper.batch(DAY[start:end]) for start, end in pairwise(edges)]
    for number in range(0, len(batches), together):
        for _ in range(repeats[number % len(repeats)]):
            async with engine.begin() as connection:
                for statement, rows in statements.of(*batches[number : number + together]):
                    await statement.run(connection, rows)
    async with engine.connect() as connection:
        return {
            name: sorted(map(tuple, await connection.execute(metadata.tables[name].select())), key=repr)
            for name in (*HISTORY, "contact")
        }


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cuts=st.sets(st.integers(1, len(DAY) - 1)),
    repeats=st.lists(st.integers(1, 3), min_size=1, max_size=6),
    together=st.integers(1, 8),
)
async def test_cuts_and_repeats_make_no_difference(
    engine: AsyncEngine, cuts: set[int], repeats: list[int], together: int
) -> None:
    assert await _write(engine, cuts, repeats, together) == await _write(engine, set(), [1], 1)
