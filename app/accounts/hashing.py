"""Argon2 password hashes on a few threads of low priority, with a bounded number waiting.

A hash takes 64 MiB and a tenth of a second of several cores. So the event loop never waits for one, `THREADS` bounds
the memory, and the threads have a lower priority than the event loop's thread.
"""

import asyncio
import os
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import Any, Final, NewType, TypeVar

from pwdlib import PasswordHash as Argon2
from pwdlib.hashers.argon2 import Argon2Hasher

from app.accounts.errors import HashingBusy
from app.accounts.passwords import PASSWORD_MAX, check_password, normalised
from app.records.engine import refuse_in_transaction

THREADS: Final = 2
"""How many hashes are made or checked at a time."""
MOST_PENDING: Final = 64
"""How many hashes may be under way or wait; one more is refused with `HashingBusy`."""
_NICE: Final = 10
_argon2 = Argon2((Argon2Hasher(),))
_room = threading.BoundedSemaphore(MOST_PENDING)
T = TypeVar("T")

PasswordHash = NewType("PasswordHash", str)
"""The stored hash of a password that `check_password` has accepted."""


async def hash_password(password: str, *names: str) -> PasswordHash:
    """Check a new password and give its hash.

    Args:
        password: as it was typed.
        names: the user's names; a password that is little more than one of them is refused.

    Raises:
        PasswordUnfit: the password is refused.
        HashingBusy: too many passwords are being hashed; try again later.
        SlowInTransaction: called within a database transaction, a fault of the program.
    """

    def work() -> PasswordHash:
        check_password(password, *names)
        return PasswordHash(_argon2.hash(normalised(password)))

    return await _on_thread(work)


async def verify_password(password: str, stored: str | None) -> tuple[bool, PasswordHash | None]:
    """Whether a password fits its stored hash, and a new hash to store if the stored one is of an older method.

    Args:
        password: as it was typed.
        stored: the stored hash; None for an unknown user: the work is done all the same, so that the time taken does
            not reveal which users exist.

    Raises:
        HashingBusy: too many passwords are being hashed; try again later.
        SlowInTransaction: called within a database transaction, a fault of the program.
    """
    return await _on_thread(lambda: _verify(password, stored if stored is not None else _nobodys_hash()))


async def _on_thread(work: Callable[[], T]) -> T:
    refuse_in_transaction("a password is hashed")
    if not _room.acquire(blocking=False):
        raise HashingBusy
    future: Future[T] = _threads().submit(work)
    future.add_done_callback(_leave)
    return await asyncio.wrap_future(future)


def _leave(_: "Future[Any]") -> None:
    _room.release()


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, "argon2", initializer=_give_way)


def _give_way() -> None:
    thread = threading.get_native_id()  # on Linux each thread has a priority of its own
    os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + _NICE)


def _verify(password: str, stored: str) -> tuple[bool, PasswordHash | None]:
    # A password longer than PASSWORD_MAX cannot have been set; it is hashed all the same, so that time tells nothing.
    text = normalised(password[:PASSWORD_MAX])
    fits, renewed = _argon2.verify_and_update(text, stored)
    if not fits and text != password:  # stored by an earlier version, not normalised
        fits, _ = _argon2.verify_and_update(password[:PASSWORD_MAX], stored)
        renewed = _argon2.hash(text) if fits else None
    return fits and len(password) <= PASSWORD_MAX, PasswordHash(renewed) if renewed is not None else None


@cache
def _nobodys_hash() -> str:
    return _argon2.hash(secrets.token_urlsafe(32))
