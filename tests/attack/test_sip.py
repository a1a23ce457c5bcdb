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


@pytest.mark.parametrize(
    ("name", "at_the_phone", "at_the_service"),
    [
        ("Jüri Õun", "Jüri Õun", "Jüri Õun"),
        ("Юлия", "Юлия", "Юлия"),
        ("Anna\u202egnp.exe", "Annagnp.exe", "Annagnp.exe"),
        ("\u200bMari\u2066\u00ad\u0085\ufeff", "Mari", "Mari"),
        ("Õ\u202e\x07", "", ""),
    ],
)
async def test_a_name_cannot_turn_itself_around(
    sandbox: Sandbox, name: str, at_the_phone: str, at_the_service: str
) -> None:
    async with live_floor(sandbox) as live:
        account = await live.add_operator(1)
        async with (
            Phone(live.layout, *account) as op1,
            Phone.customer(live.layout, "37255500001") as stranger,
        ):
            stranger.display = name
            await live.available(1)
            call = await stranger.dial(NUMBER)
            talk = await op1.rings()
            shown = talk.invite.get("From").partition(" <")[0].strip('"').partition("<")[0]
            assert shown == (at_the_phone or "")
            op1.answer(talk)
            await stranger.connected(call)
            await stranger.hang_up(call)
            await live.until(lambda: bool(live.records()))
        assert live.records()[0].caller_name == at_the_service
        past = await live.past(live.records()[0].call)
        assert not set(past.record.caller_name) & set("\u202e\u200b\u2066\u00ad\u0085\ufeff\x07")
