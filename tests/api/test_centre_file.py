"""The whole configuration as one file: out, into an empty centre, and out again."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.api.schemas import ITEMS_MAX
from app.crm.centre_file.bringing import differences
from app.crm.centre_file.schemas import CentreFile
from app.crm.tags.tables import TagRow
from app.records.engine import writing

from .house import ANY, PASSWORD, House, open_house

WEEK = [[{"opens": "09:00", "closes": "17:00"}]] * 5 + [[], []]
TURNS: Final = 3
NAMES = st.text("abcdefgh", min_size=1, max_size=6)


async def taken_out(house: House) -> dict[str, Any]:
    answer = await house.admin.get("/api/v1/configuration")
    assert answer.status_code == 200, answer.text
    file: dict[str, Any] = answer.json()
    return file


async def brought(
    house: House, file: dict[str, Any], *, dry_run: bool = False
) -> list[tuple[str, str, bool]]:
    answer = await house.admin.put("/api/v1/configuration", json=file, params={"dry_run": dry_run})
    assert answer.status_code == 200, answer.text
    assert answer.json()["dry_run"] is dry_run
    return [(one["kind"], one["name"], one["made"]) for one in answer.json()["differences"]]


async def furnished(house: House) -> dict[str, int]:
    """A centre with something of each kind, named by each other."""

    async def make(path: str, **said: Any) -> int:
        answer = await house.admin.post(f"/api/v1{path}", json=said)
        assert answer.status_code == 201, answer.text
        return int(answer.json().get("id") or 0) if not isinstance(answer.json().get("id"), str) else 0

    async def put(path: str, said: dict[str, Any]) -> None:
        answer = await house.admin.put(f"/api/v1{path}", json=said, headers=ANY)
        assert answer.status_code == 200, answer.text

    await put("/roles/lead", {"title": "Lead", "permissions": ["own", "floor.read"], "phone": "operator"})
    await house.make_queue("help", title="Help", skills=["lang:et"], target_s=30)
    await house.make_queue("sales", title="Sales")
    over = {"max_wait_s": 60, "max_wait_then": "queue", "overflow_queue": "sales"}
    await put("/queues/help", {"title": "Help", **over})
    mari = await house.make_operator(
        {"username": "mari", "display_name": "Mari", "role": "lead"}, "help", "sales"
    )
    await put("/routes/6001000", {"kind": "queue", "target": "help", "language": "et"})
    await put("/routes/6002000", {"kind": "queue", "target": "sales"})
    await put("/routes/101", {"kind": "operator", "target": str(mari)})
    await put("/tariffs", {"items": [{"prefix": "+372", "per_minute": 0.03, "step_s": 60}]})
    tag = await make("/tags", name="Wholesale", colour="blue")
    titles = {"en": "Size", "et": "Suurus", "ru": "Размер"}
    await make(
        "/contact-fields",
        code="size",
        kind="choice",
        titles=titles,
        choices=[{"code": "s", "titles": titles}],
    )
    repairs = await make(
        "/departments",
        title="Repairs",
        titles={"ru": "Ремонт"},
        time_zone="Europe/Tallinn",
        country="EE",
        hours=WEEK,
        days=[{"day": "2026-12-24", "hours": [], "why": "Christmas"}],
        members=[mari],
        deputy=mari,
        reach={"kind": "operator", "target": str(mari)},
    )
    billing = await make(
        "/departments",
        title="Billing",
        time_zone="Europe/Tallinn",
        hours=WEEK,
        reach={"kind": "queue", "target": "sales"},
        fallback={"kind": "department", "target": str(repairs)},
    )
    await make("/complaint-categories", title="Bills", code="bills", department=billing, severity="high")
    await make("/dispositions", code="sold", title="Sold", sale=True)
    await put(
        "/vat-rates", {"items": [{"category": "standard", "valid_from": "2026-01-01", "percent": "24.00"}]}
    )
    product = await make("/products", code="NET", name_en="Internet", net_price="10.00", categories=["lines"])
    await make("/price-lists", name="Wholesale", tag=tag, prices=[{"product": product, "net_price": "9.00"}])
    return {"mari": mari, "billing": billing}


async def test_what_is_taken_out_is_taken_in_by_an_empty_centre(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    async with open_house(first) as house:
        await furnished(house)
        file = await taken_out(house)
        assert await brought(house, file) == [], "a centre has all that it says of itself"
    assert PASSWORD not in str(file)
    assert {name for name, said in file.items() if not said} == set(), "each kind is tried"
    async with open_house(second) as house:
        tried = await brought(house, file, dry_run=True)
        assert ("queues", "help", True) in tried
        assert [one["id"] for one in (await house.admin.get("/api/v1/queues")).json()] == []
        assert await brought(house, file) == tried
        assert await taken_out(house) == file
        assert await brought(house, file) == []
        assert await brought(house, file, dry_run=True) == []
        operators = (await house.admin.get("/api/v1/operators")).json()
        assert [one["name"] for one in operators] == ["Mari"]
        assert next(iter(house.runner.floor.operators.values())).settings.name == "Mari", "it is in force"

        file["queues"][0]["title"] = "Support"
        file["price_lists"][0]["prices"][0]["net_price"] = "8.50"
        changed = [("queues", file["queues"][0]["id"], False), ("price_lists", "Wholesale", False)]
        assert await brought(house, file, dry_run=True) == changed
        assert await brought(house, file) == changed
        assert await taken_out(house) == file
        events = (await house.admin.get("/api/v1/audit", params={"kind": "queue.changed"})).json()["items"]
        assert events[0]["after"] == {"title": "Support"}, "each change is told"


async def test_an_operator_who_was_put_out_of_use_is_taken_up_again(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await furnished(house)
        file = await taken_out(house)
        file["departments"][1]["reach"] = {"kind": "queue", "target": "help"}
        await brought(house, {"departments": file["departments"]})
        mari = (await house.admin.get("/api/v1/operators")).json()[0]["id"]
        answer = await house.admin.patch(f"/api/v1/users/{mari}", json={"active": False}, headers=ANY)
        assert answer.status_code == 200, answer.text
        assert (await taken_out(house))["operators"] == []
        file["operators"][0]["skills"] = ["lang:fi"]
        await brought(house, file)
        assert (await taken_out(house))["operators"] == file["operators"]


async def test_a_centre_may_have_more_than_one_file_may_say(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        tags = [f"tag {number:04}" for number in range(ITEMS_MAX + 1)]
        async with writing(house.services.engine) as session:
            session.add_all(TagRow(name=one, folded=one) for one in tags)
        assert [one["name"] for one in (await taken_out(house))["tags"]] == tags
        assert await brought(house, {"queues": [{"id": "help", "title": "Help"}]}) == [
            ("queues", "help", True)
        ]


async def test_entries_of_a_file_may_change_places(tmp_path: Path) -> None:
    """What one of them would break on the way, the others mend: judged is what comes of all."""
    async with open_house(tmp_path) as house:
        await furnished(house)
        file = await taken_out(house)
        help_, sales = file["queues"]
        for one, other in ((help_, sales), (sales, help_)):
            one["overflow_queue"], one["max_wait_then"] = (
                (other["id"], "queue") if one is sales else (None, "stay")
            )
            one["max_wait_s"] = 60
        for one in file["routes"]:
            one["target"] = {"help": "sales", "sales": "help"}.get(one["target"], one["target"])
        billing, repairs = file["departments"]
        billing["fallback"], repairs["fallback"] = (
            {"kind": "none"},
            {"kind": "department", "target": "Billing"},
        )
        await brought(house, file)
        assert await brought(house, file) == []
        circle = {"queues": [help_ | {"overflow_queue": "sales", "max_wait_then": "queue"}]}
        answer = await house.admin.put("/api/v1/configuration", json=circle)
        assert (answer.status_code, answer.json()["code"]) == (409, "queue.overflows_in_circle")


async def test_a_department_out_of_use_is_not_made_anew(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await furnished(house)
        file = await taken_out(house)
        repairs = file["departments"][1]
        file = {"departments": [repairs | {"title": "Old", "active": False}]}
        assert await brought(house, file) == [("departments", "Old", True)]
        assert await brought(house, file) == []
        file["departments"][0]["active"] = True
        assert await brought(house, file) == [("departments", "Old", False)]
        file["departments"][0]["active"] = False
        assert await brought(house, file) == [("departments", "Old", False)]
        assert await brought(house, file) == []
        titles = [one["title"] for one in (await house.admin.get("/api/v1/departments")).json()]
        assert titles.count("Old") == 1


async def test_a_large_file_is_brought_in_whole(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        address = f"https://crm.example/{'x' * 1950}"
        queues = [{"id": f"q{number:03}", "title": "Help", "pop_url": address} for number in range(140)]
        queue = queues[0]
        file = {"queues": queues}
        assert len(json.dumps(file)) > 1 << 18
        assert len(await brought(house, file)) == len(queues)
        assert await brought(house, file) == []
        whole = await taken_out(house)
        assert await brought(house, whole) == []
        assert await taken_out(house) == whole
        for content, status, code in (
            (b"{", 422, "request.unfit"),
            (b"[]", 422, "request.unfit"),
            (b"[" * 100_000, 422, "request.unfit"),
            (b'{"tags": [{"name": "\\ud800"}]}', 422, "request.unfit"),
            (b'{"form": 2}', 422, "request.unfit"),
            (
                json.dumps({"tags": [{"name": str(one)} for one in range(2001)]}).encode(),
                422,
                "request.unfit",
            ),
            (b" " * ((4 << 20) + 1), 413, "request.too_large"),
        ):
            answer = await house.admin.put(
                "/api/v1/configuration", content=content, headers={"Content-Type": "application/json"}
            )
            assert (answer.status_code, answer.json()["code"]) == (status, code), content[:40]
        bad = await house.admin.put("/api/v1/configuration", json={"queues": [queue, {"id": "x"}]})
        assert [one["where"] for one in bad.json()["errors"]] == ["body.queues.1.title"]


async def test_whatever_is_brought_in_is_taken_out_and_in_again_unchanged(tmp_path: Path) -> None:
    """Out, in, out: the same bytes, and nothing to change; of files made by chance, one on top of the other."""
    chance = random.Random(36)

    def some(most: int, make: Callable[[int], dict[str, Any]]) -> list[dict[str, Any]]:
        return [make(one) for one in chance.sample(range(most), chance.randint(0, most))]

    def file() -> dict[str, Any]:
        def flag() -> bool:
            return chance.random() < 0.5

        queues = some(4, lambda n: {"id": f"q{n}", "title": chance.choice(["Müük", "Abi Ж"])})
        ids = [one["id"] for one in queues]
        for one in queues:  # each one overflows into one before it
            if flag() and (lower := [id_ for id_ in ids if id_ < one["id"]]):
                one |= {"max_wait_s": 30, "max_wait_then": "queue", "overflow_queue": chance.choice(lower)}
        users = some(
            4,
            lambda n: {"username": f"u{n}", "display_name": "Mari", "language": chance.choice(["et", "ru"])},
        )
        names = [one["username"] for one in users]

        def places() -> list[dict[str, Any]]:
            return [{"queue": one, "level": chance.randint(1, 3)} for one in ids if flag()]

        operators = [
            {"username": one, "skills": chance.sample(["lang:et", "vip", "a"], 2), "memberships": places()}
            for one in names
            if flag()
        ]
        routes = [{"number": f"600{one[1:]}", "kind": "queue", "target": one} for one in ids]
        reach = {"kind": "queue", "target": ids[0]} if ids else {"kind": "number", "target": "5550 0198"}
        departments = some(
            3,
            lambda n: {
                "title": f"D{n}",
                "time_zone": "Europe/Tallinn",
                "hours": WEEK,
                "active": flag(),
                "members": chance.sample(names, chance.randint(0, len(names))),
                "reach": reach,
            },
        )
        tags = some(3, lambda n: {"name": f"Tag {n}", "colour": chance.choice(["red", "blue"])})
        sold = some(3, lambda n: {"code": f"s{n}", "title": "X", "active": flag(), "position": n})
        return {
            "queues": queues,
            "users": users,
            "operators": operators,
            "routes": routes,
            "departments": departments,
            "tags": tags,
            "dispositions": sold,
        }

    async with open_house(tmp_path) as house:
        for _ in range(TURNS):
            said = file()
            await brought(house, said)
            assert await brought(house, said) == [], said
            whole = await taken_out(house)
            assert await brought(house, whole) == []
            assert await taken_out(house) == whole


async def test_a_file_is_brought_in_whole_or_not_at_all(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:

        async def refused(file: dict[str, Any], role: str = "administrator") -> tuple[int, str]:
            answer = await house.client(role).put("/api/v1/configuration", json=file)
            return answer.status_code, answer.json()["code"]

        queue = {"id": "help", "title": "Help"}
        route = {"number": "6001000", "kind": "queue", "target": "none"}
        nowhere = {"queues": [queue], "routes": [route]}
        assert await refused(nowhere) == (422, "reference.unknown")
        told = (await house.admin.put("/api/v1/configuration", json=nowhere)).json()["errors"]
        assert [(one["where"], one["code"]) for one in told] == [
            ("body.routes.0.target", "route.target_unknown")
        ]
        assert (await house.admin.get("/api/v1/queues")).json() == []
        assert await refused({"queues": [queue, {"id": "HELP", "title": "X"}]}) == (
            422,
            "centre_file.named_twice",
        )
        lost = {
            "title": "X",
            "time_zone": "Mars/North",
            "hours": WEEK,
            "reach": {"kind": "number", "target": "55500198"},
        }
        assert await refused({"departments": [lost]}) == (422, "department.zone_unknown")
        unknown = {"number": "101", "kind": "operator", "target": "nobody"}
        assert await refused({"routes": [unknown]}) == (422, "centre_file.name_unknown")
        assert await refused({"queus": [queue]}) == (422, "request.unfit")
        assert await refused({"queues": [queue]}, "supervisor") == (403, "permission.missing")

        role = {"title": "Half", "permissions": ["own", "configuration.manage", "queues.write"]}
        await house.admin.put("/api/v1/roles/half", json=role, headers=ANY)
        await house.admin.patch(
            f"/api/v1/users/{house.users['supervisor']}", json={"role": "half"}, headers=ANY
        )
        status, _ = await refused({"queues": [queue]}, "supervisor")
        assert status in {401, 403}, "a file gives nobody what they lack"


QUEUES = st.fixed_dictionaries(
    {"id": NAMES, "title": st.text("ÕÄabЖ ", min_size=1, max_size=9).filter(lambda text: bool(text.strip()))},
    optional={"target_s": st.integers(0, 90), "skills": st.lists(NAMES, unique=True, max_size=3)},
)
FILES = st.builds(
    lambda queues, tags: {"queues": queues, "tags": [{"name": name} for name in tags]},
    st.lists(QUEUES, max_size=4, unique_by=lambda one: one["id"]),
    st.lists(NAMES, max_size=4, unique=True),
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(FILES, FILES)
def test_after_the_differences_nothing_differs(before: dict[str, Any], said: dict[str, Any]) -> None:
    centre, file = CentreFile(**before), CentreFile(**said)
    found = differences(centre, file)
    names = {(one.kind, one.name) for one in found}
    for kind, key in (("queues", "id"), ("tags", "name")):
        there = {getattr(one, key): one for one in getattr(centre, kind)}
        for entry in getattr(file, kind):
            same = there.get(getattr(entry, key)) == entry
            assert ((kind, getattr(entry, key)) in names) is not same
            there[getattr(entry, key)] = entry
        setattr(centre, kind, list(there.values()))
    assert differences(centre, file) == []
    assert differences(file, file) == []
