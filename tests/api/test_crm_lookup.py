"""The CRM: set up and tried, asked at the ring without a wait, told of calls."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from app.crm.crm_lookup import desk as desks
from app.crm.crm_lookup.breaker import FAILURES, REST_S, Breaker
from app.crm.crm_lookup.desk import CrmDesk
from app.crm.crm_lookup.reports import CrmReports
from app.crm_template.limits import ANSWER_MOST
from app.domain.calls import CrmState
from app.domain.ids import CallId
from app.floor.events import ChannelHungUp
from app.live.call_view import call_view
from app.records.engine import reading
from app.records.event_table import EventRow
from tests.crm.fake_crm import Asked, FakeCrm, Reply, fake_crm
from tests.crm_template.templates import CHAINED, SIMPLE, parameter, template

from .house import ANY, DEADLINE_S, House

PATH = "/api/v1/crm-lookup"
ANNA = [{"id": 7, "first_name": "Anna", "last_name": "Tamm", "company": {"name": "Mets OÜ"}}]
SECRET = "s3cret-key"


def at(crm: FakeCrm, xml: str) -> str:
    """A template whose addresses lead to the fake."""
    return xml.replace("https://[Domain].crm.example", crm.url).replace("https://api.crm.example", crm.url)


def at_host(host: str) -> str:
    return SIMPLE.replace("[Domain].crm.example", host)


def skipped_if(condition: str) -> str:
    return SIMPLE.replace("<Request ", f'<Request SkipIf="{condition}" ')


@asynccontextmanager
async def working(house: House) -> AsyncIterator[FakeCrm]:
    """A CRM, and the parts of the service that ask it and tell it of calls."""
    desk, reports = house.services.part(CrmDesk), house.services.part(CrmReports)
    assert desk is not None
    assert reports is not None
    async with fake_crm() as crm, asyncio.TaskGroup() as group:
        tasks = [group.create_task(desk.run()), group.create_task(reports.run())]
        yield crm
        for task in tasks:
            task.cancel()


async def set_up(house: House, **said: Any) -> dict[str, Any]:
    answer = await house.admin.put(PATH, json=said, headers=ANY)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def card(house: House, call: CallId) -> dict[str, Any]:
    return dict(call_view(house.runner.floor, house.runner.floor.calls[call], {})["crm"] or {})


async def shows(house: House, call: CallId, state: CrmState) -> dict[str, Any]:
    await house.until(lambda floor: (one := floor.calls[call].crm) is not None and one.state is state)
    return card(house, call)


async def test_set_up_tried_changed_and_removed_without_a_secret_shown(house: House) -> None:
    async with working(house) as crm:
        assert (await house.admin.get(PATH)).status_code == 404
        xml = at(crm, SIMPLE)
        made = await set_up(house, template=xml, parameters={"APIkey": SECRET, "Domain": "d"})
        assert made["name"] == "Sample"
        assert [(one["name"], one["filled"]) for one in made["parameters"]] == [
            ("APIkey", True),
            ("Domain", True),
        ]
        assert made["state"] == "working"
        assert made["hosts"] == ["127.0.0.1"]

        async def answer(_: Asked) -> Reply:
            return 200, ANNA

        crm.answer = answer
        tried = await house.admin.post(f"{PATH}/try", json={"number": "5550 0123"})
        assert tried.json()["found"] == {
            "name": "Anna Tamm",
            "company": "Mets OÜ",
            "url": f"{crm.url}/people/7",
            "id": "7",
        }
        (step,) = tried.json()["steps"]
        assert step["address"] == f"{crm.url.removeprefix('http://')}/api/people?phone,key"
        assert step["status"] == 200
        assert crm.asked[0].query == {"phone": "+37255500123", "key": SECRET}
        shown = await house.admin.get(PATH)
        assert SECRET not in tried.text + shown.text
        tag = shown.headers["ETag"]
        off = await house.admin.patch(PATH, json={"enabled": False}, headers={"If-Match": tag})
        assert off.json()["state"] == "off"
        late = await house.admin.patch(PATH, json={"enabled": True}, headers={"If-Match": tag})
        assert late.status_code == 412
        assert (await house.admin.patch(PATH, json={"reports": True}, headers=ANY)).status_code == 422
        unknown = await house.admin.patch(PATH, json={"parameters": {"Nope": "1"}}, headers=ANY)
        assert unknown.json()["code"] == "crm_lookup.parameter_unknown"
        again = await set_up(house, template=xml)  # no secret goes on to a new setting
        assert not any(one["filled"] for one in again["parameters"])
        assert (await house.admin.delete(PATH, headers=ANY)).status_code == 204
        assert (await house.admin.get(PATH)).status_code == 404
        async with reading(house.services.engine) as session:
            events = [row for row in await session.scalars(select(EventRow)) if row.subject == "crm_lookup"]
        assert [one.kind.partition(".")[2] for one in events] == ["created", "changed", "changed", "removed"]
        assert SECRET not in str([(one.before, one.after) for one in events])


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"template": "<Crm"}, "crm_lookup.template_invalid"),
        ({"template": "<!DOCTYPE a><Crm/>"}, "crm_lookup.template_invalid"),
        (
            {"template": SIMPLE.replace('Type="No"', 'Type="Kerberos"')},
            "crm_lookup.authentication_unsupported",
        ),
        (
            {"template": SIMPLE.replace('Type="REST"', 'Type="SQLDatabase"')},
            "crm_lookup.template_unsupported",
        ),
        ({"template": SIMPLE, "parameters": {"Nope": "x"}}, "crm_lookup.parameter_unknown"),
        ({"template": SIMPLE, "reports": True}, "crm_lookup.nothing_to_report"),
        ({"url": {"url": "file:///etc/passwd"}}, "crm_lookup.address_unfit"),
        ({"url": {"url": "https://[Name].example/"}}, "crm_lookup.address_unfit"),
        ({"url": {"url": "https://crm.example@10.0.0.1/"}}, "crm_lookup.address_unfit"),
        ({"url": {"url": "https://crm.example:[Number]/"}}, "crm_lookup.address_unfit"),
        (
            {"url": {"url": "https://crm.example/", "link": "https://a@b.example/"}},
            "crm_lookup.address_unfit",
        ),
        ({"url": {"url": "https://10.0.0.1/"}}, "crm_lookup.address_private"),
        ({"url": {"url": "http://[::ffff:a00:1]/"}}, "crm_lookup.address_private"),
        ({"template": at_host("crm.example@10.0.0.1")}, "crm_lookup.template_invalid"),
        ({"template": at_host("crm.example:x@[Domain]")}, "crm_lookup.template_invalid"),
        ({"template": at_host("0x0a.1")}, "crm_lookup.address_private"),
        (
            {"template": at_host("[Domain]"), "parameters": {"Domain": "169.254.169.254"}},
            "crm_lookup.address_private",
        ),
        (
            {"template": at_host("[Domain].crm.example"), "parameters": {"Domain": "a@10.0.0.1/"}},
            "crm_lookup.address_unfit",
        ),
        ({"template": skipped_if("(" * 1500 + "a" + ")" * 1500)}, "crm_lookup.template_invalid"),
        ({"template": skipped_if("x" * 20_000)}, "crm_lookup.template_invalid"),
        ({}, "crm_lookup.one_of_two"),
        ({"template": SIMPLE, "url": {"url": "https://crm.example/"}}, "crm_lookup.one_of_two"),
    ],
)
async def test_what_cannot_be_asked_is_refused(house: House, said: dict[str, Any], code: str) -> None:
    answer = await house.admin.put(PATH, json=said, headers=ANY)
    assert answer.status_code == 422, answer.text
    assert answer.json()["code"] == code


async def test_the_card_is_filled_when_the_answer_comes_and_never_asked_twice(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desks, "POP_S", 0.05)
    await house.make_queue("sales", pop_url="https://crm.example/find?phone={number}&who={crm_name}")
    async with working(house) as crm:
        go = asyncio.Event()

        async def answer(asked: Asked) -> Reply:
            await go.wait()
            return (200, ANNA) if asked.query["phone"].endswith("123") else (200, [])

        crm.answer = answer
        await set_up(house, template=at(crm, SIMPLE), parameters={"APIkey": SECRET})
        first = await house.arrive("sales", "+37255500123")
        await house.identify(first, "Meie Anna")  # our own contact is routed at once, and stays
        second = await house.arrive("sales", "+37255500123")
        await crm.until_asked(1)
        for call in (first, second):
            await shows(house, call, CrmState.LATE)
        joining = await house.arrive("sales", "+37255500123")
        await shows(house, joining, CrmState.LATE)
        go.set()
        for call in (first, second, joining):
            found = await shows(house, call, CrmState.FOUND)
            assert (found["name"], found["company"]) == ("Anna Tamm", "Mets OÜ")
        view = call_view(house.runner.floor, house.runner.floor.calls[first], {})
        assert view["contact_name"] == "Meie Anna"
        assert view["pop_url"] == "https://crm.example/find?phone=%2B37255500123&who=Anna%20Tamm"
        third = await house.arrive("sales", "+37255500123")
        await shows(house, third, CrmState.FOUND)
        assert len(crm.asked) == 1  # the third came from what is remembered
        nobody = await house.arrive("sales", "+37255500124")
        await shows(house, nobody, CrmState.UNKNOWN)


async def test_what_the_crm_knew_of_a_person_who_is_erased_is_forgotten(house: House) -> None:
    said = {"surname": "Tamm", "phones": [{"number": "5550 0123"}]}
    contact = (await house.admin.post("/api/v1/contacts", json=said)).json()["id"]
    await house.make_queue("sales")
    async with working(house) as crm:

        async def answer(asked: Asked) -> Reply:
            return 200, ANNA

        crm.answer = answer
        await set_up(house, template=at(crm, SIMPLE), parameters={"APIkey": SECRET})
        call = await house.arrive("sales", "+37255500123")
        await shows(house, call, CrmState.FOUND)
        await house.runner.post(ChannelHungUp(house.runner.floor.calls[call].channel, 16))
        await house.journaled()
        erasure = (await house.admin.post(f"/api/v1/contacts/{contact}/erasure")).json()
        async with asyncio.timeout(DEADLINE_S):
            while erasure["state"] != "done":
                erasure = (await house.admin.get(f"/api/v1/erasures/{erasure['id']}")).json()
                await asyncio.sleep(0.01)
        again = await house.arrive("sales", "+37255500123")
        await shows(house, again, CrmState.FOUND)
        assert len(crm.asked) == 2  # nothing was remembered


async def test_a_crm_reaches_nothing_inside_and_is_taken_no_more_of_than_fits(house: House) -> None:
    """Attacks by an address, by what it resolves to, and by what it answers; no secret is in a log."""

    async def tried(url: str) -> str:
        said = {"url": f"{url}?q=[Number]&key=[Key]", "name": "name"}
        await set_up(house, url=said, parameters={"Key": SECRET})
        answer = await house.admin.post(f"{PATH}/try", json={"number": "+37255500123"})
        (step,) = answer.json()["steps"]
        assert SECRET not in answer.text
        return str(step["detail"])

    with capture_logs() as logs:
        async with working(house) as crm:
            for url in ("https://10.0.0.1/", "https://0x0a.1/", "http://169.254.169.254/latest/meta-data/"):
                refused = await house.admin.put(PATH, json={"url": {"url": url}}, headers=ANY)
                assert refused.json()["code"] == "crm_lookup.address_private"
            assert await tried("http://93.184.216.34/") == "plain"

            async def answer(asked: Asked) -> Reply:
                return (200, b"[" * 200_000) if asked.path == "/deep" else (200, b" " * (ANSWER_MOST + 1))

            crm.answer = answer
            assert await tried(f"{crm.url}/large") == "too_large"
            assert "JSON" in await tried(f"{crm.url}/deep")
            assert {one.path for one in crm.asked} == {"/large", "/deep"}
    assert SECRET not in str(logs)


async def test_a_parameter_leads_nowhere_inside(house: House) -> None:
    made = await set_up(house, template=at_host("[Domain]"), parameters={"Domain": "crm.example"})
    assert made["hosts"] == ["[domain]"]
    for domain, code in (
        ("127.0.0.2@10.0.0.1", "crm_lookup.address_unfit"),
        ("10.0.0.1", "crm_lookup.address_private"),
    ):
        inside = await house.admin.patch(PATH, json={"parameters": {"Domain": domain}}, headers=ANY)
        assert (inside.status_code, inside.json()["code"]) == (422, code)
    assert (await set_up(house, template=skipped_if("[" * 16_000)))["name"] == "Sample"  # quickly


async def test_a_crm_that_fails_is_left_alone(house: House) -> None:
    await house.make_queue("sales")
    async with working(house) as crm:

        async def answer(_: Asked) -> Reply:
            return 302, {}

        crm.answer = answer
        await set_up(house, template=at(crm, SIMPLE))
        for place in range(FAILURES):
            call = await house.arrive("sales", f"+3725550010{place}")
            await shows(house, call, CrmState.FAILED)
        assert len(crm.asked) == FAILURES
        assert {one.path for one in crm.asked} == {"/api/people"}  # a redirect leads nowhere
        call = await house.arrive("sales", "+37255500199")
        await shows(house, call, CrmState.FAILED)
        assert len(crm.asked) == FAILURES
        assert (await house.admin.get(PATH)).json()["state"] == "paused"


def test_after_a_rest_one_question_tries() -> None:
    breaker = Breaker()
    for _ in range(FAILURES):
        assert not breaker.is_open(0.0)
        breaker.note(failed=True, now_s=0.0)
    assert breaker.is_open(REST_S - 1)
    assert not breaker.is_open(REST_S)
    assert breaker.is_open(REST_S + 1)
    breaker.note(failed=False, now_s=REST_S + 2)
    assert not breaker.is_open(REST_S + 2)


async def test_an_address_without_a_template(house: House) -> None:
    await house.make_queue("sales", pop_url="{crm_url}")
    async with working(house) as crm:

        async def answer(_: Asked) -> Reply:
            return 200, {"people": [{"id": 3, "name": "Anna Tamm"}]}

        crm.answer = answer
        url = {
            "url": f"{crm.url}/people?q=[Number]",
            "headers": {"Authorization": "Bearer [Token]"},
            "name": "people.name",
            "id": "people.id",
            "link": "https://crm.example/p/[Id]",
        }
        made = await set_up(house, url=url, parameters={"Token": SECRET})
        assert [one["name"] for one in made["parameters"]] == ["Token"]
        call = await house.arrive("sales", "+37255500123")
        found = await shows(house, call, CrmState.FOUND)
        assert (found["name"], found["url"]) == ("Anna Tamm", "https://crm.example/p/3")
        assert (
            call_view(house.runner.floor, house.runner.floor.calls[call], {})["pop_url"]
            == "https://crm.example/p/3"
        )
        assert crm.asked[0].headers["authorization"] == f"Bearer {SECRET}"


async def test_calls_are_reported_again_until_the_crm_takes_them(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.crm.crm_lookup.reports.RETRIES_S", (0.01,) * 7)
    await house.make_queue("sales")
    async with working(house) as crm:
        refusals = [503, 429]

        async def answer(asked: Asked) -> Reply:
            if asked.path == "/search":
                return 200, {"data": {"items": [{"item": {"id": 2, "phones": ["55500123"]}}]}}
            if asked.path == "/persons/2":
                return 200, {"data": {"id": 2, "name": "Anna Tamm"}}
            return (refusals.pop(0), {}) if refusals else (201, {"id": 5})

        crm.answer = answer
        await set_up(house, template=at(crm, CHAINED), parameters={"APIkey": SECRET}, reports=True)
        call = await house.arrive("sales", "+37255500123")
        await shows(house, call, CrmState.FOUND)
        await house.runner.post(ChannelHungUp(house.runner.floor.calls[call].channel, 16, "Normal"))
        await house.journaled()
        await crm.until_asked(5)
        sent = [one for one in crm.asked if one.path == "/activities"]
        assert len(sent) == 3
        assert '"subject": "missed 0037255500123"' in sent[-1].body
        assert '"person_id": 2' in sent[-1].body
        async with asyncio.timeout(30):
            while (page := (await house.admin.get(f"{PATH}/reports")).json())["items"][0]["state"] != "sent":
                pass
        assert page["items"][0]["call"] == call
        assert page["items"][0]["tries"] >= 3  # one more where the call's record was not written yet
        again = await house.admin.post(f"{PATH}/reports/{call}/retry")
        assert again.status_code == 200
        await crm.until_asked(6)
        assert (await house.admin.post(f"{PATH}/reports/none/retry")).status_code == 404


async def test_a_token_is_asked_for_anew_when_it_holds_no_more(house: House) -> None:
    await house.make_queue("sales")
    scenarios = """
    <Scenario Id="Auth" Type="REST">
      <Request Url="CRM/token" RequestType="Post" RequestEncoding="Json" ResponseType="Json">
        <PostValues><Value Key="key">[Key]</Value></PostValues></Request>
      <Rules><Rule Type="Any">token</Rule></Rules>
      <Variables><Variable Name="Token" Path="token"/></Variables>
      <Outputs AllowEmpty="false"><Output Type="AccessToken" Value="[Token]"/></Outputs>
    </Scenario>
    <Scenario Id="" Type="REST">
      <Request Url="CRM/people?phone=[Number]" RequestType="Get" ResponseType="Json">
        <Headers><Value Key="Authorization">Bearer [AccessToken]</Value></Headers></Request>
      <Rules><Rule Type="Any">name</Rule></Rules>
      <Variables><Variable Name="N" Path="name"/></Variables>
      <Outputs AllowEmpty="false"><Output Type="FullName" Value="[N]"/></Outputs>
    </Scenario>"""
    async with working(house) as crm:
        tokens = ["t1", "t2"]
        good = ["t1"]

        async def answer(asked: Asked) -> Reply:
            if asked.path == "/token":
                return 200, {"token": tokens.pop(0)}
            held = asked.headers["authorization"] == f"Bearer {good[0]}"
            return (200, {"name": "Anna"}) if held else (401, {})

        crm.answer = answer
        authentication = '<Authentication Type="Scenario"><Value>Auth</Value></Authentication>'
        xml = template(
            scenarios.replace("CRM", crm.url), parameters=parameter("Key"), authentication=authentication
        )
        await set_up(house, template=xml, parameters={"Key": SECRET}, cache_s=0)
        await shows(house, await house.arrive("sales", "+37255500123"), CrmState.FOUND)
        await shows(house, await house.arrive("sales", "+37255500124"), CrmState.FOUND)
        assert [one.path for one in crm.asked] == ["/token", "/people", "/people"]
        good[0] = "t2"
        await shows(house, await house.arrive("sales", "+37255500125"), CrmState.FOUND)
        assert [one.path for one in crm.asked[3:]] == ["/people", "/token", "/people"]


@pytest.mark.parametrize(
    ("pop_url", "part"),
    [
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("https://{name}.example/", "https://{name}.example/"),
        ("https://crm.example/{password}", "{password}"),
        ("{crm_url}x", "{crm_url}"),
    ],
)
async def test_an_address_to_open_is_checked(house: House, pop_url: str, part: str) -> None:
    said = {"id": "sales", "title": "Müük", "pop_url": pop_url}
    answer = await house.admin.post("/api/v1/queues", json=said)
    assert answer.status_code == 422
    assert (answer.json()["code"], answer.json()["params"]["part"]) == ("queue.pop_url_unfit", part)
