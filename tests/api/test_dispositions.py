"""What a campaign's calls came to, said over HTTP: by whom, when, and what it changes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from app.compliance.eligibility import DialRule, Suppressed, may_dial
from app.crm.attempts.queries import note_attempt
from app.crm.campaigns.queries import get_campaign
from app.crm.campaigns.rules import campaign_facts
from app.crm.leads.columns import shown_columns
from app.domain.campaigns import AttemptOutcome, CampaignSettings, DialMode
from app.domain.ids import AttemptId, CampaignId, ChannelId, OperatorId, QueueId
from app.domain.operators import RoutingState
from app.floor.events import AttemptAnswered, AttemptRestored, CampaignSet, ChannelHungUp
from app.outbound.dialable import dial_facts
from app.records.engine import reading, writing
from app.system import clock
from tests.records.lists import begin, end, pick

from .campaigning import CAMPAIGN, given, made
from .house import ANY, PASSWORD, House

ID = "kc-1"
COLUMNS = {"Leping": "1034", "2024": "jah", "Arve": "17"}


@dataclass
class Outbound:
    """A campaign that has called somebody; the operator talks with them."""

    house: House
    campaign: int
    operator: OperatorId
    lead: int

    async def say(self, code: str, who: str = "operator", status: int = 200, **said: Any) -> dict[str, Any]:
        answer = await self.house.client(who).put(
            f"/api/v1/attempts/{ID}/disposition", json={"disposition": code, **said}
        )
        assert answer.status_code == status, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def hang_up(self) -> None:
        call = self.house.runner.floor.calls[self.house.runner.floor.operators[self.operator].call or ""]  # type: ignore[index]
        assert call.talking is not None
        assert call.talking.channel is not None
        await self.house.runner.post(ChannelHungUp(call.talking.channel, 16))
        await self.house.runner.post(ChannelHungUp(call.channel, 16))
        async with writing(self.house.services.engine) as session:
            await note_attempt(session, AttemptId(ID), operator=self.operator)
        await end(self.house.services.engine, ID, AttemptOutcome.ANSWERED)

    async def lead_now(self) -> dict[str, Any]:
        told: dict[str, Any] = (
            await self.house.client("supervisor").get(f"/api/v1/leads/{self.lead}")
        ).json()
        return told

    @property
    def routing(self) -> RoutingState:
        return self.house.runner.floor.operators[self.operator].routing


@pytest.fixture
async def outbound(house: House) -> Outbound:
    return await talking(house)


async def talking(house: House) -> Outbound:
    """Somebody was called by a campaign, and talks with the operator."""
    campaign = await made(house)
    operator = await house.make_operator("operator", "sales")
    for code, flags in (
        ("sale", {"sale": True}),
        ("callback", {"callback": True}),
        ("never", {"do_not_call": True}),
        ("machine", {"human": False, "answering_machine": True}),
    ):
        said = {"campaign": campaign, "code": code, "title": code.title(), **flags}
        assert (await house.client("supervisor").post("/api/v1/dispositions", json=said)).status_code == 201
    kalle = {"numbers": ["55500001"], "surname": "Kask", "given_name": "Kalle", "variables": COLUMNS}
    added = await given(house, campaign, kalle)
    (lead,) = await pick(house.services.engine, CampaignId(campaign))
    assert await begin(house.services.engine, lead, ID)
    settings = CampaignSettings(
        CampaignId(campaign),
        "Kevad",
        mode=DialMode.PROGRESSIVE,
        queue=QueueId("sales"),
        disposition_required=True,
    )
    await house.runner.post(CampaignSet(settings))
    columns = shown_columns(lead.variables)
    await house.runner.post(
        AttemptRestored(
            AttemptId(ID),
            CampaignId(campaign),
            lead=lead.id,
            number=lead.number.e164,
            contact_name="Kask Kalle",
            columns=columns,
        )
    )
    await house.runner.post(
        AttemptAnswered(
            ChannelId(ID),
            "PJSIP/trunk-1",
            campaign=CampaignId(campaign),
            number=lead.number.e164,
            machine=False,
        )
    )
    await house.answer(next(iter(house.runner.floor.calls)))
    return Outbound(house, campaign, operator, added["added"][0])


async def test_the_wrap_up_waits_for_the_operator_to_say_it(outbound: Outbound) -> None:
    operator = outbound.house.client("operator")
    await outbound.hang_up()
    assert (await operator.post("/api/v1/me/wrap-up/end")).status_code == 409
    (owed,) = (await operator.get("/api/v1/me/attempts", params={"undisposed": True})).json()["items"]
    assert (owed["id"], owed["name"], owed["disposition"]) == (ID, "Kask Kalle", None)
    told = await outbound.say("sale", note="kaks tükki")
    assert (told["disposition"], told["note"], told["operator"]) == ("sale", "kaks tükki", outbound.operator)
    assert (await operator.post("/api/v1/me/wrap-up/end")).status_code == 204
    assert (await operator.get("/api/v1/me/attempts", params={"undisposed": True})).json()["items"] == []
    lead = await outbound.lead_now()
    assert (lead["state"], lead["reason"]) == ("done", "sale")


async def test_said_during_the_call_it_takes_effect_at_its_end(outbound: Outbound) -> None:
    at = (clock.utc_now() + timedelta(days=2)).replace(microsecond=0)
    by = outbound.operator
    told = await outbound.say("callback", callback_at=at.isoformat(), callback_operator=by)
    assert told["operator"] == outbound.operator, "the floor knows who talks before the record does"
    assert (await outbound.lead_now())["state"] == "dialling"
    await outbound.hang_up()
    lead = await outbound.lead_now()
    assert (lead["state"], lead["reason"], lead["callback_operator"]) == (
        "waiting",
        "callback",
        outbound.operator,
    )
    assert (await outbound.house.client("operator").post("/api/v1/me/wrap-up/end")).status_code == 204
    (mine,) = (await outbound.house.client("operator").get("/api/v1/callbacks")).json()["items"]
    assert mine["id"] == outbound.lead


async def test_a_supervisor_may_and_a_colleague_may_not(outbound: Outbound) -> None:
    await outbound.hang_up()
    await outbound.say("sale", "administrator")
    assert outbound.routing is RoutingState.WRAP_UP, "within its time it goes on"
    house = outbound.house
    await house.make_operator({"username": "teine", "display_name": "Teine"}, "sales")
    session = await house.client("").post(
        "/api/v1/session", json={"username": "teine", "password": "kevadine metsarada"}
    )
    assert session.status_code == 200
    cookie = {"Cookie": "keskus_session=" + session.cookies["keskus_session"], "Origin": house.url}
    answer = await house.client("").put(
        f"/api/v1/attempts/{ID}/disposition", json={"disposition": "sale"}, headers=cookie
    )
    assert answer.status_code == 404
    assert (await house.client("").get(f"/api/v1/attempts/{ID}", headers=cookie)).status_code == 404


async def test_what_does_not_fit(outbound: Outbound) -> None:
    await outbound.say("nothing", status=422)
    await outbound.say("callback", status=422)
    await outbound.say("callback", status=422, callback_at="2020-01-01T10:00:00Z")
    later = (clock.utc_now() + timedelta(days=1)).isoformat()
    await outbound.say("callback", status=403, callback_at=later, callback_operator=outbound.operator + 1)
    await outbound.say("callback", "supervisor", status=422, callback_at=later, callback_operator=9999)
    missing = await outbound.house.client("operator").get("/api/v1/attempts/kc-none")
    assert missing.status_code == 404


async def test_not_to_be_called_again_holds_at_once_in_every_campaign_until_it_is_corrected(
    outbound: Outbound,
) -> None:
    house = outbound.house
    answer = await house.client("supervisor").post(
        "/api/v1/campaigns", json=CAMPAIGN | {"title": "Sügis", "purpose": "survey"}
    )
    other = answer.json()["id"]
    await given(house, other, {"numbers": ["55500001"], "surname": "Kask"})
    await outbound.hang_up()
    (lead,) = await pick(house.services.engine, CampaignId(other))

    async def stops() -> DialRule | None:
        now = clock.utc_now()
        async with reading(house.services.engine) as session:
            row = await get_campaign(session, CampaignId(other))
            assert row is not None
            row.state = "running"
            facts = await dial_facts(session, campaign_facts(row), lead, lead.number, now, country="EE")
        answer = may_dial(facts, now)
        return answer.rule if isinstance(answer, Suppressed) else None

    assert await stops() is None
    await outbound.say("never")
    assert await stops() is DialRule.DO_NOT_CALL
    assert (await outbound.lead_now())["reason"] == "never"
    await outbound.say("never", note="teist korda")
    about = "/api/v1/consents?number=55500001"
    (written,) = (await house.client("supervisor").get(about)).json()["items"]
    assert (written["word"], written["source"]) == ("do_not_call", f"call {ID}")
    await outbound.say("sale")
    assert await stops() is None
    (removed,) = (await house.client("supervisor").get(f"{about}&removed=true")).json()["items"]
    assert removed["removed_reason"] == "the disposition was corrected"


async def test_talks_are_paged(outbound: Outbound) -> None:
    await outbound.hang_up()
    supervisor = outbound.house.client("supervisor")
    await given(outbound.house, outbound.campaign, {"numbers": ["55500002"]})
    (lead,) = await pick(outbound.house.services.engine, CampaignId(outbound.campaign))
    await begin(outbound.house.services.engine, lead, "kc-2", at=60.0)
    async with writing(outbound.house.services.engine) as session:
        await note_attempt(session, AttemptId("kc-2"), operator=outbound.operator)
    url = f"/api/v1/campaigns/{outbound.campaign}/attempts"
    page = (await supervisor.get(url, params={"limit": 1})).json()
    rest = (await supervisor.get(url, params={"limit": 1, "cursor": page["next"]})).json()
    assert [one["id"] for one in page["items"] + rest["items"]] == ["kc-2", ID]
    assert rest["next"] is None
    assert (await supervisor.get(url, params={"cursor": "bad"})).status_code == 422


async def test_the_leads_own_columns_are_told_to_who_is_in_the_call(outbound: Outbound) -> None:
    """In the order of its list; to supervisors too, and to no other operator."""
    house, told = outbound.house, [{"name": name, "value": value} for name, value in COLUMNS.items()]
    for who in ("operator", "supervisor"):
        (call,) = (await house.client(who).get("/api/v1/floor")).json()["calls"]
        assert call["columns"] == told
        assert (await house.client(who).get(f"/api/v1/calls/{call['id']}")).json()["live"]["columns"] == told
        assert (await house.client(who).get(f"/api/v1/attempts/{ID}")).json()["columns"] == told
    await house.make_operator({"username": "muu", "display_name": "Muu"}, "sales")
    login = await house.client().post("/api/v1/session", json={"username": "muu", "password": PASSWORD})
    cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in login.cookies.items())}
    assert (await house.client().get("/api/v1/floor", headers=cookies)).json()["calls"] == []
    assert (await house.client().get(f"/api/v1/calls/{call['id']}", headers=cookies)).status_code == 404
    assert (await house.client().get(f"/api/v1/attempts/{ID}", headers=cookies)).status_code == 404


async def test_dispositions(house: House) -> None:
    supervisor = house.client("supervisor")
    id_ = await made(house)
    for said, status in (
        ({"code": "trial", "title": "Proov", "titles": {"ru": "Проба"}, "sale": True}, 201),
        ({"code": "trial", "title": "Topelt"}, 409),
        ({"code": "trial", "title": "Meie proov", "campaign": id_}, 201),
        ({"code": "y", "title": "Y", "titles": {"Eesti": "Y"}}, 422),
        ({"code": "x", "title": "X", "campaign": 99}, 422),
    ):
        assert (await supervisor.post("/api/v1/dispositions", json=said)).status_code == status, said
    changed = await supervisor.put(
        "/api/v1/dispositions/1", json={"code": "sold", "title": "Müüdud", "active": False}, headers=ANY
    )
    assert changed.json()["code"] == "sold"
    assert (
        await supervisor.put("/api/v1/dispositions/99", json={"code": "a", "title": "A"}, headers=ANY)
    ).status_code == 404
    told = (await house.client("operator").get("/api/v1/dispositions", params={"campaign": id_})).json()
    assert [one["title"] for one in told if one["code"] == "trial"] == ["Proov", "Meie proov"]


async def test_a_new_installation_has_dispositions_to_begin_with(house: House) -> None:
    """Enough for a campaign that requires one, in three languages."""
    told = (await house.client("operator").get("/api/v1/dispositions")).json()
    flags = ("human", "sale", "do_not_call", "callback", "unworkable", "answering_machine")
    assert {one["code"]: [flag for flag in flags if one[flag]] for one in told} == {
        "sale": ["human", "sale"],
        "reached": ["human"],
        "callback": ["human", "callback"],
        "not_interested": ["human"],
        "do_not_call": ["human", "do_not_call"],
        "wrong_number": ["human", "unworkable"],
        "answering_machine": ["answering_machine"],
    }
    assert all(one["active"] and one["campaign"] is None for one in told)
    for one in told:
        assert set(one["titles"]) == {"et", "ru", "en"}
        assert one["titles"]["et"] == one["title"]
    id_ = await made(house, disposition_required=True)
    state = await house.client("supervisor").put(f"/api/v1/campaigns/{id_}/state", json={"state": "running"})
    assert state.status_code == 200
