"""Who gets a place, and who does not, when there are many."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.live.places import Places, SessionLimits, TooManySessions
from app.live.session import Viewer

LIMITS = SessionLimits(total=20, per_user=3, per_address=8)


def viewer(user: int, address: str = "192.0.2.7", *, floor: bool = False) -> Viewer:
    return Viewer(user, str(user), operator=None, sees_floor=floor, address=address)


def fill(places: Places, viewers: list[Viewer]) -> int:
    """How many were let in."""
    count = 0
    for one in viewers:
        try:
            places.take(one)
        except TooManySessions:
            continue
        count += 1
    return count


def test_a_user_has_so_many() -> None:
    places = Places(LIMITS)
    assert fill(places, [viewer(1)] * 5 + [viewer(2, floor=True)] * 5) == 6
    with pytest.raises(TooManySessions, match="a user has at most 3"):
        places.take(viewer(1))
    places.leave(viewer(1))
    places.take(viewer(1))


def test_an_address_has_so_many_and_supervisors_there_are_let_in() -> None:
    places = Places(LIMITS)
    assert fill(places, [viewer(user) for user in range(12)]) == 8
    with pytest.raises(TooManySessions, match="from this address"):
        places.take(viewer(30))
    places.take(viewer(31, "198.51.100.9"))
    places.take(viewer(32, floor=True))


def test_supervisors_keep_theirs_when_all_others_are_taken() -> None:
    places = Places(LIMITS)
    assert LIMITS.kept == 2
    assert fill(places, [viewer(user, f"192.0.2.{user}") for user in range(40)]) == 18
    assert fill(places, [viewer(user, floor=True) for user in range(40, 50)]) == 2


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from("abc"), st.booleans()), max_size=80))
def test_places_that_are_left_can_be_taken_again(steps: list[tuple[int, str, bool]]) -> None:
    places = Places(LIMITS)
    there: list[Viewer] = []
    for user, address, floor in steps:
        one = viewer(user, address, floor=floor)
        if one in there and len(there) > 3:
            there.remove(one)
            places.leave(one)
        elif fill(places, [one]):
            there.append(one)
        assert all(count <= LIMITS.per_user for count in Counter(one.user for one in there).values())
        assert len(there) <= LIMITS.total
    for one in there:
        places.leave(one)
    assert places._total == 0
    assert not places._users
    assert not places._addresses
