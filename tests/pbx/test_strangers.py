"""Which endpoints a stranger can be, as `keskus check` finds them: in files, and at a running PBX."""

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from app.cli.commands import app
from app.pbx.audit.conf_file import ConfUnreadable, read_sections
from app.pbx.audit.strangers import config_openings
from app.sandbox.sandbox import Layout, Sandbox, shipped
from app.service.checks.installation import checks, look_at
from app.service.checks.pbx import STRANGERS
from app.service.settings import PbxSettings, Settings
from app.service.settings_sources import Loaded
from app.system import logs

_PROGRAM = Path(sys.executable).parent / "keskus"
CARRIER = "[carrier]\ntype=endpoint\ncontext=keskus-inbound\n"
KNOWN = "[carrier]\ntype=identify\nendpoint=carrier\nmatch=198.51.100.7\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (CARRIER + KNOWN, ["carrier"]),
        (CARRIER + "identify_by=ip\n" + KNOWN, []),
        (CARRIER + "identify_by = username , ip ; both\n" + KNOWN, ["carrier"]),
        (CARRIER + "identify_by=auth_username,ip\n" + KNOWN, ["carrier"]),
        (CARRIER + "auth=carrier\n", []),
        (CARRIER + ";auth=carrier\n", ["carrier"]),
        (CARRIER + ";-- identify_by=ip\nidentify_by=ip --;\n", ["carrier"]),
        (CARRIER + "auth=\n" + "[phone]\ntype=endpoint\nauth=phone\n", ["carrier"]),
        (
            "[base](!)\ntype=endpoint\nidentify_by=ip\n[one](base)\n[two](base)\nidentify_by=username\n",
            ["two"],
        ),
        (CARRIER + "[carrier](+)\nidentify_by=ip\n", []),
        (CARRIER + "identify_by=ip\n[x]\ntype=identify\nendpoint=carrier\nmatch=0.0.0.0/0\n", ["identify x"]),
        (
            CARRIER + "identify_by=ip\n[x]\ntype=identify\nendpoint=carrier\nmatch=1.2.3.4,::/0\n",
            ["identify x"],
        ),
        (
            CARRIER + "identify_by=ip\n[x]\ntype=identify\nendpoint=carrier\nmatch_header=X-Carrier: yes\n",
            ["identify x"],
        ),
        ("[anonymous]\ntype=endpoint\nidentify_by=ip\n", ["anonymous"]),
        ("[w]\ntype=wizard\nsends_auth=yes\n", ["w"]),
        ("[w]\ntype=wizard\naccepts_auth=yes\ninbound_auth/username=w\n", []),
        ("[w]\ntype=wizard\nendpoint/identify_by=ip\n", []),
    ],
)
def test_what_a_configuration_leaves_open(tmp_path: Path, text: str, found: list[str]) -> None:
    (tmp_path / "pjsip.conf").write_text(text)
    openings = config_openings(read_sections(tmp_path / "pjsip.conf"))
    assert len(openings) == len(found), openings
    for opening, what in zip(openings, found, strict=True):
        assert what in opening.what
        assert opening.remedy


def test_included_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "pjsip.conf").write_text('#include "trunks/*.conf"\n#tryinclude none.conf\n')
    (tmp_path / "trunks").mkdir()
    (tmp_path / "trunks" / "a.conf").write_text(CARRIER)
    assert [section.name for section in read_sections(tmp_path / "pjsip.conf")] == ["carrier"]


@pytest.mark.parametrize(
    "text", ["#exec /bin/true\n", "#include missing.conf\n", "#include pjsip.conf\n", "type=endpoint\n"]
)
def test_what_cannot_be_read_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "pjsip.conf").write_text(text)
    with pytest.raises(ConfUnreadable, match=r"pjsip\.conf"):
        read_sections(tmp_path / "pjsip.conf")


def test_our_own_configuration_leaves_nothing_open() -> None:
    sections = read_sections(shipped("asterisk") / "etc" / "pjsip.conf")
    assert [section.name for section in sections if section.get("type") == "endpoint"] == ["trunk"]
    assert not config_openings(sections)


def asked(config: Path) -> tuple[int, str]:
    """The exit status of `keskus check`, and what it said."""
    done = CliRunner().invoke(app, ["check", "--config", str(config)])
    assert isinstance(done.exception, SystemExit | None), done.exception
    return done.exit_code, done.output


def test_the_command_tells_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "configure", lambda *_, **__: None)  # it runs within this process
    (tmp_path / "pjsip.conf").write_text(CARRIER + KNOWN)
    status, said = asked(tmp_path)
    assert status == 1
    assert "From: <sip:carrier@" in said
    assert "identify_by=ip" in said
    (tmp_path / "pjsip.conf").write_text(CARRIER + "identify_by=ip\n" + KNOWN)
    status, said = asked(tmp_path)
    assert (status, "extensions.conf" in said) == (2, True), "the rest cannot be told"
    assert asked(tmp_path / "pjsip.conf")[0] == 0
    (tmp_path / "pjsip.conf").unlink()
    assert asked(tmp_path)[0] == 2


def test_the_program_tells_nothing_of_what_leaves_nothing_open(tmp_path: Path) -> None:
    (tmp_path / "pjsip.conf").write_text(CARRIER + "identify_by=ip\n" + KNOWN)
    command = [str(_PROGRAM), "check", "--config", str(tmp_path / "pjsip.conf")]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (told.returncode, told.stderr) == (0, "")


async def strangers_at(layout: Layout, *names: str) -> list[str]:
    """The first words of what `keskus check` says of a running PBX's endpoints."""
    secret = SecretStr(layout.ami_secret)
    pbx = PbxSettings(host=layout.host, port=layout.ami_port, username=layout.ami_username, secret=secret)
    async with checks(Loaded(Settings(pbx=pbx), None, {}), names) as all_checks:
        (checked,) = await look_at([one for one in all_checks if one.title == STRANGERS])
    assert not checked.impossible
    return [finding.what.split()[1] for finding in checked.findings]


async def test_a_running_pbx_is_asked(sandbox: Sandbox, tmp_path: Path) -> None:
    assert await strangers_at(sandbox.layout) == []
    hole = "[carrier]\ntype=endpoint\naors=carrier\ncontext=keskus-inbound\n[carrier]\ntype=aor\n"
    own = Sandbox(tmp_path / "own", extra={"pjsip.conf": hole + "contact=sip:192.0.2.7\n"})
    await own.start()
    try:
        assert await strangers_at(own.layout, "carrier") == ["carrier"]
        assert await strangers_at(own.layout) == ["carrier"]
    finally:
        await own.stop()
