"""Behind address translation a browser is told the address outside, as asterisk/entrypoint.sh has it in rtp.conf."""

import re
import subprocess
from pathlib import Path

import pytest

from app.domain.ids import OperatorId
from app.domain.operators import Membership, OperatorSettings
from app.floor.events import OperatorSet
from app.pbx.realtime.softphones import SoftphoneAccount
from app.sandbox.sandbox import Sandbox
from tests.live_floor import NUMBER, QUEUE, live_floor
from tests.sipua import Phone

OUTSIDE = "203.0.113.9"
CANDIDATE = re.compile(r"^a=candidate:\S+ 1 udp \d+ (\S+) ", re.MULTILINE | re.IGNORECASE)


@pytest.fixture
def own() -> list[str]:
    """This machine's own addresses; loopback is never offered."""
    told = subprocess.run(["hostname", "-I"], check=True, capture_output=True, text=True).stdout.split()
    found = [address for address in told if ":" not in address]
    if not found:
        pytest.skip("this machine is on no network")
    return found


async def test_a_browser_is_offered_the_address_outside(tmp_path: Path, own: list[str]) -> None:
    lines = [f"{address} => {OUTSIDE},include_local_address" for address in own]
    sandbox = Sandbox(tmp_path / "pbx", extra={"rtp.conf": "\n".join(["[ice_host_candidates]", *lines, ""])})
    await sandbox.start()
    try:
        async with live_floor(sandbox) as live:
            account = await live.store.put(SoftphoneAccount("op1", number="101", browser=True))
            settings = OperatorSettings(
                OperatorId(1), "Mari", endpoint="op1", memberships=(Membership(QUEUE, 1),)
            )
            await live.runner.post(OperatorSet(settings))
            async with (
                Phone(live.layout, account.name, account.secret) as browser,
                Phone.customer(live.layout, "37255500001") as anna,
            ):
                await live.available(1)
                call = await anna.dial(NUMBER)
                talk = await browser.rings()
                offered = CANDIDATE.findall(talk.invite.body)
                assert {OUTSIDE, *own} <= set(offered), talk.invite.body
                await anna.hang_up(call)
    finally:
        await sandbox.stop()
