"""The phones outside, run in their namespace: an operator's, which registers, and a customer's at the carrier.

The first line of standard input tells where and with what; each further line is a word: `dial` begins a call, `hear`
waits until both hear each other, `end` ends it. `call NUMBER` calls somebody else, `tone` waits until the tone of a
browser is heard there. Each is answered by a line of JSON; what failed by {"error": ...}.
"""

import asyncio
import json
import sys
from typing import Any

from app.sandbox.sandbox import Layout
from tests.desktop.talking import CUSTOMER_SAYS, is_heard
from tests.sipua import Phone, Talk
from tests.tones import tone_packet

CUSTOMER = "37255500001"


async def run() -> None:
    """Do what is asked until standard input ends."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    told = json.loads(await reader.readline())
    layout = Layout(
        system_name="", sip_port=5060, http_port=0, ami_port=0, trunk_port=0, rtp_first=0,
        host=told["pbx"], trunk_host=told["carrier"],
    )  # fmt: skip
    async with (
        Phone(layout, told["account"], told["secret"], host=told["phone"], voice=0x31) as operator,
        Phone.customer(layout, CUSTOMER, voice=0x43) as customer,
    ):
        _say(registered=True)
        calls: list[tuple[Talk, Talk]] = []
        async for line in reader:
            word, _, number = line.decode().strip().partition(" ")
            match word:
                case "call":
                    call = await customer.dial(number)
                    assert call.sound is not None
                    call.sound.says = tone_packet(CUSTOMER_SAYS)
                    calls.append((call, call))
                    _say(rings=True)
                case "dial":
                    call = await customer.dial(told["number"])
                    talk = await operator.rings()
                    operator.answer(talk)
                    await customer.connected(call)
                    calls.append((call, talk))
                    _say(talking=True)
                case "hear":
                    call, talk = calls[-1]
                    await customer.hears(call, operator.voice)
                    await operator.hears(talk, customer.voice)
                    _say(customer=_heard(call), operator=_heard(talk))
                case "tone":
                    await is_heard(customer, call)
                    _say(tone=True)
                case "end":
                    await customer.hang_up(calls.pop()[0])
                    _say(ended=True)


def _heard(talk: Talk) -> int:
    return 0 if talk.sound is None else talk.sound.packets


def _say(**what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        asyncio.run(run())
    except (AssertionError, OSError) as error:
        _say(error=str(error))
        sys.exit(1)
