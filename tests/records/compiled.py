"""Engines of the tests share what they compile: each test has engines of its own, and the statements are the same."""

from functools import cache
from types import ModuleType
from typing import Any, Final

from sqlalchemy import Engine, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.pbx.realtime import database
from app.records import engine as records
from app.records import writer
from app.records.statements import Statements

STATEMENTS: Final = 5000
"""How many compiled statements are kept."""
_first: dict[tuple[str, str], Engine] = {}
"""By who makes engines and for which database: the first engine that was connected."""


def share() -> None:
    """Let all engines that are made from now on share."""
    for module in (database, records):
        setattr(module, "create_async_engine", _sharing(module))  # noqa: B010 - mypy knows no such name there
    setattr(writer, "Statements", cache(Statements))  # noqa: B010 - by dialect, which they share


def _sharing(module: ModuleType) -> Any:
    def make(*where: Any, **said: Any) -> AsyncEngine:
        made = create_async_engine(*where, query_cache_size=STATEMENTS, **said)
        engine = made.sync_engine
        kind = module.__name__, engine.dialect.name
        first = _first.get(kind)
        if first is None:
            event.listen(engine, "connect", lambda *_: _first.setdefault(kind, engine))
        else:  # what is compiled belongs to a dialect, which knows its database since it was connected first
            engine.dialect = engine.pool._dialect = first.dialect
            engine._compiled_cache = first._compiled_cache
        return made

    return make
