"""What the routes do, beyond who may call them."""

import asyncio

import pytest
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from app.api.middleware import BODY_LIMIT
from app.api.services import LinkState
from app.crm.inbound_routes.queries import get_route
from app.domain.ids import OperatorId, QueueId
from app.domain.operators import Presence
from app.floor.events import ChannelHungUp
from app.records.engine import reading

from .house import ANY, PASSWORD, House
from .test_session import logged_in


async def test_an_operator_is_a_user_a_profile_and_a_phone(house: House) -> None:
    await house.make_queue()
    said = {
        "user": {"username": "mari", "password": PASSWORD, "display_name": "Mari Maasikas"},
        "skills": ["lang:et"],
        "memberships": [{"queue": "sales", "level": 2}],
    }
    made = (await house.admin.post("/api/v1/operators", json=said)).json()
    assert made["sip"]["username"] == made["endpoint"] == f"op{made['id']}"
    assert len(made["sip"]["secret"]) >= 20
    assert await house.store.names() == [made["endpoint"]]
    id_ = OperatorId(made["id"])
    assert house.runner.floor.queues[QueueId("sales")].members == {id_: 2}
    path = f"/api/v1/operators/{id_}"
    again = (await house.admin.post(f"{path}/softphone-secret")).json()
    assert again["secret"] != made["sip"]["secret"]
    assert "secret" not in (await house.admin.get(path)).text
    answer = await house.client("supervisor").put(f"{path}/state", json={"presence": "available"})
    assert answer.status_code == 204
    assert house.runner.floor.operators[id_].presence is Presence.AVAILABLE
    changed = (await house.admin.put(path, json={"skills": ["lang:ru"]}, headers=ANY)).json()
    assert (changed["memberships"], changed["state"]["queues"]) == ([], [])
    assert (await house.admin.post("/api/v1/operators", json={"user": id_})).status_code == 409
    assert (await house.admin.delete(path, headers=ANY)).status_code == 204
    assert await house.store.names() == []
    assert id_ not in house.runner.floor.operators
    assert (await house.admin.get(f"/api/v1/users/{id_}")).status_code == 200


async def test_an_operator_in_a_call_cannot_be_taken_away(house: House) -> None:
    await house.make_queue()
    id_ = await house.make_operator("operator", "sales")
    await house.answer(await house.arrive("sales"))
    for method, path, said in (
        ("DELETE", f"/api/v1/operators/{id_}", None),
        ("PATCH", f"/api/v1/users/{id_}", {"active": False}),
    ):
        answer = await house.admin.request(method, path, json=said, headers=ANY)
        assert (answer.status_code, answer.json()["detail"]) == (
            409,
            "the operator is in a call: wait for its end",
        )
    assert (await house.admin.get(f"/api/v1/operators/{id_}")).status_code == 200
    assert (await house.admin.get(f"/api/v1/users/{id_}")).json()["active"] is True


async def test_a_queue_is_in_force_once_it_is_kept(house: House) -> None:
    await house.make_queue("sales", target_s=15)
    assert (await house.admin.post("/api/v1/queues", json={"id": "sales", "title": "x"})).status_code == 409
    unknown = {"id": "help", "title": "Abi", "max_wait_then": "queue", "overflow_queue": "nowhere"}
    assert (await house.admin.post("/api/v1/queues", json=unknown)).status_code == 422
    assert QueueId("help") not in house.runner.floor.queues
    changed = (await house.admin.put("/api/v1/queues/sales", json={"title": "Müük"}, headers=ANY)).json()
    assert (changed["title"], changed["target_s"], changed["live"]["title"]) == ("Müük", 20, "Müük")
    paused = await house.admin.put(
        "/api/v1/queues/sales/pause", json={"paused": True, "reason": "Õppus"}, headers=ANY
    )
    assert (paused.json()["paused"], paused.json()["live"]["paused"]) == ("Õppus", "Õppus")
    changed = (await house.admin.put("/api/v1/queues/sales", json={"title": "Müük"}, headers=ANY)).json()
    assert changed["paused"] == "Õppus", "an administrator's change opens no queue"
    opened = await house.admin.put("/api/v1/queues/sales/pause", json={"paused": False}, headers=ANY)
    assert (opened.json()["paused"], opened.json()["live"]["paused"]) == (None, None)
    call = await house.arrive("sales")
    refused = await house.admin.delete("/api/v1/queues/sales", headers=ANY)
    assert (refused.status_code, refused.json()["detail"]) == (
        409,
        "callers wait in the queue sales: wait until they are served",
    )
    assert (await house.admin.get("/api/v1/queues/sales")).json()["live"]["waiting"] == 1
    await house.runner.post(ChannelHungUp(house.runner.floor.calls[call].channel, 16))
    assert (await house.admin.delete("/api/v1/queues/sales", headers=ANY)).status_code == 204
    assert house.runner.floor.queues == {}


async def test_a_route_is_written_for_the_pbx(house: House) -> None:
    await house.make_queue()
    id_ = await house.make_operator("operator", "sales")
    said = {"kind": "operator", "target": str(id_)}
    assert (await house.admin.put("/api/v1/routes/+3726001000", json=said, headers=ANY)).json()[
        "number"
    ] == "3726001000"
    assert (
        await house.admin.put("/api/v1/routes/100", json=said | {"target": "77"}, headers=ANY)
    ).status_code == 422
    assert await house.store.routed_numbers() == ["3726001000"]
    async with reading(house.services.engine) as session:
        assert await get_route(session, "3726001000") is not None
    assert (await house.admin.delete("/api/v1/routes/3726001000", headers=ANY)).status_code == 204
    assert await house.store.routed_numbers() == []


async def test_a_call_is_told_live_and_as_a_record(house: House) -> None:
    await house.make_queue()
    id_ = await house.make_operator("operator", "sales")
    contact = (await house.admin.post("/api/v1/contacts", json={"surname": "Kask"})).json()["id"]
    call = await house.arrive("sales", "+37255500009")
    path = f"/api/v1/calls/{call}"
    live = (await house.client("operator").get(path)).json()
    assert live["live"]["operator"] == id_
    picked = await house.client("operator").post(f"{path}/contact", json={"contact": contact})
    assert picked.status_code == 204
    assert (await house.admin.post(f"{path}/contact", json={"contact": 999})).status_code == 422
    await house.answer(call)
    await house.runner.post(ChannelHungUp(house.runner.floor.calls[call].channel, 16))
    await house.journaled()
    told = (await house.client("operator").get(path)).json()
    assert (told["live"], told["outcome"], told["contact_name"]) == (None, "answered", "Kask")
    assert [leg["operator"] for leg in told["legs"]] == [id_]
    (offer,) = [event for event in told["timeline"] if event["kind"] == "OfferMade"]
    assert "longest_idle" in str(offer["data"])
    answer = await house.admin.post(f"{path}/contact", json={"contact": None})
    assert answer.status_code == 204
    assert (await house.client("operator").get(path)).json()["contact"] is None
    other = await house.admin.post(
        "/api/v1/users", json={"username": "y", "password": PASSWORD, "display_name": "Y"}
    )
    assert other.status_code == 201
    async with logged_in(house, "y") as stranger:
        assert (await stranger.get(path)).status_code == 404
        assert (await stranger.get("/api/v1/calls")).json()["items"] == []


async def test_calls_come_in_pages_and_by_filter(house: House) -> None:
    await house.make_queue()
    for index in range(5):
        call = await house.arrive("sales", f"+3725550000{index}")
        await house.runner.post(ChannelHungUp(house.runner.floor.calls[call].channel, 16))
    await house.journaled()
    seen: list[str] = []
    query: dict[str, str | int] = {"limit": 2}
    while True:
        page = (await house.admin.get("/api/v1/calls", params=query)).json()
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert len(seen) == len(set(seen)) == 5
    assert seen == sorted(seen, key=lambda one: int(one.split(".")[1]), reverse=True)
    found = (await house.admin.get("/api/v1/calls", params={"number": "5550 0003"})).json()["items"]
    assert [item["caller_number"] for item in found] == ["+37255500003"]
    ended = (await house.admin.get("/api/v1/calls", params={"outcome": "answered"})).json()["items"]
    assert ended == []
    for cursor in ("x", "W10", "WyJ4IiwieSJd", "é"):
        answer = await house.admin.get("/api/v1/calls", params={"cursor": cursor})
        assert answer.status_code == 422


async def test_contacts_are_found_by_name_and_number(house: House) -> None:
    said = {"surname": "Õunapuu", "given_name": "Jüri", "phones": [{"number": "5550 0123", "label": "töö"}]}
    made = (await house.client("operator").post("/api/v1/contacts", json=said)).json()
    assert made["phones"] == [
        {
            "number": "+37255500123",
            "raw": "5550 0123",
            "label": "töö",
            "preferred": True,
            "failing_since": None,
        }
    ]
    for text in ("õunap", "Jüri", "55500", "+3725550"):
        found = (await house.admin.get("/api/v1/contacts", params={"q": text})).json()["items"]
        assert [item["id"] for item in found] == [made["id"]], text
    nameless = await house.admin.post("/api/v1/contacts", json={"phones": [{"number": "112"}]})
    assert nameless.status_code == 422
    taken = {"surname": "A", "external_id": "crm-1"}
    assert (await house.admin.post("/api/v1/contacts", json=taken)).status_code == 201
    assert (await house.admin.post("/api/v1/contacts", json=taken)).status_code == 409
    path = f"/api/v1/contacts/{made['id']}"
    assert (await house.admin.put(path, json={"surname": "Tamm"}, headers=ANY)).json()["phones"] == []
    assert (await house.admin.delete(path, headers=ANY)).status_code == 204
    assert (await house.admin.get(path)).status_code == 404


async def test_a_post_sent_again_is_done_once(house: House) -> None:
    key = {"Idempotency-Key": "a-1"}
    first = await house.admin.post("/api/v1/contacts", json={"surname": "Kask"}, headers=key)
    again = await house.admin.post("/api/v1/contacts", json={"surname": "Kask"}, headers=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    other = await house.admin.post("/api/v1/contacts", json={"surname": "Tamm"}, headers=key)
    assert other.status_code == 422
    someone = await house.client("operator").post("/api/v1/contacts", json={"surname": "Tamm"}, headers=key)
    assert someone.json()["id"] != first.json()["id"]
    refused = await house.admin.post("/api/v1/contacts", json={}, headers={"Idempotency-Key": "b"})
    assert refused.status_code == 422
    together = await asyncio.gather(
        *(
            house.admin.post("/api/v1/contacts", json={"surname": "Saar"}, headers={"Idempotency-Key": "c"})
            for _ in range(5)
        )
    )
    assert min(answer.status_code for answer in together) == 201
    assert {answer.status_code for answer in together} <= {201, 409}
    found = (await house.admin.get("/api/v1/contacts", params={"q": "saar"})).json()["items"]
    assert len(found) == 1


async def test_every_error_is_a_problem(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    large = b"x" * (BODY_LIMIT + 1)

    async def chunks() -> object:  # no length is announced
        for _ in range(9):
            yield large[: BODY_LIMIT // 8]

    asked = [
        (404, await house.admin.get("/api/v1/nothing")),
        (405, await house.admin.patch("/api/v1/queues")),
        (404, await house.admin.get("/nothing.js")),
        (413, await house.admin.post("/api/v1/contacts", content=large)),
        (413, await house.admin.post("/api/v1/contacts", content=chunks())),  # type: ignore[arg-type]
        (413, await house.admin.post("/api/v1/contacts", content=b"[%s[]]" % (b"[]," * 87_000))),
        (422, await house.admin.post("/api/v1/contacts", content=b"[%s[]]" % (b"[]," * 19_000))),
        (422, await house.admin.post("/api/v1/contacts", content=b"{")),
        (422, await house.admin.post("/api/v1/contacts", json={"surname": "a\x00b"})),
        (422, await house.admin.post("/api/v1/contacts", content=b'{"surname": "\\ud800"}')),
        (422, await house.admin.post("/api/v1/contacts", json={"unknown": 1})),
        (401, await house.client().get("/api/v1/me", headers={"Authorization": "Bearer wrong"})),
        (401, await house.client().get("/api/v1/me", headers={"Authorization": "Basic wrong"})),
    ]
    monkeypatch.setattr("app.crm.queues.routes.service.list_queues", None)
    with capture_logs() as logged:
        asked.append((500, await house.admin.get("/api/v1/queues")))
    assert [entry["event"] for entry in logged] == ["request_failed"]
    for status, answer in asked:
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status
        assert answer.json()["detail"] or status == 500, "it says what is wrong"
        assert "Traceback" not in answer.text
        assert "NoneType" not in answer.text


async def test_every_answer_is_protected(house: House) -> None:
    first = await house.client().get("/")
    assert (first.status_code, first.headers["location"]) == (307, "/desk")
    page = await house.client().get("/desk")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    for answer in (page, await house.admin.get("/api/v1/me"), await house.client().get("/api/v1/me")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert (await house.admin.get("/api/v1/me")).headers["cache-control"] == "no-store"
    pop = await house.client().get("/pop/1764.7")
    assert (pop.status_code, pop.headers["location"]) == (303, "/desk/pop/1764.7")


async def test_ready_says_what_is_not(house: House) -> None:
    assert (await house.client().get("/healthz")).json() == {"status": "ok"}
    ready = await house.client().get("/readyz")
    assert (ready.status_code, ready.json()["ready"]) == (200, True)
    house.link = LinkState(connected=False, pong_age_s=99, reconciled=False, detail="refused")
    answer = await house.client().get("/readyz")
    assert answer.status_code == 503
    checks = answer.json()["checks"]
    assert {name for name, check in checks.items() if check["ok"]} == {
        *("database_writes", "records_kept", "descriptors"),
    }
    assert checks["ami_logged_in"]["detail"] == "refused"


async def test_metrics_count_calls_and_name_nobody(house: House) -> None:
    await house.make_queue()
    await house.make_operator("operator", "sales")
    answered = await house.arrive("sales", "+37255500077", "Kalle Kask")
    await house.answer(answered)
    await house.arrive("sales", "+37255500078")
    await house.runner.post(ChannelHungUp(house.runner.floor.calls[answered].channel, 16))
    text = (await house.client().get("/metrics")).text
    samples = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert samples["keskus_calls_total", "answered", "sales"] == 1
    assert samples["keskus_waiting_calls", "sales"] == 1
    assert samples["keskus_operators", "available", "registered", "wrap_up"] == 1
    assert samples["keskus_offers_total", "accepted"] == 1
    assert samples["keskus_call_wait_seconds_count", "answered", "sales"] == 1
    assert samples["keskus_ami_handled_total",] == 3
    for secret in ("5550", "Kalle", answered):
        assert secret not in text
