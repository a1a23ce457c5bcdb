"""Is the database away, or is it a fault of the program? Decided by what the drivers say. No I/O.

| Away: it comes back, or whoever runs the service brings it back | A fault: somebody has to look |
|---|---|
| a connection that is lost, refused, or not let in | a table, column or statement that is not right |
| a time-out, or a place in the pool that did not come free | a constraint, a value that is no value |
| a disk that is full, read-only or broken; too many open files | a file that is not there, or that may not be read |
| another writer, a deadlock: tried again it goes through | an error of Python's |

What is away is answered 503 and tried again; a fault is answered 500, logged with its traceback, and not tried again
and again.
"""

import errno
import sqlite3
import ssl
from typing import Final

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import exc

_SQLITE_AWAY: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)
"""Primary result codes: https://sqlite.org/rescode.html"""
_SQLITE_UNUSABLE: Final = frozenset(
    {sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
)
_POSTGRESQL_AWAY: Final = (
    "08",  # connection exception
    "25006",  # read-only: a standby, or one that was
    "28",  # it does not let us in
    "3D000",  # there is no such database
    "40001",  # tried again it goes through
    "40P01",
    "53",  # no room, memory or connection left
    "55P03",  # a lock is not to be had
    "57014",  # a time-out
    "57P",  # it is being shut down, or starts
    "58",  # its disk, or what else is outside of it
)
"""SQLSTATE codes and classes: https://www.postgresql.org/docs/current/errcodes-appendix.html"""
_POSTGRESQL_UNUSABLE: Final = ("42501", "XX")  # no right to it; damaged
_SYSTEM_AWAY: Final = frozenset(
    {
        *(errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO),
        *(errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM),
        *(errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.ENETDOWN, errno.ENETUNREACH, errno.ENETRESET),
        *(errno.EADDRNOTAVAIL, errno.ENOTCONN),
    }
)
_CLOSED: Final = ("connection is closed", "connection was closed", "connection has been released")


def is_away(error: BaseException) -> bool:
    """Whether a database, its disk or the way to it is away, and the program is not at fault."""
    if isinstance(error, exc.DBAPIError) and error.connection_invalidated:
        return True
    if isinstance(error, exc.StatementError):
        return error.orig is not None and is_away(error.orig)
    if isinstance(error, (TimeoutError, exc.TimeoutError, exc.DisconnectionError)):
        return True
    if isinstance(error, sqlite3.Error):
        return _sqlite_code(error) in _SQLITE_AWAY
    if state := _sqlstate(error):
        return state.startswith(_POSTGRESQL_AWAY)
    if isinstance(error, asyncpg.InterfaceError):
        return any(sign in str(error) for sign in _CLOSED)
    return isinstance(error, OSError) and _is_system_away(error)


def is_unusable(error: BaseException) -> bool:
    """Whether whoever runs the service can set it right: it is away, or there is no right to it, or it is damaged.

    For commands and the start, which tell what is the matter in a line and end.
    """
    if is_away(error) or (isinstance(error, OSError) and error.filename is not None):
        return True
    if isinstance(error, exc.StatementError):
        return error.orig is not None and is_unusable(error.orig)
    if isinstance(error, sqlite3.Error):
        return _sqlite_code(error) in _SQLITE_UNUSABLE
    return _sqlstate(error).startswith(_POSTGRESQL_UNUSABLE)


def reason(error: BaseException) -> str:
    """The error's own words in one line, without the rows it was about: they hold callers' numbers."""
    cause = getattr(error, "orig", None) or error
    lines = str(cause).splitlines()
    return f"{type(cause).__name__}: {lines[0]}" if lines else type(cause).__name__


def _sqlite_code(error: sqlite3.Error) -> int:
    """The primary code of an extended one; -1 where the driver has none."""
    code: int = getattr(error, "sqlite_errorcode", -1)
    return code & 0xFF if code >= 0 else code


def _sqlstate(error: BaseException) -> str:
    return str(getattr(error, "sqlstate", None) or "")


def _is_system_away(error: OSError) -> bool:
    if isinstance(error, (ConnectionError, ssl.SSLError)) or error.errno in _SYSTEM_AWAY:
        return True
    if error.errno in {errno.ENOENT, errno.EACCES}:
        return error.filename is None  # a socket of PostgreSQL's: a file would be named
    # Names that are not found (`socket.gaierror`), and asyncio's for several addresses that all failed, with no number.
    return type(error).__name__ in {"gaierror", "herror"} or (type(error) is OSError and error.errno is None)
