"""What the dialplan makes of what people dial, at the trunk and at operators' phones, and of transfers."""

import contextlib

import pytest

from app.demo.sipp import Callers
from app.pbx.realtime.softphones import SoftphoneStore
from app.sandbox.sandbox import Sandbox
from tests.ami import Ami
from tests.pbx.dialled import Centre
from tests.pbx.fixtures import BENCH


async def test_a_number_nobody_has_is_not_in_service(centre: Centre) -> None:
    async with Callers(centre.layout, "99999999") as callers:
        assert (await callers.wait("refused"))[0].detail == "404"
        await callers.done()
        assert not callers.of("answered")


@pytest.mark.parametrize(
    "dialled",
    [
        "{number}&PJSIP/{operator}",
        "{number}%26PJSIP%2F{operator}",
        "{number},1,Dial(PJSIP/{operator})",
        "{number}$%7BEXTEN%7D",
    ],
)
async def test_what_a_caller_dials_never_becomes_a_dial_string(centre: Centre, dialled: str) -> None:
    await centre.route()
    hostile = dialled.format(number=centre.number, operator=centre.operator)
    async with (
        centre.phone() as phone,
        Callers(
            centre.layout, hostile, talk_ms=50, patience_ms=300, name="a&PJSIP/b,${SHELL(id)}"
        ) as callers,
    ):
        # A digit of the operator's name may make it another number; then it is not in service.
        await callers.done()
        assert callers.of("answered") or callers.of("refused") or callers.of("gave up")
        assert not phone.of("ringing")
    for event in centre.ami.events:
        if event.get("UserEvent") == "KeskusEntered":
            assert event["Did"].isdigit()
            assert not set(event["CallerIDName"]) & set("&/,$(){}")


async def test_what_is_no_number_is_told_as_none(centre: Centre) -> None:
    async with Ami(centre.layout.ami_port, BENCH.name, BENCH.secret) as bench:
        dialler = Callers(centre.layout, "5551234&PJSIP/trunk", account=centre.account, patience_ms=2000)
        async with dialler:
            await bench.wait("UserEvent", UserEvent="KeskusOutgoing", Number="5551234x")
            await dialler.wait("gave up")
            await dialler.done()


async def test_a_phone_dials_out_through_the_trunk_only_in_digits(centre: Centre) -> None:
    async with Ami(centre.layout.ami_port, BENCH.name, BENCH.secret) as bench:
        dialler = Callers(centre.layout, "555-12.34", account=centre.account, patience_ms=2000)
        async with dialler:
            (asked,) = await bench.wait("UserEvent", UserEvent="KeskusOutgoing", Number="5551234")
            assert asked["By"] == asked["Channel"]
            assert asked["Call"] == f"{asked['Uniqueid']}:1"
            await bench.action(
                "Setvar", Channel=asked["Channel"], Variable="KESKUS_OUT_TO", Value="5551234|||60"
            )
            await bench.action(
                "Redirect", Channel=asked["Channel"], Context="keskus-dial", Exten="s", Priority="1"
            )
            begun = (await bench.wait("DialBegin"))[0]
            assert begun["DialString"] == "5551234@trunk"
            await dialler.wait("gave up")
            await dialler.done()


async def test_a_colleague_can_be_dialled_when_free(
    centre: Centre, sandbox: Sandbox, softphones: SoftphoneStore, ami: Ami
) -> None:
    colleague = Centre(sandbox, softphones, ami)
    await colleague.open()
    async with (
        centre.phone(),
        colleague.phone() as phone,
        Callers(centre.layout, colleague.extension, account=centre.account, talk_ms=100) as dialler,
    ):
        await dialler.wait("answered")
        await dialler.done()
        await phone.wait("ended")
        assert phone.of("ringing")[0].peer == centre.extension


async def test_an_absent_colleague_is_busy(
    centre: Centre, sandbox: Sandbox, softphones: SoftphoneStore, ami: Ami
) -> None:
    colleague = Centre(sandbox, softphones, ami)
    await colleague.open()
    async with Callers(centre.layout, colleague.extension, account=centre.account) as dialler:
        assert (await dialler.wait("refused"))[0].detail == "486"
        await dialler.done()


async def test_a_transfer_to_a_queue_enters_it_with_the_same_channel(
    centre: Centre, sandbox: Sandbox, softphones: SoftphoneStore, ami: Ami
) -> None:
    other = Centre(sandbox, softphones, ami)
    await centre.route(priority=1)
    await other.route(priority=5)
    async with (
        centre.phone(talk_ms=50, transfer_to=other.number) as phone,
        Callers(centre.layout, centre.number) as callers,
    ):
        call = await centre.entered()
        await centre.offer(call)
        await phone.wait("transferred")
        again = await other.entered()
        assert again["Uniqueid"] == call["Uniqueid"]
        assert (again["Did"], again["CallPriority"]) == (other.number, "5")
        assert (await ami.wait("BlindTransfer"))[0]["Extension"] == other.number
        await ami.action("Hangup", Channel=call["Channel"])
        await callers.done()


async def test_a_transfer_to_a_colleague_who_is_not_there_returns_to_the_queue(
    centre: Centre, sandbox: Sandbox, softphones: SoftphoneStore, ami: Ami
) -> None:
    absent = Centre(sandbox, softphones, ami)
    await absent.open()
    await centre.route(priority=4)
    async with (
        centre.phone(talk_ms=50, transfer_to=absent.extension) as phone,
        Callers(centre.layout, centre.number) as callers,
    ):
        call = await centre.entered()
        await centre.offer(call)
        await phone.wait("transferred")
        again = await centre.entered(2)
        assert again["Uniqueid"] == call["Uniqueid"]
        assert (again["Did"], again["CallPriority"]) == (centre.number, "4")
        await ami.action("Hangup", Channel=call["Channel"])
        await callers.done()


async def test_a_transfer_to_a_free_colleague_connects(
    centre: Centre, sandbox: Sandbox, softphones: SoftphoneStore, ami: Ami
) -> None:
    colleague = Centre(sandbox, softphones, ami)
    await colleague.open()
    await centre.route()
    async with contextlib.AsyncExitStack() as stack:
        second = await stack.enter_async_context(colleague.phone(talk_ms=100))
        await stack.enter_async_context(centre.phone(talk_ms=50, transfer_to=colleague.extension))
        callers = await stack.enter_async_context(Callers(centre.layout, centre.number))
        call = await centre.entered()
        await centre.offer(call)
        await second.wait("answered")
        await second.wait("ended")
        await callers.done()
        await centre.hungup(call)
