"""A dial whose operator leaves rings no more, on the real PBX."""

from pathlib import Path

from app.demo.sipp import Callees, Softphones
from app.domain.campaigns import AttemptOutcome
from app.sandbox.sandbox import Sandbox
from tests.calls.outbound import attempts_of, furnish_desks, make_campaign, numbers, set_state, until_state
from tests.running import running_service, sqlite_url


async def test_the_telephone_stops_ringing_when_the_kept_operator_takes_a_break(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    url = sqlite_url(tmp_path)
    async with running_service(sandbox, url) as service:
        (desk,) = await furnish_desks(service, 1)
        campaign = await make_campaign(service, numbers(1), ring_s=60)
        async with (
            Callees(sandbox.layout, silent="0123456789") as callees,
            Softphones(sandbox.layout, [desk.account]),
        ):
            await set_state(service, campaign, "running")
            await callees.wait("ringing")
            state = f"/operators/{desk.id}/state"
            await service.ask("PUT", state, {"presence": "on_break", "reason": "lõuna"})
            await callees.wait("cancelled")
            await until_state(service, campaign, "drained")
    (attempt,) = await attempts_of(url, campaign)
    assert attempt.outcome == AttemptOutcome.WITHDRAWN.value


async def test_who_is_listened_to_for_a_machine_is_not_hung_up_on(sandbox: Sandbox, tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    async with running_service(sandbox, url) as service:
        (desk,) = await furnish_desks(service, 1)
        amd = {"initial_silence": 5000, "total_analysis_time": 6000}
        campaign = await make_campaign(service, numbers(1), detect_machines=True, amd=amd, connect_s=10)
        async with (
            Callees(sandbox.layout, answer_ms=50) as callees,
            Softphones(sandbox.layout, [desk.account], answer_ms=20, talk_ms=200),
        ):
            await set_state(service, campaign, "running")
            await callees.wait("answered")
            state = f"/operators/{desk.id}/state"
            await service.ask("PUT", state, {"presence": "on_break", "reason": "lõuna"})
            await service.ask("PUT", state, {"presence": "available"})
            await until_state(service, campaign, "drained")
    (attempt,) = await attempts_of(url, campaign)
    assert attempt.outcome in (AttemptOutcome.ANSWERED.value, AttemptOutcome.MACHINE.value)
