"""Recent log-ins, for the time when the database does not answer.

A break, the end of a wrap-up and the floor itself need no database; only finding the user does. An entry is as true
as the database's last answer. It is dropped at each log-out and at each change of rights made here.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime

from app.accounts.service import LoggedIn

_MOST = 10_000


class SessionCache:
    """Log-ins by token, the ones used longest ago dropped first. Only hashes of tokens are kept."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._known: OrderedDict[bytes, LoggedIn] = OrderedDict()
        self.forgotten = 0
        """Grows with each `forget_...`."""

    def keep(self, token: str, who: LoggedIn, forgotten: int) -> None:
        """Remember a log-in that the database has just confirmed.

        Args:
            token: as it was sent.
            who: the token's log-in.
            forgotten: `self.forgotten` before the database was asked. If anything was dropped since, nothing is kept.
        """
        key = _key(token)
        self._known.pop(key, None)
        if forgotten == self.forgotten:
            self._known[key] = who
            if len(self._known) > self._most:
                self._known.popitem(last=False)

    def drop(self, token: str) -> None:
        """Drop a token that the database does not know any more."""
        self._known.pop(_key(token), None)

    def find(self, token: str, at: datetime) -> LoggedIn | None:
        """The token's log-in as the database last gave it; None when it is not kept here, or is over."""
        who = self._known.get(_key(token))
        if who is None or (who.session.expires_at is not None and who.session.expires_at <= at):
            return None
        return who

    def forget_login(self, session_id: int) -> None:
        """Drop a log-in or token that is over."""
        self._forget(lambda who: who.session.id == session_id)

    def forget_user(self, user_id: int) -> None:
        """Drop the log-ins of a user whose rights changed."""
        self._forget(lambda who: who.user.id == user_id)

    def _forget(self, which: Callable[[LoggedIn], bool]) -> None:
        self.forgotten += 1
        for key in [key for key, who in self._known.items() if which(who)]:
            del self._known[key]


def _key(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
