"""Products: found without accents, never lost, with the VAT of the day."""

from typing import Any

import pytest

from .house import House
from .test_orders import done, draft, in_stock, product, stock


async def test_a_product_is_found_by_parts_of_its_code_or_names(house: House) -> None:
    await product(house, "KB-100", "8.0565", name_et="Õunakorv", name_ru="Зелёный кабель")
    await product(house, "KB-200", "1", name_et="Pistik", categories=["tarvikud", "Tarvikud"])
    await product(house, "VANA", "1", active_until="2020-01-01T00:00:00Z")

    async def found(**params: Any) -> list[str]:
        page = await done(house, "GET", "/products", "operator", params=params)
        return [one["code"] for one in page["items"]]

    assert await found() == ["KB-100", "KB-200", "VANA"]
    assert await found(sold=True) == ["KB-100", "KB-200"]
    assert await found(q="ounakorv") == await found(q="ЗЕЛЕНЫЙ каб") == await found(q="100 kb") == ["KB-100"]
    assert await found(q="zelenyy KABEL") == ["KB-100"], "in another alphabet"
    assert await found(q="пистик") == ["KB-200"]
    assert await found(q="kb") == ["KB-100", "KB-200"]
    assert await found(category="TARVIKUD") == ["KB-200"]
    assert await found(q="%") == await found(q="")
    first = await done(house, "GET", "/products", "operator", params={"limit": 2})
    rest = await done(house, "GET", "/products", "operator", params={"cursor": first["next"]})
    assert [one["code"] for one in rest["items"]] == ["VANA"]
    cable = first["items"][0]
    assert (cable["net_price"], cable["vat_percent"], cable["gross_price"]) == ("8.0565", "24", "9.99")
    assert await done(house, "GET", "/products/categories") == [{"name": "Tarvikud", "products": 1}]


async def test_a_withdrawn_product_stays_and_comes_back(house: House) -> None:
    id_ = await product(house, "KB-100", "1")
    assert (await draft(house, (id_, "1")))["problems"] == []
    await done(house, "DELETE", f"/products/{id_}", headers={"If-Match": '"1"'})
    assert (await draft(house, (id_, "1")))["problems"][0]["code"] == "order.line_not_sold"
    said = {"code": "KB-100", "name_et": "Kaabel", "net_price": "1"}
    await done(house, "PUT", f"/products/{id_}", json=said, headers={"If-Match": '"2"'})
    assert (await draft(house, (id_, "1")))["problems"] == []


async def test_stock_is_counted_or_said(house: House) -> None:
    id_ = await product(house, "KB-100", "1")
    assert await in_stock(house, id_) == ("0", "not_counted")
    answer = await house.client("supervisor").post(f"/api/v1/products/{id_}/arrivals", json={"quantity": "1"})
    assert answer.json()["code"] == "product.stock_not_counted"
    for said in ("in", "low", "out"):
        await done(house, "PUT", f"/products/{id_}/stock", json={"stock": said, "counted": "7"})
        assert await in_stock(house, id_) == ("0", said)
    assert (await draft(house, (id_, "1")))["problems"][0]["code"] == "order.line_out_of_stock"
    await stock(house, id_, "2.5", low_at="1")
    assert await in_stock(house, id_) == ("2.5", "in")


@pytest.mark.parametrize(
    ("method", "path", "said", "code"),
    [
        ("POST", "/products", {"code": "kb-100", "name_en": "X", "net_price": "1"}, "product.code_taken"),
        ("POST", "/products", {"code": "X", "net_price": "1"}, "product.unnamed"),
        ("POST", "/products", {"code": "X", "name_en": "X", "net_price": "-1"}, "request.unfit"),
        ("POST", "/products", {"code": "X", "name_en": "X", "net_price": 0.1}, "request.unfit"),
        (
            "POST",
            "/products",
            {"code": "X", "name_en": "X", "net_price": "1", "vat": "luxury"},
            "vat.category_unknown",
        ),
        (
            "POST",
            "/products",
            {
                "code": "X",
                "name_en": "X",
                "net_price": "1",
                "active_from": "2026-01-02T00:00:00Z",
                "active_until": "2026-01-01T00:00:00Z",
            },
            "product.ends_too_soon",
        ),
        ("PUT", "/vat-rates", {"items": []}, "vat.category_used"),
        (
            "PUT",
            "/vat-rates",
            {"items": [{"category": "a", "valid_from": "2026-01-01", "percent": "1"}] * 2},
            "request.unfit",
        ),
        ("POST", "/price-lists", {"name": "X", "tag": 999}, "reference.unknown"),
        (
            "POST",
            "/price-lists",
            {"name": "X", "prices": [{"product": 999, "net_price": "1"}]},
            "reference.unknown",
        ),
        ("POST", "/price-lists", {"name": "HULGI "}, "price_list.taken"),
        ("PUT", "/contacts/999/terms", {"discount": "5"}, "contact.unknown"),
        ("PUT", "/price-lists/999", {"name": "X"}, "price_list.unknown"),
        ("PUT", "/products/999/stock", {"stock": "in"}, "product.unknown"),
    ],
)
async def test_what_does_not_fit_is_refused(
    house: House, method: str, path: str, said: Any, code: str
) -> None:
    await product(house, "KB-100", "1")
    await done(house, "POST", "/price-lists", json={"name": "Hulgi"})
    answer = await house.client("supervisor").request(
        method, f"/api/v1{path}", json=said, headers={"If-Match": "*"}
    )
    assert (answer.status_code // 100, answer.json()["code"]) == (4, code)
