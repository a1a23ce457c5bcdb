"""Tells a database that is away from a fault of the program, by the drivers' errors. No I/O.

| Away: it comes back, or an administrator brings it back | A fault of the program |
|---|---|
| a connection that is lost, refused or not admitted | a wrong table, column or statement |
| a time-out, or no free connection in the pool | a violated constraint, an invalid value |
| a disk that is full, read-only or broken; too many open files | a file that is missing or may not be read |
| another writer, a deadlock: a second try succeeds | any other error of Python |

A request that meets a database that is away is answered 503, and background work is tried again. A fault is answered
500, logged with its traceback, and not tried again at once.
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
    "25006",  # read-only: a standby, or a former one
    "28",  # it refuses the log-in
    "3D000",  # the database does not exist
    "40001",  # serialisation failure: a second try succeeds
    "40P01",  # deadlock
    "53",  # no disk space, memory or connection left
    "55P03",  # a lock is not available
    "57014",  # a time-out
    "57P",  # it is shutting down or starting
    "58",  # its disk, or another part of its system
)
"""SQLSTATE codes and classes: https://www.postgresql.org/docs/current/errcodes-appendix.html"""
_POSTGRESQL_UNUSABLE: Final = ("42501", "XX")  # no permission; damaged
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
    """Whether a database, its disk or the network to it is away, and the program is not at fault."""
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
    """Whether an administrator can mend it: the database is away, lacks permissions, or is damaged.

    For commands and the start of the service, which print such an error in one line and end.
    """
    if is_away(error) or (isinstance(error, OSError) and error.filename is not None):
        return True
    if isinstance(error, exc.StatementError):
        return error.orig is not None and is_unusable(error.orig)
    if isinstance(error, sqlite3.Error):
        return _sqlite_code(error) in _SQLITE_UNUSABLE
    return _sqlstate(error).startswith(_POSTGRESQL_UNUSABLE)


def reason(error: BaseException) -> str:
    """The error's type and message in one line, without the rows it was about, which hold callers' numbers."""
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
    # A name that is not found (`socket.gaierror`), and asyncio's error without errno when several addresses all failed.
    return type(error).__name__ in {"gaierror", "herror"} or (type(error) is OSError and error.errno is None)
