"""The audit log over the interface."""

from typing import Any

import httpx
import pytest
from sqlalchemy import insert

from app.domain.actors import ActorKind
from app.records.base import table_of
from app.records.engine import writing
from app.records.event_table import EventRow
from tests.records.stories import DAWN

from .house import ANY, House

KASK = {"surname": "Kask", "phones": [{"number": "5550 0123"}]}


async def changed(house: House, **asked: Any) -> dict[str, Any]:
    answer = await house.admin.get("/api/v1/audit", params=asked)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def made(house: House, **said: Any) -> httpx.Response:
    answer = await house.client("operator").post("/api/v1/contacts", json=KASK | said)
    assert answer.status_code == 201, answer.text
    return answer


async def test_a_change_is_told_with_who_made_it_and_by_which_request(house: House) -> None:
    first = await made(house)
    contact = first.json()["id"]
    second = await house.client("supervisor").put(
        f"/api/v1/contacts/{contact}", json=KASK | {"surname": "Tamm"}, headers=ANY
    )
    items = (await changed(house, subject=f"contact:{contact}"))["items"]
    assert [one["kind"] for one in items] == ["contact.changed", "contact.created"]
    assert (items[0]["before"], items[0]["after"]) == ({"surname": "Kask"}, {"surname": "Tamm"})
    assert [one["who"]["user"] for one in items] == [house.users["supervisor"], house.users["operator"]]
    assert {one["who"]["kind"] for one in items} == {ActorKind.TOKEN.value}
    assert [one["who"]["request"] for one in items] == [
        answer.headers["X-Request-Id"] for answer in (second, first)
    ]


async def test_filters(house: House) -> None:
    contact = (await made(house)).json()["id"]
    await house.client("supervisor").delete(f"/api/v1/contacts/{contact}", headers=ANY)
    by = house.users["supervisor"]
    for asked, expected in (
        ({"subject": "contact"}, ["contact.removed", "contact.created"]),
        ({"subject": "queue"}, []),
        ({"subject": f"contact:{contact + 1}"}, []),
        ({"kind": "contact.created"}, ["contact.created"]),
        ({"who": by}, ["contact.removed"]),
        ({"kind": "contact.created", "subject": "queue"}, []),
        ({"to_at": "2026-01-01T00:00:00Z"}, []),
        ({"from_at": "2100-01-01T00:00:00Z"}, []),
        ({"from_at": "2020-01-01T00:00:00Z", "kind": "contact.removed"}, ["contact.removed"]),
    ):
        assert [one["kind"] for one in (await changed(house, **asked))["items"]] == expected, asked


async def test_pages_are_without_gaps_and_without_repeats_though_moments_are_alike(house: House) -> None:
    row = {
        "at": DAWN,
        "kind": "queue.changed",
        "version": 1,
        "subject": "queue",
        "actor": "service",
        "actor_name": "",
        "request_id": "",
    }
    async with writing(house.services.engine) as session:
        await session.execute(
            insert(table_of(EventRow)), [row | {"subject_id": str(number)} for number in range(25)]
        )
    seen: list[str] = []
    asked: dict[str, Any] = {"subject": "queue", "limit": 7}
    while True:
        page = await changed(house, **asked)
        seen += [one["subject"]["id"] for one in page["items"]]
        if page["next"] is None:
            break
        asked["cursor"] = page["next"]
    assert seen == [str(number) for number in reversed(range(25))]


@pytest.mark.parametrize(
    "asked",
    [
        {"cursor": "x"},
        {"subject": "contact:"},
        {"subject": "Contact"},
        {"kind": "contact"},
        {"who": "0"},
        {"from_at": "yesterday"},
    ],
)
async def test_what_does_not_fit_is_refused(house: House, asked: dict[str, str]) -> None:
    answer = await house.admin.get("/api/v1/audit", params=asked)
    assert answer.status_code == 422, answer.text


async def test_it_is_for_administrators_unless_a_role_is_given_it(house: House) -> None:
    asked = await house.client("supervisor").get("/api/v1/audit")
    assert (asked.status_code, asked.json()["code"]) == (403, "permission.missing")
    role = {"title": "Audit", "permissions": ["own", "audit.read"]}
    await house.admin.put("/api/v1/roles/auditor", json=role, headers=ANY)
    await house.admin.patch(
        f"/api/v1/users/{house.users['supervisor']}", json={"role": "auditor"}, headers=ANY
    )
    assert (await house.client("supervisor").get("/api/v1/audit")).status_code == 200
