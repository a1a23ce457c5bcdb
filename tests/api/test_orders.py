"""Orders: typed into drafts, placed once with the prices of the moment, followed to their end."""

import asyncio
import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import event
from sqlmodel import col, select

from app.crm.orders.tables import OrderRow
from app.records.engine import writing

from .house import House, failing


async def ask(house: House, method: str, path: str, *, role: str = "operator", **said: Any) -> httpx.Response:
    return await house.client(role).request(method, f"/api/v1{path}", **said)


async def done(house: House, method: str, path: str, role: str = "supervisor", **said: Any) -> Any:
    answer = await ask(house, method, path, role=role, **said)
    assert answer.is_success, (method, path, answer.text)
    return answer.json() if answer.content else None


async def product(house: House, code: str, net_price: str, **said: Any) -> int:
    body = {"code": code, "name_et": f"Toode {code}", "net_price": net_price, **said}
    return int((await done(house, "POST", "/products", json=body))["id"])


async def draft(house: House, *lines: tuple[int, str], **said: Any) -> dict[str, Any]:
    typed = [{"product": product, "quantity": quantity} for product, quantity in lines]
    made: dict[str, Any] = await done(house, "POST", "/orders", "operator", json={"lines": typed, **said})
    return made


async def place(house: House, order: dict[str, Any], role: str = "operator") -> httpx.Response:
    return await ask(house, "POST", f"/orders/{order['id']}/place", role=role, headers=version(order))


async def placed(house: House, *lines: tuple[int, str], **said: Any) -> dict[str, Any]:
    answer = await place(house, await draft(house, *lines, **said))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def version(order: dict[str, Any]) -> dict[str, str]:
    return {"If-Match": f'"{order["version"]}"'}


async def stock(house: House, product: int, counted: str, low_at: str = "0") -> None:
    said = {"stock": "counted", "counted": counted, "low_at": low_at}
    await done(house, "PUT", f"/products/{product}/stock", json=said)


async def in_stock(house: House, product: int) -> tuple[str, str]:
    found = await done(house, "GET", f"/products/{product}")
    return found["counted"], found["availability"]


async def test_a_draft_is_kept_as_typed_and_shows_what_it_would_cost(house: House) -> None:
    cable = await product(house, "KB-100", "8.0565")
    made = await draft(house, (cable, "2"), comment="🚪 \u200fשלום\u200f uks", address="Tamme 1")
    assert (made["state"], made["number"], made["may"]) == ("draft", None, ["change", "discard", "place"])
    assert (made["net"], made["vat"], made["gross"]) == ("16.11", "3.87", "19.98")
    assert made["vat_rates"] == [{"category": "standard", "percent": "24", "net": "16.11", "vat": "3.87"}]
    path = f"/orders/{made['id']}"
    patched = await ask(
        house,
        "PATCH",
        path,
        json={"lines": [{"product": cable, "quantity": "0.5"}]},
        headers=version(made),
    )
    assert patched.headers["ETag"] == f'"{patched.json()["version"]}"'
    again = (await ask(house, "GET", path)).json()
    assert (again["comment"], again["address"]) == ("🚪 \u200fשלום\u200f uks", "Tamme 1")
    assert again["draft_lines"] == [{"product": cable, "quantity": "0.5"}]
    assert again["net"] == "4.03"
    behind = await ask(house, "PATCH", path, json={"comment": "üle"}, headers=version(made))
    assert (behind.status_code, behind.json()["code"]) == (412, "version.passed")
    assert (await ask(house, "DELETE", path, headers=version(again))).status_code == 204
    assert (await ask(house, "GET", path)).json()["code"] == "order.unknown"


async def test_placed_it_keeps_its_prices_vat_and_products_whatever_changes(house: House) -> None:
    book = await product(house, "RAAMAT", "10", vat="reduced", name_ru="Книга")
    order = await placed(house, (book, "3"))
    year = order["placed_at"][:4]
    assert order["number"] == f"{year}-00001"
    assert [(one["code"], one["name_ru"], one["vat_percent"]) for one in order["lines"]] == [
        ("RAAMAT", "Книга", "9")
    ]
    before = await done(house, "GET", f"/orders/{order['id']}")
    was = await ask(house, "GET", f"/products/{book}")
    changed = {"code": "VIHIK", "name_en": "Notebook", "net_price": "99", "active": False}
    await done(house, "PUT", f"/products/{book}", json=changed, headers={"If-Match": was.headers["ETag"]})
    rates = await done(house, "GET", "/vat-rates")
    rates["items"].append({"category": "reduced", "valid_from": "2026-01-01", "percent": "13"})
    await done(house, "PUT", "/vat-rates", json=rates)
    assert await done(house, "GET", f"/orders/{order['id']}") == before
    refused = await ask(
        house, "PATCH", f"/orders/{order['id']}", json={"comment": "hiljem"}, headers=version(order)
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "order.not_possible")
    repeated = await done(house, "POST", f"/orders/{order['id']}/repeat", "operator", json={})
    assert (repeated["repeat_of"], repeated["draft_lines"]) == (
        order["id"],
        [{"product": book, "quantity": "3"}],
    )
    assert [(one["where"], one["code"]) for one in repeated["problems"]] == [
        ("draft_lines.0", "order.line_not_sold")
    ]
    assert (await place(house, repeated)).json()["code"] == "order.out_of_stock"


async def test_a_contact_pays_its_own_price_and_promotions_are_lines(house: House) -> None:
    contact = (await done(house, "POST", "/contacts", "operator", json={"surname": "Õunapuu"}))["id"]
    tag = (await done(house, "POST", "/tags", "operator", json={"name": "Hulgi"}))["id"]
    cable, hour = await product(house, "KB-100", "10"), await product(house, "TUND", "40", unit="h")
    of_tag = {"name": "Hulgi", "tag": tag, "prices": [{"product": cable, "net_price": "8"}]}
    await done(house, "POST", "/price-lists", json=of_tag)
    own = {"name": "Oma", "prices": [{"product": cable, "net_price": "7.5"}]}
    own_list = await done(house, "POST", "/price-lists", json=own)

    async def price() -> list[tuple[str, str, str]]:
        made = await draft(house, (cable, "2"), (hour, "1.5"), contact=contact)
        return [(one["net_price"], one["discount"], one["net"]) for one in made["lines"]]

    assert await price() == [("10.00", "0", "20.00"), ("40.00", "0", "60.00")]
    await done(house, "PUT", f"/contacts/{contact}/tags", "operator", json={"tags": [tag]})
    assert (await price())[0] == ("8.00", "0", "16.00")
    terms = {"price_list": own_list["id"], "discount": "12.5"}
    await done(house, "PUT", f"/contacts/{contact}/terms", json=terms, headers={"If-Match": '"1"'})
    assert await price() == [("7.50", "12.5", "13.13"), ("40.00", "12.5", "52.50")]
    promotion = {
        "texts": {"et": {"title": "Kaablinädal"}},
        "from_at": "2026-01-01T00:00:00Z",
        "discount_kind": "percent",
        "discount_value": "10",
        "products": ["kb-100"],
    }
    await done(house, "POST", "/promotions", json=promotion)
    order = await placed(house, (cable, "2"), (hour, "1.5"), contact=contact)
    assert [(one["name_et"], one["promotion"] is not None, one["net"]) for one in order["lines"]] == [
        ("Toode KB-100", False, "13.13"),
        ("Toode TUND", False, "52.50"),
        ("Kaablinädal", True, "-1.31"),
    ]
    assert (order["net"], order["vat"], order["gross"]) == ("64.32", "15.44", "79.76")
    assert order["contact_name"] == "Õunapuu"
    assert Decimal(order["net"]) == sum(Decimal(one["net"]) for one in order["lines"])


async def test_stock_that_ran_out_meanwhile_is_told_by_line_and_keeps_the_draft(house: House) -> None:
    cable, plug = await product(house, "KB-100", "1"), await product(house, "PISTIK", "1")
    await stock(house, cable, "5", low_at="3")
    order = await draft(house, (plug, "1"), (cable, "2"), (cable, "2"))
    assert order["problems"] == []
    await placed(house, (cable, "2"))
    assert await in_stock(house, cable) == ("3", "low")
    refused = await place(house, order)
    assert (refused.status_code, refused.json()["code"]) == (409, "order.out_of_stock")
    assert refused.json()["params"] == {"products": ["KB-100"]}
    assert [(one["where"], one["code"], one["params"]) for one in refused.json()["errors"]] == [
        (where, "order.line_out_of_stock", {"product_code": "KB-100", "left": "3", "wanted": "4"})
        for where in ("draft_lines.1", "draft_lines.2")
    ]
    kept = (await ask(house, "GET", f"/orders/{order['id']}")).json()
    assert (kept["state"], kept["version"], len(kept["draft_lines"])) == ("draft", order["version"], 3)
    assert await in_stock(house, cable) == ("3", "low")
    arrived = {"quantity": "1"}
    await done(house, "POST", f"/products/{cable}/arrivals", json=arrived)
    taken = (await place(house, order)).json()
    assert taken["state"] == "placed"
    assert await in_stock(house, cable) == ("0", "out")
    said = {"reason": "klient loobus"}
    cancelled = await ask(house, "POST", f"/orders/{taken['id']}/cancel", json=said, headers=version(taken))
    assert (cancelled.json()["state"], cancelled.json()["may"]) == ("cancelled", [])
    assert await in_stock(house, cable) == ("4", "in")


async def test_an_order_goes_its_way_and_comes_back_in_parts(house: House) -> None:
    cable, plug = await product(house, "KB-100", "1"), await product(house, "PISTIK", "2")
    await stock(house, cable, "10")
    order = await placed(house, (cable, "3"), (plug, "1"))
    path = f"/orders/{order['id']}"
    for step in ("confirm", "deliver"):
        order = await done(house, "POST", f"{path}/{step}", headers=version(order))
    assert (order["state"], order["confirmed_at"] is None) == ("delivered", False)
    late = await ask(house, "POST", f"{path}/cancel", json={"reason": "hilja"}, headers=version(order))
    assert late.json()["params"] == {"state": "delivered", "action": "cancel"}
    line = order["lines"][0]["id"]
    too_much = {"reason": "katki", "lines": [{"id": line, "quantity": "2"}, {"id": line, "quantity": "2"}]}
    refused = await ask(
        house, "POST", f"{path}/return", role="supervisor", json=too_much, headers=version(order)
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "order.return_unfit")
    some = {"reason": "katki", "lines": [{"id": line, "quantity": "1"}], "restock": True}
    order = await done(house, "POST", f"{path}/return", json=some, headers=version(order))
    assert (order["state"], [one["returned"] for one in order["lines"]]) == ("delivered", ["1", "0"])
    assert await in_stock(house, cable) == ("8", "in")
    rest = await done(house, "POST", f"{path}/return", json={"reason": "vale"}, headers=version(order))
    assert (rest["state"], [one["returned"] for one in rest["lines"]]) == ("returned", ["3", "1"])
    assert (rest["net"], rest["ended_at"] is None) == ("5.00", False)
    history = (await done(house, "GET", f"{path}/history", "operator"))["items"]
    states = [one["after"]["state"] for one in reversed(history) if "state" in (one["after"] or {})]
    assert states == ["draft", "placed", "confirmed", "delivered", "returned"]
    assert {(one["code"], one["returned"]) for one in history[0]["before"]["lines"]} == {
        ("KB-100", "1.000000"),
        ("PISTIK", "0.000000"),
    }


async def test_two_clicks_and_two_tabs_make_one_order(house: House) -> None:
    cable = await product(house, "KB-100", "1")
    await stock(house, cable, "100")
    order = await draft(house, (cable, "1"))
    answers = await asyncio.gather(*(place(house, order) for _ in range(12)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["number"] for answer in answers}) == 1
    assert await in_stock(house, cable) == ("99", "in")
    other = await draft(house, (cable, "1"))
    changed = await ask(
        house, "PATCH", f"/orders/{other['id']}", json={"comment": "teine"}, headers=version(other)
    )
    behind = await place(house, other)
    assert (behind.status_code, behind.json()["code"]) == (412, "version.passed")
    assert behind.json()["errors"][0]["where"] == "body.comment"
    assert (await place(house, changed.json())).json()["number"].endswith("-00002")


async def test_a_draft_is_whose_who_types_it_or_is_in_its_call(house: House) -> None:
    cable = await product(house, "KB-100", "1")
    await house.make_queue()
    await house.make_operator("operator", "sales")
    call = await house.arrive("sales")
    lines = [{"product": cable, "quantity": "1"}]
    drafts = [
        (await ask(house, "POST", "/orders", role="supervisor", json={"lines": lines} | said)).json()
        for said in ({}, {"call": call})
    ]
    path = f"/orders/{drafts[0]['id']}"
    listed = (await ask(house, "GET", "/orders")).json()["items"]
    assert [one["may"] for one in listed] == [["change", "discard", "place"], []], "its call rings at theirs"
    assert (await ask(house, "GET", path)).json()["may"] == []
    assert (await ask(house, "GET", path, role="supervisor")).json()["may"] == ["change", "discard", "place"]
    for method, on, said in (("PATCH", "", {"comment": "x"}), ("DELETE", "", None), ("POST", "/place", None)):
        refused = await ask(house, method, path + on, json=said, headers=version(drafts[0]))
        assert (refused.status_code, refused.json()["code"]) == (403, "order.draft_of_another")
        assert refused.json()["params"] == {"user": "Tiina Supervisor"}
    repeated = await ask(house, "POST", f"/orders/{drafts[0]['id']}/repeat")
    assert (repeated.status_code, repeated.json()["draft_lines"]) == (201, lines)
    await house.answer(call)
    assert (await place(house, drafts[1])).json()["state"] == "placed", "the call was passed on to them"
    assert (await place(house, repeated.json(), "supervisor")).json()["state"] == "placed"


async def test_a_draft_outlives_a_database_that_is_away_and_is_placed_once(house: House) -> None:
    cable = await product(house, "KB-100", "1")
    order = await draft(house, (cable, "1"), comment="pool lauset")
    for moment in ("begin", "commit"):
        with failing(house, moment):
            assert (await place(house, order)).status_code == 503
    kept = (await ask(house, "GET", f"/orders/{order['id']}")).json()
    assert (kept["state"], kept["comment"]) == ("draft", "pool lauset")
    assert (await place(house, order)).json()["number"].endswith("-00001")
    assert (await place(house, order)).json()["number"].endswith("-00001")
    assert [one["orders"] for one in await done(house, "GET", "/orders/counts")] == [1]


async def test_it_belongs_to_its_call_and_contact_and_is_found(house: House) -> None:
    await house.make_queue()
    await house.make_operator("operator", "sales")
    call = await house.arrive("sales")
    await house.answer(call)
    contact = (await done(house, "POST", "/contacts", "operator", json={"surname": "Tamm"}))["id"]
    cable, plug = await product(house, "KB-100", "2"), await product(house, "PISTIK", "1")
    stranger = await ask(house, "POST", "/orders", json={"call": "1.99"})
    assert stranger.json()["code"] == "reference.unknown"
    order = await placed(house, (cable, "1"), contact=contact, call=call)
    assert (order["queue"], order["user_name"]) == ("sales", "Tiina Operator")
    other = await placed(house, (plug, "1"))
    draft_ = await draft(house)

    async def found(**params: Any) -> list[int]:
        page = await done(house, "GET", "/orders", "operator", params=params)
        return [one["id"] for one in page["items"]]

    assert await found() == [draft_["id"], other["id"], order["id"]]
    assert (
        await found(call=call) == await found(contact=contact) == await found(product=cable) == [order["id"]]
    )
    assert await found(number="1") == await found(number=order["number"]) == [order["id"]]
    assert await found(state=["draft", "cancelled"]) == [draft_["id"]]
    assert await found(user=house.users["operator"], to_at="2020-01-01T00:00:00Z") == []
    assert await found(from_at="2020-01-01T00:00:00Z") == await found(to_at="2120-01-01T00:00:00Z")
    period = {"from_at": other["created_at"], "to_at": draft_["created_at"]}
    assert await found(**period) == [other["id"]]
    counts = await done(house, "GET", "/orders/counts", "operator", params={"product": cable})
    assert counts == [{"state": "placed", "orders": 1, "gross": "2.48"}]
    page = await done(house, "GET", "/orders", "operator", params={"limit": 2})
    rest = await done(house, "GET", "/orders", "operator", params={"cursor": page["next"]})
    assert ([one["id"] for one in rest["items"]], rest["next"]) == ([order["id"]], None)
    await done(house, "DELETE", f"/contacts/{contact}", headers={"If-Match": "*"})
    whole = await done(house, "GET", f"/orders/{order['id']}")
    assert (whole["contact"], whole["contact_name"], whole["gross"]) == (None, "", "2.48")


async def test_orders_of_a_period_become_a_file_without_formulas(house: House) -> None:
    cable = await product(house, "KB-100", "2", name_et="=HYPERLINK(0)")
    order = await placed(house, (cable, "1.5"), comment="=1+1")
    await draft(house, (cable, "1"))
    answer = await ask(house, "GET", "/orders/export", role="supervisor")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    (row,) = rows
    assert (row["number"], row["code"], row["quantity"]) == (order["number"], "KB-100", "1.50")
    assert (row["comment"], row["name_et"]) == ("'=1+1", "'=HYPERLINK(0)")
    assert (row["net"], row["order_gross"]) == ("3.00", "3.72")
    book = await ask(house, "GET", "/orders/export", role="supervisor", params={"format": "xlsx"})
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
    head, line = sheet
    said = dict(zip(head, line, strict=True))
    assert (said["number"], said["comment"], said["net"]) == (order["number"], "=1+1", 3.0)
    assert (await ask(house, "GET", "/orders/export")).status_code == 403


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"lines": [{"product": 999, "quantity": "1"}]}, "reference.unknown"),
        ({"contact": 999}, "reference.unknown"),
        ({"lines": [{"product": 1, "quantity": 1.5}]}, "request.unfit"),
        ({"lines": [{"product": 1, "quantity": "0"}]}, "request.unfit"),
        ({"lines": [{"product": 1, "quantity": "NaN"}]}, "request.unfit"),
        ({"lines": [{"product": 1, "quantity": "1.0001"}]}, "request.unfit"),
        ({"lines": [{"product": 1, "quantity": "1"}] * 101}, "request.unfit"),
        ({"comment": "a\x00"}, "request.unfit"),
        ({"comment": "a" * 5001}, "request.unfit"),
    ],
)
async def test_what_does_not_fit_is_refused(house: House, said: Any, code: str) -> None:
    refused = await ask(house, "POST", "/orders", json=said)
    assert (refused.status_code // 100, refused.json()["code"]) == (4, code)
    assert (await done(house, "GET", "/orders"))["items"] == []


async def test_orders_of_a_period_are_found_by_its_ends(house: House) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: Any) -> None:
        asked.append((statement, parameters))

    engine = house.services.engine
    period = {"from_at": "2026-03-02T00:00:00Z", "to_at": "2026-03-03T00:00:00Z"}
    event.listen(engine.sync_engine, "before_cursor_execute", note)
    await done(house, "GET", "/orders/counts", params=period)
    event.remove(engine.sync_engine, "before_cursor_execute", note)
    statement, parameters = next(one for one in asked if "FROM customer_order" in one[0])
    async with engine.connect() as connection:
        plan = (await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)).all()
    steps = " ".join(str(step[-1]) for step in plan)
    assert steps.count("SEARCH customer_order USING INDEX ix_customer_order_placed_at") == 2, steps
    assert "SCAN" not in steps, steps


async def test_drafts_that_nobody_touches_go_when_their_author_begins_another(house: House) -> None:
    old, touched = await draft(house), await draft(house)
    theirs = await done(house, "POST", "/orders", "supervisor", json={})
    order = await placed(house, (await product(house, "KB-100", "1"), "1"))
    aged = [one["id"] for one in (old, theirs, order)]
    async with writing(house.services.engine) as session:
        for row in await session.scalars(select(OrderRow).where(col(OrderRow.id).in_(aged))):
            row.updated_at -= timedelta(days=31)
    new = await draft(house)
    left = [one["id"] for one in (await done(house, "GET", "/orders"))["items"]]
    assert left == [new["id"], order["id"], theirs["id"], touched["id"]]
    removed = (await done(house, "GET", "/audit?kind=order.removed", "administrator"))["items"]
    assert [one["subject"]["id"] for one in removed] == [str(old["id"])]


async def test_what_one_user_may_do_has_an_end(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.crm.orders.service.DRAFTS_MOST", 2)
    monkeypatch.setattr("app.crm.orders.placing.PLACED_MOST", 1)
    dear = await product(house, "KALLIS", "1000000")
    empty, large = await draft(house), await draft(house, (dear, "100000"))
    assert (await ask(house, "POST", "/orders", json={})).json()["code"] == "order.too_many_drafts"
    assert (await place(house, empty)).json()["code"] == "order.empty"
    assert (await place(house, large)).json()["code"] == "order.too_large"
    small = await ask(
        house,
        "PATCH",
        f"/orders/{large['id']}",
        json={"lines": [{"product": dear, "quantity": "1"}]},
        headers=version(large),
    )
    assert (await place(house, small.json())).status_code == 200
    more = await draft(house, (dear, "1"))
    refused = await place(house, more)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert (await place(house, more, role="supervisor")).status_code == 200
