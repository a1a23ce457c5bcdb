"""Campaigns as they are run: leads and rules in the database, customers and phones on the real PBX."""

from collections import Counter
from pathlib import Path
from typing import Any

from app.demo.sipp import Callees, Softphones
from app.demo.speech import GREETING_S
from app.domain.campaigns import AttemptOutcome
from app.outbound.attempt_writer import PRESSED
from app.sandbox.sandbox import Sandbox
from tests.ami import Ami
from tests.calls.outbound import (
    assert_agrees,
    attempts_of,
    give_leads,
    load,
    make_campaign,
    numbers,
    set_state,
    until_state,
)
from tests.pbx.fixtures import BENCH
from tests.running import running_service, sqlite_url

BUSY, SILENT = "56", "9"
"""Few are silent: each rings for as long as a campaign must let it, a quarter of a minute."""


async def test_every_lead_is_tried_once_and_its_outcome_is_what_its_telephone_saw(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    wanted = numbers(40)
    url = sqlite_url(tmp_path)
    async with running_service(sandbox, url) as service:
        accounts = await load(service, 4)
        campaign = await make_campaign(service, wanted, mode="ratio", lines=3)
        async with (
            Callees(sandbox.layout, answer_ms=300, busy=BUSY, silent=SILENT) as callees,
            Softphones(sandbox.layout, accounts, answer_ms=50, talk_ms=500),
        ):
            await set_state(service, campaign, "running")
            told = await until_state(service, campaign, "drained")
            attempts = await attempts_of(url, campaign)
        assert (told["state_reason"], told["leads"]["done"]) == ("no_leads_left", 40)
        assert_agrees(attempts, callees.events)
        assert sorted(one.number for one in attempts) == wanted
        by_outcome = Counter(one.outcome for one in attempts)
        assert by_outcome["busy"] == 8
        assert by_outcome["no_answer"] == 4
        assert by_outcome["answered"] + by_outcome["abandoned"] == 28
        for one in attempts:
            assert one.sent_at is not None
            assert one.placed_at <= one.sent_at
            if one.outcome == AttemptOutcome.ANSWERED.value:
                assert one.operator_id is not None
                assert one.call_id == one.id
                assert one.answered_at is not None
                assert one.connected_at is not None


async def test_leads_that_come_in_are_dialled_at_once_and_a_drained_campaign_goes_on(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    url = sqlite_url(tmp_path)
    async with running_service(sandbox, url) as service:
        accounts = await load(service, 1)
        campaign = await make_campaign(service, numbers(1))
        async with (
            Callees(sandbox.layout, answer_ms=50) as callees,
            Softphones(sandbox.layout, accounts, answer_ms=20, talk_ms=50),
        ):
            await set_state(service, campaign, "running")
            await callees.wait("ended", 1)
            await give_leads(service, campaign, numbers(1, first=2))
            await callees.wait("ended", 2, timeout_s=30)
            await until_state(service, campaign, "drained")
            await give_leads(service, campaign, numbers(1, first=3))
            await callees.wait("ended", 3, timeout_s=30)
            await set_state(service, campaign, "paused")
            await give_leads(service, campaign, numbers(1, first=4))
            assert service.house.runner.floor.campaigns[campaign].settings.running is False  # type: ignore[index]
            await set_state(service, campaign, "running")
            await callees.wait("ended", 4, timeout_s=30)
            await until_state(service, campaign, "drained")
        assert_agrees(await attempts_of(url, campaign), callees.events)


async def test_what_a_rule_stops_is_not_dialled_and_is_on_file(sandbox: Sandbox, tmp_path: Path) -> None:
    refused, stopped, allowed = numbers(3)
    url = sqlite_url(tmp_path)
    async with running_service(sandbox, url) as service:
        accounts = await load(service, 1)
        campaign = await make_campaign(service, [stopped, refused, allowed])
        said: dict[str, Any] = {"word": "do_not_call", "number": refused, "source": "e-kiri"}
        await service.ask("POST", "/consents", said)
        async with (
            Callees(sandbox.layout, answer_ms=50) as callees,
            Softphones(sandbox.layout, accounts, answer_ms=20, talk_ms=50),
        ):
            await set_state(service, campaign, "running")
            await until_state(service, campaign, "drained")
        assert sorted(event.user for event in callees.of("ringing")) == [stopped, allowed]
        leads = await service.ask("GET", f"/campaigns/{campaign}/leads")
        reasons = {lead["numbers"][0]["number"]: lead["reason"] for lead in leads["items"]}
        assert reasons[refused] == "do_not_call"


async def test_a_do_not_call_that_was_a_mistake_is_taken_back_and_the_lead_is_called(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    url, (wanted,) = sqlite_url(tmp_path), numbers(1)
    async with running_service(sandbox, url) as service:
        accounts = await load(service, 1)
        campaign = await make_campaign(service, [wanted])
        said = await service.ask(
            "POST", "/consents", {"word": "do_not_call", "number": wanted, "source": "e-kiri"}
        )
        async with (
            Callees(sandbox.layout, answer_ms=50) as callees,
            Softphones(sandbox.layout, accounts, answer_ms=20, talk_ms=50),
        ):
            await set_state(service, campaign, "running")
            await until_state(service, campaign, "drained")
            assert not callees.of("ringing")
            await service.ask("POST", f"/consents/{said['id']}/removal", {"reason": "teine number"})
            (ended,) = await callees.wait("ended")
            assert ended.user == wanted


async def test_machines_are_told_from_people_and_the_verdict_is_on_file(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    url, wanted = sqlite_url(tmp_path), numbers(8)
    async with running_service(sandbox, url) as service:
        accounts = await load(service, 2)
        amd = {"after_greeting_silence": 700, "maximum_number_of_words": 2}
        campaign = await make_campaign(service, wanted, detect_machines=True, amd=amd)
        async with (
            Callees(sandbox.layout, answer_ms=200, machine="136") as callees,
            Softphones(sandbox.layout, accounts, answer_ms=50, talk_ms=1500) as phones,
        ):
            await set_state(service, campaign, "running")
            await until_state(service, campaign, "drained")
            attempts = await attempts_of(url, campaign)
        assert_agrees(attempts, callees.events)
        verdicts = {one.number[-1]: (one.outcome, one.amd.partition(" ")[0]) for one in attempts}
        assert verdicts == {
            number[-1]: ("machine", "MACHINE") if number[-1] in "136" else ("answered", "HUMAN")
            for number in wanted
        }
        assert len(phones.of("answered")) == 5
        why = {one.amd.partition(" ")[2] for one in attempts}
        assert why == {"HUMAN-700-700", "MAXWORDS-3-2"}, "by the campaign's own parameters"


async def test_a_message_is_left_on_a_machine_when_its_greeting_is_over(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    url, (wanted,) = sqlite_url(tmp_path), numbers(1)
    layout = sandbox.layout
    async with (
        running_service(sandbox, url) as service,
        Ami(layout.ami_port, BENCH.name, BENCH.secret) as ami,
    ):
        accounts = await load(service, 1)
        asked = {"detect_machines": True, "machine": "message", "machine_message": "beep"}
        campaign = await make_campaign(service, [wanted], **asked)
        async with (
            Callees(layout, answer_ms=200, machine="0123456789") as callees,
            Softphones(layout, accounts, answer_ms=50),
        ):
            await set_state(service, campaign, "running")
            await callees.wait("ended")
            await until_state(service, campaign, "drained")
            (attempt,) = await attempts_of(url, campaign)
        assert attempt.outcome == AttemptOutcome.MACHINE.value
        told, *_ = await ami.wait("Newexten", Context="keskus-machine", Application="Read")
        (answered,) = callees.of("answered")
        assert float(told["Timestamp"]) - answered.at_s > GREETING_S


async def test_who_presses_the_key_in_the_message_is_never_called_again(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    url, (wanted, other) = sqlite_url(tmp_path), numbers(2)
    async with running_service(sandbox, url) as service:
        accounts = await load(service, 1)
        campaign = await make_campaign(service, [wanted], abandon_limit=1)
        async with (
            Callees(sandbox.layout, answer_ms=200, presses="1") as callees,
            Softphones(sandbox.layout, accounts, answer_ms=None),
        ):
            await set_state(service, campaign, "running")
            await callees.wait("pressed")
            await callees.wait("ended")
            await until_state(service, campaign, "drained")
            (attempt,) = await attempts_of(url, campaign)
            assert attempt.outcome == AttemptOutcome.ABANDONED.value
            found = await service.ask("GET", f"/consents/look-up?number=%2B{wanted[1:]}")
            assert found["do_not_call"] is True
            (said,) = found["holds"]
            assert (said["word"], said["source"]) == ("do_not_call", PRESSED)
            again = await make_campaign(service, [other], title="Teine")
            body = {"leads": [{"surname": "Tamm", "numbers": [wanted]}]}
            told = await service.ask("POST", f"/campaigns/{again}/leads", body)
            assert [one["why"] for one in told["not_added"]] == ["do_not_call"]
