"""The whole configuration as one file: out, into an empty centre, and out again."""

from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.api.schemas import ITEMS_MAX
from app.crm.centre_file.bringing import differences
from app.crm.centre_file.schemas import CentreFile
from app.crm.tags.tables import TagRow
from app.records.engine import writing

from .house import PASSWORD, House, open_house

WEEK = [[{"opens": "09:00", "closes": "17:00"}]] * 5 + [[], []]
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
        answer = await house.admin.put(f"/api/v1{path}", json=said)
        assert answer.status_code == 200, answer.text

    await put("/roles/lead", {"title": "Lead", "permissions": ["own", "floor.read"], "phone": "operator"})
    await house.make_queue("help", title="Help", skills=["lang:et"], target_s=30)
    over = {"max_wait_s": 60, "max_wait_then": "queue", "overflow_queue": "help"}
    await house.make_queue("sales", title="Sales", **over)
    await put("/queues/help", {"title": "Help", **over, "overflow_queue": "sales"})
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
        mari = (await house.admin.get("/api/v1/operators")).json()[0]["id"]
        answer = await house.admin.patch(f"/api/v1/users/{mari}", json={"active": False})
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
        unknown = {"number": "101", "kind": "operator", "target": "nobody"}
        assert await refused({"routes": [unknown]}) == (422, "centre_file.name_unknown")
        assert await refused({"queus": [queue]}) == (422, "request.unfit")
        assert await refused({"queues": [queue]}, "supervisor") == (403, "permission.missing")

        role = {"title": "Half", "permissions": ["own", "configuration.manage", "queues.write"]}
        await house.admin.put("/api/v1/roles/half", json=role)
        await house.admin.patch(f"/api/v1/users/{house.users['supervisor']}", json={"role": "half"})
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
