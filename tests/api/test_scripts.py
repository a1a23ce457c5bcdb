"""Scripts over HTTP: written, tried, published, there at the ring, answered, found again after a reload."""

import asyncio
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from app.records.engine import reading
from app.records.event_table import EventRow

from .house import ANY, House, open_house

GREETING = {
    "code": "greeting",
    "texts": {"et": "Tere, {contact.given_name|hea klient}! Räägib {operator.name}.", "ru": "Алло!"},
    "required": True,
    "question": {"kind": "yes_no"},
    "branches": [{"when": [{"check": "is", "value": "no"}], "then": "bye"}],
    "then": "speed",
}
SPEED = {
    "code": "speed",
    "texts": {"et": "Mis kiirust soovite?", "ru": "Какую скорость?"},
    "required": True,
    "question": {
        "kind": "choice",
        "choices": [
            {"code": "fast", "texts": {"et": "Kiire", "ru": "Быстро"}},
            {"code": "slow", "texts": {"et": "Aeglane", "ru": "Медленно"}},
        ],
    },
    "branches": [{"when": [{"check": "is", "value": "slow"}], "then": "greeting"}],
    "then": "address",
}
ADDRESS = {
    "code": "address",
    "texts": {"et": "{answer.speed|-}: kuhu?", "ru": "{answer.speed|-}: куда?"},
    "question": {"kind": "text"},
    "jump": {"to": "order"},
    "then": "bye",
}
BYE = {"code": "bye", "texts": {"et": "Head aega!", "ru": "До свидания!"}, "then": "end"}
SURVEY = {
    "title": "Pärast kõnet",
    "languages": ["et"],
    "questions": [{"code": "nps", "kind": "nps", "texts": {"et": "Kas soovitaksite?"}}],
}
STEPS = [GREETING, SPEED, ADDRESS, BYE]


async def ask(
    house: House,
    method: str,
    path: str,
    said: Any = None,
    *,
    who: str = "operator",
    status: int = 200,
    **more: Any,
) -> Any:
    headers = more.pop("headers", ANY)
    answer = await house.client(who).request(
        method, f"/api/v1{path}", json=said, headers=headers, params=more or None
    )
    assert answer.status_code == status, answer.text
    return answer.json()


async def write(house: House, *, publish: bool = True, **more: Any) -> int:
    said = {"title": "Internet", "queues": ["internet"], "steps": STEPS} | more
    id_ = (await ask(house, "POST", "/scripts", said, who="supervisor", status=201))["id"]
    if publish:
        await set_state(house, id_, "published")
    return int(id_)


async def set_state(house: House, id_: int, state: str, status: int = 200) -> Any:
    return await ask(house, "PUT", f"/scripts/{id_}/state", {"state": state}, who="supervisor", status=status)


async def test_a_script_is_answered_in_the_call_and_stays_with_it(
    tmp_path: Path, backend: str, database_url: str
) -> None:
    async with open_house(tmp_path, database_url if backend == "postgresql" else "") as house:
        await _answered(house)


async def _answered(house: House) -> None:
    await house.make_queue("internet")
    mari = (await ask(house, "POST", "/contacts", {"surname": "Kask", "given_name": "Mari"}, status=201))[
        "id"
    ]
    script = await write(house)
    await house.make_operator("operator", "internet")
    call = await house.arrive("internet")
    await house.identify(call, "Mari", mari)
    await house.ring(call)
    told = await ask(house, "GET", f"/calls/{call}/script")
    assert told["offers"] == [{"script": script, "number": 1, "title": "Internet", "language": "et"}]
    assert told["first"]["text"] == "Tere, Mari! Räägib Tiina Operator."
    assert told["runs"] == []
    await house.answer(call)

    both = await asyncio.gather(*(ask(house, "PUT", f"/calls/{call}/scripts/{script}") for _ in range(2)))
    assert both[0]["id"] == both[1]["id"]
    run = both[0]
    path = f"/script-runs/{run['id']}"
    assert (run["contact"], run["queue"], run["position"], run["now"]["code"]) == (
        mari,
        "internet",
        "greeting",
        "greeting",
    )
    refused = await ask(house, "PUT", f"{path}/next", {"step": "greeting"}, status=422)
    assert (refused["code"], refused["params"]["fault"]) == ("script.answer_unfit", "missing")
    run = await ask(house, "PUT", f"{path}/next", {"step": "greeting", "answer": "yes"})
    assert run["now"]["question"]["choices"][0] == {"code": "fast", "text": "Kiire"}
    twice = await ask(
        house,
        "PUT",
        f"{path}/next",
        {"step": "greeting", "answer": "yes"},
        headers={"If-Match": f'"{run["version"] - 1}"'},
        status=412,
    )
    assert twice["code"] == "version.passed"
    ahead = await ask(house, "PUT", f"{path}/next", {"step": "bye"}, status=409)
    assert (ahead["code"], ahead["params"]["next"]) == ("script.not_the_next_step", "speed")
    # The script is published anew meanwhile: the call keeps what it began with.
    await ask(
        house,
        "PUT",
        f"/scripts/{script}",
        {"title": "Uus", "queues": ["internet"], "steps": [BYE]},
        who="supervisor",
    )
    await set_state(house, script, "published")
    run = await ask(house, "PUT", f"{path}/next", {"step": "speed", "answer": "slow"})
    assert run["position"] == "greeting"  # round the loop
    run = await ask(house, "PUT", f"{path}/next", {"step": "greeting"})  # what was typed before
    run = await ask(house, "PUT", f"{path}/next", {"step": "speed", "answer": "fast"})
    assert (run["now"]["text"], run["now"]["jump"]) == ("Kiire: kuhu?", {"to": "order", "ref": ""})
    typed = "Pärnu mnt 1\n😀 {x} \u202eabc"
    run = await ask(house, "PUT", f"{path}/typed", {"typed": {"address": typed}})
    # The page is loaded again.
    again = await ask(house, "GET", path)
    assert again == run
    assert again["now"]["typed"] == typed
    early = await ask(house, "PUT", f"{path}/state", {"state": "finished"}, status=409)
    assert (early["code"], early["params"]["step"]) == ("script.run_unfinished", "address")
    run = await ask(house, "PUT", f"{path}/back", {"step": "speed"})
    assert (run["position"], run["typed"]["address"]) == ("speed", typed)
    for step in ("speed", "address", "bye"):
        run = await ask(house, "PUT", f"{path}/next", {"step": step})
    assert (run["position"], run["now"]) == ("end", None)
    assert [(one["step"], one["answer"]) for one in run["trail"]] == [
        ("greeting", "yes"),
        ("speed", "slow"),
        ("greeting", "yes"),
        ("speed", "fast"),
        ("address", typed),
        ("bye", None),
    ]
    assert {one["by"] for one in run["trail"]} == {house.users["operator"]}
    run = await ask(house, "PUT", f"{path}/state", {"state": "finished"})
    assert (run["state"], run["number"]) == ("finished", 1)
    over = await ask(house, "PUT", f"{path}/typed", {"typed": {"address": "x"}}, status=409)
    assert over["code"] == "script.run_over"
    await house.journaled()
    history = await ask(house, "GET", f"/contacts/{mari}/history")
    (entry,) = [one for one in history["items"] if one["kind"] == "script"]
    assert (entry["data"]["state"], entry["data"]["call_id"]) == ("finished", call)
    async with reading(house.services.engine) as session:
        of = select(EventRow).where(col(EventRow.subject) == "script_run")
        assert {one.contact_id for one in await session.scalars(of)} == {mari}
    listed = await ask(house, "GET", "/script-runs", call=call)
    assert [one["id"] for one in listed["items"]] == [run["id"]]
    assert (await ask(house, "GET", f"/calls/{call}/script"))["runs"][0]["state"] == "finished"
    other = await house.arrive("internet")
    assert (await ask(house, "PUT", f"/calls/{other}/scripts/{script}", status=404))["code"] == "call.unknown"


async def test_a_script_with_faults_is_not_published(house: House) -> None:
    await house.make_queue("internet")
    steps = [
        GREETING | {"then": "offer", "branches": []},
        {"code": "offer", "texts": {"et": "{contact.naem|}"}, "jump": {"to": "article", "ref": "999"}},
        BYE,
    ]
    script = await write(house, publish=False, steps=steps)
    tried = await ask(house, "GET", f"/scripts/{script}/dry-run", who="supervisor")
    assert [(one["fault"], one["step"], one["what"]) for one in tried["faults"]] == [
        ("jump_unknown", "offer", "article 999"),
        ("dead_end", "offer", ""),
        ("unreachable", "bye", ""),
        ("text_missing", "offer", "ru"),
        ("variable_unknown", "offer", "contact.naem"),
    ]
    assert [one["step"] for one in tried["faults"][1]["way"]] == ["greeting", "offer"]
    refused = await set_state(house, script, "published", 409)
    assert (refused["code"], refused["params"]["faults"][0]) == ("script.faulty", "jump_unknown offer")
    assert (await set_state(house, script, "withdrawn", 409))["code"] == "script.never_published"
    article = await house.client("supervisor").post(
        "/api/v1/articles", json={"texts": {"et": {"title": "A"}}}
    )
    jumps = [{"to": "article", "ref": str(article.json()["id"])}, {"to": "survey", "ref": "1"}]
    jumps += [
        {"to": "complaint", "ref": "99"},
        {"to": "disposition", "ref": "sold"},
        {"to": "order", "ref": "x"},
    ]
    for jump in jumps:
        await ask(
            house,
            "PUT",
            f"/scripts/{script}",
            {"title": "X", "steps": [BYE | {"jump": jump}]},
            who="supervisor",
        )
        tried = await ask(house, "GET", f"/scripts/{script}/dry-run", who="supervisor")
        assert [one["fault"] for one in tried["faults"]] == ["jump_unknown"], jump
    published = {"state": "published"}
    await house.client("supervisor").put(
        f"/api/v1/articles/{article.json()['id']}/state", json=published, headers=ANY
    )
    asked = await ask(house, "POST", "/surveys", SURVEY, who="supervisor", status=201)
    jumps[1] |= {"ref": str(asked["id"])}
    drafted = {"title": "X", "steps": [BYE | {"jump": jumps[1]}]}
    await ask(house, "PUT", f"/scripts/{script}", drafted, who="supervisor")
    tried = await ask(house, "GET", f"/scripts/{script}/dry-run", who="supervisor")
    assert [one["what"] for one in tried["faults"]] == [f"survey {asked['id']}"]
    await ask(house, "PUT", f"/surveys/{asked['id']}/state", published, who="supervisor")
    sold = {"code": "sold", "title": "Müüdud"}
    await house.client("supervisor").post("/api/v1/dispositions", json=sold)
    for jump in (jumps[0], jumps[1], jumps[3], {"to": "complaint"}):
        said = {"title": "X", "steps": [BYE | {"jump": jump}]}
        await ask(house, "PUT", f"/scripts/{script}", said, who="supervisor")
        assert not (await ask(house, "GET", f"/scripts/{script}/dry-run", who="supervisor"))["faults"]
    bare = {"title": "X", "steps": [BYE | {"jump": {"to": "article"}}]}
    wrong = await ask(house, "PUT", f"/scripts/{script}", bare, who="supervisor", status=422)
    assert wrong["errors"][0]["code"] == "script.jump_without_target"


async def test_the_call_is_offered_what_is_published_for_it(house: House) -> None:
    for queue in ("internet", "heating"):
        await house.make_queue(queue)
    script = await write(house)
    other = await write(house, title="Muu", queues=["heating"], steps=[BYE])
    await write(house, title="Mustand", publish=False)
    operator = await house.make_operator("operator", "internet")
    assert operator
    ivan = (await ask(house, "POST", "/contacts", {"surname": "Petrov", "language": "ru"}, status=201))["id"]
    call = await house.arrive("internet")
    await house.identify(call, "Ivan", ivan)
    await house.answer(call)
    told = await ask(house, "GET", f"/calls/{call}/script")
    assert [(one["script"], one["language"]) for one in told["offers"]] == [(script, "ru")]
    assert told["first"]["text"] == "Алло!"
    # What is written but not published changes nothing for calls.
    said = {"title": "Uus", "queues": ["heating"], "steps": [BYE]}
    changed = await ask(house, "PUT", f"/scripts/{script}", said, who="supervisor")
    assert (changed["number"], changed["state"]) == (1, "published")
    assert [one["script"] for one in (await ask(house, "GET", f"/calls/{call}/script"))["offers"]] == [script]
    await set_state(house, script, "published")
    assert (await ask(house, "GET", f"/calls/{call}/script"))["offers"] == []
    versions = await ask(house, "GET", f"/scripts/{script}/versions", who="supervisor")
    assert [(one["number"], one["title"]) for one in versions["items"]] == [(2, "Uus"), (1, "Internet")]
    first = await ask(house, "GET", f"/scripts/{script}/versions/1", who="supervisor")
    assert [one["code"] for one in first["steps"]] == ["greeting", "speed", "address", "bye"]
    run = await ask(house, "PUT", f"/calls/{call}/scripts/{other}")  # by hand
    assert run["number"] == 1
    await set_state(house, other, "withdrawn")
    await set_state(house, script, "withdrawn")
    assert (await ask(house, "PUT", f"/calls/{call}/scripts/{other}"))["id"] == run["id"]
    refused = await ask(house, "PUT", f"/calls/{call}/scripts/{script}", status=409)
    assert refused["code"] == "script.not_for_call"
    run = await ask(house, "PUT", f"/script-runs/{run['id']}/state", {"state": "broken_off"})
    assert run["ended_at"] is not None
    listed = await ask(house, "GET", "/scripts", who="supervisor", state="withdrawn", limit=1)
    assert [one["id"] for one in listed["items"]] == [script]
    assert listed["next"]
