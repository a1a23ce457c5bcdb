"""A small centre with its hub, and what each session was told."""

import json
from typing import Any

from app.domain.ids import OperatorId
from app.live.session import Session, Viewer
from tests.live.centre import Centre
from tests.live.reader import Reader

WATCHER = Viewer(1, "s1", operator=None, sees_floor=True)
OPERATORS = (101, 102, 103)
QUEUES = ("myyk", "abi")


def as_operator(id_: int) -> Viewer:
    return Viewer(id_, f"s{id_}", operator=OperatorId(id_), sees_floor=False)


def drain(session: Session, reader: Reader) -> list[dict[str, Any]]:
    told = [reader.read(frame) for frame in session.frames]
    session.frames.clear()
    return told


def kinds(session: Session) -> list[str]:
    told = [json.loads(frame)["type"] for frame in session.frames]
    session.frames.clear()
    return told


def small_centre(**hub: Any) -> Centre:
    centre = Centre(**hub)
    for queue in QUEUES:
        centre.add_queue(queue)
    centre.add_operator(101, "myyk", name="Mari Maasikas")
    centre.add_operator(102, "myyk", "abi")
    centre.hub.flush()
    return centre
