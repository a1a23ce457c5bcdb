"""Errors of the database, with texts for whoever runs the service.

`app.system.away` tells a database that is away from a fault of the program; the PBX's room needs that, too.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import IntegrityError

_SQLITE_CONFLICTS: Final = frozenset(
    {
        sqlite3.SQLITE_CONSTRAINT_UNIQUE,
        sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
        sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY,
    }
)
_POSTGRESQL_CONFLICTS: Final = frozenset({"23503", "23505"})  # foreign key, unique


class DatabaseUrlInvalid(ValueError):
    """The database's URL is not valid."""


class DatabaseUnreachable(Exception):
    """The database does not answer, or refuses the connection."""


class SlowInTransaction(RuntimeError):
    """A fault of the service: slow work began inside a transaction that writes."""


def is_conflict(error: BaseException) -> bool:
    """Whether a change names something that does not exist, or repeats something that must be unique.

    The program has to keep all other constraints: no request can break them.
    """
    if not isinstance(error, IntegrityError):
        return False
    code, state = getattr(error.orig, "sqlite_errorcode", None), getattr(error.orig, "sqlstate", None)
    return code in _SQLITE_CONFLICTS or state in _POSTGRESQL_CONFLICTS


@contextmanager
def refused_as(refusal: Exception) -> Iterator[None]:
    """Raise `refusal` where a change meets a conflict, see `is_conflict`.

    Raises:
        refusal: the change meets such a conflict; the transaction is spoiled by then.
    """
    try:
        yield
    except IntegrityError as error:
        if is_conflict(error):
            raise refusal from error
        raise
