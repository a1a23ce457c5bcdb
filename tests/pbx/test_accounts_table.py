"""The accounts' table of an older version gets what it lacks, on both databases."""

from pathlib import Path

import pytest
from sqlalchemy import text

from app.pbx.realtime.database import open_realtime
from app.pbx.realtime.softphones import SoftphoneAccount, SoftphoneStore


@pytest.fixture
async def url(empty_url: str, tmp_path: Path) -> str:
    """A database as it was before there were pickup groups, with one account."""
    (tmp_path / "keskus.db").touch()  # that of SQLite
    async with SoftphoneStore(empty_url) as store:
        await store.put(SoftphoneAccount("op1"))
    engine = open_realtime(empty_url)
    async with engine.begin() as connection:
        for column in ("named_call_group", "named_pickup_group"):
            await connection.execute(text(f"ALTER TABLE ps_endpoints DROP COLUMN {column}"))
    await engine.dispose()
    return empty_url


async def test_an_older_account_and_a_new_one_may_pick_each_other_up(url: str) -> None:
    for _ in range(2):  # the second time there is nothing to do
        async with SoftphoneStore(url) as store:
            await store.put(SoftphoneAccount("op2"))
            assert await store.names() == ["op1", "op2"]
    engine = open_realtime(url)
    async with engine.connect() as connection:
        rows = await connection.execute(text("SELECT named_call_group, named_pickup_group FROM ps_endpoints"))
        assert [tuple(row) for row in rows] == [("keskus", "keskus")] * 2
    await engine.dispose()
