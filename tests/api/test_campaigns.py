"""Campaigns: made, changed, run, refused."""

from app.compliance.eligibility import DialRule
from app.domain.campaigns import AttemptOutcome
from app.domain.ids import AttemptId, CampaignId
from app.outbound.lead_selection import begin_pick, pick_leads
from tests.records.lists import begin, end, pick

from .campaigning import CAMPAIGN, given, made
from .house import ANY, House


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
        ({"queue": "none"}, 422),
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
    assert (await supervisor.delete("/api/v1/queues/sales", headers=ANY)).status_code == 403
    assert (await house.admin.delete("/api/v1/queues/sales", headers=ANY)).status_code == 409, (
        "a campaign needs it"
    )


async def test_dates_and_hours(house: House) -> None:
    supervisor = house.client("supervisor")
    id_ = await made(house)
    dates = {"starts_at": "2027-01-02T00:00:00Z", "ends_at": "2027-01-01T00:00:00Z"}
    whole = [{"days": [1, 2, 3, 4, 5, 6, 7], "from": "00:00", "to": "24:00"}]
    late = [{"days": [1], "from": "19:00", "to": "09:00"}]
    for said, status in ((dates, 422), ({"hours": late}, 422), ({"hours": whole}, 200)):
        answer = await supervisor.put(f"/api/v1/campaigns/{id_}", json=CAMPAIGN | said)
        assert answer.status_code == status, answer.text


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
