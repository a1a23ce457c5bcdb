"""Promotions over HTTP: made, changed whole, listed, and those that run now for a caller."""

from datetime import timedelta
from typing import Any

import pytest

from app.system import clock

from .house import House


def said(title: str = "Sügis", **more: Any) -> dict[str, Any]:
    began = (clock.utc_now() - timedelta(days=1)).isoformat()
    return {"texts": {"et": {"title": title}}, "from_at": began} | more


async def make(house: House, title: str, **more: Any) -> int:
    answer = await house.client("supervisor").post("/api/v1/promotions", json=said(title, **more))
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


async def running(house: House, **asked: Any) -> list[str]:
    answer = await house.client("operator").get("/api/v1/promotions/running", params=asked)
    assert answer.status_code == 200, answer.text
    return [one["texts"]["et"]["title"] for one in answer.json()]


async def test_what_runs_now_and_for_whom(house: House) -> None:
    now, operator = clock.utc_now(), house.client("operator")
    await house.make_queue("sales")
    vip = (await operator.post("/api/v1/tags", json={"name": "VIP"})).json()["id"]
    mari = (await operator.post("/api/v1/contacts", json={"surname": "Kask"})).json()["id"]
    await operator.put(f"/api/v1/contacts/{mari}/tags", json={"tags": [vip]})
    for_all = await make(house, "Kõigile")
    await make(house, "Müük", queues=["sales"], until_at=(now + timedelta(days=9)).isoformat())
    await make(house, "VIP", tags=[vip], until_at=(now + timedelta(days=2)).isoformat())
    await make(house, "Tulekul", from_at=(now + timedelta(days=1)).isoformat())
    await make(house, "Läbi", until_at=(now - timedelta(hours=1)).isoformat())
    await make(house, "Väljas", active=False)
    assert await running(house) == ["VIP", "Müük", "Kõigile"]
    assert await running(house, queue="sales") == ["Müük", "Kõigile"]
    assert await running(house, contact=mari) == ["VIP", "Kõigile"]
    assert await running(house, queue="sales", contact=mari) == ["VIP", "Müük", "Kõigile"]

    discount = {"discount_kind": "percent", "discount_value": "12.5", "products": ["fiber-300"]}
    changed = await house.client("supervisor").put(
        f"/api/v1/promotions/{for_all}", json=said("Uus", **discount), headers={"If-Match": '"1"'}
    )
    assert changed.status_code == 200, changed.text
    unseen = await house.client("supervisor").put(
        f"/api/v1/promotions/{for_all}", json=said("Oma", **discount), headers={"If-Match": '"1"'}
    )
    assert (unseen.status_code, unseen.json()["params"]["version"]) == (412, 2)
    told = (await operator.get(f"/api/v1/promotions/{for_all}")).json()
    assert told == changed.json()
    assert (told["version"], told["discount_value"], told["products"]) == (2, "12.5", ["fiber-300"])
    page = (await operator.get("/api/v1/promotions", params={"limit": 4})).json()
    rest = (await operator.get("/api/v1/promotions", params={"limit": 4, "cursor": page["next"]})).json()
    titles = [one["texts"]["et"]["title"] for one in (*page["items"], *rest["items"])]
    assert titles == ["Uus", "Müük", "VIP", "Tulekul", "Läbi", "Väljas"]
    assert rest["next"] is None


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"queues": ["none"]}, "reference.unknown"),
        ({"tags": [77]}, "reference.unknown"),
        ({"texts": {}}, "promotion.untitled"),
        ({"texts": {"de": {"title": "X"}}}, "request.unfit"),
        ({"until_at": "2001-01-01T00:00:00Z"}, "promotion.ends_before_it_begins"),
        ({"discount_kind": "percent", "discount_value": "100.1"}, "promotion.discount_unfit"),
        ({"discount_kind": "amount"}, "promotion.discount_unfit"),
        ({"discount_value": "1"}, "promotion.discount_unfit"),
        ({"discount_kind": "amount", "discount_value": "NaN"}, "field.no_number"),
    ],
)
async def test_what_does_not_fit_is_refused(house: House, more: dict[str, Any], code: str) -> None:
    answer = await house.client("supervisor").post("/api/v1/promotions", json=said(**more))
    problem = answer.json()
    assert code in {problem["code"], *(one["code"] for one in problem.get("errors", []))}, problem
    assert (await house.client("operator").get("/api/v1/promotions")).json()["items"] == []


async def test_there_is_no_promotion_that_was_never_made(house: House) -> None:
    assert (await house.client("operator").get("/api/v1/promotions/999")).json()[
        "code"
    ] == "promotion.unknown"
