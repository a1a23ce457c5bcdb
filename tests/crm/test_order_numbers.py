"""The numbers of orders have no gap and none comes twice, whoever places at once and whatever is rolled back."""

import asyncio
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.orders.errors import OrderOutOfStock
from app.crm.orders.numbers import order_number
from app.crm.orders.placing import place_order
from app.crm.orders.quoting import DraftLine
from app.crm.orders.service import Author, Heard, make_draft
from app.crm.products.queries import get_stocks
from app.crm.products.service import make_product, set_stock
from app.crm.products.stock import StockKeeping
from app.crm.products.tables import ProductFields
from app.records.engine import reading, writing
from tests.records.stories import DAWN

TODAY = date(2026, 3, 2)
MARI = Author(1, "Mari")


class StumbleError(Exception):
    """Something fails after the number was given."""


def _stumble(place: int) -> None:
    if place % 3 == 0:
        raise StumbleError


@pytest.mark.parametrize("many", [24])
async def test_numbers_have_no_gaps_with_many_at_once_and_rollbacks(engine: AsyncEngine, many: int) -> None:
    """A third stumbles before its commit, and the stock is enough for half of the others."""
    enough = many // 3
    async with writing(engine) as session:
        said = ProductFields(code="KB-100", name_et="Kaabel", net_price=Decimal(2))
        product = (await make_product(session, said, [], DAWN, TODAY)).row.id or 0
        await set_stock(
            session,
            product,
            StockKeeping.COUNTED,
            counted=Decimal(enough),
            low_at=Decimal(0),
            today=TODAY,
        )
        drafts = [
            await make_draft(
                session, {}, [DraftLine(product, Decimal(1))], author=MARI, heard=Heard(), at=DAWN
            )
            for _ in range(many)
        ]

    async def place(place: int, order: int) -> str | None:
        try:
            async with writing(engine) as session:
                row = await place_order(session, order, author=MARI, at=DAWN, today=TODAY)
                _stumble(place)
        except (OrderOutOfStock, StumbleError):
            return None
        return row.number

    found = await asyncio.gather(*(place(at, draft.id or 0) for at, draft in enumerate(drafts)))
    numbers = sorted(number for number in found if number is not None)
    assert numbers == [order_number(2026, count) for count in range(1, enough + 1)]
    async with reading(engine) as session:
        assert (await get_stocks(session, [product]))[product].counted == 0
