import asyncio
from pathlib import Path
from typing import Any

import httpx

from app.compliance.eligibility import DialRule
from app.crm.campaigns.queries import get_campaign
from app.crm.imports.service import Imports
from app.domain.campaigns import AttemptOutcome
from app.domain.ids import AttemptId, CampaignId
from app.outbound.lead_selection import begin_pick, pick_leads
from app.records.engine import writing
from tests.own_rules import OWN_RULES
from tests.records.lists import begin, end, pick

from .house import DEADLINE_S, House, open_house

CAMPAIGN = OWN_RULES | {
    "title": "Kevad",
    "purpose": "marketing",
    "legal_basis": "existing_customers",
    "mode": "progressive",
    "queue": "sales",
}
LIST = (
    "Kood;Nimi;Telefon;Arve\nc-1;Kask Kalle;5550 0001;17\nc-2;Tamm Tõnu;puudub;\nc-3;Õun Mari;5550 0003;18\n"
)


async def made(house: House, **said: Any) -> int:
    await house.make_queue()
    answer = await house.client("supervisor").post("/api/v1/campaigns", json=CAMPAIGN | said)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


async def given(house: House, campaign: int, *leads: dict[str, Any]) -> dict[str, Any]:
    answer = await house.client("supervisor").post(
        f"/api/v1/campaigns/{campaign}/leads", json={"leads": leads}
    )
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def brought(house: House, campaign: int, file: bytes, **query: str) -> dict[str, Any]:
    url = f"/api/v1/campaigns/{campaign}/imports"
    answer = await house.client("supervisor").post(url, content=file, params={"name": "list.csv", **query})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def ended(house: House, job: int) -> dict[str, Any]:
    async with asyncio.timeout(DEADLINE_S):
        while True:
            told: dict[str, Any] = (await house.client("supervisor").get(f"/api/v1/imports/{job}")).json()
            if told["state"] not in {"queued", "running", "undoing"}:
                return told
            await asyncio.sleep(0.01)


async def do(house: House, job: int, what: str, **said: Any) -> httpx.Response:
    return await house.client("supervisor").post(f"/api/v1/imports/{job}/{what}", json=said or None)


async def test_a_campaign_is_made_changed_and_run(house: House) -> None:
    supervisor = house.client("supervisor")
    hours = [{"days": [1, 2], "from": "09:00", "to": "19:00"}]
    id_ = await made(house, hours=hours, recycling={"again": {"busy": None}, "max_per_day": 2})
    told = (await supervisor.get(f"/api/v1/campaigns/{id_}")).json()
    assert (told["state"], told["hours"], told["ring_s"]) == ("draft", hours, 25)
    assert told["recycling"]["again"] == {"busy": None}
    assert told["leads"] == {"ready": 0, "waiting": 0, "reserved": 0, "dialling": 0, "done": 0}
    changed = await supervisor.put(f"/api/v1/campaigns/{id_}", json=CAMPAIGN | {"ring_s": 30})
    assert changed.json()["ring_s"] == 30
    for state, status in (
        ("paused", 409),
        ("running", 200),
        ("paused", 200),
        ("paused", 200),
        ("running", 200),
    ):
        said = {"state": state, "reason": f"{state}, sest nii"}
        assert (await supervisor.put(f"/api/v1/campaigns/{id_}/state", json=said)).status_code == status
    assert (await supervisor.delete(f"/api/v1/campaigns/{id_}")).status_code == 409
    finished = await supervisor.put(
        f"/api/v1/campaigns/{id_}/state", json={"state": "finished", "reason": "läbi"}
    )
    assert (finished.json()["state"], finished.json()["state_reason"]) == ("finished", "läbi")
    assert (await supervisor.put(f"/api/v1/campaigns/{id_}", json=CAMPAIGN)).status_code == 409
    page = (await supervisor.get(f"/api/v1/campaigns/{id_}/changes?limit=3")).json()
    assert [one["what"] for one in page["items"]] == ["state", "state", "state"]
    assert page["items"][0]["user"] == house.users["supervisor"]
    assert page["items"][0]["detail"] == {"from": "running", "to": "finished", "reason": "läbi"}
    rest = (await supervisor.get(f"/api/v1/campaigns/{id_}/changes", params={"cursor": page["next"]})).json()
    assert [one["what"] for one in rest["items"]] == ["state", "changed", "made"]
    assert rest["items"][1]["detail"]["ring_s"] == [25, 30]
    assert (await supervisor.delete(f"/api/v1/campaigns/{id_}")).status_code == 204


async def test_what_does_not_fit_is_refused(house: House) -> None:
    supervisor = house.client("supervisor")
    id_ = await made(house)
    for said, status in (
        ({"queue": "none"}, 409),
        ({}, 409),  # the title is taken
        ({"title": "Muu", "ring_s": 14}, 422),
        ({"title": "Muu", "time_zone": "Tallinn"}, 422),
        ({"title": "Muu", "time_zone": "../etc/passwd"}, 422),
        ({"title": "Muu", "country": "XX"}, 422),
        ({"title": "Muu", "rule_set": "none"}, 422),
        ({"title": "Muu", "hours": [{"days": [1], "from": "19:00", "to": "09:00"}]}, 422),
        ({"title": "Muu", "recycling": {"again": {"weather": None}}}, 422),
        ({"title": "Muu", "rule_set": "mars"}, 422),
        ({"title": "Muu", "rule_set": "us_tsr", "hours": [], "abandon_limit": 0.05}, 422),
        (
            {"title": "Muu", "rule_set": "us_tsr", "hours": [{"days": [7], "from": "07:00", "to": "21:00"}]},
            422,
        ),
        ({"title": "Muu", "rule_set": "us_tsr"}, 422),  # all day is more than it allows
        ({"title": "Muu", "rule_set": "us_tsr", "hours": [], "abandon_limit": 0.01}, 201),
    ):
        assert (await supervisor.post("/api/v1/campaigns", json=CAMPAIGN | said)).status_code == status, said
    answer = await supervisor.post(f"/api/v1/campaigns/{id_}/leads", json={"leads": [{"numbers": ["112"]}]})
    told = answer.json()
    assert (answer.status_code, told["code"], told["params"]) == (422, "lead.unreadable", {"count": 1})
    assert [(one["where"], one["what"]) for one in told["errors"]] == [
        ("body.leads.0.numbers", "112 is too short for a number: write it whole")
    ]
    assert (await supervisor.delete("/api/v1/queues/sales")).status_code == 403
    assert (await house.admin.delete("/api/v1/queues/sales")).status_code == 409, "a campaign needs it"


async def test_dates_and_hours(house: House) -> None:
    supervisor = house.client("supervisor")
    id_ = await made(house)
    dates = {"starts_at": "2027-01-02T00:00:00Z", "ends_at": "2027-01-01T00:00:00Z"}
    whole = [{"days": [1, 2, 3, 4, 5, 6, 7], "from": "00:00", "to": "24:00"}]
    late = [{"days": [1], "from": "19:00", "to": "09:00"}]
    for said, status in ((dates, 422), ({"hours": late}, 422), ({"hours": whole}, 200)):
        answer = await supervisor.put(f"/api/v1/campaigns/{id_}", json=CAMPAIGN | said)
        assert answer.status_code == status, answer.text


async def test_leads_are_given_once_for_each_key(house: House) -> None:
    supervisor = house.client("supervisor")
    id_ = await made(house)
    leads: list[dict[str, Any]] = [{"numbers": ["5550 0001"], "external_id": "a"}, {"numbers": ["55500001"]}]
    said = {"leads": leads}
    url, headers = f"/api/v1/campaigns/{id_}/leads", {"Idempotency-Key": "k-1"}
    first = await supervisor.post(url, json=said, headers=headers)
    again = await supervisor.post(url, json=said, headers=headers)
    assert first.json() == again.json() == {"added": [1], "not_added": [{"index": 1, "why": "number"}]}
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (await given(house, id_, *leads))["added"] == []


async def test_leads_are_looked_through(house: House) -> None:
    supervisor = house.client("supervisor")
    id_ = await made(house)
    await given(house, id_, *({"numbers": [f"5550000{key}"], "priority": key} for key in range(5)))
    url, seen, cursor = f"/api/v1/campaigns/{id_}/leads", [], None
    while True:
        page = (
            await supervisor.get(
                url, params={"limit": 2, "state": "ready", **({"cursor": cursor} if cursor else {})}
            )
        ).json()
        seen += [lead["id"] for lead in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == [1, 2, 3, 4, 5]
    found = (await supervisor.get(url, params={"number": "5550 0003"})).json()["items"]
    assert [(lead["id"], lead["priority"], lead["numbers"][0]["number"]) for lead in found] == [
        (4, 3, "+37255500003")
    ]
    assert (await supervisor.get(url, params={"state": "done"})).json()["items"] == []
    changed = await supervisor.patch("/api/v1/leads/1", json={"priority": 50})
    assert changed.json()["priority"] == 50
    (lead,) = await pick(house.services.engine, CampaignId(id_))
    assert lead.id == 1


async def test_contacts_become_leads(house: House) -> None:
    supervisor = house.client("supervisor")
    id_ = await made(house)
    for key, phones in enumerate((["5550 0001", "201"], ["202"], ["5550 0003"])):
        said = {"surname": f"Kask{key}", "phones": [{"number": number} for number in phones]}
        assert (await supervisor.post("/api/v1/contacts", json=said)).status_code == 201
    url = f"/api/v1/campaigns/{id_}/leads/from-contacts"
    assert (await supervisor.post(url, json={"q": "kask"})).json() == {
        "found": 3, "added": 2, "duplicates": 0, "do_not_call": 0, "without_number": 1,
    }  # fmt: skip
    assert (await supervisor.post(url, json={"q": "kask"})).json()["duplicates"] == 2
    leads = (await supervisor.get(f"/api/v1/campaigns/{id_}/leads")).json()["items"]
    assert [(lead["contact"], lead["surname"]) for lead in leads] == [(1, "Kask0"), (3, "Kask2")]
    # A program's lead is known by its number.
    assert (await given(house, id_, {"numbers": ["5550 0001", "5550 0009"]}))["not_added"][0][
        "why"
    ] == "contact"


async def test_who_must_not_be_called_is_not_taken(house: House) -> None:
    supervisor = house.client("supervisor")
    id_ = await made(house)
    said = {"word": "do_not_call", "number": "5550 0001", "source": "call"}
    assert (await supervisor.post("/api/v1/consents", json=said)).status_code == 201
    told = await given(house, id_, {"numbers": ["55500001"]}, {"numbers": ["55500001", "55500002"]})
    assert told == {"added": [1], "not_added": [{"index": 0, "why": "do_not_call"}]}
    (lead,) = (await supervisor.get(f"/api/v1/campaigns/{id_}/leads")).json()["items"]
    assert [one["number"] for one in lead["numbers"]] == ["+37255500002"]
    job = (await brought(house, id_, b"55500001\n55500003\n"))["id"]
    for dry_run in (True, False):
        await do(house, job, "start", dry_run=dry_run)
        told = await ended(house, job)
        assert (told["added"], told["rejected"]) == (1, 1)
    rejected = await supervisor.get(f"/api/v1/imports/{job}/rejected")
    assert "1;its number must not be called;55500001" in rejected.text


async def test_callbacks_are_their_operators(house: House) -> None:
    supervisor, operator = house.client("supervisor"), house.client("operator")
    id_ = await made(house)
    await given(house, id_, {"numbers": ["55500001"]}, {"numbers": ["55500002"]})
    at = "2026-03-03T10:00:00Z"
    me = house.users["operator"]
    assert (
        await supervisor.put("/api/v1/leads/1/callback", json={"at": at, "operator": me})
    ).status_code == 200
    assert (await supervisor.put("/api/v1/leads/2/callback", json={"at": at})).json()["next_at"] == at
    assert [lead["id"] for lead in (await operator.get("/api/v1/callbacks")).json()["items"]] == [1]
    assert [lead["id"] for lead in (await supervisor.get("/api/v1/callbacks")).json()["items"]] == [1, 2]
    page = (await supervisor.get("/api/v1/callbacks?limit=1")).json()
    rest = (await supervisor.get("/api/v1/callbacks", params={"cursor": page["next"]})).json()
    assert [lead["id"] for lead in rest["items"]] == [2]
    later = {"at": "2026-03-03T11:00:00Z", "operator": me}
    assert (await operator.put("/api/v1/leads/1/callback", json=later)).status_code == 200
    assert (await operator.put("/api/v1/leads/2/callback", json=later)).status_code == 404
    other = later | {"operator": house.users["supervisor"]}
    assert (await operator.put("/api/v1/leads/1/callback", json=other)).status_code == 403
    assert (await supervisor.delete("/api/v1/leads/1/callback")).status_code == 204
    assert (await supervisor.delete("/api/v1/leads/1/callback")).status_code == 409
    (lead,) = await pick(house.services.engine, CampaignId(id_))
    assert lead.id == 1
    assert (await supervisor.put("/api/v1/leads/1/callback", json=later)).status_code == 409, "it is reserved"


async def test_a_campaign_that_called_somebody_stays(house: House) -> None:
    supervisor = house.client("supervisor")
    id_ = await made(house)
    await given(house, id_, {"numbers": ["55500001"]}, {"numbers": ["55500002"]})
    (lead,) = await pick(house.services.engine, CampaignId(id_))
    await begin(house.services.engine, lead, "kc-1")
    await end(house.services.engine, "kc-1", AttemptOutcome.BUSY)
    for key, status in ((1, 204), (2, 204), (2, 404)):
        assert (await supervisor.delete(f"/api/v1/leads/{key}")).status_code == status
    left = (await supervisor.get(f"/api/v1/campaigns/{id_}/leads")).json()["items"]
    assert [(one["state"], one["reason"]) for one in left] == [("done", "removed")]
    assert (await supervisor.delete(f"/api/v1/campaigns/{id_}")).status_code == 409


async def test_dispositions(house: House) -> None:
    supervisor = house.client("supervisor")
    id_ = await made(house)
    for said, status in (
        ({"code": "trial", "title": "Proov", "titles": {"ru": "Проба"}, "sale": True}, 201),
        ({"code": "trial", "title": "Topelt"}, 409),
        ({"code": "trial", "title": "Meie proov", "campaign": id_}, 201),
        ({"code": "y", "title": "Y", "titles": {"Eesti": "Y"}}, 422),
        ({"code": "x", "title": "X", "campaign": 99}, 404),
    ):
        assert (await supervisor.post("/api/v1/dispositions", json=said)).status_code == status, said
    changed = await supervisor.put(
        "/api/v1/dispositions/1", json={"code": "sold", "title": "Müüdud", "active": False}
    )
    assert changed.json()["code"] == "sold"
    assert (
        await supervisor.put("/api/v1/dispositions/99", json={"code": "a", "title": "A"})
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


async def test_a_file_is_brought_checked_run_and_undone(house: House) -> None:
    supervisor = house.client("supervisor")
    id_ = await made(house)
    told = await brought(house, id_, LIST.encode("cp1257"))
    job = told["id"]
    assert (told["encoding"], told["delimiter"], told["state"]) == ("cp1252", ";", "uploaded")
    assert told["columns"] == ["external_id", "name", "phone", "variable"]
    assert [(row["row"], row["name"], row["numbers"], row["why"]) for row in told["preview"]] == [
        (2, "Kask Kalle", ["+37255500001"], ""),
        (3, "", [], "puudub is no telephone number"),
        (4, "Õun Mari", ["+37255500003"], ""),
    ]
    assert (await do(house, job, "start", dry_run=True)).status_code == 202
    checked = await ended(house, job)
    assert [checked[name] for name in ("state", "rows", "added", "rejected")] == ["checked", 3, 2, 1]
    assert (await supervisor.get(f"/api/v1/campaigns/{id_}/leads")).json()["items"] == []
    assert (await do(house, job, "start", dry_run=False)).status_code == 202
    done = await ended(house, job)
    assert [done[name] for name in ("state", "rows", "added", "rejected", "progress")] == [
        "done",
        3,
        2,
        1,
        1.0,
    ]
    rejected = await supervisor.get(f"/api/v1/imports/{job}/rejected")
    assert rejected.headers["content-type"].startswith("text/csv")
    assert "3;puudub is no telephone number;c-2;Tamm Tõnu;puudub" in rejected.content.decode("utf-8-sig")
    assert (await do(house, job, "start", dry_run=False)).status_code == 409
    assert (await do(house, job, "cancel")).status_code == 409
    assert (await do(house, job, "undo")).status_code == 202
    assert (await ended(house, job))["removed"] == 2
    assert (await supervisor.get(f"/api/v1/campaigns/{id_}/leads")).json()["items"] == []
    page = (await supervisor.get(f"/api/v1/campaigns/{id_}/imports")).json()
    assert ([one["state"] for one in page["items"]], page["next"]) == (["undone"], None)
    assert (await supervisor.delete(f"/api/v1/imports/{job}")).status_code == 204
    assert (await supervisor.get(f"/api/v1/imports/{job}")).status_code == 404
    changes = (await supervisor.get(f"/api/v1/campaigns/{id_}/changes")).json()["items"]
    assert [one["what"] for one in changes] == ["import_undone", "import_started", "import_brought", "made"]


async def test_a_wrong_guess_is_put_right(house: House) -> None:
    supervisor = house.client("supervisor")
    id_ = await made(house)
    told = await brought(house, id_, "a,5550 0001,x\nb,5550 0002,y\n".encode("utf-16"))
    url = f"/api/v1/imports/{told['id']}/reading"
    assert (told["header"], told["columns"]) == (None, ["variable", "phone", "variable"])
    told = (await supervisor.put(url, json={"columns": ["external_id", "phone", "surname"]})).json()
    assert [(row["external_id"], row["name"]) for row in told["preview"]] == [("a", "x"), ("b", "y")]
    told = (await supervisor.put(url, json={"header": True})).json()
    assert (told["header"], len(told["preview"])) == (["a", "5550 0001", "x"], 1)
    told = (await supervisor.put(url, json={"delimiter": ";", "encoding": "utf-16"})).json()
    assert told["columns"] == ["phone"], "one number in each cell, and words beside it"
    for said, status in (
        ({"columns": ["phone", "phone"]}, 409),
        ({"encoding": "base64"}, 422),
        ({"encoding": "nothing"}, 422),
        ({"delimiter": ";;"}, 422),
    ):
        assert (await supervisor.put(url, json=said)).status_code == status, said


async def test_files_that_cannot_be_taken(house: House) -> None:
    supervisor = house.client("supervisor")
    id_ = await made(house)
    url = f"/api/v1/campaigns/{id_}/imports"
    assert (await supervisor.post(url, content=b"\n\n")).status_code == 422
    assert (await supervisor.post(url, content=b"x" * ((1 << 20) + 1))).status_code == 413

    async def pieces() -> Any:
        for _ in range(20):
            yield b"5550 0001\n" * 10_000

    assert (await supervisor.post(url, content=pieces())).status_code == 413
    assert (await supervisor.post("/api/v1/campaigns/99/imports", content=b"55500001\n")).status_code == 404
    assert (await house.client("operator").post(url, content=b"55500001\n")).status_code == 403
    desk = house.services.part(Imports)
    assert desk is not None
    assert list(desk._folder.path.iterdir()) == [], "nothing of them is left"


async def test_money_and_prefixes(house: House) -> None:
    supervisor, mobile = house.client("supervisor"), {"prefix": "+3725", "per_minute": 0.06}
    for items, status in (([mobile, mobile], 422), ([mobile | {"prefix": "5"}], 422), ([mobile], 200)):
        assert (await house.admin.put("/api/v1/tariffs", json={"items": items})).status_code == status
    assert (await supervisor.get("/api/v1/tariffs")).json()["items"][0]["step_s"] == 1
    id_ = await made(house, spend_per_day=1.5, prefixes=["+3725"], recycling={"max_per_day_of_number": 2})
    await given(house, id_, {"numbers": ["6001000", "55500001"]})
    await supervisor.put(f"/api/v1/campaigns/{id_}/state", json={"state": "running"})
    now = house.services.now()
    pick = await pick_leads(
        house.services.engine, CampaignId(id_), [AttemptId("kc-1")], runner="one", now=now
    )
    assert pick is not None
    assert [one.number.e164 for one in pick.chosen] == ["+37255500001"]
    assert [one.why.rule for one in pick.evidence] == [DialRule.NUMBER_PREFIX], "it is on file"
    assert await begin_pick(house.services.engine, pick, "one", now) == {"kc-1"}
    told = (await supervisor.get(f"/api/v1/campaigns/{id_}/spent")).json()
    assert (told["spent"], told["limit"], len(told["days"])) == (0.06, 1.5, 1)


async def test_the_law_by_default(house: House) -> None:
    """Who says the least is told what is missing; marketing that nobody has a basis for does not begin."""
    supervisor = house.client("supervisor")
    await house.make_queue()
    least = {"title": "Suvi", "purpose": "marketing", "mode": "progressive", "queue": "sales"}
    refused = await supervisor.post("/api/v1/campaigns", json=least)
    assert (refused.status_code, refused.json()["code"]) == (422, "campaign.rule_set_missing")
    assert "us_tsr, ofcom_2010, eu_estonia, own" in refused.json()["detail"]
    (suggested,) = [
        one["id"] for one in (await supervisor.get("/api/v1/rule-sets")).json() if one["suggested"]
    ]
    assert suggested == "eu_estonia"
    for rule_set in ("own", "ofcom_2010"):
        refused = await supervisor.post("/api/v1/campaigns", json=least | {"rule_set": rule_set})
        assert (refused.status_code, refused.json()["code"]) == (422, "campaign.hours_missing")
        assert '[{"days": [1, 2, 3, 4, 5], "from": "09:00", "to": "20:00"}]' in refused.json()["detail"]
    refused = await supervisor.post(
        "/api/v1/campaigns", json=least | {"rule_set": suggested, "queue": "nope"}
    )
    assert (refused.status_code, "there is no queue nope" in refused.json()["detail"]) == (409, True)
    sundays = [{"days": [7], "from": "08:00", "to": "22:00"}]
    refused = await supervisor.post(
        "/api/v1/campaigns", json=least | {"rule_set": suggested, "hours": sundays}
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "campaign.rules_too_lax")
    assert "hours; keep within it" in refused.json()["detail"]
    answer = await supervisor.post("/api/v1/campaigns", json=least | {"rule_set": suggested})
    assert answer.status_code == 201
    made = answer.json()
    assert (made["lacks"], made["consent_needed"]) == (["legal_basis"], True)
    path = f"/api/v1/campaigns/{made['id']}"
    refused = await supervisor.put(path, json=least | {"rule_set": suggested, "queue": "nope"})
    assert (refused.status_code, "there is no queue nope" in refused.json()["detail"]) == (409, True)
    other = least | {"rule_set": suggested, "title": "Talv"}
    assert (await supervisor.post("/api/v1/campaigns", json=other)).status_code == 201
    for refused in (
        await supervisor.post("/api/v1/campaigns", json=other),
        await supervisor.put(path, json=other),
    ):
        assert (refused.status_code, "a campaign named Talv already" in refused.json()["detail"]) == (
            409,
            True,
        )
    refused = await supervisor.put(f"{path}/state", json={"state": "running"})
    assert (refused.status_code, refused.json()["code"]) == (409, "campaign.lacks")
    assert [one["where"] for one in refused.json()["errors"]] == ["body.legal_basis"]
    assert (await supervisor.get(path)).json()["state"] == "draft"
    weighed = least | {"rule_set": suggested, "legal_basis": "legitimate_interest"}
    assert (await supervisor.put(path, json=weighed)).json()["lacks"] == ["legal_basis_note"]
    refused = await supervisor.put(f"{path}/state", json={"state": "running"})
    assert [one["where"] for one in refused.json()["errors"]] == ["body.legal_basis_note"]
    weighed["legal_basis_note"] = "assessment of 2 March 2026"
    assert (await supervisor.put(path, json=weighed)).json()["lacks"] == []
    assert (await supervisor.put(f"{path}/state", json={"state": "running"})).status_code == 200
    refused = await supervisor.put(path, json=least | {"rule_set": suggested})
    assert (refused.status_code, refused.json()["code"]) == (409, "campaign.lacks"), (
        "it keeps its basis while it runs"
    )
    assert (await supervisor.get(path)).json()["legal_basis"] == "legitimate_interest"


async def test_what_was_begun_before_goes_on_and_tells_what_it_lacks(house: House) -> None:
    supervisor = house.client("supervisor")
    id_ = await made(house)
    path = f"/api/v1/campaigns/{id_}"
    await supervisor.put(f"{path}/state", json={"state": "running"})
    async with writing(house.services.engine) as session:
        row = await get_campaign(session, CampaignId(id_))
        assert row is not None
        row.rule_set, row.hours, row.legal_basis = "", [], ""  # as an older version kept it
    told = (await supervisor.get(path)).json()
    assert (told["state"], told["lacks"]) == ("running", ["rule_set", "hours", "legal_basis"])
    said = CAMPAIGN | {"legal_basis": None, "priority": 3}
    assert (await supervisor.put(path, json=said)).json()["lacks"] == ["legal_basis"], "mended step by step"
    await supervisor.put(f"{path}/state", json={"state": "paused"})
    assert (await supervisor.put(f"{path}/state", json={"state": "running"})).status_code == 409


async def test_country_and_time_are_the_centres(tmp_path: Path) -> None:
    async with open_house(tmp_path, region="US") as house:
        await house.make_queue()
        least = {
            "title": "Suvi",
            "purpose": "survey",
            "mode": "progressive",
            "queue": "sales",
            "rule_set": "us_tsr",
        }
        post = house.client("supervisor").post
        refused = await post("/api/v1/campaigns", json=least)
        assert (refused.status_code, refused.json()["code"]) == (422, "campaign.time_zone_missing")
        told = (await post("/api/v1/campaigns", json=least | {"time_zone": "America/Chicago"})).json()
        assert (told["country"], told["time_zone"]) == ("US", "America/Chicago")
        told = (await post("/api/v1/campaigns", json=least | {"title": "Talv", "country": "LV"})).json()
        assert (told["country"], told["time_zone"]) == ("LV", "Europe/Riga")
        (suggested,) = [
            one["id"] for one in (await house.admin.get("/api/v1/rule-sets")).json() if one["suggested"]
        ]
        assert suggested == "us_tsr"


async def test_which_rule_stops_how_many_leads_and_until_when(house: House) -> None:
    supervisor = house.client("supervisor")
    closed = [{"days": [(house.services.now().isoweekday() + 2) % 7 + 1], "from": "10:00", "to": "11:00"}]
    id_ = await made(house, hours=closed)
    people = [{"numbers": [f"5550000{n}"], "surname": f"Kask {n}"} for n in range(1, 4)]
    added = (await given(house, id_, *people))["added"]
    no = {"word": "do_not_call", "number": "55500003", "source": "letter"}
    assert (await supervisor.post("/api/v1/consents", json=no)).status_code == 201
    await supervisor.put(f"/api/v1/campaigns/{id_}/state", json={"state": "running"})
    assert (await supervisor.get(f"/api/v1/campaigns/{id_}/stopped")).json() == [], "nobody has looked yet"
    now = house.services.now()
    attempts = [AttemptId(f"kc-{n}") for n in range(3)]
    found = await pick_leads(house.services.engine, CampaignId(id_), attempts, runner="one", now=now)
    assert found is not None
    await begin_pick(house.services.engine, found, "one", now)
    told = (await supervisor.get(f"/api/v1/campaigns/{id_}/stopped")).json()
    assert [(one["rule"], one["leads"], one["waiting"]) for one in told] == [
        (DialRule.CALLING_HOURS, 2, 2),
        (DialRule.DO_NOT_CALL, 1, 0),
    ]
    assert told[0]["next_at"] > now.isoformat()
    assert told[1]["next_at"] is None
    path = f"/api/v1/campaigns/{id_}/leads"
    waiting = (await supervisor.get(path, params={"rule": "calling_hours"})).json()["items"]
    assert [(one["id"], one["stopped_by"], one["next_at"]) for one in waiting] == [
        (added[0], "calling_hours", told[0]["next_at"]),
        (added[1], "calling_hours", told[0]["next_at"]),
    ]
    page = (await supervisor.get(path, params={"rule": "calling_hours", "limit": 1})).json()
    after = (await supervisor.get(path, params={"rule": "calling_hours", "cursor": page["next"]})).json()
    assert [one["id"] for one in after["items"]] == [added[1]]
    assert (await supervisor.get(path, params={"rule": "weather"})).status_code == 422
    assert (await supervisor.get("/api/v1/campaigns/99/stopped")).status_code == 404
