"""`python -m tests.campaign`: whole campaigns on the real PBX, one for each mode, judged by what SIPp saw.

Of the leads 40 % answer, 20 % are busy, 30 % ring out and 10 % are machines that speak. The exit status is 1 when a
number was dialled twice, an outcome is not what its telephone saw, a record is missing, or more was abandoned than the
rules allow.
"""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from app.crm.attempts.tables import AttemptRow
from app.demo.sipp import Callees, Softphones
from app.demo.sipp_process import SippEvent
from app.domain.campaigns import AttemptOutcome, DialMode
from app.pbx.realtime.softphones import SoftphoneStore
from app.sandbox.sandbox import Sandbox
from app.system import clock
from tests.calls.outbound import (
    assert_agrees,
    furnish_desks,
    make_campaign,
    numbers,
    set_state,
    until_known,
    until_state,
)
from tests.calls.previewing import dialling_operators
from tests.faults.service import Service
from tests.records.postgres import postgres_server
from tests.running import sqlite_url

BUSY, SILENT, MACHINE = "45", "678", "9"
"""Last digits; those that are left answer."""
ANSWER_MS, TALK_MS, PHONE_MS = 2000, 6000, 100
REGISTERED_S: Final = 86_400
LINES: Final = 2.0
"""For each free operator, in the mode `ratio`."""
LIVE: Final = {AttemptOutcome.ANSWERED.value, AttemptOutcome.ABANDONED.value}


@dataclass
class Told:
    """What came of one campaign."""

    mode: str
    took_s: float
    outcomes: Counter[str]
    rate: float
    """Of abandonment, as the evidence has it, 0..1."""
    talked: float
    """Share of the operators' time."""
    broken: list[str]


def main(
    modes: Annotated[list[DialMode] | None, typer.Argument(help="Which; without one, each.")] = None,
    leads: Annotated[int, typer.Option(help="In each campaign.")] = 500,
    operators: Annotated[int, typer.Option(help="With a softphone each.")] = 10,
    postgresql: Annotated[
        bool, typer.Option("--postgresql", help="Keep records there, not in SQLite.")
    ] = False,
) -> None:
    """Run campaigns and print what came of them."""
    told = asyncio.run(_run(modes or list(DialMode), leads, operators, postgresql=postgresql))
    table = Table(
        "mode", "time", *(outcome.value for outcome in AttemptOutcome), "abandoned", "talking", "verdict"
    )
    for one in told:
        table.add_row(
            one.mode,
            f"{one.took_s:.0f} s",
            *(str(one.outcomes[outcome.value] or "") for outcome in AttemptOutcome),
            f"{one.rate:.1%}",
            f"{one.talked:.0%}",
            "; ".join(one.broken) or "kept",
        )
    Console(width=200).print(table)
    raise typer.Exit(1 if any(one.broken for one in told) else 0)


async def _run(modes: Sequence[DialMode], leads: int, operators: int, *, postgresql: bool) -> list[Told]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="keskus-c-")))
        url = stack.enter_context(postgres_server()).url() if postgresql else sqlite_url(folder)
        sandbox = Sandbox(folder / "pbx")
        await sandbox.start()
        service = Service(folder, sandbox, sandbox.layout.ami_port, url, {})
        try:
            await service.start()
            await service.ready()
            await service.log_in()
            desks = await furnish_desks(service, operators)
            accounts = [desk.account for desk in desks]
            async with SoftphoneStore(sandbox.softphones_url) as store:
                await store.let_register(REGISTERED_S)  # these phones do not renew it
            told = []
            for place, mode in enumerate(modes):
                wanted = numbers(leads, first=1 + leads * place)
                async with (
                    Softphones(
                        sandbox.layout,
                        accounts,
                        answer_ms=PHONE_MS,
                        talk_ms=TALK_MS,
                        registered_s=REGISTERED_S,
                    ) as phones,
                    AsyncExitStack() as people,
                ):
                    if mode is DialMode.PREVIEW:
                        await people.enter_async_context(dialling_operators(service, desks))
                    told.append(await _campaign(service, sandbox, phones, url, mode, wanted))
            return told
        finally:
            await service.close()
            await sandbox.stop()


async def _campaign(
    service: Service, sandbox: Sandbox, phones: Softphones, url: str, mode: DialMode, wanted: list[str]
) -> Told:
    campaign = await make_campaign(
        service, wanted, title=mode.value, mode=mode.value, lines=LINES, detect_machines=True
    )
    async with Callees(
        sandbox.layout, answer_ms=ANSWER_MS, busy=BUSY, silent=SILENT, machine=MACHINE
    ) as callees:
        began_s = clock.monotonic()
        await set_state(service, campaign, "running")
        await until_state(service, campaign, "drained", timeout_s=30.0 * len(wanted))
        took_s = clock.monotonic() - began_s
        attempts = await until_known(url, campaign, {event.user for event in callees.of("ringing")})
    now = clock.utc_now().isoformat().replace("+00:00", "Z")
    evidence = await service.ask("GET", f"/campaigns/{campaign}/evidence/abandonment?at={now}")
    outcomes = Counter(one.outcome or "open" for one in attempts)
    answered = len(phones.of("answered"))
    operators = len(await service.ask("GET", "/operators"))
    return Told(
        mode.value,
        took_s,
        outcomes=outcomes,
        rate=evidence["rate"],
        talked=answered * TALK_MS / 1000 / (took_s * operators),
        broken=await _judge(service, attempts, callees.events, wanted, answered, evidence),
    )


async def _judge(
    service: Service,
    attempts: Sequence[AttemptRow],
    events: Sequence[SippEvent],
    wanted: list[str],
    answered: int,
    evidence: dict[str, Any],
) -> list[str]:
    broken = []
    try:
        assert_agrees(attempts, events)
    except AssertionError as error:
        broken.append(f"not what the telephones saw: {error}")
    if sorted(one.number for one in attempts) != wanted:
        broken.append("not every lead has one attempt")
    outcomes = Counter(one.outcome for one in attempts)
    on_record = outcomes[AttemptOutcome.ANSWERED.value]
    live = sum(outcomes[outcome] for outcome in LIVE)
    # A phone may pick up in the moment in which its customer is let go, because the time is over.
    if not on_record <= answered <= live:
        broken.append(f"{answered} talks at the phones, {on_record} on record")
    if evidence["answered"] + evidence["abandoned"] != live:
        broken.append("the evidence counts other answers")
    if evidence["over_limit"]:
        broken.append("more abandoned than allowed")
    called = [one for one in attempts if one.outcome in LIVE]
    for one in called:
        record = await service.ask("GET", f"/calls/{one.call_id}")
        if record["ended_at"] is None or record["campaign"] != one.campaign_id:
            broken.append(f"the call of {one.id} has no record")
    return broken


if __name__ == "__main__":
    typer.run(main)
