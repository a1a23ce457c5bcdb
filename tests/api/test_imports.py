"""Files of leads over HTTP, as people send them."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from app.crm.imports import desk as import_desk
from app.crm.imports.service import Imports

from .campaigning import brought, do, ended, made
from .house import DEADLINE_S, House

LISTS = Path(__file__).parents[1] / "data" / "lists"


async def bring(house: House, campaign: int, content: bytes) -> dict[str, Any]:
    answer = await house.client("supervisor").post(f"/api/v1/campaigns/{campaign}/imports", content=content)
    assert answer.status_code in {201, 202}, answer.text
    return await looked_at(house, answer.json())


async def looked_at(house: House, told: dict[str, Any]) -> dict[str, Any]:
    async with asyncio.timeout(DEADLINE_S):
        while told["state"] == "reading":
            told = (await house.client("supervisor").get(f"/api/v1/imports/{told['id']}/preview")).json()
            await asyncio.sleep(0.01)  # it is another process's work
    return told


async def content_of(name: str) -> bytes:
    return await asyncio.to_thread((LISTS / name).read_bytes)


async def test_numbers_are_of_the_campaign_s_country(house: House) -> None:
    campaign = await made(house, country="LV")
    told = await bring(house, campaign, await content_of("latvian_without_header.csv"))
    assert [row["numbers"] for row in told["preview"]] == [
        ["+37126123421"],
        ["+37129123422"],
        ["+37167123423"],
    ]
    started = await house.client("supervisor").post(f"/api/v1/imports/{told['id']}/start")
    assert (started.status_code, started.json()["dry_run"]) == (202, False), "a body is for a dry run"
    assert (await ended(house, told["id"]))["added"] == 3


async def test_sheets_are_told_and_another_is_chosen(house: House) -> None:
    told = await bring(house, await made(house), await content_of("sheets.xlsx"))
    assert (told["sheet"], told["header_row"], len(told["preview"])) == ("Tallinn", 1, 1)
    tallinn = {"name": "Tallinn", "rows": 2, "hidden": False, "chosen": True}
    tartu = {"name": "Tartu", "rows": 3, "hidden": False, "chosen": False}
    assert told["sheets"] == [tallinn, tartu]
    url = f"/api/v1/imports/{told['id']}/reading"
    supervisor = house.client("supervisor")
    for said in ({"encoding": "cp1251"}, {"delimiter": ","}, {"sheet": "Narva"}):
        refused = await supervisor.put(url, json=said)
        assert (refused.status_code, bool(refused.json()["detail"])) == (422, True), said
    told = (await supervisor.put(url, json={"sheet": "Tartu"})).json()
    assert (told["state"], told["sheet"], len(told["preview"])) == ("uploaded", "Tartu", 2)


async def test_a_file_that_takes_long_is_looked_at_behind_the_answer(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_desk, "GLANCE_S", 0.0)
    campaign = await made(house)
    url = f"/api/v1/campaigns/{campaign}/imports"
    answer = await house.client("supervisor").post(url, content=b"Telefon\n5550 0001\n")
    assert (answer.status_code, answer.json()["state"], answer.json()["preview"]) == (202, "reading", [])
    assert (await do(house, answer.json()["id"], "start", dry_run=False)).status_code == 409
    told = await bring(house, campaign, b"Telefon\n5550 0002\n")
    assert (told["state"], told["preview"][0]["numbers"]) == ("uploaded", ["+37255500002"])
    broken = (await house.client("supervisor").post(url, content=b"%PDF-1.7")).json()
    while broken["state"] == "reading":
        broken = (await house.client("supervisor").get(f"/api/v1/imports/{broken['id']}")).json()
    assert (broken["state"], "PDF" in broken["note"]) == ("failed", True)
    assert broken["fault"] == {"what": broken["note"], "code": "file.pdf", "params": {}}
    assert (await do(house, broken["id"], "start", dry_run=False)).status_code == 409


async def test_mended_rows_are_read_as_their_file_was(house: House) -> None:
    supervisor, campaign = house.client("supervisor"), await made(house)
    told = await bring(house, campaign, b"a;x;5550 0001\nb;y;puudub\n")
    columns = ["external_id", "surname", "phone"]
    url = f"/api/v1/imports/{told['id']}"
    answer = await supervisor.put(f"{url}/reading", json={"columns": columns})
    told = await looked_at(house, answer.json())
    assert told["columns"] == columns
    await do(house, told["id"], "start", dry_run=False)
    assert [(await ended(house, told["id"]))[name] for name in ("added", "rejected")] == [1, 1]
    rejected = (await supervisor.get(f"{url}/rejected")).content.decode("utf-8-sig")
    again = await bring(house, campaign, rejected.replace("puudub", "5550 0002", 2).encode())
    assert again["columns"] == ["ignore", "ignore", *columns]
    (row,) = again["preview"]
    assert (row["numbers"], row["name"], row["external_id"]) == (["+37255500002"], "y", "b")


async def test_imports_and_lists_of_numbers_come_in_pages(house: House) -> None:
    campaign, supervisor = await made(house), house.client("supervisor")
    brought = [(await bring(house, campaign, b"Telefon\n5550 0001\n"))["id"] for _ in range(3)]
    lists = "/api/v1/consents/imports"
    for place in range(3):
        answer = await supervisor.post(lists, params={"source": str(place)}, content=b"5550 0001\n")
        assert answer.status_code == 200, answer.text
    for url, ids in ((f"/api/v1/campaigns/{campaign}/imports", brought), (lists, [1, 2, 3])):
        seen: list[int] = []
        cursor: dict[str, str] = {}
        while True:
            page = (await supervisor.get(url, params={"limit": "2", **cursor})).json()
            assert len(page["items"]) <= 2
            seen += [one["id"] for one in page["items"]]
            if page["next"] is None:
                break
            cursor = {"cursor": page["next"]}
        assert seen == ids[::-1], url
        assert (await supervisor.get(url, params={"cursor": "x"})).status_code == 422


LIST = (
    "Kood;Nimi;Telefon;Arve\nc-1;Kask Kalle;5550 0001;17\nc-2;Tamm Tõnu;puudub;\nc-3;Õun Mari;5550 0003;18\n"
)


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
    assert [row["faults"] for row in told["preview"]] == [
        [],
        [
            {
                "what": "puudub is no telephone number",
                "code": "number.no_number",
                "params": {"text": "puudub", "region": "EE"},
            }
        ],
        [],
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
    ranged = [
        await supervisor.get(f"/api/v1/imports/{job}/rejected", headers={"Range": one})
        for one in ("bytes=0-2", "bytes=99999-", "lines=1-2")
    ]
    assert [one.status_code for one in ranged] == [206, 416, 416]
    assert ranged[0].content == rejected.content[:3]
    for one in ranged[1:]:
        assert one.json()["code"] == "request.range_unfit"
        assert one.headers["content-range"] == f"bytes */{len(rejected.content)}"
    assert "3;puudub ei ole telefoninumber;c-2;Tamm Tõnu;puudub" in rejected.content.decode("utf-8-sig"), (
        "in the language of the user who brought it"
    )
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
        ({"columns": ["phone", "phone"]}, 422),
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
