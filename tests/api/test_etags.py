"""Nobody overwrites unseen: a change names the version it was made to, and is refused when others came between."""

import asyncio
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from app.crm.operators import service as operators
from app.crm.queues import service as queues

from .declared import declared
from .house import ANY, House, open_house

KASK = {"surname": "Kask", "phones": [{"number": "5550 0123"}]}


async def made(house: House) -> tuple[str, str]:
    answer = await house.client("operator").post("/api/v1/contacts", json=KASK)
    assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
    return f"/api/v1/contacts/{answer.json()['id']}", answer.headers["etag"]


async def put(house: House, path: str, tag: str, role: str = "operator", **said: Any) -> httpx.Response:
    return await house.client(role).put(path, json=KASK | said, headers={"If-Match": tag})


async def test_the_second_of_two_is_told_what_the_first_changed(house: House) -> None:
    path, tag = await made(house)
    first = await put(house, path, tag, "supervisor", surname="Tamm", phones=[{"number": "5550 0456"}])
    assert (first.status_code, first.headers["etag"], first.json()["version"]) == (200, '"2"', 2)
    await put(house, path, '"2"', "administrator", surname="Tamm", phones=[{"number": "5550 0456"}], note="x")
    refused = await put(house, path, tag, surname="Kaasik")
    told = refused.json()
    assert (refused.status_code, told["code"]) == (412, "version.passed")
    names = ["Tiina Administrator ()", "Tiina Supervisor ()"]  # behind a name: the token's
    assert told["params"] == {"version": 3, "fields": ["note", "surname", "phones"], "by": names}
    events = (await house.admin.get("/api/v1/audit", params={"subject": "contact"})).json()["items"]
    seen = [(one["where"], one["params"]["by"], one["params"]["at"]) for one in told["errors"]]
    at = [one["at"].replace("Z", "+00:00") for one in events]
    assert seen == [
        ("body.note", names[0], at[0]),
        ("body.surname", names[1], at[1]),
        ("body.phones", names[1], at[1]),
    ]
    now = await house.client("operator").get(path)
    assert (now.headers["etag"], now.json()["surname"]) == ('"3"', "Tamm")
    assert (await put(house, path, now.headers["etag"], surname="Kaasik")).json()["version"] == 4
    gone = await house.admin.delete(path, headers={"If-Match": '"3"'})
    assert (gone.status_code, gone.json()["params"]["by"]) == (412, ["Tiina Operator ()"])
    assert (await house.admin.delete(path, headers=ANY)).status_code == 204
    assert (await put(house, path, '"4"')).json()["code"] == "contact.unknown"


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        (None, 428, "version.missing"),
        ("", 400, "version.unreadable"),
        ("1", 400, "version.unreadable"),
        ('"one"', 400, "version.unreadable"),
        ('"1", 2', 400, "version.unreadable"),
        ('"' + "9" * 16 + '"', 400, "version.unreadable"),
        ('"' + "9" * 2000 + '"', 422, "request.unfit"),
        ('"7"', 412, "version.passed"),
        ("*", 200, None),
        (' W/"1" ', 200, None),
        ('"9", "1"', 200, None),
    ],
)
async def test_how_a_version_is_said(house: House, said: str | None, status: int, code: str | None) -> None:
    path, _ = await made(house)
    headers = {} if said is None else {"If-Match": said}
    answer = await house.client("operator").put(path, json=KASK, headers=headers)
    assert (answer.status_code, answer.json().get("code")) == (status, code)


async def test_nobody_overwrites_unseen_what_is_set_up(house: House) -> None:
    """Each kind of thing: the first change is let pass by its tag, the second by the same tag is told of it."""
    await house.make_queue("sales")
    mari = await house.make_operator("operator", "sales")
    kept = []
    for path, made in (
        ("/tags", {"name": "Vana"}),
        ("/complaint-categories", {"title": "Uus liik"}),
        ("/dispositions", {"code": "sold", "title": "Müüdud"}),
    ):
        answer = await house.admin.post(f"/api/v1{path}", json=made)
        assert answer.headers["etag"] == '"1"'
        kept.append(f"{path}/{answer.json()['id']}")
    tag, category, disposition = kept
    lead: dict[str, Any] = {"title": "Lead", "permissions": ["own"]}
    route: dict[str, Any] = {"kind": "queue", "target": "sales"}
    none_yet = {"If-Match": '"0"'}  # makes it, and changes none that is there
    for path, said in (("/routes/600", route), ("/roles/lead", lead)):
        answer = await house.admin.put(f"/api/v1{path}", json=said, headers=none_yet)
        assert (answer.status_code, answer.headers["etag"]) == (200, '"1"')
        assert (await house.admin.put(f"/api/v1{path}", json=said, headers=none_yet)).status_code == 412
    supervisor = f"/users/{house.users['supervisor']}"
    changes: list[tuple[str, str, dict[str, Any], str]] = [
        ("PUT", "/queues/sales", {"title": "A"}, "title"),
        ("PUT", tag, {"name": "A"}, "name"),
        ("PUT", category, {"title": "A"}, "title"),
        ("PUT", disposition, {"code": "sold", "title": "A"}, "title"),
        ("PUT", "/roles/lead", lead | {"title": "A"}, "title"),
        ("PUT", "/routes/600", route | {"priority": 1}, "priority"),
        ("PATCH", supervisor, {"display_name": "A"}, "display_name"),
        ("PUT", f"/operators/{mari}", {"skills": ["lang:et"], "memberships": []}, "queues"),
    ]
    for method, path, said, field in changes:
        whole, seen = f"/api/v1{path}", {"If-Match": '"1"'}
        changed = await house.admin.request(method, whole, json=said, headers=seen)
        assert (changed.status_code, changed.headers.get("etag")) == (200, '"2"'), (path, changed.text)
        passed = await house.admin.request(method, whole, json=said, headers=seen)
        assert (passed.status_code, passed.json()["code"]) == (412, "version.passed"), path
        assert passed.json()["params"]["fields"] == [field]
        same = await house.admin.request(method, whole, json=said, headers={"If-Match": '"2"'})
        assert same.headers["etag"] == '"2"', "the same once more is no change"
        assert (await house.admin.request(method, whole, json=said)).status_code == 428
        if path in {"/queues/sales", tag, "/roles/lead", "/routes/600", f"/operators/{mari}"}:
            assert (await house.admin.delete(whole, headers=seen)).status_code == 412


async def test_one_of_many_at_once_changes_it(backend: str, database_url: str, tmp_path: Path) -> None:
    async with open_house(tmp_path, database_url if backend == "postgresql" else "") as house:
        path, tag = await made(house)
        answers = await asyncio.gather(*(put(house, path, tag, surname=f"Tamm {one}") for one in range(8)))
        assert sorted(one.status_code for one in answers) == [200, *[412] * 7]
        (won,) = (one.json()["surname"] for one in answers if one.status_code == 200)
        assert (await house.admin.get(path)).json()["surname"] == won


@pytest.mark.parametrize("one", [queues, operators], ids=["queue", "operator"])
async def test_a_tag_is_not_newer_than_what_is_shown(
    one: ModuleType, backend: str, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL each statement of a request sees its own moment."""
    async with open_house(tmp_path, database_url if backend == "postgresql" else "") as house:
        await house.make_queue()
        path, name = "/api/v1/queues/sales", "get_queue"
        said: dict[str, Any] = {"title": "Uus"}
        if one is operators:
            path, name = f"/api/v1/operators/{await house.make_operator('operator', 'sales')}", "get_operator"
            said = {"auto_answer": True}
        real = getattr(one, name)

        async def and_it_is_changed(*asked: Any) -> Any:
            found = await real(*asked)
            monkeypatch.undo()
            assert (await house.admin.put(path, json=said, headers=ANY)).status_code == 200
            return found

        monkeypatch.setattr(one, name, and_it_is_changed)
        seen = (await house.admin.get(path)).headers["etag"]
        assert (await house.admin.put(path, json=said, headers={"If-Match": seen})).status_code == 412


def test_the_description_has_header_and_codes(house: House) -> None:
    operations = house.api.openapi()["paths"]["/api/v1/contacts/{id}"]
    (header,) = (one for one in operations["put"]["parameters"] if one["in"] == "header")
    assert header["name"] == "If-Match"
    assert declared(operations["put"], 412) == {"version.passed"}
    assert declared(operations["put"], 428) == {"version.missing"}
    assert "ETag" in operations["get"]["responses"]["200"]["headers"]
    assert "ETag" in operations["put"]["responses"]["200"]["headers"]
