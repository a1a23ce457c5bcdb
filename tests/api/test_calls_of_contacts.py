"""Whose what is made in a call is: the call's contact's; it goes along when somebody says who is calling."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from app.domain.ids import QueueId
from app.floor.events import CallEntered, ChannelHungUp
from app.records.engine import reading
from app.records.event_table import EventRow

from .house import ANY, House
from .test_contacts import make
from .test_scripts import write
from .test_surveys import published


async def ask(
    house: House, method: str, path: str, said: Any = None, *, status: int = 200, who: str = "operator"
) -> Any:
    answer = await house.client(who).request(method, f"/api/v1{path}", json=said, headers=ANY)
    assert answer.status_code == status, (method, path, answer.text)
    return answer.json() if answer.content else None


async def made_in(house: House, call: str) -> dict[str, Any]:
    """One of each subject, made in a call without naming anybody: paths to them."""
    survey, script = await published(house), await write(house, queues=["sales"])
    order = await ask(house, "POST", "/orders", {"call": call, "contact": None}, status=201)
    complaint = await ask(house, "POST", "/complaints", {"call": call, "subject": "Hilines"}, status=201)
    await ask(house, "POST", f"/complaints/{complaint['id']}/notes", {"text": "vihane"}, status=201)
    response = await ask(house, "POST", f"/surveys/{survey}/responses", {"call": call}, status=201)
    run = await ask(house, "PUT", f"/calls/{call}/scripts/{script}")
    return {
        "orders": f"/orders/{order['id']}",
        "complaints": f"/complaints/{complaint['id']}",
        "survey-responses": f"/survey-responses/{response['id']}",
        "script-runs": f"/script-runs/{run['id']}",
    }


async def whose(house: House, made: Mapping[str, str]) -> set[int | None]:
    found = [await ask(house, "GET", path) for path in made.values()]
    return {one["contact"] for one in found}


async def pick(house: House, call: str, contact: int | None, status: int = 204) -> Any:
    return await ask(house, "POST", f"/calls/{call}/contact", {"contact": contact}, status=status)


async def told_of(house: House, contact: int) -> set[str]:
    async with reading(house.services.engine) as session:
        kinds = select(col(EventRow.subject)).where(col(EventRow.contact_id) == contact)
        return set(await session.scalars(kinds))


async def test_what_is_made_in_a_call_is_its_contacts_and_goes_along(house: House) -> None:
    await house.make_queue()
    await house.make_operator("operator", "sales")
    mari, jaan, peeter = [(await make(house, surname=name))["id"] for name in ("Mari", "Jaan", "Peeter")]
    call = await house.arrive("sales")
    await house.identify(call, "Mari", mari)
    await house.answer(call)
    made = await made_in(house, call)
    assert await whose(house, made) == {mari}, "nobody was named"
    named = {"call": call, "contact": peeter}
    other = await ask(house, "POST", "/orders", named, status=201)

    await pick(house, call, jaan)
    assert await whose(house, made) == {jaan}
    assert (await ask(house, "GET", f"/orders/{other['id']}"))["contact"] == peeter
    subjects = {"order", "complaint", "complaint_note", "complaint_link", "survey_response", "script_run"}
    assert await told_of(house, jaan) >= subjects
    assert not await told_of(house, mari) & subjects, "its erasure finds what is told of it, and nothing else"
    history = await ask(house, "GET", f"{made['orders']}/history")
    newest = history["items"][0]
    assert (newest["before"], newest["after"]) == ({"contact_id": mari}, {"contact_id": jaan})
    assert newest["who"]["name"] == "Tiina Operator ()"

    await pick(house, call, None)
    assert await whose(house, made) == {None}, "the caller is none of the candidates"
    await pick(house, call, mari)
    assert await whose(house, made) == {mari}, "the same again is the undoing"
    new = await ask(house, "POST", f"/calls/{call}/contacts", {"surname": "Kask"}, status=201)
    assert await whose(house, made) == {new["id"]}

    live = house.runner.floor.calls[call]
    await house.runner.post(ChannelHungUp(live.channel, 16, "Normal Clearing"))
    await house.journaled()
    await pick(house, call, jaan)
    assert await whose(house, made) == {jaan}
    assert (await ask(house, "GET", f"/calls/{call}"))["contact"] == jaan
    late = await ask(house, "POST", "/complaints", {"call": call, "subject": "Veel"}, status=201)
    assert late["contact"] == jaan
    last = await ask(house, "POST", f"/calls/{call}/contacts", {"surname": "Saar"}, status=201)
    assert await whose(house, made) == {last["id"]}
    assert (await pick(house, call, 999, 422))["code"] == "reference.unknown"
    assert (await ask(house, "GET", f"/orders/{other['id']}"))["contact"] == peeter


async def test_what_is_made_before_the_caller_is_known_becomes_theirs(house: House) -> None:
    await house.make_queue()
    await house.make_operator("operator", "sales")
    call = await house.arrive("sales")
    await house.answer(call)
    made = await made_in(house, call)
    assert await whose(house, made) == {None}
    kask = await ask(house, "POST", f"/calls/{call}/contacts", {"surname": "Kask"}, status=201)
    assert await whose(house, made) == {kask["id"]}
    await ask(house, "DELETE", f"/contacts/{kask['id']}", status=204, who="supervisor")
    again = await ask(house, "POST", "/orders", {"call": call}, status=201)
    assert again["contact"] is None, "the call's contact was forgotten"


async def test_a_contact_that_was_merged_is_told_of_wherever_it_is_named(house: House) -> None:
    mari, gone = [(await make(house, surname=name))["id"] for name in ("Mari", "Marie")]
    survey = await published(house)
    order = await ask(house, "POST", "/orders", {}, status=201)
    complaint = await ask(house, "POST", "/complaints", {"subject": "x"}, status=201)
    response = await ask(house, "POST", f"/surveys/{survey}/responses", {}, status=201)
    await ask(house, "POST", f"/contacts/{mari}/merge", {"other": gone}, who="supervisor")
    consent = {"contact": gone, "word": "do_not_call", "source": "call"}
    requests: list[tuple[str, str, Any]] = [
        ("GET", f"/contacts/{gone}", None),
        ("PUT", f"/contacts/{gone}", {"surname": "M"}),
        ("DELETE", f"/contacts/{gone}", None),
        ("GET", f"/contacts/{gone}/people", None),
        ("GET", f"/contacts/{gone}/history", None),
        ("GET", f"/contacts/{gone}/merges", None),
        ("GET", f"/contacts/{gone}/merge-preview?other={mari}", None),
        ("POST", f"/contacts/{mari}/merge", {"other": gone}),
        ("GET", f"/contacts/{gone}/notes", None),
        ("POST", f"/contacts/{gone}/notes", {"text": "x"}),
        ("GET", f"/contacts/{gone}/tags", None),
        ("PUT", f"/contacts/{gone}/tags", {"tags": []}),
        ("GET", f"/contacts/{gone}/terms", None),
        ("POST", "/orders", {"contact": gone}),
        ("PATCH", f"/orders/{order['id']}", {"contact": gone}),
        ("POST", "/complaints", {"contact": gone, "subject": "x"}),
        ("PUT", f"/complaints/{complaint['id']}", complaint | {"contact": gone}),
        ("POST", f"/surveys/{survey}/responses", {"contact": gone}),
        ("PATCH", f"/survey-responses/{response['id']}", {"contact": gone}),
        ("POST", "/consents", consent),
    ]
    for method, path, said in requests:
        told = await ask(house, method, path, said, status=410, who="supervisor")
        assert (told["code"], told["params"]) == ("contact.merged", {"merged_into": mari}), (method, path)


async def test_whoever_passed_a_call_on_works_on_it_while_it_goes_on(house: House) -> None:
    for queue in ("sales", "help"):
        await house.make_queue(queue)
    mari = await house.make_operator("operator", "sales")
    await house.make_operator({"username": "jaan", "display_name": "Jaan"}, "sales")
    kask = (await make(house, surname="Kask"))["id"]
    call = await house.arrive("sales")
    await house.identify(call, "Kask", kask)
    await house.answer(call)
    live = house.runner.floor.calls[call]
    left = CallEntered(
        channel=live.channel,
        channel_name=live.channel_name,
        caller_number=live.caller_number,
        caller_name="",
        dialed="",
        queue=QueueId("help"),
    )
    await house.runner.post(left)
    assert [(leg.operator, leg.ended is None) for leg in live.legs] == [(mari, False)]
    for path in (
        f"/calls/{call}/complaints",
        f"/surveys/offers?call={call}",
        f"/articles/search?call={call}",
    ):
        await ask(house, "GET", path)
    note = {"text": "Passed on", "call": call}
    await ask(house, "POST", f"/contacts/{kask}/notes", note, status=201)
    assert (await pick(house, call, None, 404))["code"] == "call.unknown", "it is for those who have the call"
