"""The dialplan's side of the contract (dialplan/README.md), with real callers and real phones."""

import asyncio
import itertools
import re

import pytest

from app.demo.sipp import Callers
from app.pbx.sounds import SoundFolder
from app.sandbox.sandbox import Sandbox
from tests.api.test_sounds import wav
from tests.pbx.dialled import TURNS_S, Centre
from tests.pbx.fixtures import POP_URL
from tests.sipua import Phone


async def test_a_caller_is_answered_announced_and_held(centre: Centre) -> None:
    await centre.route(priority=3, language="et", skills=("russian", "loans"))
    async with Callers(centre.layout, centre.number, talk_ms=200, caller="372600") as callers:
        call = await centre.entered()
        await callers.done()
        assert call["Did"] == centre.number
        assert call["Skills"] == "russian&loans"
        assert call["CallPriority"] == "3"
        assert call["Language"] == "et"
        assert call["Answered"] == "yes"
        assert call["CallerIDNum"] == "3726000001"
        assert re.fullmatch(r"keskus-\d+\.\d+", call["Uniqueid"])
    await centre.hungup(call)


async def test_a_number_with_letters_in_it_is_none(centre: Centre) -> None:
    await centre.route()
    async with Callers(centre.layout, centre.number, talk_ms=200, caller="kask5550") as callers:
        call = await centre.entered()
        await callers.done()
    assert call["CallerIDNum"] == "<unknown>"
    assert call["Withheld"] == ""


@pytest.mark.parametrize(("privacy", "withheld"), [("id", True), ("user;id;critical", True), ("none", False)])
async def test_a_withheld_number_does_not_come(centre: Centre, privacy: str, withheld: bool) -> None:
    """It is neither told to the service nor on the operator's phone."""
    await centre.route()
    async with Phone.customer(centre.layout, "37255500123") as customer:
        talk = await customer.dial(centre.number, privacy=privacy)
        call = await centre.entered()
        await customer.hang_up(talk)
    assert call["Withheld"] == ("yes" if withheld else "")
    assert call["CallerIDNum"] == ("<unknown>" if withheld else "37255500123")


async def test_a_plus_sign_finds_the_same_queue(centre: Centre) -> None:
    await centre.route()
    async with Callers(centre.layout, f"+{centre.number}", talk_ms=50) as callers:
        assert (await centre.entered())["Did"] == centre.number
        await callers.done()


async def test_a_queue_may_leave_the_caller_ringing(centre: Centre) -> None:
    await centre.route(answer=False)
    async with Callers(centre.layout, centre.number, patience_ms=400) as callers:
        call = await centre.entered()
        assert call["Answered"] == "no"
        await callers.wait("gave up")
        await callers.done()
        assert not callers.of("answered")
    await centre.hungup(call)


@pytest.mark.parametrize("answer", [True, False])
async def test_an_offer_that_is_answered_connects_and_costs_few_events(centre: Centre, answer: bool) -> None:
    await centre.route(answer=answer)
    async with centre.phone() as phone, Callers(centre.layout, centre.number, talk_ms=300) as callers:
        centre.ami.events.clear()
        call = await centre.entered()
        await centre.offer(call, name='Õie "Ö,ö" (Maria): ${SHELL(id)}; x')
        await phone.wait("answered")
        await callers.done()
        await phone.wait("ended")
        await centre.hungup(call)
        await centre.ami.wait("DeviceStateChange", Device=f"PJSIP/{centre.operator}", State="NOT_INUSE")
        ringing = phone.of("ringing")[0]
        assert ringing.peer == "37255500001"
        assert ringing.detail == call["Uniqueid"]
        sent = phone.phones.messages
    assert f"X-Keskus-Queue: {centre.queue}" in sent
    assert f"Call-Info: <{POP_URL}/{call['Uniqueid']}>;purpose=info" in sent
    assert "answer-after" not in sent
    assert 'From: "Õie \\"Ö,ö\\" (Maria): ${SHELL(id)}; x" <sip:37255500001@' in sent
    events = [event["Event"] for event in centre.ami.events]
    assert len(events) <= 12, events
    assert events.count("Hangup") == 2


async def test_an_offer_may_be_answered_by_the_phone_itself(centre: Centre) -> None:
    await centre.route()
    async with centre.phone() as phone, Callers(centre.layout, centre.number, talk_ms=200) as callers:
        call = await centre.entered()
        await centre.offer(call, auto=True)
        await phone.wait("ended")
        await callers.done()
        sent = phone.phones.messages
    link = f"<{POP_URL}/{call['Uniqueid']}>"
    assert f"Call-Info: {link};answer-after=0" in sent
    assert f"Alert-Info: {link};info=alert-autoanswer;delay=0" in sent
    assert f"Call-Info: {link};purpose=info" in sent


@pytest.mark.parametrize("alive", [-3600, 3600], indirect=True)
async def test_a_clock_that_was_set_sends_nobody_away(centre: Centre) -> None:
    await centre.route()
    async with Callers(centre.layout, centre.number):
        call = await centre.entered()
        with pytest.raises(AssertionError, match="KeskusFellBack"):
            await centre.ami.wait(
                "UserEvent", timeout_s=TURNS_S, UserEvent="KeskusFellBack", Uniqueid=call["Uniqueid"]
            )
        assert await centre.place(call) == "keskus-hold"


async def test_an_offer_that_nobody_answers_ends_and_the_caller_keeps_waiting(centre: Centre) -> None:
    await centre.route()
    async with centre.phone(answer_ms=None) as phone, Callers(centre.layout, centre.number) as callers:
        call = await centre.entered()
        await centre.offer(call, ring_s=1, offer="o-7")
        await phone.wait("cancelled")
        ended = (await centre.ami.wait("UserEvent", UserEvent="KeskusOfferEnded", Uniqueid=call["Uniqueid"]))[
            0
        ]
        assert (ended["Offer"], ended["DialStatus"]) == ("o-7", "NOANSWER")
        assert await centre.place(call) == "keskus-hold"
        assert not callers.of("ended")
        await centre.ami.action("Hangup", Channel=call["Channel"])
        await callers.done()


async def test_a_busy_phone_ends_the_offer_and_the_next_offer_connects(centre: Centre) -> None:
    await centre.route(answer=False)
    async with Callers(centre.layout, centre.number, talk_ms=100) as callers:
        call = await centre.entered()
        async with centre.phone(busy=True):
            await centre.offer(call)
            ended = (
                await centre.ami.wait("UserEvent", UserEvent="KeskusOfferEnded", Uniqueid=call["Uniqueid"])
            )[0]
            assert (ended["DialStatus"], ended["Cause"]) == ("BUSY", "17")
        centre.ami.events.clear()
        async with centre.phone() as phone:
            await centre.offer(call, offer="o-2")
            await phone.wait("answered")
            await callers.done()


async def test_an_offer_to_a_phone_that_is_not_there_ends_at_once(centre: Centre) -> None:
    await centre.route()
    async with Callers(centre.layout, centre.number) as callers:
        call = await centre.entered()
        await centre.offer(call)
        ended = (await centre.ami.wait("UserEvent", UserEvent="KeskusOfferEnded", Uniqueid=call["Uniqueid"]))[
            0
        ]
        assert ended["DialStatus"] == "CHANUNAVAIL"
        await centre.ami.action("Hangup", Channel=call["Channel"])
        await callers.done()


async def test_the_operator_may_hang_up_first(centre: Centre) -> None:
    await centre.route()
    async with centre.phone(talk_ms=100) as phone, Callers(centre.layout, centre.number) as callers:
        call = await centre.entered()
        await centre.offer(call)
        await phone.wait("ended")
        assert (await callers.wait("ended"))[0].detail == "remote"
        await callers.done()
        assert (await centre.hungup(call))["Cause"] == "16"


async def test_who_must_not_wait_on_hears_a_message(centre: Centre) -> None:
    await centre.route()
    async with Callers(centre.layout, centre.number) as callers:
        call = await centre.entered()
        await centre.ami.action(
            "Redirect", Channel=call["Channel"], Context="keskus-leave", Exten="beep", Priority="1"
        )
        assert (await callers.wait("ended"))[0].detail == "remote"
        await callers.done()
    assert (await centre.hungup(call))["Cause"] == "16"


@pytest.mark.parametrize("context", ["keskus-abandoned", "keskus-leave"])
async def test_a_sound_that_the_service_laid_is_played(centre: Centre, context: str) -> None:
    SoundFolder(centre.sandbox.sounds).lay("who-called", wav(seconds=0.4))
    await centre.route()

    def complaints() -> list[str]:
        lines = centre.sandbox.log_file.read_text().splitlines()
        return [line for line in lines if "does not exist in any format" in line]

    async def play(name: str, time: int) -> None:
        async with Callers(centre.layout, centre.number) as callers:
            call = await centre.entered(time)
            await centre.ami.action(
                "Redirect", Channel=call["Channel"], Context=context, Exten=f"keskus/{name}", Priority="1"
            )
            assert (await callers.wait("ended"))[0].detail == "remote"
            await callers.done()

    before = len(complaints())
    await play("who-called", 1)
    await play("not-there", 2)
    async with asyncio.timeout(30):  # its log is written by another thread of another process
        while len(complaints()) == before:
            await centre.ami.action("Ping")
    assert all("not-there" in line for line in complaints()[before:])


async def test_an_unanswered_caller_who_must_not_wait_on_is_never_answered(centre: Centre) -> None:
    await centre.route(answer=False)
    async with Callers(centre.layout, centre.number) as callers:
        call = await centre.entered()
        await centre.ami.action(
            "Redirect", Channel=call["Channel"], Context="keskus-leave", Exten="beep", Priority="1"
        )
        assert (await callers.wait("refused"))[0].detail == "486"
        await callers.done()
        assert not callers.of("answered")


async def test_a_campaigns_parameters_reach_the_detector_of_machines(centre: Centre) -> None:
    await centre.route()
    async with Callers(centre.layout, centre.number) as callers:
        call = await centre.entered()
        said = {
            "KESKUS_AMD": "1",
            "KESKUS_AMD_WITH": "|||444|||||",
            "KESKUS_CAMPAIGN": "7",
            "KESKUS_MESSAGE": "s",
        }
        for name, value in said.items():
            await centre.ami.action("Setvar", Channel=call["Channel"], Variable=name, Value=value)
        await centre.ami.action(
            "Redirect", Channel=call["Channel"], Context="keskus-answered", Exten="s", Priority="1"
        )
        (told,) = await centre.ami.wait("UserEvent", UserEvent="KeskusAnswered", Campaign="7")
        # The caller sends nothing: it gives up after the campaign's longest analysis, not after amd.conf's 5000 ms.
        found = re.fullmatch(r"TOOLONG-(\d+)", told["AmdCause"])
        assert found is not None, told["AmdCause"]
        assert int(found[1]) < 1000
        await callers.done()


@pytest.mark.parametrize(
    "event",
    ["KeskusEntered", "KeskusOfferEnded", "KeskusTakenBack", "KeskusAnswered", "KeskusOutgoing"],
)
async def test_who_is_to_be_redirected_at_once_waits_and_does_not_jump(sandbox: Sandbox, event: str) -> None:
    """A Redirect that comes while the dialplan jumps is lost."""
    steps = re.findall(r"[0-9]+\. (.*?)\s+\[", await sandbox.cli("dialplan show"))
    behind = [after for step, after in itertools.pairwise(steps) if step.startswith(f"UserEvent({event},")]
    assert behind
    for step in behind:
        assert re.match(r"(ExecIf\(.*\?)?Wait\(", step), step
