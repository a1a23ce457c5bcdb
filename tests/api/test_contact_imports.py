"""Files of contacts over HTTP: what becomes a contact, what changes one, and how it is undone."""

import asyncio
from typing import Any

from .house import ANY, DEADLINE_S, House

PATH = "/api/v1/contact-imports"
SIZE: dict[str, Any] = {
    "code": "size",
    "kind": "number",
    "titles": {"en": "Size", "et": "Suurus", "ru": "Размер"},
}
GOOGLE = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Name Prefix,Nickname,File As,Organization Name,"
    "Organization Title,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,"
    "E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value\n"
    'Mari,,Õunapuu,,,,,Põhjala OÜ,juhataja,,"Esimene rida\nteine, =1+1",,* myContacts ::: Püsiklient ::: VIP,'
    "* Work,Mari@Example.com,Home,mari@kodu.example.com,Mobile,5550 0101 ::: +372 5550 0102,* Work,600 0103\n"
    ",,,,,,,Metsa AS,,,,,* myContacts,,,,,Work,600 0104,,\n"
)
OUTLOOK = (
    "First Name,Middle Name,Last Name,Company,Job Title,Business Fax,Business Phone,Home Phone,Mobile Phone,"
    "Categories,E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address,Notes\n"
    "Kalle,,Kask,Põhjala OÜ,müüja,600 0105,600 0106,,5550 0107,Püsiklient;Uus,kalle@example.com,SMTP,Kalle K,"
    "kk@example.com,\n"
)


async def bring(house: House, content: str | bytes, **how: Any) -> dict[str, Any]:
    """A file that is uploaded, and brought in."""
    told = await upload(house, content)
    return await run(house, told["id"], **how)


async def upload(house: House, content: str | bytes) -> dict[str, Any]:
    file = content.encode() if isinstance(content, str) else content
    answer = await house.client("supervisor").post(PATH, content=file, params={"name": "contacts"})
    assert answer.status_code in {201, 202}, answer.text
    return await until(house, answer.json()["id"], "preview")


async def run(house: House, job: int, **how: Any) -> dict[str, Any]:
    answer = await house.client("supervisor").post(f"{PATH}/{job}/start", json=how or None)
    assert answer.status_code == 202, answer.text
    return await until(house, job)


async def until(house: House, job: int, what: str = "") -> dict[str, Any]:
    async with asyncio.timeout(DEADLINE_S):
        while True:
            told = (await house.client("supervisor").get(f"{PATH}/{job}/{what}".rstrip("/"))).json()
            if told["state"] not in {"reading", "queued", "running", "undoing"}:
                return dict(told)
            await asyncio.sleep(0.01)  # it is another process's work


async def found(house: House, query: str, kind: str = "person") -> Any:
    items = (await house.admin.get("/api/v1/contacts", params={"q": query, "kind": kind})).json()["items"]
    assert len(items) == 1, (query, [one["name"] for one in items])
    return items[0]


async def tags(house: House, contact: int) -> list[str]:
    return [one["name"] for one in (await house.admin.get(f"/api/v1/contacts/{contact}/tags")).json()]


def counts(told: dict[str, Any]) -> tuple[int, ...]:
    names = ("rows", "added", "updated", "unchanged", "companies", "rejected")
    return tuple(told[name] for name in names)


async def test_address_books_of_google_and_outlook(house: House) -> None:
    told = await upload(house, GOOGLE)
    assert told["preview"][0]["numbers"] == ["+37255500101", "+37255500102", "+3726000103"], told
    done = await run(house, told["id"], link_companies=True)
    assert (done["state"], counts(done)) == ("done", (2, 2, 0, 0, 1, 0)), done
    mari = await found(house, "ounapuu")
    assert (mari["note"], mari["employer_name"], mari["job_title"]) == (
        "Esimene rida\nteine, =1+1",
        "Põhjala OÜ",
        "juhataja",
    )
    assert [(one["number"], one["label"], one["preferred"]) for one in mari["phones"]] == [
        ("+37255500101", "Mobile", False),
        ("+37255500102", "Mobile", False),
        ("+3726000103", "Work", True),
    ]
    assert [(one["address"], one["label"]) for one in mari["emails"]] == [
        ("Mari@Example.com", "Work"),
        ("mari@kodu.example.com", "Home"),
    ]
    assert await tags(house, mari["id"]) == ["Püsiklient", "VIP"]
    assert (await found(house, "metsa", "company"))["phones"][0]["number"] == "+3726000104"
    told = await bring(house, OUTLOOK, link_companies=True)
    assert counts(told) == (1, 1, 0, 0, 0, 0), told
    kalle = await found(house, "kalle")
    assert kalle["employer"] == mari["employer"], "the company is found by its name"
    assert [(one["number"], one["label"]) for one in kalle["phones"]] == [
        ("+3726000105", "work fax"),
        ("+3726000106", "work"),
        ("+37255500107", "mobile"),
    ]
    assert [one["address"] for one in kalle["emails"]] == ["kalle@example.com", "kk@example.com"]
    assert await tags(house, kalle["id"]) == ["Püsiklient", "Uus"]


async def test_what_is_the_same_is_chosen(house: House) -> None:
    assert (await house.admin.post("/api/v1/contact-fields", json=SIZE)).status_code == 201
    head = "external_id;surname;phone;size;email\n"
    first = head + "a;Kask;5550 0111;12,50;\nb;Kuusk;5550 0112;;b@example.com\nc;Mänd;5550 0112;;\n"
    assert counts(await bring(house, first, same_by=["external_id"], dry_run=True)) == (3, 3, 0, 0, 0, 0)
    assert counts(await bring(house, first, same_by=["external_id"])) == (3, 3, 0, 0, 0, 0)
    assert counts(await bring(house, first, same_by=["external_id"])) == (3, 0, 0, 3, 0, 0)
    kask = await found(house, "kask")
    assert (kask["fields"], kask["version"]) == ({"size": "12.5"}, 1)
    told = await bring(house, "surname;phone\nUus;5550 0112\nKask;5550 0111\nOja;5550 0113\nOja;5550 0113\n")
    assert counts(told) == (4, 1, 0, 2, 0, 1), told
    rejected = (await house.client("supervisor").get(f"{PATH}/{told['id']}/rejected")).text
    kuusk, mand = [(await found(house, name))["id"] for name in ("kuusk", "mand")]
    assert f"2;mitmel kontaktil on sama phone: {kuusk}, {mand};Uus" in rejected
    told = await bring(
        house, head + "a;Kask;5550 0114;17;x@example.com\n;;5550 0199;;\nd;Pihl;5550 01;;\ne;Saar;;x;\n"
    )
    assert counts(told) == (4, 0, 1, 0, 0, 3), told
    kask = await found(house, "kask")
    assert [one["number"] for one in kask["phones"]] == ["+37255500111", "+37255500114"]
    assert (kask["fields"], [one["address"] for one in kask["emails"]]) == ({"size": "17"}, ["x@example.com"])
    history = (await house.admin.get(f"/api/v1/contacts/{kask['id']}/history")).json()["items"]
    assert [one["kind"] for one in history].count("import") == 2, history
    changes = [one for one in history if one["kind"] == "change"]
    assert len(changes) == 1, "each contact that is changed has its event"
    assert changes[0]["undoable"] is True
    told = await bring(house, head + "a;Tamm;;;\n", existing="skip")
    assert counts(told) == (1, 0, 0, 1, 0, 0)
    told = await bring(house, "surname;phone\nKask;5550 0111\n", same_by=[])
    assert counts(told) == (1, 1, 0, 0, 0, 0)


async def test_an_import_is_undone_as_far_as_nobody_used_it(house: House) -> None:
    first = await bring(house, "external_id;surname;phone;tags\na;Kask;5550 0121;vana\n")
    second = await bring(
        house,
        "external_id;surname;phone;note;tags;employer\n"
        "a;Kase;5550 0122;uus;noor;Põhjala OÜ\nb;Kuusk;5550 0123;;;Põhjala OÜ\nc;Mänd;;;;\nd;Pärn;;;;\n",
    )
    assert counts(second) == (4, 3, 1, 0, 1, 0), second
    mand, parn = await found(house, "mand"), await found(house, "parn")
    supervisor = house.client("supervisor")
    noted = await supervisor.post(f"/api/v1/contacts/{mand['id']}/notes", json={"text": "helistas"})
    assert noted.status_code == 201
    changed = await supervisor.put(
        f"/api/v1/contacts/{parn['id']}", json={"surname": "Pärnamäe"}, headers=ANY
    )
    assert changed.status_code == 200
    assert (await supervisor.post(f"{PATH}/{second['id']}/undo")).status_code == 202
    told = await until(house, second["id"])
    assert (told["state"], told["removed"]) == ("undone", 3), told
    assert told["note"].startswith("2 contacts")
    assert (told["fault"]["code"], told["fault"]["params"]) == (
        "contact_import.contacts_stay",
        {"contacts": 2},
    )
    kask = await found(house, "kask")
    assert (kask["note"], kask["employer"], [one["number"] for one in kask["phones"]]) == (
        "",
        None,
        ["+37255500121"],
    )
    assert await tags(house, kask["id"]) == ["vana"]
    names = {one["name"] for one in (await house.admin.get("/api/v1/contacts")).json()["items"]}
    assert names == {"Kask", "Mänd", "Pärnamäe"}
    assert (await supervisor.delete(f"{PATH}/{first['id']}")).status_code == 204
    assert (await supervisor.post(f"{PATH}/{first['id']}/undo")).status_code == 404


async def test_columns_are_read_otherwise_and_corrected_rows_again(house: House) -> None:
    supervisor = house.client("supervisor")
    told = await upload(house, "a;x;5550 0131\nb;y;puudub\n")
    url = f"{PATH}/{told['id']}"
    refused = await supervisor.put(f"{url}/reading", json={"columns": ["field:none", "surname", "phone"]})
    assert refused.json()["code"] == "contact_import.no_field"
    columns = ["external_id", "surname", "phone"]
    await supervisor.put(f"{url}/reading", json={"columns": columns})
    assert (await until(house, told["id"], "preview"))["columns"] == columns
    assert counts(await run(house, told["id"])) == (2, 1, 0, 0, 0, 1)
    rejected = (await supervisor.get(f"{url}/rejected")).content.decode("utf-8-sig")
    again = await upload(house, rejected.replace("puudub", "5550 0132", 2))
    assert again["columns"] == ["ignore", "ignore", *columns]
    assert counts(await run(house, again["id"])) == (1, 1, 0, 0, 0, 0)
    page = (await supervisor.get(PATH, params={"limit": 1})).json()
    assert ([one["id"] for one in page["items"]], bool(page["next"])) == ([again["id"]], True)


CARDS = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Kask;Kalle;;;\r\nFN:Kalle Kask\r\nORG:Põhjala OÜ;Müük\r\n"
    "TEL;TYPE=CELL,VOICE,PREF:5550 0141\r\nitem1.TEL:600 0142\r\nitem1.X-ABLabel:_$!<Main>!$_\r\n"
    "EMAIL;TYPE=INTERNET,WORK:kalle@example.com\r\nNOTE:üks\\nkaks\\, kolm; pi\r\n kk\r\n"
    "CATEGORIES:Püsiklient,A\\,B\r\nEND:VCARD\r\n"
    "BEGIN:VCARD\r\nVERSION:4.0\r\nKIND:org\r\nFN:Metsa AS\r\nTEL;VALUE=uri;TYPE=work:tel:+372-600-0143;ext=5\r\n"
    "LANG:et\r\nEND:VCARD\r\n"
    "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=95un;Mari\r\n"
    "TEL;CELL:5550 0144\r\nEND:VCARD\r\n"
)


async def test_cards_of_each_version(house: House) -> None:
    told = await bring(house, CARDS)
    assert counts(told) == (3, 3, 0, 0, 0, 0), told
    kalle, metsa = await found(house, "kalle"), await found(house, "metsa", "company")
    assert (kalle["note"], kalle["company_name"]) == ("üks\nkaks, kolm; pikk", "Põhjala OÜ Müük")
    assert [(one["number"], one["label"], one["preferred"]) for one in kalle["phones"]] == [
        ("+37255500141", "mobile", True),
        ("+3726000142", "main", False),
    ]
    assert [(one["address"], one["label"]) for one in kalle["emails"]] == [("kalle@example.com", "work")]
    assert await tags(house, kalle["id"]) == ["A,B", "Püsiklient"]
    assert (metsa["kind"], metsa["language"], metsa["phones"][0]["raw"]) == (
        "company",
        "et",
        "+372-600-0143 ext 5",
    )
    assert (await found(house, "oun mari"))["phones"][0]["label"] == "mobile"
