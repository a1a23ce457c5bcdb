"""Consents, lists and evidence over HTTP."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.api import middleware
from app.compliance.eligibility import DialRule, Suppressed
from app.crm.attempts.tables import AttemptRow
from app.crm.campaigns.tables import CampaignRow
from app.crm.evidence.queries import NotDialled, note_suppressions
from app.domain.campaigns import AttemptOutcome
from app.domain.ids import CampaignId, LeadId
from app.records.engine import writing

from .house import House, until

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
NO = {"word": "do_not_call", "number": "5550 0123", "source": "call"}


async def say(house: House, role: str = "operator", **said: Any) -> dict[str, Any]:
    answer = await house.client(role).post("/api/v1/consents", json=NO | said)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    assert made.pop("also") == []
    return made


async def look_up(house: House, number: str = "5550 0123", **about: str) -> dict[str, Any]:
    answer = await house.client("operator").get(
        "/api/v1/consents/look-up", params={"number": number, **about}
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_no_is_told_at_once_with_why(house: House) -> None:
    assert (await look_up(house))["do_not_call"] is False
    made = await say(house, purpose="marketing", note="kõne ajal")
    found = await look_up(house, "+372 5550 0123", purpose="marketing")
    assert (found["number"], found["kind"], found["country"]) == ("+37255500123", "mobile", "EE")
    assert (found["do_not_call"], found["holds"], found["time_zones"]) == (True, [made], ["Europe/Tallinn"])
    assert (made["user"], made["source"]) == (house.users["operator"], "call")
    assert (await look_up(house, purpose="survey"))["holds"] == []
    assert (await look_up(house, "112"))["kind"] == "emergency"


async def test_it_is_removed_with_a_reason_and_stays_on_file(house: House) -> None:
    made = await say(house)
    path = f"/api/v1/consents/{made['id']}"
    client = house.client("supervisor")
    assert (await client.post(f"{path}/removal", json={"reason": " "})).status_code == 422
    removed = (await client.post(f"{path}/removal", json={"reason": "asked for an offer"})).json()
    assert (removed["removed_by"], removed["removed_reason"]) == (
        house.users["supervisor"],
        "asked for an offer",
    )
    assert (await client.get(path)).json() == removed
    assert (await look_up(house))["do_not_call"] is False
    assert (await client.get("/api/v1/consents")).json() == {"items": [], "next": None}
    assert (await client.get("/api/v1/consents", params={"removed": True})).json()["items"] == [removed]


async def test_once_for_each_key(house: House) -> None:
    headers = {"Idempotency-Key": "crm-1"}
    client = house.client("operator")
    first = await client.post("/api/v1/consents", json=NO, headers=headers)
    again = await client.post("/api/v1/consents", json=NO, headers=headers)
    assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")
    assert len((await look_up(house))["holds"]) == 1


async def test_pages(house: House) -> None:
    ids = [(await say(house, number=f"5550 000{key}"))["id"] for key in range(5)]
    found: list[int] = []
    cursor = None
    while True:
        params = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await house.client("supervisor").get("/api/v1/consents", params=params)).json()
        found += [one["id"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert found == ids[::-1]


@pytest.mark.parametrize(
    "said",
    [
        {"contact": 1},
        {"number": None},
        {"number": None, "contact": 99},
        {"word": "perhaps"},
        {"source": ""},
        {"until": "2020-01-01T00:00:00Z"},
        {"until": "2030-01-01T00:00:00"},
        {"given_at": "0001-01-01T00:00:00+14:00"},
        {"purpose": "fun"},
    ],
)
async def test_what_does_not_fit(house: House, said: dict[str, Any]) -> None:
    answer = await house.client("operator").post("/api/v1/consents", json=NO | said)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_list_comes_in_pieces(house: House) -> None:
    async def come() -> AsyncIterator[bytes]:
        yield b"\xef\xbb\xbfNimi;Tele"
        yield b"fon\nMari;5550 0001\nJ\xc3\xbcri;5550 00"
        yield b"02\n;112\n"

    client = house.client("supervisor")
    said = {"source": "register 2026-03", "purpose": "marketing"}
    answer = await client.post("/api/v1/consents/imports", params=said, content=come())
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert [told[name] for name in ("state", "lines", "added", "known", "rejected")] == ["done", 3, 2, 0, 1]
    assert [(one["line"], one["said"]) for one in told["rejections"]] == [(4, "112")]
    url = f"/api/v1/consents/imports/{told['id']}"
    assert (await client.get(url)).json() == told
    assert (await client.get("/api/v1/consents/imports")).json() == {"items": [told], "next": None}
    rejected = (await client.get(f"{url}/rejected")).content.decode("utf-8-sig").splitlines()
    assert rejected[0] == "row;why;Nimi;Telefon"
    assert rejected[1].startswith("4;")
    assert rejected[1].endswith(";;112")
    assert (await client.post(f"{url}/cancel")).status_code == 409
    assert (await client.delete(url)).status_code == 204
    assert (await client.get(url)).status_code == 404
    found = await look_up(house, "5550 0002", purpose="marketing")
    assert (found["do_not_call"], found["holds"][0]["source"]) == (True, "register 2026-03")


async def test_a_slow_sender_is_waited_for(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Longer than any answer may take to begin: it is not the database that hangs."""
    monkeypatch.setattr(middleware, "ANSWER_S", 3.0)  # enough for the answer itself on a busy machine
    clock = asyncio.get_running_loop().time

    async def come() -> AsyncIterator[bytes]:
        yield b"5550 0001\n"
        began_s = clock()
        await until(lambda: clock() > began_s + 3.5, "more than that to pass")
        yield b"5550 0002\n"

    answer = await house.client("supervisor").post(
        "/api/v1/consents/imports", params={"source": "register"}, content=come()
    )
    told = answer.json()
    while told["state"] in {"queued", "running"}:  # a slow machine may be told of it meanwhile
        told = (await house.client("supervisor").get(f"/api/v1/consents/imports/{told['id']}")).json()
    assert (told["state"], told["added"]) == ("done", 2)


async def test_a_list_larger_than_any_other_body(house: House) -> None:
    """A job that goes on behind the answer."""
    lines = b"".join(b"5550%04d\n" % (key % 10_000) for key in range(30_000))  # of 9 bytes each
    client = house.client("supervisor")
    answer = await client.post("/api/v1/consents/imports", params={"source": "register"}, content=lines)
    told = answer.json()
    assert answer.status_code == (200 if told["state"] == "done" else 202), answer.text
    async with asyncio.timeout(100):
        while told["state"] != "done":
            told = (await client.get(f"/api/v1/consents/imports/{told['id']}")).json()
            assert told["state"] in {"queued", "running", "done"}, told
    assert (told["added"], told["known"], told["progress"]) == (10_000, 20_000, 1.0)


@pytest.mark.parametrize("content", [b"5550\x000001\n", b"5" * 200_000])
async def test_what_is_no_list(house: House, content: bytes) -> None:
    answer = await house.client("supervisor").post(
        "/api/v1/consents/imports", params={"source": "register"}, content=content
    )
    assert answer.status_code == 422


async def test_a_list_that_announces_too_much(house: House) -> None:
    answer = await house.client("supervisor").post(
        "/api/v1/consents/imports",
        params={"source": "register"},
        headers={"Content-Length": str(1 << 30)},
        content=b"",
    )
    assert answer.status_code == 413


async def test_rule_sets_say_where_they_come_from(house: House) -> None:
    sets = {one["id"]: one for one in (await house.client("operator").get("/api/v1/rule-sets")).json()}
    assert list(sets) == ["us_tsr", "ofcom_2010", "eu_estonia", "own"]
    assert sets["us_tsr"]["hours"][6] == {"opens": "08:00", "closes": "21:00"}
    assert sets["eu_estonia"]["hours"][6] is None
    assert sets["ofcom_2010"]["until"] == "2017-03-01"
    assert any("310.4" in source["citation"] for source in sets["us_tsr"]["sources"])


async def campaign(house: House, **said: Any) -> CampaignId:
    await house.make_queue()
    fixed = {
        "title": "Kevad",
        "purpose": "survey",
        "mode": "predictive",
        "queue": "sales",
        "state": "running",
        "country": "EE",
        "time_zone": "Europe/Tallinn",
    }
    async with writing(house.services.engine) as session:
        row = CampaignRow(**(fixed | said), state_at=AT, created_at=AT, updated_at=AT)
        session.add(row)
        await session.flush()
        assert row.id is not None
        return CampaignId(row.id)


async def attempts(house: House, id_: CampaignId, *outcomes: AttemptOutcome) -> None:
    async with writing(house.services.engine) as session:
        session.add_all(
            AttemptRow(
                id=f"kc-{place}",
                campaign_id=id_,
                lead_id=place,
                position=0,
                number=f"+3725550{place:04}",
                mode="predictive",
                rule_set="ofcom_2010",
                placed_at=AT + timedelta(seconds=place),
                answered_at=AT + timedelta(seconds=place + 5),
                outcome=outcome.value,
                amd="=HYPERLINK(1)" if not place else "",
            )
            for place, outcome in enumerate(outcomes)
        )


async def export(house: House, id_: CampaignId, what: str, **period: str) -> list[dict[str, str]]:
    asked = {"from_at": AT.isoformat(), "to_at": (AT + timedelta(hours=1)).isoformat()} | period
    answer = await house.client("supervisor").get(f"/api/v1/campaigns/{id_}/evidence/{what}", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert f"campaign-{id_}-{what}.csv" in answer.headers["content-disposition"]
    return list(csv.DictReader(io.StringIO(answer.text)))


async def test_attempts_are_exported_whole(house: House) -> None:
    id_ = await campaign(house)
    answered, abandoned = AttemptOutcome.ANSWERED, AttemptOutcome.ABANDONED
    await attempts(house, id_, abandoned, *[answered] * 1500)
    rows = await export(house, id_, "attempts")
    assert len(rows) == 1501
    assert [row["id"] for row in rows] == [f"kc-{place}" for place in range(1501)]
    assert (rows[0]["abandoned"], rows[1]["abandoned"]) == ("1", "0")
    assert (rows[0]["number"], rows[0]["rule_set"], rows[0]["amd"]) == (
        "37255500000",
        "ofcom_2010",
        "'=HYPERLINK(1)",
    )
    assert len(await export(house, id_, "attempts", to_at=(AT + timedelta(seconds=10)).isoformat())) == 10


async def test_what_was_not_dialled_is_exported(house: House) -> None:
    id_ = await campaign(house)
    why = Suppressed(DialRule.CALLING_HOURS, "outside the calling hours", AT + timedelta(hours=8))
    found = [NotDialled(id_, LeadId(lead), "+37255500123", why, "us_tsr") for lead in range(1200)]
    async with writing(house.services.engine) as session:
        await note_suppressions(session, found, AT)
        await note_suppressions(session, found[:1], AT)
    rows = await export(house, id_, "not-dialled")
    assert len(rows) == 1200
    assert (rows[0]["rule"], rows[0]["times"], rows[0]["number"]) == ("calling_hours", "2", "37255500123")
    assert rows[0]["until"] == "2026-03-02T17:00:00+00:00"


async def test_the_rate_is_that_of_the_rule(house: House) -> None:
    id_ = await campaign(house, rule_set="ofcom_2010", abandon_limit=0.5, time_zone="Europe/Tallinn")
    answered, abandoned = AttemptOutcome.ANSWERED, AttemptOutcome.ABANDONED
    await attempts(
        house, id_, *[abandoned] * 4, *[answered] * 96, AttemptOutcome.MACHINE, AttemptOutcome.HUNG_UP
    )
    path = f"/api/v1/campaigns/{id_}/evidence/abandonment"
    client = house.client("supervisor")
    at = AT + timedelta(hours=1)
    told = (await client.get(path, params={"at": at.isoformat()})).json()
    assert (told["answered"], told["abandoned"], told["rate"]) == (96, 4, 0.04)
    assert (told["limit"], told["over_limit"], told["window"]) == (0.03, True, "rolling_day")
    assert (told["from_at"], told["to_at"]) == ("2026-03-01T10:00:00Z", "2026-03-02T10:00:00Z")
    later = (await client.get(path, params={"at": (at + timedelta(days=1)).isoformat()})).json()
    assert (later["answered"], later["abandoned"], later["rate"]) == (0, 0, 0)
    assert (await client.get(path)).status_code == 200
    assert (await client.get("/api/v1/campaigns/999/evidence/abandonment")).status_code == 404
