"""Surveys: written, asked in calls, answered bit by bit, added up and taken away as files."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from python_calamine import CalamineWorkbook

from app.crm.surveys.tables import SurveyResponseRow
from app.records.engine import writing

from .house import ANY, House

NPS = {
    "code": "nps",
    "kind": "nps",
    "texts": {"et": "Kas soovitaksite?", "en": "Would you recommend us?"},
    "required": True,
    "branches": [{"at_most": 6, "to": "why"}],
    "then": "like",
}
WHY = {"code": "why", "kind": "text", "texts": {"et": "Miks?", "en": "Why?"}, "then": "happy"}
LIKE = {
    "code": "like",
    "kind": "several",
    "texts": {"et": "Mis meeldis?", "en": "What did you like?"},
    "options": [
        {"code": "price", "texts": {"et": "Hind", "en": "Price"}},
        {"code": "speed", "texts": {"et": "Kiirus", "en": "Speed"}},
    ],
}
HAPPY = {
    "code": "happy",
    "kind": "scale",
    "low": 1,
    "high": 5,
    "texts": {"et": "Kui rahul?", "en": "How happy?"},
}
SURVEY = {"title": "Pärast kõnet", "languages": ["et", "en"], "questions": [NPS, WHY, LIKE, HAPPY]}


async def ask(house: House, method: str, path: str, *, role: str = "operator", **said: Any) -> httpx.Response:
    return await house.client(role).request(method, f"/api/v1{path}", **said)


async def done(house: House, method: str, path: str, role: str = "operator", **said: Any) -> Any:
    answer = await ask(house, method, path, role=role, **said)
    assert answer.is_success, (method, path, answer.text)
    return answer.json()


async def published(house: House, **said: Any) -> int:
    id_ = int((await done(house, "POST", "/surveys", "supervisor", json=SURVEY | said))["id"])
    await done(house, "PUT", f"/surveys/{id_}/state", "supervisor", json={"state": "published"}, headers=ANY)
    return id_


async def begun(house: House, survey: int, role: str = "operator", **said: Any) -> dict[str, Any]:
    found: dict[str, Any] = await done(house, "POST", f"/surveys/{survey}/responses", role, json=said)
    return found


async def answered(house: House, response: dict[str, Any], **said: Any) -> dict[str, Any]:
    path, headers = f"/survey-responses/{response['id']}", version(response)
    found: dict[str, Any] = await done(house, "PATCH", path, json={"answers": said}, headers=headers)
    return found


def version(row: dict[str, Any]) -> dict[str, str]:
    return {"If-Match": f'"{row["version"]}"'}


async def contact(house: House, surname: str) -> int:
    return int((await done(house, "POST", "/contacts", json={"surname": surname}))["id"])


async def call_of(house: House, contact: int) -> str:
    """A call that the operator talks in."""
    call = await house.arrive("sales")
    await house.identify(call, "", contact)
    await house.answer(call)
    await house.journaled()
    return call


async def test_a_draft_may_have_faults_and_what_is_published_has_none(house: House) -> None:
    lost = SURVEY | {"questions": [NPS | {"then": "nowhere"}, WHY, HAPPY | {"high": 30}]}
    made = await done(house, "POST", "/surveys", "supervisor", json=lost)
    assert (made["state"], made["version"]) == ("draft", 1)
    assert [(one["where"], one["code"]) for one in made["problems"]] == [
        ("questions.2.low", "survey.question_bounds"),
        ("questions.0.then", "survey.question_target_unknown"),
    ]
    path, state = f"/surveys/{made['id']}", {"state": "published"}
    refused = await ask(house, "PUT", f"{path}/state", role="supervisor", json=state, headers=version(made))
    assert (refused.status_code, refused.json()["code"]) == (409, "survey.faulty")
    assert [one["where"] for one in refused.json()["errors"]] == ["questions.2.low", "questions.0.then"]
    assert (await ask(house, "GET", path)).json()["code"] == "survey.unknown"  # operators see published ones
    mended = await done(house, "PUT", path, "supervisor", json=SURVEY, headers=version(made))
    assert mended["problems"] == []
    late = await ask(house, "PUT", path, role="supervisor", json=lost, headers=version(made))
    assert (late.status_code, late.json()["code"]) == (412, "version.passed")
    out = await done(house, "PUT", f"{path}/state", "supervisor", json=state, headers=version(mended))
    spoilt = await ask(house, "PUT", path, role="supervisor", json=lost, headers=version(out))
    assert spoilt.json()["code"] == "survey.faulty"
    kept = await done(house, "GET", f"{path}/versions", "supervisor")
    assert [(one["version"], one["state"]) for one in kept["items"]] == [
        (3, "published"),
        (2, "draft"),
        (1, "draft"),
    ]
    first = await done(house, "GET", f"{path}/versions/1", "supervisor")
    assert first["survey"]["questions"][0]["then"] == "nowhere"
    assert [one["id"] for one in (await done(house, "GET", "/surveys"))["items"]] == [made["id"]]


async def test_it_is_asked_in_a_call_and_kept_bit_by_bit(house: House) -> None:
    await house.make_queue()
    await house.make_operator("operator", "sales")
    mari = await contact(house, "Õunapuu")
    survey, other = await published(house, queues=["sales"]), await published(house, campaigns=[])
    await done(
        house, "PUT", f"/surveys/{other}/state", "supervisor", json={"state": "withdrawn"}, headers=ANY
    )
    call = await call_of(house, mari)
    (offer,) = await done(house, "GET", f"/surveys/offers?call={call}")
    assert (offer["survey"], offer["response"], offer["problem"]) == (survey, None, None)
    response = await begun(house, survey, call=call)
    assert (response["contact_name"], response["queue"], response["language"], response["attempt"]) == (
        "Õunapuu",
        "sales",
        "et",
        1,
    )
    assert (response["state"], response["next"], response["user_name"]) == ("open", "nps", "Tiina Operator")
    text = "🚪 \u200fשלום\u200f uks " + "a" * 9_000
    response = await answered(house, response, nps=3, why=text)
    assert (response["next"], response["answers"][1]["value"]) == ("happy", text)
    assert (await begun(house, survey, call=call))["id"] == response["id"]  # two tabs, one response
    response = await answered(house, response, nps=9)
    assert (response["next"], [one["counts"] for one in response["answers"]]) == ("like", [True, False])
    path = f"/survey-responses/{response['id']}"
    early = await ask(house, "POST", f"{path}/finish", headers=version(response))
    assert (early.status_code, early.json()["code"]) == (409, "survey.response_unfinished")
    unfit = {"answers": {"nps": 11, "like": ["price", "x"], "color": "red"}}
    refused = await ask(house, "PATCH", path, json=unfit, headers=version(response))
    assert refused.status_code == 422
    assert [(one["where"], one["code"]) for one in refused.json()["errors"]] == [
        ("body.answers.nps", "survey.answer_unfit"),
        ("body.answers.like", "survey.answer_unfit"),
        ("body.answers.color", "survey.question_unknown"),
    ]
    response = await answered(house, response, like=["speed"], happy=None)
    finished = await done(house, "POST", f"{path}/finish", headers=version(response))
    assert (finished["state"], finished["may"], finished["ended_at"] is not None) == ("finished", [], True)
    ended = await ask(house, "PATCH", path, json={"answers": {"nps": 1}}, headers=version(finished))
    assert (ended.status_code, ended.json()["code"]) == (409, "survey.response_not_possible")
    history = (await done(house, "GET", f"/contacts/{mari}/history"))["items"]
    (entry,) = [one for one in history if one["kind"] == "survey"]
    assert (entry["data"]["state"], entry["data"]["call_id"]) == ("finished", call)
    again = await ask(house, "POST", f"/surveys/{survey}/responses", json={"contact": mari})
    assert (again.status_code, again.json()["code"]) == (409, "survey.rests")
    unknown = await ask(house, "POST", f"/surveys/{survey}/responses", json={"call": "keskus-1.1"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "reference.unknown")
    shown = await ask(house, "GET", path, role="administrator")
    assert (shown.headers["ETag"], shown.json()["answers"][0]["value"]) == (f'"{finished["version"]}"', 9)


async def test_refused_in_a_call_it_may_be_asked_once_more_there_and_then_rests(house: House) -> None:
    await house.make_queue()
    await house.make_operator("operator", "sales")
    mari = await contact(house, "Õunapuu")
    survey = await published(house)
    call = await call_of(house, mari)
    response = await answered(house, await begun(house, survey, call=call), nps=2)
    path = f"/survey-responses/{response['id']}"
    refused = await done(house, "POST", f"{path}/refuse", json={"reason": "kiire"}, headers=version(response))
    assert (refused["state"], refused["reason"], refused["may"]) == ("refused", "kiire", ["reopen"])
    (offer,) = await done(house, "GET", f"/surveys/offers?call={call}")
    assert (offer["response"], offer["problem"]) == (response["id"], None)
    reopened = await begun(house, survey, call=call)
    assert (reopened["state"], reopened["answers"][0]["value"], reopened["ended_at"]) == ("open", 2, None)
    # Left open, the contact is asked anew; the earlier attempt stays and counts no more.
    later = await begun(house, survey, contact=mari)
    assert (later["attempt"], later["call"]) == (2, None)
    was = await done(house, "GET", path)
    assert (was["superseded"], was["state"], was["answers"][0]["value"]) == (True, "open", 2)
    await done(house, "POST", f"/survey-responses/{later['id']}/refuse", json={}, headers=version(later))
    rests = await ask(house, "POST", f"/surveys/{survey}/responses", json={"contact": mari})
    assert (rests.json()["code"], rests.json()["params"]["state"]) == ("survey.rests", "refused")
    (found,) = await done(house, "GET", f"/surveys/{survey}/results", "supervisor")
    asked = found["asked"]
    assert (asked["asked"], asked["refused"], asked["partial"], asked["calls"]) == (2, 1, 1, 0)
    assert found["questions"][0]["answers"] == 0


async def test_outside_a_call_nobody_loses_what_was_answered(house: House) -> None:
    mari, survey = await contact(house, "Õunapuu"), await published(house)
    own = await answered(house, await begun(house, survey, contact=mari), nps=2)
    again = await begun(house, survey, contact=mari)
    assert (again["id"], again["version"], again["attempt"]) == (own["id"], own["version"], 1)
    path = f"/surveys/{survey}/responses"
    other = await ask(house, "POST", path, role="supervisor", json={"contact": mari})
    told = other.json()
    assert (other.status_code, told["code"], told["params"]["by"]) == (
        409,
        "survey.being_asked",
        "Tiina Operator",
    )
    async with writing(house.services.engine) as session:
        row = await session.get(SurveyResponseRow, own["id"])
        assert row is not None
        row.updated_at -= timedelta(hours=1)
        row.version += 1
    left = await begun(house, survey, "supervisor", contact=mari)
    assert (left["attempt"], left["id"] != own["id"]) == (2, True)
    assert (await done(house, "GET", f"/survey-responses/{own['id']}"))["superseded"]


async def test_a_refused_response_is_opened_again_until_the_contact_is_asked_anew(house: House) -> None:
    mari, survey = await contact(house, "Õunapuu"), await published(house, rest_days=0)
    first = await answered(house, await begun(house, survey, contact=mari), nps=2)
    path = f"/survey-responses/{first['id']}"
    refused = await done(house, "POST", f"{path}/refuse", json={}, headers=version(first))
    assert refused["may"] == ["reopen"]
    opened = await done(house, "POST", f"{path}/reopen", headers=version(refused))
    assert (opened["state"], opened["answers"][0]["value"], opened["may"]) == (
        "open",
        2,
        ["answer", "finish", "refuse"],
    )
    refused = await done(house, "POST", f"{path}/refuse", json={}, headers=version(opened))
    await begun(house, survey, contact=mari)
    late = await ask(house, "POST", f"{path}/reopen", headers=version(refused))
    assert (late.status_code, late.json()["code"]) == (409, "survey.response_not_possible")


async def test_answers_stay_with_the_version_that_was_asked(house: House) -> None:
    survey = await published(house)
    old = await answered(house, await begun(house, survey), nps=10, happy=5)
    path = f"/surveys/{survey}"
    changed = SURVEY | {"questions": [NPS, WHY, LIKE, HAPPY | {"high": 7}]}
    await done(house, "PUT", path, "supervisor", json=changed, headers=ANY)
    new = await answered(house, await begun(house, survey), nps=8, happy=7)
    assert (old["survey_version"], new["survey_version"]) == (2, 3)
    kept = await done(house, "GET", f"/survey-responses/{old['id']}")
    assert [one["high"] for one in kept["questions"] if one["code"] == "happy"] == [5]
    # `like` was not answered, so that `happy` is not on the way yet, and does not count.
    for row in (kept, new):
        await answered(house, row, like=None)
    (found,) = await done(house, "GET", f"{path}/results", "supervisor")
    by_code = {one["question"]: one for one in found["questions"]}
    assert by_code["nps"]["answers"] == 2  # it means the same in both
    assert (by_code["happy"]["answers"], len(by_code["happy"]["values"])) == (1, 7)
    (found,) = await done(house, "GET", f"{path}/results?version=2&question=happy", "supervisor")
    assert (found["questions"][0]["answers"], len(found["questions"][0]["values"])) == (1, 5)


async def test_results_have_intervals_groups_and_operators(house: House) -> None:
    survey = await published(house, rest_days=0)
    for place in range(24):
        score = (10, 9, 9, 3)[place % 4]
        await answered(
            house,
            await begun(house, survey, language=("et", "en")[place % 2]),
            nps=score,
            why="=1+1" if score == 3 else None,
            like=["price", "speed"] if place % 2 else ["speed"],
            happy=5,
        )
    await begun(house, survey, "supervisor")
    path = f"/surveys/{survey}"
    (found,) = await done(house, "GET", f"{path}/results", "supervisor")
    asked = found["asked"]
    assert (asked["asked"], asked["partial"], asked["response_rate"]["value"]) == (25, 25, 0.0)
    by_code = {one["question"]: one for one in found["questions"]}
    nps = by_code["nps"]["nps"]
    assert (nps["promoters"], nps["detractors"], nps["score"]["value"]) == (18, 6, 50.0)
    assert -100 < nps["score"]["low"] < 50 < nps["score"]["high"] < 100
    like = {one["value"]: one for one in by_code["like"]["values"]}
    assert (by_code["like"]["answers"], like["speed"]["count"], like["price"]["count"]) == (18, 18, 6)
    assert like["price"]["share"]["value"] is None  # 18 are too few for a point
    assert like["price"]["share"]["low"] < 1 / 3 < like["price"]["share"]["high"]
    assert (by_code["happy"]["method"], by_code["why"]["answers"]) == ("bootstrap", 6)
    groups = await done(house, "GET", f"{path}/results?by=language&question=nps", "supervisor")
    assert [(one["group"], one["asked"]["asked"]) for one in groups] == [("en", 12), ("et", 13)]
    assert groups[0]["questions"][0]["nps"]["score"]["value"] is None
    months = await done(house, "GET", f"{path}/results?by=month", "supervisor")
    assert [one["group"][-3:] for one in months] == ["-01"]
    side = await done(house, "GET", f"{path}/results/operators?question=nps", "supervisor")
    assert [(one["user_name"], one["answers"], one["differs"]) for one in side["items"]] == [
        ("Tiina Operator", 24, False)
    ]
    unfit = await ask(house, "GET", f"{path}/results/operators?question=like", role="supervisor")
    assert (unfit.status_code, unfit.json()["code"]) == (422, "survey.question_unknown")
    named = await done(house, "GET", f"{path}/results/operators?question=like&good=price", "supervisor")
    assert named["items"][0]["answers"] == 18
    texts = await done(house, "GET", f"{path}/texts?question=why&limit=4", "supervisor")
    rest = await done(house, "GET", f"{path}/texts?question=why&cursor={texts['next']}", "supervisor")
    assert ([one["text"] for one in texts["items"]], len(rest["items"])) == (["=1+1"] * 4, 2)
    sheet = await ask(house, "GET", f"{path}/export", role="supervisor")
    rows = list(csv.DictReader(io.StringIO(sheet.content.decode("utf-8-sig")), delimiter=";"))
    assert {one["answer"] for one in rows if one["question"] == "why"} == {"", "'=1+1"}
    assert [one["question"] for one in rows if one["response"] == "25"] == [""]
    book = await ask(house, "GET", f"{path}/export?format=xlsx", role="supervisor")
    cells = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
    assert len(cells) == len(rows) + 1
    assert 10.0 in [row[-2] for row in cells]
    own = await done(house, "GET", "/survey-responses")
    assert {one["user_name"] for one in own["items"]} == {"Tiina Operator"}
    theirs = await ask(house, "GET", "/survey-responses/25")
    assert theirs.json()["code"] == "survey.response_unknown"


@pytest.mark.parametrize("said", ["x\x00", "\ud800"])
async def test_a_text_that_cannot_be_kept_is_refused(house: House, said: str) -> None:
    response = await begun(house, await published(house))
    path, headers = f"/survey-responses/{response['id']}", version(response)
    body = json.dumps({"answers": {"why": said}})
    answer = await ask(
        house, "PATCH", path, content=body, headers={**headers, "Content-Type": "application/json"}
    )
    assert answer.status_code == 422
