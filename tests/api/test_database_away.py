"""What is seen from outside while the database is away."""

from datetime import timedelta
from pathlib import Path

from app import clock
from app.floor.events import ChannelHungUp
from app.records.journal_state import Keeping

from .house import failing, open_house, until


async def test_records_are_kept_meanwhile_and_it_is_told(tmp_path: Path) -> None:
    ahead = timedelta(0)
    async with open_house(tmp_path, now=lambda: clock.utc_now() + ahead) as house:
        await house.make_queue()
        await house.make_operator("operator", "sales")
        await house.journaled()
        with failing(house, "begin"):
            call = await house.arrive("sales")
            await house.answer(call)
            await until(lambda: house.journal.state.spooled_batches > 0, "the spool to take it")
            ready = await house.client().get("/readyz")
            checks = ready.json()["checks"]
            assert (ready.status_code, checks["database_writes"]["ok"]) == (503, False)
            assert checks["records_kept"]["ok"] is True
            assert "on this machine: 0 facts in memory; spool: " in checks["records_kept"]["detail"]
            metrics = (await house.client().get("/metrics")).text
            assert "keskus_spool_batches 0.0" not in metrics
            assert "keskus_spool_takes_nothing 0.0" in metrics
        await until(lambda: house.journal.state.keeping is Keeping.WRITTEN, "the spool to be empty")
        ahead = timedelta(seconds=2)  # a check is good for a second
        assert (await house.client().get("/readyz")).status_code == 200
        assert "keskus_spool_batches 0.0" in (await house.client().get("/metrics")).text
        await house.runner.post(ChannelHungUp(house.runner.floor.calls[call].channel, 16))
        await house.journaled()
        record = (await house.admin.get(f"/api/v1/calls/{call}")).json()
        assert record["outcome"] == "answered"


async def test_a_full_disk_is_told(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await house.make_queue()
        house.journal._capacity = 5
        with failing(house, "begin"):
            house.journal._spooled._spool._max_bytes = 0  # type: ignore[union-attr]
            for _ in range(5):
                await house.arrive("sales")
            await until(lambda: house.journal.state.spool_error is not None, "the spool to refuse")
            check = (await house.client().get("/readyz")).json()["checks"]["records_kept"]
            assert check["ok"] is False
            assert "facts refused; on this machine: " in check["detail"]
            assert "the spool is at its bound" in check["detail"]
        await until(lambda: house.journal.state.keeping is Keeping.WRITTEN, "the database again")
