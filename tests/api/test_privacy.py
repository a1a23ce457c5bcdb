"""A person's data handed out, and the person erased everywhere: tables, files, spool, a restored backup."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm import metadata
from app.crm.privacy.eraser import Eraser
from app.crm.privacy.gathering import gather
from app.crm.privacy.ledger import Ledger
from app.crm.privacy.person_files import OF_USER
from app.domain.ids import ContactId
from app.floor.events import ChannelHungUp
from app.records.engine import open_engine, reading
from app.service.backup import Places, back_up, restore
from app.system import clock

from .campaigning import brought, do, ended, given, made
from .house import ANY, DEADLINE_S, House, open_house
from .test_contact_imports import bring, upload

NAME, NUMBER, EMAIL = "Quertzina Zyxlumäe", "+37255508734", "quertzina@zyx.example"
TRACES = ("zyxlum", "quertzin", "5508734", "5550 8734", "Lillevälja")


async def ask(house: House, method: str, path: str, *, who: str = "administrator", **said: Any) -> Any:
    answer = await house.client(who).request(method, f"/api/v1{path}", headers=ANY, **said)
    assert answer.is_success, (method, path, answer.text)
    return answer.json() if answer.content else None


async def person(house: House, surname: str = "Zyxlumäe", **said: Any) -> int:
    told = {
        "surname": surname,
        "given_name": "Quertzina",
        "phones": [{"number": "5550 8734"}],
        "emails": [{"address": EMAIL}],
    }
    return int((await ask(house, "POST", "/contacts", json=told | said))["id"])


async def live(house: House) -> int:
    """Everything that may be held of a person; returns the contact's id."""
    titles = {"en": "Size", "et": "Suurus", "ru": "Размер"}
    await ask(house, "POST", "/contact-fields", json={"code": "size", "kind": "text", "titles": titles})
    contact = await person(house, fields={"size": "Zyxlumäe suurus"}, note="Quertzina tuttav")
    twin = await person(house, "Zyxlumae")
    third = await person(house, "Muu", given_name="Keegi", emails=[], phones=[{"number": "5550 1111"}])
    await ask(house, "POST", f"/contacts/{contact}/notes", json={"text": "Zyxlumäe helistab õhtul"})
    tag = (await ask(house, "POST", "/tags", json={"name": "Püsiklient", "colour": "blue"}))["id"]
    await ask(house, "PUT", f"/contacts/{contact}/tags", json={"tags": [tag]})
    campaign = await made(house)
    await given(
        house, campaign, {"surname": "Zyxlumäe", "numbers": ["5550 8734"], "variables": {"x": "Quertzina"}}
    )
    file = f"Nimi;Telefon\n{NAME};5550 8734\nJaan;puudub\nZyxlumäe Quertzina;puudub\n".encode()
    job = await brought(house, campaign, file)
    await do(house, job["id"], "start")
    await ended(house, job["id"])
    await ask(house, "POST", f"/contacts/{contact}/merge", json={"other": twin})
    for word, of in (("do_not_call", {"number": NUMBER}), ("consent", {"contact": contact})):
        told = {"word": word, "source": f"kiri, {NAME}", "note": "Zyxlumäe ütles", **of}
        await ask(house, "POST", "/consents", json=told)
    await house.make_operator("operator", "sales")
    call = await house.arrive("sales", NUMBER, "ZYXLUMAE Q")
    await house.identify(call, NAME, contact)
    await house.answer(call)
    told = {"subject": "Zyxlumäe pakk", "text": "Quertzina ootab", "wish": "Zyxlumäe raha", "call": call}
    complaint = (await ask(house, "POST", "/complaints", json=told, who="operator"))["id"]
    await ask(house, "POST", f"/complaints/{complaint}/notes", json={"text": "helista 5550 8734"})
    await house.runner.post(ChannelHungUp(house.runner.floor.calls[call].channel, 16))
    await house.journaled()
    told = {"step": "solved", "why": "Zyxlumäe sai raha"}
    await ask(house, "POST", f"/complaints/{complaint}/steps", json=told)
    product = await ask(
        house, "POST", "/products", json={"code": "P1", "name_et": "Pliit", "net_price": "10"}
    )
    lines = [{"product": product["id"], "quantity": "1"}]
    told = {"contact": contact, "lines": lines, "address": "Lillevälja 7, Zyxlumäe", "comment": "uks 8734"}
    order = (await ask(house, "POST", "/orders", json=told))["id"]
    await ask(house, "POST", f"/orders/{order}/place")
    await ask(house, "POST", f"/orders/{order}/deliver")
    await person(house, "Jääja", given_name="Keegi", emails=[], phones=[{"number": "5550 3333"}])
    assert third != contact
    return contact


async def erased(house: House, contact: int) -> dict[str, Any]:
    told = await ask(house, "POST", f"/contacts/{contact}/erasure")
    async with asyncio.timeout(DEADLINE_S):
        while told["state"] != "done":
            assert not told["waits_for"], told
            told = await ask(house, "GET", f"/erasures/{told['id']}")
            await asyncio.sleep(0.01)
    return dict(told)


async def traces(engine: AsyncEngine) -> dict[str, list[str]]:
    """Tables in which a trace of the person is found, with the rows."""
    found: dict[str, list[str]] = {}
    async with reading(engine) as session:
        for table in metadata.sorted_tables:
            for row in (await session.execute(select(table))).mappings():
                said = json.dumps({name: str(value) for name, value in row.items()}, ensure_ascii=False)
                if any(trace.casefold() in said.casefold() for trace in TRACES):
                    found.setdefault(table.name, []).append(said)
    return found


def in_files(folder: Path) -> list[str]:
    wanted = [trace.encode(how) for trace in TRACES for how in ("utf-8", "utf-16-le")]
    return [
        f"{path.name}: {trace.decode(errors='replace')}"
        for path in folder.rglob("*")
        if path.is_file()
        for trace in wanted
        if trace.lower() in path.read_bytes().lower()
    ]


async def test_nothing_is_left_of_a_person_who_was_erased(
    tmp_path: Path, backend: str, database_url: str
) -> None:
    url = database_url if backend == "postgresql" else ""
    async with open_house(tmp_path, url) as house:
        contact = await live(house)
        before = set(await traces(house.services.engine))
        assert {"contact", "phone", "call", "call_event", "event", "lead", "customer_order"} <= before
        told = await erased(house, contact)
        assert (told["rows"]["contact"], told["rows"]["call"]) == (1, 1)
        assert await traces(house.services.engine) == {}
        assert (await house.admin.get(f"/api/v1/contacts/{contact}")).status_code == 404
        call = (await ask(house, "GET", "/calls"))["items"][0]
        assert (call["outcome"], call["caller_number"]) == ("answered", "")
        order = (await ask(house, "GET", "/orders"))["items"][0]
        assert (order["state"], order["gross"]) == ("delivered", "12.40")
        said = await ask(house, "GET", "/consents/look-up", params={"number": NUMBER})
        assert said["do_not_call"], "the objection is honoured by its hash"
        await ask(house, "GET", "/complaints")
        await ask(house, "GET", "/audit", params={"subject": f"contact:{contact}"})
    assert await asyncio.to_thread(in_files, tmp_path) == []


async def test_a_restored_backup_has_nobody_who_was_erased_since(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    ledger = tmp_path / "ledger"
    async with open_house(old) as house:
        contact = await live(house)
        database = f"sqlite:///{old / 'keskus.sqlite'}"
        places = Places(database, old / "keskus.spool.none", old / "imports")
        with (tmp_path / "copy").open("wb") as copy:
            await asyncio.to_thread(back_up, places, copy, at=clock.utc_now())
        await erased(house, contact)
        (old / "keskus.erasures").rename(ledger)
    assert Ledger(ledger).entries()[0].contact == contact
    assert await asyncio.to_thread(in_files, ledger.parent / "old") == []
    places = Places(f"sqlite:///{new / 'keskus.sqlite'}", new / "keskus.spool", new / "imports")
    with (tmp_path / "copy").open("rb") as source:
        await asyncio.to_thread(restore, places, source)
    assert await asyncio.to_thread(in_files, new), "the backup has them"
    engine = open_engine(f"sqlite+aiosqlite:///{new / 'keskus.sqlite'}")

    async def nothing() -> None:
        """No journal runs."""

    eraser = Eraser(engine, Ledger(ledger), new / "imports", clock.utc_now, journal=nothing)
    try:
        assert await eraser.catch_up() == 1
        assert await eraser.catch_up() == 0
        assert await traces(engine) == {}
    finally:
        await engine.dispose()
    assert await asyncio.to_thread(in_files, new) == []


async def test_all_that_is_held_is_handed_out(house: House) -> None:
    contact = await live(house)
    file = await ask(house, "POST", f"/contacts/{contact}/personal-data", who="supervisor")
    path = f"/contacts/{contact}/personal-data/{file['id']}"
    async with asyncio.timeout(DEADLINE_S):
        while file["state"] == "making":
            file = await ask(house, "GET", path, who="supervisor")
            await asyncio.sleep(0.01)
    assert file["state"] == "ready"
    held = await ask(house, "GET", f"{path}/content", who="supervisor")
    rows = {name for name, some in held["held"].items() if some}
    assert {
        *("contact", "phone", "email", "custom_value", "contact_note", "contact_tag", "contact_merge"),
        *("consent", "lead", "lead_number", "customer_order", "order_line", "complaint", "complaint_note"),
        *("complaint_event", "call", "call_event", "event"),
    } <= rows
    assert {one["source"] for one in held["held"]["consent"]} == {f"kiri, {NAME}"}
    for language, title in (("et", "Isikuandmed"), ("ru", "Персональные данные"), ("en", "Personal data")):
        page = await house.client("supervisor").get(
            f"/api/v1{path}/content", params={"format": "html", "language": language}
        )
        assert title in page.text
        assert "Zyxlumäe" in page.text
        assert "<script" not in page.text
    await ask(house, "DELETE", path, who="supervisor")
    assert (await house.admin.get(f"/api/v1{path}")).status_code == 404
    told = await ask(house, "GET", "/audit", params={"subject": f"contact:{contact}"})
    kinds = [
        one["kind"] for one in told["items"] if one["kind"] in {"contact.export_begun", "contact.handed_out"}
    ]
    assert kinds == ["contact.handed_out"] * 4 + ["contact.export_begun"]
    asked = [await house.admin.post(f"/api/v1/contacts/{contact}/personal-data") for _ in range(OF_USER + 1)]
    assert [one.status_code for one in asked] == [202] * OF_USER + [429], "one user does not take all places"


async def test_what_is_open_hinders_an_erasure(house: House) -> None:
    contact = await person(house)
    product = await ask(
        house, "POST", "/products", json={"code": "P1", "name_et": "Pliit", "net_price": "10"}
    )
    lines = [{"product": product["id"], "quantity": "1"}]
    order = (await ask(house, "POST", "/orders", json={"contact": contact, "lines": lines}))["id"]
    await ask(house, "POST", f"/orders/{order}/place")
    told = await ask(house, "GET", f"/contacts/{contact}/erasure")
    assert (told["hindrance"], told["numbers"]) == ("erasure.open_order", [NUMBER])
    refused = await house.admin.post(f"/api/v1/contacts/{contact}/erasure")
    assert (refused.status_code, refused.json()["code"]) == (409, "erasure.open_order")
    rules = {"open_orders": False, "open_complaints": True, "orders_days": 30}
    await ask(house, "PUT", "/privacy/rules", json=rules)
    refused = await house.admin.post(f"/api/v1/contacts/{contact}/erasure")
    assert refused.json()["code"] == "erasure.papers_kept"
    await ask(house, "PUT", "/privacy/rules", json=rules | {"orders_days": 0})
    await house.make_queue()
    call = await house.arrive("sales", NUMBER)
    await house.journaled()
    refused = await house.admin.post(f"/api/v1/contacts/{contact}/erasure")
    assert refused.json()["code"] == "erasure.in_call"
    await house.runner.post(ChannelHungUp(house.runner.floor.calls[call].channel, 16))
    await house.journaled()
    assert (await erased(house, contact))["rows"]["customer_order"] == 1
    for role in ("operator", "supervisor"):
        denied = await house.client(role).post(f"/api/v1/contacts/{contact}/erasure")
        assert denied.status_code == 403


async def test_an_answer_in_memory_is_not_given_again(house: House) -> None:
    told = {"surname": "Zyxlumäe", "phones": [{"number": "5550 8734"}]}
    other = told | {"surname": "Jääja", "phones": []}
    keys = [{"Idempotency-Key": key} for key in ("one", "two")]
    made = await house.admin.post("/api/v1/contacts", json=told, headers=keys[0])
    kept = await house.admin.post("/api/v1/contacts", json=other, headers=keys[1])
    await erased(house, made.json()["id"])
    again = await house.admin.post("/api/v1/contacts", json=told, headers=keys[0])
    assert (again.status_code, again.json()["code"]) == (410, "idempotency.answer_erased")
    assert "Zyxlumäe" not in again.text
    assert (await house.admin.post("/api/v1/contacts", json=other, headers=keys[1])).json() == kept.json()


async def test_a_number_that_others_have_too_tells_nothing(house: House) -> None:
    contact, other = await person(house), await person(house, "Teine", given_name="Keegi")
    await house.make_queue()
    call = await house.arrive("sales", NUMBER)
    await house.identify(call, "Keegi Teine", other)
    await house.runner.post(ChannelHungUp(house.runner.floor.calls[call].channel, 16))
    await house.journaled()
    told = await ask(house, "GET", f"/contacts/{contact}/erasure")
    assert (told["numbers"], told["shared"]) == ([], [NUMBER])
    assert "call" not in (await erased(house, contact))["rows"]
    assert (await ask(house, "GET", "/calls"))["items"][0]["caller_number"] == NUMBER


async def test_what_was_written_down_for_a_caller_who_was_not_known_yet_goes_too(house: House) -> None:
    """The complaint belongs to the call alone, and the call to whoever has its number."""
    await house.make_queue()
    await house.make_operator("operator", "sales")
    call = await house.arrive("sales", NUMBER, "ZYXLUMAE Q")
    await house.answer(call)
    said = {"subject": "Zyxlumäe pakk", "text": "Quertzina ootab", "call": call}
    complaint = (await ask(house, "POST", "/complaints", json=said, who="operator"))["id"]
    await ask(house, "POST", f"/complaints/{complaint}/notes", json={"text": "helista 5550 8734"})
    assert (await ask(house, "GET", f"/complaints/{complaint}"))["contact"] is None
    await house.runner.post(ChannelHungUp(house.runner.floor.calls[call].channel, 16))
    await house.journaled()
    contact = await person(house)
    held = await gather(house.services.engine, ContactId(contact), clock.utc_now())
    assert [row["text"] for row in held["held"]["complaint"]] == ["Quertzina ootab"]
    refused = await house.admin.post(f"/api/v1/contacts/{contact}/erasure")
    assert refused.json()["code"] == "erasure.open_complaint"
    solved = {"step": "solved", "why": "Zyxlumäe sai raha"}
    await ask(house, "POST", f"/complaints/{complaint}/steps", json=solved)
    await erased(house, contact)
    assert await traces(house.services.engine) == {}
    assert (await ask(house, "GET", f"/complaints/{complaint}"))["state"] == "solved"


async def test_files_that_brought_a_person_go_too(tmp_path: Path) -> None:
    """One was brought in, one changed the contact, one was only looked at; a file without the person stays."""
    head = "external_id;surname;given_name;phone\n"
    async with open_house(tmp_path) as house:
        await bring(house, head + "a;Zyxlumäe;Quertzina;5550 8734\nb;Jääja;Keegi;5550 3333\n")
        await bring(house, head + "a;Zyxlumäe;Quertzina;5550 8735\n", same_by=["external_id"])
        await upload(house, head + "c;ZYXLUMAE;QUERTZINA;\n")
        await bring(house, head + "d;Muu;Keegi;5550 1111\n")
        (one,) = (await ask(house, "GET", "/contacts", params={"q": "Zyxlum"}))["items"]
        told = await erased(house, one["id"])
        assert (told["rows"]["imported_contact"], told["rows"]["contact"]) == (2, 1)
        assert await traces(house.services.engine) == {}
        assert len((await ask(house, "GET", "/contacts"))["items"]) == 2
        left = {path.name for path in (tmp_path / "imports" / "contacts").iterdir()}
        assert {name.partition("-")[0] for name in left} == {"4"}
    assert await asyncio.to_thread(in_files, tmp_path) == []


async def test_nothing_undoes_an_erasure(house: House) -> None:
    contact, twin = await person(house), await person(house, "Zyxlumae")
    changed = {"surname": "Tamm", "given_name": "Quertzina", "phones": [{"number": "5550 8734"}]}
    await ask(house, "PUT", f"/contacts/{contact}", json=changed)
    merge = (await ask(house, "POST", f"/contacts/{contact}/merge", json={"other": twin}))["merge"]
    history = (await ask(house, "GET", f"/contacts/{contact}/history"))["items"]
    changes = [one["id"] for one in history if one["kind"] == "change"]
    assert changes
    await erased(house, contact)
    for path in (f"/merges/{merge}/undo", *(f"/contacts/{contact}/history/{one}/undo" for one in changes)):
        refused = await house.admin.post(f"/api/v1{path}", headers=ANY)
        assert refused.status_code == 404, (path, refused.text)
    for path in (f"/contacts/{contact}", f"/contacts/{twin}", f"/contacts/{contact}/history"):
        assert (await house.admin.get(f"/api/v1{path}")).status_code in {404, 410}, path
    assert (await ask(house, "GET", "/contacts", params={"q": "Zyxlum"}))["items"] == []
    assert await traces(house.services.engine) == {}


async def test_a_person_s_file_names_nobody_else_who_has_the_number(house: House) -> None:
    """The caller was first taken for somebody else of the family."""
    contact = await person(house)
    other = await person(house, "Teine", given_name="Pereliige", emails=[])
    await house.make_queue()
    call = await house.arrive("sales", NUMBER)
    await house.identify(call, "Teine Pereliige", other)
    await house.identify(call, NAME, contact)
    await house.runner.post(ChannelHungUp(house.runner.floor.calls[call].channel, 16))
    await house.journaled()
    held = await gather(house.services.engine, ContactId(contact), clock.utc_now())
    assert [row["caller_number"] for row in held["held"]["call"]] == [NUMBER]
    said = json.dumps(held, ensure_ascii=False)
    assert NAME in said
    assert "Pereliige" not in said


async def test_a_person_s_file_is_kept_in_no_cache_and_is_no_page_of_ours(house: House) -> None:
    contact = await person(house)
    file = await ask(house, "POST", f"/contacts/{contact}/personal-data", who="supervisor")
    path = f"/api/v1/contacts/{contact}/personal-data/{file['id']}"
    async with asyncio.timeout(DEADLINE_S):
        while file["state"] == "making":
            file = await ask(house, "GET", path.removeprefix("/api/v1"), who="supervisor")
            await asyncio.sleep(0.01)
    page = await house.client("supervisor").get(f"{path}/content", params={"format": "html"})
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Content-Disposition"].startswith("attachment")
    assert "Quertzina" not in page.headers["Content-Disposition"]
    for who in ("", "operator"):
        refused = await house.client(who).get(f"{path}/content")
        assert refused.status_code in {401, 403}, who


@pytest.mark.parametrize(
    "kind", ["calls", "attempts", "events", "notes", "orders", "complaints", "import_files"]
)
async def test_kinds_can_be_counted(house: House, kind: str) -> None:
    told = await ask(house, "POST", f"/privacy/retention/{kind}/dry-run", json={"days": 10})
    assert told["counted_days"] == 10
