"""Who was let in lately, for when the database does not answer.

A break, the end of a wrap-up, the floor itself need no database; only to know who asks did. What is remembered
was true when it was last asked, and is forgotten with each log-out and each change of rights made here.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime

from app.accounts.service import LoggedIn

_MOST = 10_000


class SessionCache:
    """Log-ins by token, the ones used longest ago dropped first. Tokens themselves are not kept."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._known: OrderedDict[bytes, LoggedIn] = OrderedDict()
        self.forgotten = 0
        """Grows with each `forget_...`."""

    def keep(self, token: str, who: LoggedIn, forgotten: int) -> None:
        """Remember a log-in that the database has just confirmed.

        Args:
            token: as it was sent.
            who: whose it is.
            forgotten: `self.forgotten` before the database was asked: an end that came meanwhile stands.
        """
        key = _key(token)
        self._known.pop(key, None)
        if forgotten == self.forgotten:
            self._known[key] = who
            if len(self._known) > self._most:
                self._known.popitem(last=False)

    def drop(self, token: str) -> None:
        """The database does not know this token any more."""
        self._known.pop(_key(token), None)

    def find(self, token: str, at: datetime) -> LoggedIn | None:
        """Whose token this was when the database was last asked; None when that is not known, or it is over."""
        who = self._known.get(_key(token))
        if who is None or (who.session.expires_at is not None and who.session.expires_at <= at):
            return None
        return who

    def forget_login(self, session_id: int) -> None:
        """This log-in or token is over."""
        self._forget(lambda who: who.session.id == session_id)

    def forget_user(self, user_id: int) -> None:
        """This user's rights changed."""
        self._forget(lambda who: who.user.id == user_id)

    def _forget(self, which: Callable[[LoggedIn], bool]) -> None:
        self.forgotten += 1
        for key in [key for key, who in self._known.items() if which(who)]:
            del self._known[key]


def _key(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
