"""The centre that an earlier version left is opened by today's: its database, and what waited in its spool.

`earlier/0024.sql` is a database of revision 0024 as SQLite dumps it, without sessions and passwords. `0024.spooled` is
the spool of the same service, with what it wrote while its database took nothing: the second of two calls.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from app.crm.calls.queries import get_call
from app.crm.campaigns.queries import get_campaign
from app.domain.calls import CallOutcome
from app.domain.ids import CallId, CampaignId
from app.records.engine import open_engine, reading
from app.records.journal import Journal
from app.records.migrations import upgrade
from app.records.spool import Spool

HERE: Final = Path(__file__).parent / "earlier"
KEPT, SPOOLED = CallId("1764000000.1"), CallId("1764000000.2")
STORY: Final = (
    "CallArrived",
    "CallQueued",
    "OfferMade",
    "OfferRang",
    "OfferEnded",
    "CallAnswered",
    "CallEnded",
)


def rows(file: Path) -> dict[str, list[dict[str, Any]]]:
    """All rows of a database by table, without what SQLite and Alembic keep for themselves."""
    with closing(sqlite3.connect(file)) as connection:
        connection.row_factory = sqlite3.Row
        tables = [
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
            )
            if not name.startswith(("sqlite_", "alembic_", "contact_term"))
        ]
        return {name: [dict(row) for row in connection.execute(f'SELECT * FROM "{name}"')] for name in tables}


async def test_nothing_is_lost_of_an_earlier_versions_database_and_spool(tmp_path: Path) -> None:
    file, waiting = tmp_path / "keskus.sqlite", tmp_path / "keskus.spool"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript((HERE / "0024.sql").read_text())
    shutil.copy(HERE / "0024.spooled", waiting)
    before = rows(file)
    engine = open_engine(f"sqlite:///{file}")
    try:
        await upgrade(engine, region="EE")
        migrated = rows(file)
        for table, kept in before.items():
            columns = migrated[table][0].keys() if kept else ()
            for row in kept:
                same = {name: value for name, value in row.items() if name in columns}
                assert any(same.items() <= now.items() for now in migrated[table]), (table, row)
        spool = Spool.open(waiting, 1 << 20)
        journal = Journal(engine, spool)
        await journal.recover()
        assert (journal.state.spooled_batches, journal.state.set_aside, journal.state.spoiled) == (0, 0, 0)
        spool.close()
        async with reading(engine) as session:
            for id_, caller in ((KEPT, "+37255500123"), (SPOOLED, "+37255500007")):
                whole = await get_call(session, id_)
                assert whole is not None
                assert (whole.call.caller_number, whole.call.outcome) == (caller, CallOutcome.ANSWERED.value)
                assert len(whole.legs) == 1
                assert {line.kind for line in whole.events} >= set(STORY)
            campaign = await get_campaign(session, CampaignId(1))
            assert campaign is not None
            assert (campaign.title, campaign.queue) == ("Kevad", "sales")
            found = await session.scalar(text("SELECT variables FROM lead"))
            assert found == '{"Arve":"17"}'
    finally:
        await engine.dispose()
