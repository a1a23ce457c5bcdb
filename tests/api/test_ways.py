"""No change leaves callers nowhere, or sends them round in a circle."""

import random
from typing import Any, Final

from app.cases.dead_ends import dead_ends
from app.crm.ways.queries import read_ways
from app.records.engine import reading

from .house import ANY, House

WEEK: Final = [[{"opens": "09:00", "closes": "17:00"}]] * 5 + [[], []]
TURNS: Final = 50


async def asked(house: House, method: str, path: str, said: Any = None) -> tuple[int, str]:
    answer = await house.admin.request(method, f"/api/v1{path}", json=said, headers=ANY)
    told = answer.json() if answer.content else {}
    return answer.status_code, told.get("code", "") if isinstance(told, dict) else ""


def over(queue: str | None, **said: Any) -> dict[str, Any]:
    return {"title": "T", "max_wait_s": 60, "max_wait_then": "queue", "overflow_queue": queue, **said}


def to(kind: str, target: str = "") -> dict[str, str]:
    return {"kind": kind, "target": target}


def department(title: str, **said: Any) -> dict[str, Any]:
    return {"title": title, "time_zone": "Europe/Tallinn", "hours": WEEK, **said}


async def test_what_would_leave_callers_nowhere_is_refused(house: House) -> None:
    for queue in ("a", "b", "c"):
        await house.make_queue(queue)
    assert await asked(house, "PUT", "/queues/a", over(None)) == (422, "queue.overflow_unnamed")
    assert await asked(house, "PUT", "/queues/a", over("a")) == (409, "queue.overflows_in_circle")
    assert await asked(house, "PUT", "/queues/a", over("b")) == (200, "")
    assert await asked(house, "PUT", "/queues/b", over("c")) == (200, "")
    circle = await house.admin.put("/api/v1/queues/c", json=over("a"), headers=ANY)
    assert (circle.status_code, circle.json()["params"]) == (409, {"queues": ["a", "b", "c"]})
    assert await asked(house, "DELETE", "/queues/c") == (409, "queue.queues_overflow_here")
    assert await asked(house, "PUT", "/queues/b", {"title": "B", "overflow_queue": "c"}) == (200, "")
    assert await asked(house, "DELETE", "/queues/c") == (409, "queue.queues_overflow_here"), "were b paused"
    assert await asked(house, "PUT", "/queues/b", {"title": "B"}) == (200, "")
    assert await asked(house, "DELETE", "/queues/c") == (204, "")
    leave = {"title": "B", "max_wait_s": 60, "max_wait_then": "leave", "leave_message": "keskus/none"}
    assert await asked(house, "PUT", "/queues/b", leave) == (409, "queue.sound_unknown")

    mari = await house.make_operator("operator")
    assert await asked(house, "PUT", "/routes/6001", to("queue", "a")) == (200, "")
    assert await asked(house, "PUT", "/routes/101", to("operator", str(mari))) == (200, "")
    help_ = department("Help", reach=to("operator", str(mari)), fallback=to("queue", "a"))
    assert await asked(house, "POST", "/departments", help_) == (201, "")
    gone = await house.admin.delete("/api/v1/routes/101", headers=ANY)
    assert (gone.status_code, gone.json()["params"]) == (409, {"ways": ["Help"]})
    assert await asked(house, "PUT", "/routes/6001", to("queue", "b")) == (409, "ways.end_nowhere")
    assert await asked(house, "PUT", "/routes/6002", to("queue", "a")) == (200, "")
    assert await asked(house, "PUT", "/routes/6001", to("queue", "b")) == (200, ""), "another leads there"
    assert await asked(house, "PATCH", f"/users/{mari}", {"active": False}) == (409, "ways.end_nowhere")
    assert await asked(house, "DELETE", f"/operators/{mari}") == (409, "ways.end_nowhere")
    lone = department("Help", reach=to("queue", "a"))
    assert await asked(house, "PUT", "/departments/1", lone) == (200, "")
    assert await asked(house, "PATCH", f"/users/{mari}", {"active": False}) == (200, "")
    chief = house.users["administrator"]
    assert await asked(house, "PATCH", f"/users/{chief}", {"active": False}) == (
        409,
        "user.last_administrator",
    )


async def test_whatever_is_changed_every_caller_gets_somewhere(house: House) -> None:
    chance = random.Random(13)
    people = [await house.make_operator(one) for one in ("operator", "supervisor")]
    queues, numbers = [f"q{one}" for one in range(4)], [f"600{one}" for one in range(4)]

    def goal() -> dict[str, str]:
        kind = chance.choice(("queue", "operator"))
        return to(kind, chance.choice(queues) if kind == "queue" else str(chance.choice(people)))

    def step() -> tuple[str, str, Any]:
        one, number = chance.choice(queues), chance.choice(numbers)
        place = chance.randint(1, 4)
        fallback = chance.choice([to("none"), goal(), to("department", str(chance.randint(1, 4)))])
        said = department(f"D{place}", reach=chance.choice([to("none"), goal()]), fallback=fallback)
        settings = chance.choice(({"title": "T"}, over(chance.choice(queues)), over(chance.choice(queues))))
        return chance.choice(
            [
                ("POST", "/queues", settings | {"id": one}),
                ("PUT", f"/queues/{one}", settings),
                ("DELETE", f"/queues/{one}", None),
                ("PUT", f"/routes/{number}", goal()),
                ("DELETE", f"/routes/{number}", None),
                ("POST", "/departments", said),
                ("PUT", f"/departments/{place}", said),
                ("DELETE", f"/departments/{place}", None),
                ("DELETE", f"/operators/{people[0]}", None),
                ("POST", "/operators", {"user": people[0]}),
                ("PATCH", f"/users/{people[1]}", {"active": chance.random() < 0.5}),
            ]
        )

    done = 0
    for _ in range(TURNS):
        status, code = await asked(house, *step())
        assert status < 500, code
        done += status < 300
        async with reading(house.services.engine) as session:
            assert dead_ends(await read_ways(session)) == []
    assert done > TURNS / 6
