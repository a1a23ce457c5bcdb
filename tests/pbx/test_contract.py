"""`keskus check` about what a PBX lacks: in files, and on a running Asterisk."""

import asyncio
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.pbx.audit.contract import (
    context_lacks,
    shipped_contexts,
    shipped_families,
    shipped_variables,
    table_lacks,
    variable_lacks,
)
from app.pbx.realtime.softphones import SoftphoneStore
from app.sandbox.sandbox import Sandbox
from app.service.checks.finding import Checked
from app.service.checks.installation import checks, config_checks, look_at
from app.service.checks.pbx import DIALPLAN, TABLES, VARIABLES
from app.service.outgoing import away_numbers
from app.service.settings import OutgoingSettings, PbxSettings, Settings
from app.service.settings_sources import Loaded

AWAY = away_numbers(OutgoingSettings(), "EE")


def test_what_is_shipped_is_whole() -> None:
    assert {"keskus-inbound", "keskus-outgoing", "keskus-strict", "keskus-away"} <= set(shipped_contexts())
    assert {"KESKUS_OUT", "KESKUS_WITHHELD", "KESKUS_CALL"} <= set(shipped_variables())
    assert {"keskus_routes", "keskus_away", "ps_endpoints"} <= set(shipped_families())
    assert not context_lacks(shipped_contexts())
    assert not variable_lacks(shipped_variables())
    assert not table_lacks(shipped_families())


@pytest.mark.parametrize("name", ["keskus-away", "keskus-outgoing", "keskus-hold"])
def test_a_dialplan_of_an_older_version_is_told(name: str) -> None:
    (lack,) = context_lacks([one for one in shipped_contexts() if one != name])
    assert name in lack.what
    assert "dialplan reload" in lack.remedy


@pytest.mark.parametrize("name", ["KESKUS_OUT", "KESKUS_WITHHELD"])
def test_a_variable_that_is_not_told_is(name: str) -> None:
    (lack,) = variable_lacks([one for one in shipped_variables() if one != name])
    assert name in lack.what
    assert f"channelvars = {','.join(shipped_variables())}" in lack.remedy


def files(folder: Path, variables: str, families: str, contexts: str) -> Path:
    (folder / "pjsip.conf").write_text("[trunk]\ntype=aor\n")
    (folder / "manager.conf").write_text(f"[general]\nenabled=yes\nchannelvars = {variables}\n")
    (folder / "extconfig.conf").write_text(f"[settings]\n{families}\n")
    (folder / "extensions.conf").write_text(f"[mine]\nexten => s,1,NoOp()\n{contexts}\n")
    return folder


async def found(config: Path) -> list[Checked]:
    return [one for one in await look_at(config_checks(config)) if one.findings or one.impossible]


async def test_files_of_an_own_asterisk_are_read(tmp_path: Path) -> None:
    families = "\n".join(f"{name} => sqlite3,keskus" for name in shipped_families())
    contexts = "\n".join(f"[{name}]\nexten => s,1,NoOp()" for name in shipped_contexts())
    whole = files(tmp_path, ", ".join(shipped_variables()), families, contexts)
    assert not await found(whole)
    older = files(
        tmp_path,
        "KESKUS_QUEUE,KESKUS_CALL",
        families.replace("keskus_away", "other"),
        contexts.replace("keskus-away", "x"),
    )
    whats = [finding.what for checked in await found(older) for finding in checked.findings]
    assert [any(word in what for what in whats) for word in ("keskus-away", "KESKUS_OUT", "keskus_away")] == [
        True
    ] * 3
    (tmp_path / "manager.conf").unlink()
    assert "manager.conf" in next(one.impossible for one in await found(older) if one.impossible)


async def lacking(pbx: PbxSettings) -> list[Checked]:
    async with checks(Loaded(Settings(pbx=pbx), None, {})) as all_checks:
        done = await look_at([one for one in all_checks if one.title in {DIALPLAN, VARIABLES, TABLES}])
    return [one for one in done if one.findings or one.impossible]


async def test_a_running_asterisk_is_asked(tmp_path: Path) -> None:
    own = Sandbox(tmp_path / "own")
    await own.start()
    try:
        pbx = PbxSettings(
            host=own.layout.host,
            port=own.layout.ami_port,
            username=own.layout.ami_username,
            secret=SecretStr(own.layout.ami_secret),
        )
        away = [one.number for one in AWAY]
        (row,) = await lacking(pbx)
        assert f"does not find {away[0]}" in row.findings[0].what, "no service has ever started"
        store = SoftphoneStore(own.softphones_url)
        await store.put_away_numbers(AWAY)
        await store.close()
        assert not await lacking(pbx)
        etc = own.run_dir / "etc"

        def age() -> None:
            manager = etc / "manager.conf"
            manager.write_text(manager.read_text().replace(",KESKUS_OUT,KESKUS_WITHHELD", ""))
            dialplan = etc / "keskus.conf"
            dialplan.write_text(dialplan.read_text().replace("[keskus-away]", "[older]"))

        await asyncio.to_thread(age)
        await own.cli("manager reload")
        await own.cli("dialplan reload")
        lacks = [one.findings[0].what for one in await lacking(pbx)]
        assert ["keskus-away" in lacks[0], "KESKUS_OUT, KESKUS_WITHHELD" in lacks[1]] == [True, True]
    finally:
        await own.stop()
