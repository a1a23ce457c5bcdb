"""Limits on connected desktops: in all, per user and per address. Some places are for users who see the floor."""

from collections import Counter
from dataclasses import dataclass

from app.live.session import Viewer


class TooManySessions(Exception):  # noqa: N818 - it reads as what it says
    """No place is free; the text says why."""


@dataclass(slots=True, frozen=True)
class SessionLimits:
    """The most desktops that may be connected."""

    total: int = 2_000
    per_user: int = 10
    """Windows and programs of one user."""
    per_address: int = 1_000
    """From one address, of users who see their own calls alone: a whole centre may share one."""

    @property
    def kept(self) -> int:
        """Places of `total` that are only for supervisors and administrators."""
        return max(1, self.total // 10)


class Places:
    """Counts the places that are taken."""

    def __init__(self, limits: SessionLimits) -> None:
        self._limits = limits
        self._total = 0
        self._users: Counter[int] = Counter()
        self._addresses: Counter[str] = Counter()

    def take(self, viewer: Viewer) -> None:
        """Give a viewer a place.

        Raises:
            TooManySessions: no place is free.
        """
        limits = self._limits
        if self._users[viewer.user] >= limits.per_user:
            raise TooManySessions(f"a user has at most {limits.per_user} windows and programs connected")
        if self._total >= (limits.total if viewer.sees_floor else limits.total - limits.kept):
            raise TooManySessions("too many desktops are connected")
        if not viewer.sees_floor and self._addresses[viewer.address] >= limits.per_address:
            raise TooManySessions("too many desktops are connected from this address")
        self._count(viewer, 1)

    def leave(self, viewer: Viewer) -> None:
        """Take a viewer's place back."""
        self._count(viewer, -1)

    def _count(self, viewer: Viewer, by: int) -> None:
        self._total += by
        self._users[viewer.user] += by
        if not viewer.sees_floor:
            self._addresses[viewer.address] += by
        if not self._users[viewer.user]:
            del self._users[viewer.user]
        if not self._addresses[viewer.address]:
            del self._addresses[viewer.address]
