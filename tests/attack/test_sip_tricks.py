"""What a thief tries besides dear numbers: other spellings, others' accounts, the carrier's address, transfers."""

from app.sandbox.sandbox import Sandbox
from tests.attack.figures import HELD_BOUND_S
from tests.attack.target import Target, scaled
from tests.attack.test_toll import OUTSIDE, QUEUE_NUMBER, WAIT_S, thief_of
from tests.sipmessage import SipMessage
from tests.sipua import Phone
from tests.talk import Talk

UNCLEAR = [
    "37255a500099",
    "37255500099;phone-context=%2B49",
    "+37255500099;ext=5",
    "37255500099/n",
    "37255500099&",
    "3725550009%D9%A9",
    "112x",
]
CLEAR = [OUTSIDE, f"00{OUTSIDE}", "%2B37255500099", "372-555.(000)99", "37255500099%23", "372%20555%2000099"]


class Impostor(Phone):
    """A phone that registers for another's account, or says that it is elsewhere."""

    registers_for = ""
    says_it_is_at = ""

    def _request(self, talk: Talk, method: str, number: int = 0) -> SipMessage:
        request = super()._request(talk, method, number)
        if method == "REGISTER":
            said = {
                "To": self.registers_for and f"<sip:{self.registers_for}@{self.host}>",
                "Contact": self.says_it_is_at and f"<sip:{self.says_it_is_at}>",
            }
            request.headers = [(name, said.get(name) or value) for name, value in request.headers]
        return request


async def test_what_is_no_number_is_not_made_one(lasting_centre: Target, sandbox: Sandbox) -> None:
    async with thief_of(lasting_centre, sandbox) as thief:
        async with lasting_centre.attack("unclear numbers") as attack:
            calls = [await thief.phone.dial(number) for number in UNCLEAR]
            attack.sent = len(calls)
            await thief.phone.until(lambda: all(call.ended_s for call in calls), WAIT_S)
        assert attack.figures.held_s <= HELD_BOUND_S
        assert [call.status for call in calls] == [403] * len(UNCLEAR)
        assert not thief.outside.talks
        records = await thief.records(len(UNCLEAR))
        assert {record["refused_by"] for record in records} == {"number_invalid"}
        for number in CLEAR:
            call = await thief.phone.dial(number)
            other = await thief.outside.rings()
            assert f"sip:+{OUTSIDE}@" in other.invite.start, number
            await thief.phone.hang_up(call)
            await thief.outside.until(lambda: all(one.ended_s for one in thief.outside.talks))


async def test_a_carrier_s_parameters_are_not_of_the_number(lasting_centre: Target, sandbox: Sandbox) -> None:
    async with thief_of(lasting_centre, sandbox), Phone.customer(sandbox.layout, "37255500001") as anna:
        for number in (f"{QUEUE_NUMBER};npdi", f"+{QUEUE_NUMBER};phone-context=1"):
            call = await anna.dial(number)
            await anna.connected(call)
            await anna.hang_up(call)


async def test_an_account_cannot_be_another_nor_be_at_the_carrier(
    lasting_centre: Target, sandbox: Sandbox
) -> None:
    async with (
        thief_of(lasting_centre, sandbox) as thief,
        Phone.customer(sandbox.layout, "37255500001") as anna,
    ):
        user = {"username": "other", "password": "kevadine metsarada", "display_name": "Other"}
        other = await lasting_centre.ask("POST", "/operators", {"user": user})
        name, secret = thief.phone.user, thief.phone._secret
        layout = sandbox.layout
        async with Impostor(layout, other["sip"]["username"]) as impostor:
            impostor._secret = secret
            assert await impostor._try_to_register(60) == 401
            impostor.leave_registered()
        impostor = Impostor(layout, name, secret)
        async with impostor:
            impostor.registers_for = other["sip"]["username"]
            assert await impostor._try_to_register(60) == 404
            impostor.registers_for = ""
            impostor.says_it_is_at = f"9001234@{layout.trunk_host}:{layout.trunk_port}"
            assert await impostor._try_to_register(60) == 200
            await lasting_centre.ask("PUT", f"/operators/{thief.operator}/state", {"presence": "available"})
            call = await anna.dial(QUEUE_NUMBER)
            await impostor.rings()  # where it is, not where it says
            await anna.hang_up(call)
        assert not thief.outside.talks


async def test_the_carrier_s_address_reaches_queues_alone(lasting_centre: Target, sandbox: Sandbox) -> None:
    async with (
        thief_of(lasting_centre, sandbox) as thief,
        Phone.customer(sandbox.layout, "37255500001") as forger,
    ):
        for number in ("9001234", OUTSIDE, "112", "700", "701", "*8", "**745", "745", "s", thief.phone.user):
            call = await forger.dial(number)
            await forger.until(lambda: all(one.ended_s or one.answered_s for one in forger.talks), WAIT_S)
            assert call.status in {403, 404}, number
        assert not thief.outside.talks
        assert not thief.phone.talks


async def test_forty_calls_at_once_are_two(lasting_centre: Target, sandbox: Sandbox) -> None:
    many = scaled(40, 200)
    async with thief_of(lasting_centre, sandbox) as thief:
        async with lasting_centre.attack("calls at once") as attack:
            calls = [await thief.phone.dial(f"372555{place:05}") for place in range(many)]
            attack.sent = many
            await thief.phone.until(lambda: sum(bool(call.ended_s) for call in calls) == many - 2, WAIT_S)
        assert attack.figures.held_s <= HELD_BOUND_S
        assert len(thief.outside.talks) == 2
        for call in calls:
            await thief.phone.hang_up(call)
        records = await thief.records(many)
        assert sum(record["refused_by"] == "calls_of_operator" for record in records) == many - 2
        assert len(records) == many


async def test_a_customer_cannot_be_sent_to_a_dear_number_nor_be_lost_by_the_try(
    lasting_centre: Target, sandbox: Sandbox
) -> None:
    async with (
        thief_of(lasting_centre, sandbox) as thief,
        Phone.customer(sandbox.layout, "37255500001") as anna,
    ):
        await lasting_centre.ask("PUT", f"/operators/{thief.operator}/state", {"presence": "available"})
        call = await anna.dial(QUEUE_NUMBER)
        talk = await thief.phone.rings()
        thief.phone.answer(talk)
        await anna.hears(call, thief.phone.voice)
        async with lasting_centre.attack("transfers to a dear number") as attack:
            attack.sent = 1
            await thief.phone.refer(talk, "9001234")
            again = await thief.phone.rings()  # the customer is back in the queue
        assert attack.figures.held_s <= HELD_BOUND_S
        thief.phone.answer(again)
        await anna.hears(call, thief.phone.voice)
        assert not call.ended_s
        assert not thief.outside.talks
        await thief.phone.hang_up(again)
        (record,) = await thief.records(1)
        assert (record["refused_by"], record["dialed"]) == ("number_kind", "9001234")


async def test_a_phone_cannot_send_calls_on_to_a_dear_number(
    lasting_centre: Target, sandbox: Sandbox
) -> None:
    async with (
        thief_of(lasting_centre, sandbox) as thief,
        Phone.customer(sandbox.layout, "37255500001") as anna,
    ):
        thief.phone.forward_to = "9001234"
        await lasting_centre.ask("PUT", f"/operators/{thief.operator}/state", {"presence": "available"})
        call = await anna.dial(QUEUE_NUMBER)
        async with lasting_centre.attack("calls sent on") as attack:
            attack.sent = 1
            await thief.phone.until(lambda: thief.phone.forwarded > 0)
        assert attack.figures.held_s <= HELD_BOUND_S
        assert not call.ended_s
        await anna.hang_up(call)
        assert not thief.outside.talks
