"""The journal's files: a batch in the spool with a row for every statement, and rows that were set aside."""

import asyncio
import json
import tempfile
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.dialects import sqlite

from app.domain.calls import CallOutcome, Direction, EndedBy
from app.domain.ids import CallId
from app.domain.operators import RoutingState
from app.floor.facts import CallArrived, CallerKnown, OutgoingEnded
from app.records.mapping import Batch, Mapper
from app.records.packing import VERSION, pack, unpack
from app.records.set_aside import Refused, SetAside
from app.records.statements import Prepared, Statement, Statements
from tests.records.stories import at, call_story, operator_changed, step
from tests.stored.form import Form
from tests.stored.timeline import ANNA, FACTS, OTHER, record

STATEMENTS = Statements(sqlite.dialect())
OPEN = CallId("1780000009.9")


def batches() -> list[Batch]:
    """One for each way that a row may be written."""
    mapper = Mapper()
    arrived = next(fact for fact in FACTS if isinstance(fact, CallArrived))
    story = call_story("1780000000.1", operator=7, contact=3)
    outside = record(OTHER, CallOutcome.ANSWERED, EndedBy.OPERATOR)._replace(
        direction=Direction.OPERATOR, cost=Decimal("0.125")
    )
    first = mapper.batch([*story[:4], step(5, arrived._replace(call=OPEN))])
    second = mapper.batch(
        [
            *story[4:],
            step(70, OutgoingEnded(call=OTHER, record=outside)),
            step(80, CallerKnown(call=OPEN, name="Anna", contact=ANNA, matches=(ANNA,), cause="picked")),
            step(90, operator_changed(7, RoutingState.IDLE, cause="wrap_up_over")),
        ]
    )
    return [first, second]


def written(place: int) -> Any:
    """A batch's record."""
    return json.loads(pack(batches()[place]))


def read(_: int, stored: Any) -> Any:
    """A record taken out and put back in, without names that came later and have nothing to say of it."""
    packed = json.loads(pack(unpack(json.dumps(stored).encode())))
    return {name: value for name, value in packed.items() if name in stored or value}


def asked(statement: Statement) -> set[str]:
    """What a statement's rows are asked for, by name."""
    if isinstance(statement, Prepared):
        return {name for name, _, _ in statement._plan}
    compiled: Any = statement._statement.compile()  # type: ignore[attr-defined]
    return set(compiled.params)


def aside() -> Any:
    """A file with a row of each statement."""
    work = STATEMENTS.of(*batches())
    refused = [
        Refused(STATEMENTS.name_of(statement), dict(rows[0]), ValueError("no")) for statement, rows in work
    ]
    with tempfile.TemporaryDirectory() as folder:
        kept = SetAside(Path(folder), 1 << 20)
        asyncio.run(kept.keep(refused))
        told = json.loads(kept.files[0].read_bytes())
    assert told.pop("at").keys() == {"$time"}
    return told


def read_aside(_: int, stored: Any) -> Any:
    """What is tried again: which statement, with what."""
    at_ = {"$time": at(0).wall.isoformat()}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "20261129T101530.123456Z.json").write_text(json.dumps({"at": at_, **stored}))
        kept = SetAside(Path(folder), 1 << 20)
        rows = asyncio.run(kept.read(kept.files[0]))
    return [
        {"statement": one["statement"], "row": json.loads(json.dumps(one["row"], default=str))}
        for one in rows
    ]


FORMS = [
    Form("spool", "batch that begins calls", VERSION, partial(written, 0), read),
    Form("spool", "batch that ends calls", VERSION, partial(written, 1), read),
    Form("spool", "rows set aside", 1, aside, read_aside),
]
