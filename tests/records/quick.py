"""SQLite of the tests waits for no disk: nothing of it must outlive a power cut.

A disk that others keep busy may stall for longer than a request waits.
"""

from types import ModuleType
from typing import Any, Final

from app.pbx.realtime import database
from app.records import engine as records

REAL: Final = {module: getattr(module, "_prepare_sqlite") for module in (database, records)}  # noqa: B009 - private
"""What prepares a connection, by its module."""


def wait_for_no_disk() -> None:
    """Let all databases on SQLite that this process opens from now on be so."""
    for module in REAL:
        setattr(module, "_prepare_sqlite", _quick(module))  # noqa: B010 - private


def _quick(module: ModuleType) -> Any:
    def prepare(connection: Any, record: Any) -> None:
        REAL[module](connection, record)
        cursor = connection.cursor()
        cursor.execute("PRAGMA synchronous = OFF")
        cursor.close()

    return prepare
