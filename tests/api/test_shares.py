"""Each user's share of the service: one user's many requests leave room for others."""

import asyncio

import pytest

from app.api import shares
from app.api.errors import TooManyRequests
from app.api.shares import AT_ONCE, Shares

from .house import House


async def test_others_of_a_user_wait_in_their_order_and_no_user_waits_for_another() -> None:
    places, begun = Shares(at_once=2), list[int]()
    held = [await places.take("a") for _ in range(2)]

    async def ask(number: int) -> None:
        share = await places.take("a")
        begun.append(number)
        share.leave()
        share.leave()  # once is enough

    async with asyncio.TaskGroup() as group:
        for number in range(3):
            group.create_task(ask(number))
        for _ in range(3):
            await asyncio.sleep(0)
        assert not begun
        (await places.take("b")).leave()
        held[0].leave()
    assert begun == [0, 1, 2]


async def test_too_many_and_too_late_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "PATIENCE_S", 0.01)
    places = Shares(at_once=1, waiting=1)
    held = await places.take("a")
    first, second = await asyncio.gather(places.take("a"), places.take("a"), return_exceptions=True)
    assert isinstance(first, TooManyRequests)
    assert isinstance(second, TooManyRequests)
    held.leave()
    (await places.take("a")).leave()


async def test_whoever_goes_away_while_waiting_leaves_no_gap() -> None:
    places = Shares(at_once=1)
    held = await places.take("a")
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(places.take("a"))
        await asyncio.sleep(0)
        waiting.cancel()
    assert waiting.cancelled()
    held.leave()
    (await places.take("a")).leave()


async def test_requests_of_one_token_are_served_a_few_at_a_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forty at once, all answered; never more than a few of them are under way, and nothing is left taken."""
    under_way, most = 0, 0
    take = Shares.take

    async def counted(self: Shares, who: str) -> shares.Share:
        nonlocal under_way, most
        share = await take(self, who)
        under_way += 1
        most = max(most, under_way)
        leave = share.leave

        def left() -> None:
            nonlocal under_way
            under_way -= 1
            leave()
            monkeypatch.setattr(share, "leave", lambda: None)

        monkeypatch.setattr(share, "leave", left)
        return share

    assert (await house.admin.get("/api/v1/contacts")).status_code == 200  # the token is known
    monkeypatch.setattr(Shares, "take", counted)
    answers = await asyncio.gather(*(house.admin.get("/api/v1/contacts") for _ in range(40)))
    assert {one.status_code for one in answers} == {200}
    assert 0 < most <= AT_ONCE
    assert not under_way
