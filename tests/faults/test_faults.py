"""Whatever dies, no call and no record is lost: each fault in short. `make faults` tells them at length."""

import pytest

from tests.faults.plan import short, undisturbed

SEED = 1


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", ["service", "link", "events", "pbx", "postgresql", "disk"])
async def test_every_promise_holds(name: str) -> None:
    report = await undisturbed(short(SEED)[name])
    assert report.faults
    assert report.verdict.talks
    assert not report.broken, "\n".join(report.broken[:20])
