"""A thousand double clicks: each draft is placed by two at once, and makes one order with a number without gaps."""

import asyncio
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from time import perf_counter

from app.crm.orders.numbers import order_number
from app.crm.orders.placing import place_order
from app.crm.orders.quoting import DraftLine
from app.crm.orders.service import Author, Heard, known_order, make_draft
from app.crm.products.service import make_product
from app.crm.products.tables import ProductFields
from app.records.engine import open_engine, writing
from app.records.migrations import upgrade
from app.system import clock

CLICKS = 1000
TODAY = date(2026, 3, 2)


async def _run() -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite+aiosqlite:///{Path(folder) / 'orders.db'}")
        await upgrade(engine)
        now, numbers = clock.utc_now(), []
        async with writing(engine) as session:
            said = ProductFields(code="A", name_et="A", net_price=Decimal(2))
            product = (await make_product(session, said, [], now, TODAY)).row.id or 0

        async def click(order: int, author: Author) -> str | None:
            async with writing(engine) as session:
                row = await known_order(session, order)
                if row.placed_version is None:
                    row = await place_order(session, order, author=author, at=now, today=TODAY)
                return row.number

        began = perf_counter()
        for place in range(CLICKS):
            author = Author(place // 40, "A")
            async with writing(engine) as session:
                lines = [DraftLine(product, Decimal(1))]
                made = await make_draft(session, {}, lines, author=author, heard=Heard(), at=now)
            one, other = await asyncio.gather(*(click(made.id or 0, author) for _ in range(2)))
            assert one == other, "a double click made two orders"
            numbers.append(one)
        spent = perf_counter() - began
        await engine.dispose()
    assert numbers == [order_number(TODAY.year, count) for count in range(1, CLICKS + 1)], "a gap"
    print(f"{CLICKS} double clicks: {len(set(numbers))} orders, no gap, {spent / CLICKS * 1000:.1f} ms each")


def main() -> None:
    """Run it."""
    asyncio.run(_run())
