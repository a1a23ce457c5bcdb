"""Articles over HTTP: written, published, found, answered, compared and brought back."""

import asyncio
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.crm.articles.rendering import render
from app.crm.articles.tables import ArticleCountRow, UnansweredRow
from app.records.engine import reading
from app.system import clock

from .house import ANY, House, open_house


def said(title: str, body: str = "", **more: Any) -> dict[str, Any]:
    return {"texts": {"et": {"title": title, "body": body}}} | more


async def write(house: House, title: str, body: str = "", *, publish: bool = True, **more: Any) -> int:
    supervisor = house.client("supervisor")
    made = await supervisor.post("/api/v1/articles", json=said(title, body, **more))
    assert made.status_code == 201, made.text
    id_ = int(made.json()["id"])
    if publish:
        await set_state(house, id_, "published")
    return id_


async def set_state(house: House, id_: int, state: str) -> None:
    answer = await house.client("supervisor").put(
        f"/api/v1/articles/{id_}/state", json={"state": state}, headers=ANY
    )
    assert answer.status_code == 200, answer.text


async def find(house: House, **asked: Any) -> list[dict[str, Any]]:
    answer = await house.client("operator").get("/api/v1/articles/search", params=asked)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def ids(house: House, **asked: Any) -> list[int]:
    return [one["article"] for one in await find(house, **asked)]


async def test_only_what_is_published_and_valid_is_found(house: House) -> None:
    now = clock.utc_now()
    draft = await write(house, "Arve mustand", publish=False)
    open_ = await write(house, "Arve tasumine", "Maksa **viitenumbriga**.")
    await write(house, "Arve tulekul", valid_from=(now + timedelta(days=1)).isoformat())
    await write(house, "Arve läbi", valid_until=(now - timedelta(days=1)).isoformat())
    (hit,) = await find(house, q="arvete")
    assert (hit["article"], hit["language"], hit["titles"]) == (open_, "et", {"et": "Arve tasumine"})
    assert hit["excerpt"] == "Maksa viitenumbriga."
    assert {"reason": "title", "what": "arvete"} in hit["why"]
    operator = house.client("operator")
    assert (await operator.get(f"/api/v1/articles/{draft}")).json()["code"] == "article.unknown"
    listed = (await operator.get("/api/v1/articles", params={"state": "draft"})).json()["items"]
    assert draft not in [one["id"] for one in listed]
    await set_state(house, draft, "published")
    await set_state(house, open_, "withdrawn")
    assert await ids(house, q="arve") == [draft]
    shown = (await house.client("supervisor").get(f"/api/v1/articles/{open_}")).json()
    assert (shown["state"], shown["version"]) == ("withdrawn", 3)
    assert shown["texts"]["et"]["html"] == "<p>Maksa <strong>viitenumbriga</strong>.</p>\n"


async def test_every_version_is_kept_compared_and_brought_back(house: House) -> None:
    supervisor = house.client("supervisor")
    id_ = await write(house, "Arve", "esimene\nteine", tags=["a"])
    changed = await supervisor.put(
        f"/api/v1/articles/{id_}",
        json=said("Arved", "esimene\nkolmas", tags=["b"]),
        headers={"If-Match": '"2"'},
    )
    assert (changed.status_code, changed.json()["version"]) == (200, 3), changed.text
    unseen = await supervisor.put(f"/api/v1/articles/{id_}", json=said("Minu"), headers={"If-Match": '"2"'})
    assert (unseen.status_code, unseen.json()["code"]) == (412, "version.passed")
    listed = (await supervisor.get(f"/api/v1/articles/{id_}/versions", params={"limit": 2})).json()
    assert [(one["version"], one["state"]) for one in listed["items"]] == [(3, "published"), (2, "published")]
    rest = await supervisor.get(f"/api/v1/articles/{id_}/versions", params={"cursor": listed["next"]})
    assert [(one["version"], one["state"]) for one in rest.json()["items"]] == [(1, "draft")]
    differs = (await supervisor.get(f"/api/v1/articles/{id_}/versions/1/comparison")).json()
    assert differs == {
        "fields": [
            {"field": "tags", "before": ["a"], "after": ["b"]},
            {"field": "texts.et.title", "before": "Arve", "after": "Arved"},
        ],
        "bodies": {
            "et": [
                {"operation": "equal", "before": ["esimene"], "after": ["esimene"]},
                {"operation": "replace", "before": ["teine"], "after": ["kolmas"]},
            ]
        },
    }
    back = await supervisor.post(
        f"/api/v1/articles/{id_}/versions/1/restoration", headers={"If-Match": '"3"'}
    )
    assert back.status_code == 200, back.text
    told = back.json()
    assert (told["version"], told["state"], told["tags"]) == (4, "published", ["a"])
    assert told["texts"]["et"]["body"] == "esimene\nteine"
    assert await ids(house, q="teine") == [id_]
    whole = (await supervisor.get(f"/api/v1/articles/{id_}/versions/3")).json()
    assert whole["content"]["texts"]["et"]["title"] == "Arved"


async def test_what_the_call_is_about_comes_first(house: House) -> None:
    await house.make_queue("internet")
    await house.make_queue("heating")
    operator = house.client("operator")
    vip = (await operator.post("/api/v1/tags", json={"name": "Ühistu"})).json()["id"]
    mari = (await operator.post("/api/v1/contacts", json={"surname": "Kask"})).json()["id"]
    await operator.put(f"/api/v1/contacts/{mari}/tags", json={"tags": [vip]})
    net = await write(house, "Ruuter", queues=["internet"])
    heat = await write(house, "Katel", queues=["heating"])
    homes = await write(house, "Kortermaja", tags=["ühistu"])
    assert await ids(house, queue="internet") == [net]
    (first, second) = await find(house, queue="heating", contact=mari)
    assert (first["article"], first["why"]) == (heat, [{"reason": "queue", "what": "heating"}])
    assert (second["article"], second["why"]) == (homes, [{"reason": "contact", "what": "uhistu"}])

    who = await house.make_operator("operator", "heating")
    call = await house.arrive("heating")
    await house.identify(call, "Mari", mari)
    await house.answer(call)
    await house.journaled()
    assert who
    assert await ids(house, call=call) == [heat, homes]
    for _ in range(3):
        helped = await operator.post(
            f"/api/v1/articles/{homes}/answers", json={"helped": True, "question": "prügivedu", "call": call}
        )
        assert helped.status_code == 201, helped.text
    told = helped.json()
    assert (told["queue"], told["contact"], told["call"]) == ("heating", mari, call)
    found = await find(house, call=call)
    assert [one["article"] for one in found] == [homes, heat]
    assert {"earlier", "helped", "contact"} == {one["reason"] for one in found[0]["why"]}
    (hit,) = await find(house, q="prügivedu")
    assert (hit["article"], hit["why"][0]["reason"]) == (homes, "asked")
    listed = await house.client("supervisor").get(f"/api/v1/articles/{homes}/answers")
    assert [one["question"] for one in listed.json()["items"]] == ["prügivedu"] * 3


async def test_searches_in_vain_become_synonyms_or_articles(house: House) -> None:
    operator, supervisor = house.client("operator"), house.client("supervisor")
    sun = await write(house, "Elektri tootmine katusel")
    for question in ("Päikesepaneel", "päikesepaneel ", "5550 0123"):
        assert await ids(house, q=question) == []
        noted = await operator.post("/api/v1/articles/unanswered", json={"question": question})
        assert noted.status_code == 204, noted.text
    (most, number) = (await supervisor.get("/api/v1/articles/unanswered")).json()
    assert (most["question"], most["times"], number["question"]) == ("päikesepaneel", 2, "#")
    words = {"code": "solar", "et": ["päikesepaneel", "elektri tootmine"], "ru": ["солнечная панель"]}
    made = await supervisor.post("/api/v1/synonyms", json=words)
    assert made.status_code == 201, made.text
    assert await ids(house, q="päikesepaneelide") == [sun]
    assert await ids(house, q="солнечные панели") == [sun]
    again = await supervisor.post("/api/v1/synonyms", json=words)
    assert again.json()["code"] == "synonyms.taken"
    off = await supervisor.put(
        f"/api/v1/synonyms/{made.json()['id']}", json=words | {"active": False}, headers={"If-Match": '"1"'}
    )
    assert off.status_code == 200, off.text
    assert await ids(house, q="päikesepaneelide") == []
    settled = await supervisor.put(
        f"/api/v1/articles/unanswered/{most['id']}", json={"done": True, "article": sun}
    )
    assert settled.json()["article"] == sun
    assert len((await supervisor.get("/api/v1/articles/unanswered")).json()) == 1


async def test_articles_that_are_due_are_listed(house: House) -> None:
    today = clock.utc_now().date()
    due = await write(house, "Vana", review_on=today.isoformat(), owner=house.users["supervisor"])
    await write(house, "Uus", review_on=(today + timedelta(days=1)).isoformat())
    listed = await house.client("supervisor").get("/api/v1/articles", params={"due": True})
    assert [one["id"] for one in listed.json()["items"]] == [due]


@pytest.mark.parametrize(
    ("text", "most_s"),
    [
        ("![" * 10_000, 10.0),
        ("[" * 20_000, 10.0),
        ("> " * 10_000, 10.0),
        ("- " * 10_000, 10.0),
        ("*a_ " * 5_000, 10.0),
        ("|a" * 60 + "\n" + "|-" * 60 + "\n" + "x\n" * 60, 10.0),
    ],
)
def test_no_text_takes_long_to_render(text: str, most_s: float) -> None:
    begun = time.thread_time()
    render(text)
    assert time.thread_time() - begun < most_s


async def test_tables_with_too_many_cells_are_refused(house: House) -> None:
    wide = "|a" * 400 + "\n" + "|-" * 400 + "\n" + "x\n" * 9_000
    many = "\n".join(["|a|b|c|d|e|\n|-|-|-|-|-|\nx\n"] * 500)
    for body in (wide, many):
        answer = await house.client("supervisor").post("/api/v1/articles", json=said("Tabel", body))
        assert (answer.status_code, answer.json()["code"]) == (422, "article.tables_too_large")
    line = "Nimekiri\n---\n" + "x\n" * 3_000
    assert "<table>" not in render(line).html


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"texts": {}}, "article.untitled"),
        ({"queues": ["none"]}, "reference.unknown"),
        ({"campaigns": [99]}, "reference.unknown"),
        ({"owner": 99}, "reference.unknown"),
        (
            {"valid_from": "2026-01-02T00:00:00Z", "valid_until": "2026-01-01T00:00:00Z"},
            "article.ends_before_it_begins",
        ),
    ],
)
async def test_what_does_not_fit_is_refused(house: House, more: dict[str, Any], code: str) -> None:
    answer = await house.client("supervisor").post("/api/v1/articles", json=said("X") | more)
    problem = answer.json()
    assert code in {problem["code"], *(one["code"] for one in problem.get("errors", []))}, problem


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("![kaart](https://evil.test/a.png)", "<p>kaart</p>\n"),
        ("[x](https://a.test)", '<p><a href="https://a.test" rel="noopener noreferrer">x</a></p>\n'),
        ('<a href="x" onclick="y">z</a>', '<p>&lt;a href="x" onclick="y"&gt;z&lt;/a&gt;</p>\n'),
    ],
)
def test_nothing_that_runs_survives(markdown: str, html: str) -> None:
    assert render(markdown).html == html


async def test_what_the_customer_has_open_comes_first(house: House) -> None:
    operator, supervisor = house.client("operator"), house.client("supervisor")
    mari = (await operator.post("/api/v1/contacts", json={"surname": "Kask"})).json()["id"]
    kinds = [
        (await supervisor.post("/api/v1/complaint-categories", json={"title": code, "code": code})).json()[
            "id"
        ]
        for code in ("net.slow", "net.bill")
    ]
    product = {"code": "fiber-300", "name_et": "Fiiber", "net_price": "10"}
    made = await supervisor.post("/api/v1/products", json=product)
    slow = await write(house, "Aeglane", topics=["net.slow"])
    bill = await write(house, "Arve", topics=["net.bill"])
    fiber = await write(house, "Kaabel", products=["fiber-300"])
    assert await ids(house, contact=mari) == []
    said = {"subject": "x", "contact": mari}
    complaint, over = [
        (await operator.post("/api/v1/complaints", json=said | {"category": kind})).json() for kind in kinds
    ]
    lines = [{"product": made.json()["id"], "quantity": "1"}]
    order = (await operator.post("/api/v1/orders", json={"contact": mari, "lines": lines})).json()
    ended = {"step": "solved", "why": "tehtud"}
    solved = await operator.post(f"/api/v1/complaints/{over['id']}/steps", json=ended, headers=ANY)
    assert solved.is_success, solved.text
    hits = await find(house, contact=mari)
    assert [(hit["article"], hit["why"]) for hit in hits] == [
        (slow, [{"reason": "topic", "what": "net.slow"}]),
        (bill, [{"reason": "topic", "what": "net.bill"}]),  # over, but lately
    ]
    placed = await operator.post(f"/api/v1/orders/{order['id']}/place", headers=ANY)
    assert placed.is_success, placed.text
    assert await ids(house, contact=mari) == [slow, fiber, bill]
    assert complaint


async def test_first_answers_and_searches_at_once_are_all_counted(
    tmp_path: Path, backend: str, database_url: str
) -> None:
    async with open_house(tmp_path, database_url if backend == "postgresql" else "") as house:
        await _at_once(house)


async def _at_once(house: House) -> None:
    id_ = await write(house, "Arve")
    operator = house.client("operator")
    helped = {"helped": True, "question": "raha"}
    answers = await asyncio.gather(
        *(operator.post(f"/api/v1/articles/{id_}/answers", json=helped) for _ in range(4)),
        *(operator.post("/api/v1/articles/unanswered", json={"question": "päike"}) for _ in range(4)),
    )
    assert [one.status_code for one in answers] == [201] * 4 + [204] * 4
    async with reading(house.services.engine) as session:
        counts = {
            row.question: row.answers
            for row in await session.scalars(select(ArticleCountRow).where(col(ArticleCountRow.queue) == ""))
        }
        times = [row.times for row in await session.scalars(select(UnansweredRow))]
    assert counts == {"": 4, "raha": 4}
    assert times == [4]
