"""`keskus check` on the real Asterisk: nothing to find where all is well, and each thing that is broken."""

import sqlite3
import tempfile
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.pbx.audit import examined
from app.pbx.realtime.softphones import PROBE, SoftphoneStore
from app.records.engine import open_engine
from app.records.migrations import downgrade, upgrade
from app.sandbox.sandbox import Sandbox, shipped
from app.service.checks.finding import Checked
from app.service.checks.installation import checks, look_at
from app.service.checks.pbx import apart
from app.service.outgoing import away_numbers
from app.service.settings import DatabaseSettings, HttpSettings, OutgoingSettings, Settings
from app.service.settings_sources import Loaded

from .settings import settings_of


def settings_with(sandbox: Sandbox, database_url: str, **changes: object) -> Settings:
    http = HttpSettings(https=bool(changes.pop("https", False)))
    pbx = settings_of(sandbox, **{"sounds": sandbox.sounds, **changes})
    return Settings(database=DatabaseSettings(url=SecretStr(database_url)), pbx=pbx, http=http)


async def looked(settings: Settings, secret_files: list[Path] | None = None) -> list[Checked]:
    async with checks(Loaded(settings, None, {}, secret_files or [])) as all_checks:
        return await look_at(all_checks)


def told(done: list[Checked]) -> str:
    lines = [f"{finding.what} -> {finding.remedy}" for one in done for finding in one.findings]
    return "\n".join([*lines, *(f"? {one.impossible}" for one in done if one.impossible)])


@pytest.fixture(autouse=True)
def private(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)


async def test_nothing_is_found_where_all_is_well(sandbox: Sandbox, database_url: str) -> None:
    store = SoftphoneStore(sandbox.softphones_url)
    await store.put_away_numbers(away_numbers(OutgoingSettings(), "EE"))
    assert told(await looked(settings_with(sandbox, database_url))) == ""
    assert PROBE not in await store.names()
    assert not await store.is_known(PROBE)
    await store.close()


@pytest.mark.parametrize(
    ("changes", "what", "remedy"),
    [
        (
            {"secret": SecretStr("wrong")},
            "Authentication failed",
            "set KESKUS__PBX__USERNAME and KESKUS__PBX__SECRET",
        ),
        ({"port": 1}, "no PBX at 127.0.0.1:1", "start Asterisk"),
        ({"softphones_url": "nowhere"}, "there is no file", "set it right"),
        ({"softphones_url": "empty"}, "does not see an account that the service writes", "sorcery.conf"),
        ({"softphones_url": "empty"}, "does not see a number that the service writes", "map keskus_routes"),
        ({"event_log_url": "empty"}, "this database has no table cel", "set it right"),
        ({"event_log_url": "other"}, "no row of it came into the event log", "let cel.conf have enable=yes"),
        ({"event_log_url": SecretStr("")}, "KESKUS__PBX__EVENT_LOG_URL is not set", "let Asterisk write CEL"),
        (
            {"sip_address": "127.0.0.1:1"},
            "127.0.0.1:1 by udp: Connection refused",
            "let the firewall pass port 1 (udp)",
        ),
        ({"sip_transport": "tls"}, "by tls", "KESKUS__PBX__SIP_TRANSPORT as pjsip.conf has it"),
        ({"sip_address": "phones.invalid"}, "phones.invalid by udp: ", "set KESKUS__PBX__SIP_ADDRESS"),
        ({"https": True}, "which is each phone itself", "the address at which phones reach the PBX"),
        ({"sounds": Path("/nowhere/sounds")}, "there is no folder /nowhere/sounds", "make it"),
    ],
)
async def test_what_does_not_fit_the_pbx_is_found(
    sandbox: Sandbox, tmp_path: Path, changes: dict[str, object], what: str, remedy: str
) -> None:
    url = f"sqlite:///{tmp_path / 'keskus.sqlite'}"
    engine = open_engine(url)
    await upgrade(engine)
    await engine.dispose()
    (tmp_path / "empty").touch()
    with closing(sqlite3.connect(tmp_path / "other")) as other:
        other.executescript((shipped("asterisk") / "sqlite" / "cel.sql").read_text())
    changes = {
        key: SecretStr(f"sqlite:///{tmp_path / value}")
        if isinstance(value, str) and key.endswith("url")
        else value
        for key, value in changes.items()
    }
    said = told(await looked(settings_with(sandbox, url, **changes)))
    assert any(what in line and remedy in line for line in said.splitlines()), said


@pytest.fixture
async def broken() -> AsyncIterator[Sandbox]:
    """A PBX whose account may do too much and hears too little, and that lacks things."""
    with tempfile.TemporaryDirectory(prefix="keskus-") as folder:
        extra = {
            "manager.conf": "read = user\nwrite = all\n",
            "extensions.conf": "[globals](+)\nKESKUS_SOUNDS =\n",
        }
        sandbox = Sandbox(Path(folder), extra=extra)
        await sandbox.start()
        for command in (
            "module unload cel_sqlite3_custom.so",
            "module unload res_parking.so",
            "module unload func_db.so",
            "dialplan remove context keskus-soothe",
        ):
            await sandbox.cli(command)
        try:
            yield sandbox
        finally:
            await sandbox.stop()


async def test_a_broken_pbx_is_told_of_in_all_its_parts(
    broken: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examined, "PROMPTS", ("ss-noservice", "no-such-prompt"))
    said = told(await looked(settings_with(broken, f"sqlite:///{tmp_path / 'keskus.sqlite'}")))
    for what in (
        "there is no database yet",
        "the account may Command, GetConfig, ModuleLoad, Reload, UpdateConfig: whoever",
        "res_parking.so is not loaded",
        "func_db.so is not loaded",
        "the dialplan has no keskus-soothe",
        "no Hangup comes, though there was one",
        "no row of it came into the event log",
        "the PBX has no sound no-such-prompt",
        "the PBX has no KESKUS_SOUNDS",
    ):
        assert what in said, said
    assert "ss-noservice" not in said
    assert "no UserEvent" not in said


async def test_an_older_database_is_told_and_left_as_it_is(sandbox: Sandbox, database_url: str) -> None:
    engine = open_engine(database_url)
    await downgrade(engine, "-1")
    await engine.dispose()
    for _ in range(2):
        assert "its tables are of version" in told(await looked(settings_with(sandbox, database_url)))


async def test_files_that_others_may_read_are_told(sandbox: Sandbox, tmp_path: Path) -> None:
    open_folder, closed = tmp_path / "open", tmp_path / "closed"
    for folder, mode in ((open_folder, 0o755), (closed, 0o700)):
        folder.mkdir()
        (folder / "secret").write_text("saladus")
        (folder / "secret").chmod(0o644)
        folder.chmod(mode)
    files = [open_folder / "secret", closed / "secret"]
    way = [one for one in open_folder.parents if one.stat().st_uid == open_folder.stat().st_uid]
    before = {one: one.stat().st_mode for one in way if not one.stat().st_mode & 0o001}
    for one, mode in before.items():
        one.chmod(mode | 0o001)
    try:
        said = told(await looked(settings_with(sandbox, f"sqlite:///{tmp_path / 'none.sqlite'}"), files))
    finally:
        for one, mode in before.items():
            one.chmod(mode)
    assert (
        f"{files[0]} holds a secret, and every user of this machine may read it -> chmod o= {files[0]}"
        in said
    )
    assert str(files[1]) not in said


async def test_phones_without_an_account_are_told(sandbox: Sandbox, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'keskus.sqlite'}"
    engine = open_engine(url)
    await upgrade(engine)
    await engine.dispose()
    with closing(sqlite3.connect(tmp_path / "keskus.sqlite")) as database, database:
        database.execute(
            "INSERT INTO user_account (id, username, password_hash, role, display_name, language, active, created_at)"
            " VALUES (1, 'mari', 'x', 'operator', 'Mari', 'et', 1, '2026-01-01'),"
            " (2, 'jaan', 'x', 'operator', 'Jaan', 'et', 1, '2026-01-01')"
        )
        database.execute("INSERT INTO operator (id, skills, auto_answer) VALUES (1, '[]', 0)")
        database.execute("INSERT INTO softphone (endpoint, operator_id, kind) VALUES ('op1000001', 1, 'sip')")
        database.execute("INSERT INTO operator (id, skills, auto_answer) VALUES (2, '[]', 0)")
        database.execute(
            "INSERT INTO softphone (endpoint, operator_id, kind) VALUES ('op1000002', 2, 'browser')"
        )
    said = told(await looked(settings_with(sandbox, url, https=True)))
    assert "2 of 2 phones have no account there: op1000001, op1000002" in said
    assert f"1 phones in browsers are told to register with {sandbox.layout.websocket_url}, which" in said
    assert "set KESKUS__PBX__WEBSOCKET_URL to wss:// and the address of the proxy" in said
    said = told(
        await looked(settings_with(sandbox, url, https=True, websocket_url="wss://centre.example/phone/ws"))
    )
    assert "phones in browsers" not in said


@pytest.mark.parametrize(
    ("ahead_s", "said"), [(0.0, ""), (1.9, ""), (-2.5, "2.5 s behind"), (3600.0, "3600.0 s ahead of")]
)
def test_clocks_that_differ_are_told(ahead_s: float, said: str) -> None:
    assert said in "".join(finding.what for finding in apart("the PBX", ahead_s))
    assert bool(apart("the PBX", ahead_s)) is bool(said)
