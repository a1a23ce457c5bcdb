"""Strangers with a SIP port: who they claim to be, how much they send, and what they leave behind."""

import pytest

from app.pbx.sandbox import Sandbox
from tests.live import NUMBER, live_floor
from tests.sipua import Phone


@pytest.mark.parametrize("name", ["trunk", "Trunk", "anonymous", "op1", "udp", "3726000500", "'or'1'='1"])
async def test_a_stranger_is_nobody_whatever_they_write_into_from(sandbox: Sandbox, name: str) -> None:
    async with live_floor(sandbox) as live:
        await live.add_operator(1)
        async with Phone(live.layout, name) as stranger:  # from an address that is not the carrier's
            call = await stranger.dial(NUMBER)
            await stranger.until(lambda: bool(call.ended_s))
        assert call.status == 401
        assert not live.floor.calls


async def test_the_carrier_is_served_as_before(sandbox: Sandbox) -> None:
    async with live_floor(sandbox) as live, Phone.customer(live.layout, "37255500001") as anna:
        call = await anna.dial(NUMBER)
        await anna.connected(call)
        await live.until(lambda: len(live.floor.calls) == 1)
