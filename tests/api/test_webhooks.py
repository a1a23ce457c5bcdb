"""Webhooks over the interface: set up by administrators, watched, sent again."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import col, select

from app.crm.webhooks import service
from app.crm.webhooks.courier import Courier
from app.crm.webhooks.errors import WebhookUrlPrivate, WebhookUrlUnfit
from app.crm.webhooks.outbox import add_deliveries
from app.crm.webhooks.service import check_url
from app.events.subjects import HAPPENS
from app.records.engine import writing
from app.records.event_table import EventRow
from app.system.networks import read_networks
from tests.receiver import BROKEN, GOOD, receiving

from .house import ANY, DEADLINE_S, House

SAID = {"title": "ERP", "url": "https://erp.example/hooks", "kinds": ["order.*", "contact.changed"]}


async def post(house: House, path: str, status: int, **said: Any) -> Any:
    answer = await house.admin.post(f"/api/v1/webhooks{path}", **said)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_a_webhook_is_made_changed_and_removed_and_its_secret_shown_once(house: House) -> None:
    made = await post(house, "", 201, json=SAID)
    secret = made.pop("secret")
    assert secret.startswith("whsec_")
    assert (made["active"], made["values"], made["disabled"], made["version"]) == (True, False, None, 1)
    path = f"/api/v1/webhooks/{made['id']}"
    answer = await house.admin.get(path)
    assert (answer.json(), answer.headers["ETag"]) == (made | {"waiting": 0}, '"1"')
    assert (await house.admin.get("/api/v1/webhooks")).json() == [made]
    changed = await house.admin.put(path, json=SAID | {"active": False}, headers={"If-Match": '"1"'})
    assert (changed.json()["active"], changed.json()["version"]) == (False, 2)
    passed = await house.admin.put(path, json=SAID, headers={"If-Match": '"1"'})
    assert (passed.status_code, [one["where"] for one in passed.json()["errors"]]) == (412, ["body.active"])
    renewed = await post(house, f"/{made['id']}/secret", 200, json={"keep_h": 1})
    assert renewed["secret"] != secret
    assert renewed["former_until"] is not None
    assert (await post(house, f"/{made['id']}/ping", 409))["code"] == "webhook.off"
    audit = (await house.admin.get("/api/v1/audit", params={"subject": "webhook"})).text
    assert secret not in audit
    assert renewed["secret"] not in audit
    assert (await house.admin.delete(path, headers=ANY)).status_code == 204
    assert (await house.admin.get(path)).status_code == 404
    assert (await house.admin.get("/api/v1/webhooks")).json() == []


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://erp.example/", "webhook.url_unfit"),
        ("ftp://erp.example/", "webhook.url_unfit"),
        ("https://mari:secret@erp.example/", "webhook.url_unfit"),
        ("https://erp.example/#part", "webhook.url_unfit"),
        ("https:///hooks", "webhook.url_unfit"),
        ("https://erp.example:0/", "webhook.url_unfit"),
        ("https://erp.example:99999/", "webhook.url_unfit"),
        ("https://erp example/", "webhook.url_unfit"),
        ("https://õun.example/", "webhook.url_unfit"),
        ("https://127.0.0.1/", "webhook.url_private"),
        ("https://[::ffff:10.0.0.1]/", "webhook.url_private"),
        ("https://169.254.169.254/latest/meta-data/", "webhook.url_private"),
        ("https://localhost/", "webhook.url_private"),
        ("https://erp.localhost./", "webhook.url_private"),
        ("https://127.1/", "webhook.url_private"),
        ("https://0x7f.1/", "webhook.url_private"),
        ("https://2130706433/", "webhook.url_private"),
        ("https://erp.example@127.0.0.1/", "webhook.url_unfit"),
    ],
)
def test_an_address_that_is_none_or_inside_is_refused(url: str, code: str) -> None:
    with pytest.raises((WebhookUrlUnfit, WebhookUrlPrivate)) as refused:
        check_url(url, ())
    assert refused.value.code == code


@pytest.mark.parametrize(
    "url",
    ["http://10.1.2.3:8900/", "http://erp.lan/", "https://10.1.0.1/", "https://erp.example/hooks?key=1"],
)
def test_a_network_that_is_allowed_may_be_asked_without_tls(url: str) -> None:
    check_url(url, read_networks(["10.1.0.0/16"]))


async def test_nobody_sets_up_what_they_may_not_read(house: House) -> None:
    assert (await post(house, "", 422, json=SAID | {"kinds": ["apples.*"]}))[
        "code"
    ] == "changes.subject_unknown"
    for kinds in (["order.placed"], ["contact.*", "call.changed"]):
        refused = await post(house, "", 422, json=SAID | {"kinds": kinds})
        assert (refused["code"], refused["params"]["kind"]) == ("changes.kind_unknown", kinds[-1])
        subject = kinds[-1].partition(".")[0]
        assert refused["params"]["kinds"] == [f"{subject}.{one}" for one in sorted(HAPPENS[subject])]
    role = {"title": "Liidestaja", "permissions": ["own", "webhooks.manage", "orders.read"]}
    assert (await house.admin.put("/api/v1/roles/linker", json=role, headers=ANY)).status_code in {200, 201}
    user = {
        "username": "liides",
        "password": "kevadine metsarada",
        "display_name": "Liides",
        "role": "linker",
    }
    assert (await house.admin.post("/api/v1/users", json=user)).status_code == 201
    origin = {"Origin": house.url}
    client = house.client()
    logged_in = await client.post(
        "/api/v1/session", json={"username": "liides", "password": user["password"]}, headers=origin
    )
    assert logged_in.status_code == 200, logged_in.text
    refused = await client.post("/api/v1/webhooks", json=SAID, headers=origin)
    assert (refused.status_code, refused.json()["params"]["permission"]) == (403, "contacts.read")
    everything = await client.post("/api/v1/webhooks", json=SAID | {"kinds": ["*"]}, headers=origin)
    assert everything.status_code == 403
    orders = await client.post("/api/v1/webhooks", json=SAID | {"kinds": ["order.*"]}, headers=origin)
    assert orders.status_code == 201
    values = SAID | {"kinds": ["order.*"], "values": True}
    refused = await client.post("/api/v1/webhooks", json=values, headers=origin)
    assert (refused.status_code, refused.json()["params"]["permission"]) == (403, "audit.read")

    others = await post(house, "", 201, json=SAID | {"kinds": ["contact.*"]})
    assert (await house.admin.post("/api/v1/contacts", json={"surname": "Kask"})).status_code == 201
    async with writing(house.services.engine) as session:
        event = (await session.scalars(select(EventRow).where(col(EventRow.kind) == "contact.created"))).one()
        (delivery,) = await add_deliveries(session, [(others["id"], event)], house.services.now())
    stolen = SAID | {"kinds": ["order.*"], "url": "https://elsewhere.example/"}
    of_others = f"/api/v1/webhooks/{others['id']}"
    for answer in (
        await client.put(of_others, json=stolen, headers=origin | {"If-Match": "*"}),
        await client.get(f"{of_others}/deliveries/{delivery}"),
        await client.post(f"{of_others}/deliveries/{delivery}/again", headers=origin),
        await client.post(
            f"{of_others}/resends",
            json={"from_at": "2026-01-01T00:00:00Z", "to_at": "2026-01-02T00:00:00Z"},
            headers=origin,
        ),
        await client.post(f"{of_others}/secret", json={"keep_h": 0}, headers=origin),
        await client.delete(of_others, headers=origin | {"If-Match": "*"}),
    ):
        assert (answer.status_code, answer.json()["params"]["permission"]) == (403, "contacts.read")
    assert (await house.admin.get(of_others)).json()["url"] == SAID["url"]


async def test_there_are_no_more_webhooks_than_the_service_can_serve(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST", 2)
    for _ in range(2):
        await post(house, "", 201, json=SAID)
    assert (await post(house, "", 409, json=SAID))["code"] == "webhook.too_many"


async def test_what_was_sent_is_listed_and_sent_again(house: House) -> None:
    courier = Courier(house.services.engine, house.services.now, networks=read_networks(["127.0.0.0/8"]))
    house.services.parts[Courier] = courier  # type: ignore[index]
    async with receiving(lambda _: BROKEN) as receiver, asyncio.TaskGroup() as group:
        task = group.create_task(courier.run())
        made = await post(house, "", 201, json=SAID | {"url": receiver.url})
        path = f"/{made['id']}"
        courier.wake()
        await post(house, f"{path}/ping", 202)
        courier.wake()
        await receiver.until(lambda: len(receiver.requests) == 1)
        assert receiver.requests[0].is_signed_by(made["secret"])
        page = await shown(house, f"{path}/deliveries", lambda page: page["items"][0]["tries"] == 1)
        (one,) = page["items"]
        assert (one["kind"], one["state"], one["status"], one["answer"], one["error"]) == (
            *("webhook.pinged", "waiting", 503, "away"),
            "the receiver answered 503",
        )
        whole = await shown(house, f"{path}/deliveries/{one['id']}")
        assert whole["body"] == receiver.requests[0].said
        assert whole["message"] == receiver.requests[0].headers["webhook-id"]
        receiver.answer = lambda _: GOOD
        again = await post(house, f"{path}/deliveries/{one['id']}/again", 200)
        assert again["id"] == one["id"]
        courier.wake()
        done = await shown(house, f"{path}/deliveries/{one['id']}", lambda one: one["state"] == "delivered")
        assert (done["tries"], done["next_at"]) == (2, None)
        fresh = await post(house, f"{path}/deliveries/{one['id']}/again", 200)
        assert fresh["id"] > one["id"]
        courier.wake()
        await receiver.until(lambda: len(receiver.requests) == 3)
        assert len({request.headers["webhook-id"] for request in receiver.requests}) == 1
        period = {"from_at": made["created_at"], "to_at": house.services.now().isoformat()}
        assert (await post(house, f"{path}/resends", 202, json=period))["done_at"] is None
        courier.wake()
        resends = await shown(house, f"{path}/resends", lambda periods: periods[0]["done_at"] is not None)
        assert resends[0]["deliveries"] == 0, "nothing else is of its kinds"
        unfit = {"from_at": period["to_at"], "to_at": period["from_at"]}
        assert (await post(house, f"{path}/resends", 422, json=unfit))["code"] == "webhook.period_unfit"
        task.cancel()


async def shown(house: House, path: str, so: Callable[[Any], bool] = lambda _: True) -> Any:
    """What there is at a path, once it is as it should be."""
    async with asyncio.timeout(DEADLINE_S):
        while True:
            answer = await house.admin.get(f"/api/v1/webhooks{path}")
            assert answer.status_code == 200, answer.text
            if so(answer.json()):
                return answer.json()
            await asyncio.sleep(0.02)
