"""What the law asks of a campaign before it is kept and before it calls."""

from pathlib import Path

from app.crm.campaigns.queries import get_campaign
from app.domain.ids import CampaignId
from app.records.engine import writing

from .campaigning import CAMPAIGN, made
from .house import House, open_house


async def test_the_law_by_default(house: House) -> None:
    """Who says the least is told what is missing; marketing that nobody has a basis for does not begin."""
    supervisor = house.client("supervisor")
    await house.make_queue()
    least = {"title": "Suvi", "purpose": "marketing", "mode": "progressive", "queue": "sales"}
    refused = await supervisor.post("/api/v1/campaigns", json=least)
    assert (refused.status_code, refused.json()["code"]) == (422, "campaign.rule_set_missing")
    assert "us_tsr, ofcom_2010, eu_estonia, own" in refused.json()["detail"]
    (law,) = [one for one in (await supervisor.get("/api/v1/rule-sets")).json() if one["suggested"]]
    suggested = law["id"]
    assert suggested == "eu_estonia"
    assert law["title"] == law["titles"]["en"]
    assert law["titles"]["ru"].startswith("Европейский союз и Эстония: согласие")
    assert law["notes_by_language"]["et"] == "Kumbki ei sea katkenud kõnedele piiri: kehtib kampaania oma."
    for rule_set in ("own", "ofcom_2010"):
        refused = await supervisor.post("/api/v1/campaigns", json=least | {"rule_set": rule_set})
        assert (refused.status_code, refused.json()["code"]) == (422, "campaign.hours_missing")
        assert '[{"days": [1, 2, 3, 4, 5], "from": "09:00", "to": "20:00"}]' in refused.json()["detail"]
    refused = await supervisor.post(
        "/api/v1/campaigns", json=least | {"rule_set": suggested, "queue": "nope"}
    )
    assert (refused.status_code, refused.json()["errors"][0]["what"]) == (422, "there is no queue nope")
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
    assert (refused.status_code, refused.json()["errors"][0]["what"]) == (422, "there is no queue nope")
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
