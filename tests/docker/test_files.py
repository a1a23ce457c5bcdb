"""What the containers are made from, without an engine: the entry point of the PBX, the secrets, what compose names."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from app.service.settings_sources import OTHERS

ROOT = Path(__file__).resolve().parents[2]
SECRETS = ("admin_password", "ami_secret", "asterisk_password", "database_password")
OUTSIDE = "203.0.113.9"


def program(folder: Path, name: str, script: str) -> None:
    """A program that stands in for one of that name."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.fixture
def pbx(tmp_path: Path) -> Path:
    """A folder for the entry point: its templates, its secrets, and an Asterisk that tells what it was called with."""
    templates = tmp_path / "templates"
    templates.mkdir()
    for folder in ("asterisk/etc", "asterisk/postgresql", "dialplan"):
        for path in (ROOT / folder).glob("*.conf"):
            shutil.copy(path, templates)
    programs = tmp_path / "bin"
    programs.mkdir()
    program(programs, "hostname", "echo 172.18.0.3 10.213.0.10 fd00::3")
    program(programs, "asterisk", f'echo "$*" >> {tmp_path}/asterisk.log')
    (tmp_path / "secret").write_text("s3cret")
    return tmp_path


def fill(pbx: Path, *words: str, **variables: str) -> dict[str, str]:
    """What the entry point makes of the templates, by file name."""
    environment: Mapping[str, str] = {
        "PATH": f"{pbx / 'bin'}:{os.environ['PATH']}",
        "KESKUS_ETC": str(pbx / "etc"),
        "KESKUS_TEMPLATES": str(pbx / "templates"),
        "KESKUS_AMI_PERMIT": "10.213.0.0/255.255.255.0",
        "KESKUS_AMI_SECRET_FILE": str(pbx / "secret"),
        "KESKUS_PG_PASSWORD_FILE": str(pbx / "secret"),
        **variables,
    }
    subprocess.run([ROOT / "asterisk" / "entrypoint.sh", *words], env=environment, check=True)
    return {path.name: path.read_text() for path in (pbx / "etc").iterdir()}


def section(text: str, name: str) -> list[str]:
    """The lines of a section."""
    found = re.search(rf"^\[{name}\]\n(.*?)(?=^\[|\Z)", text, re.MULTILINE | re.DOTALL)
    return [] if found is None else found.group(1).strip().splitlines()


def test_everybody_is_told_the_public_address(pbx: Path) -> None:
    pjsip = fill(
        pbx, KESKUS_PUBLIC_ADDRESS=OUTSIDE, KESKUS_TLS="yes", KESKUS_TLS_CERTIFICATE="c", KESKUS_TLS_KEY="k"
    )["pjsip.conf"]
    for transport in ("udp", "tcp", "tls"):
        lines = section(pjsip, transport)
        assert f"external_media_address = {OUTSIDE}" in lines
        assert f"external_signaling_address = {OUTSIDE}" in lines
    assert "local_net" not in pjsip


def test_own_addresses_are_in_local_net(pbx: Path) -> None:
    """Asterisk names the public address only where its own lies in local_net."""
    told = fill(pbx, KESKUS_PUBLIC_ADDRESS=OUTSIDE, KESKUS_LOCAL_NET="192.168.1.0/24, 10.8.0.0/16")
    nets = [line for line in section(told["pjsip.conf"], "udp") if line.startswith("local_net")]
    assert nets == [
        f"local_net = {net}" for net in ("172.18.0.3/32", "10.213.0.10/32", "192.168.1.0/24", "10.8.0.0/16")
    ]


def test_browsers_are_told_the_public_address(pbx: Path) -> None:
    lines = section(fill(pbx, KESKUS_PUBLIC_ADDRESS=OUTSIDE)["rtp.conf"], "ice_host_candidates")
    assert lines == [f"{own} => {OUTSIDE},include_local_address" for own in ("172.18.0.3", "10.213.0.10")]


def test_a_public_address_that_is_none_is_told(pbx: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        fill(pbx, KESKUS_PUBLIC_ADDRESS="nowhere.invalid")


def test_without_a_public_address_nothing_is_rewritten(pbx: Path) -> None:
    told = fill(pbx, KESKUS_LOCAL_NET="192.168.1.0/24")
    assert not re.search(r"^(external_|local_net)", told["pjsip.conf"], re.MULTILINE)
    assert not section(told["rtp.conf"], "ice_host_candidates")


def test_the_websocket_is_for_the_front_alone_where_it_is_told_so(pbx: Path) -> None:
    assert "bindaddr = 0.0.0.0" in section(fill(pbx, KESKUS_WEBSOCKET_BIND="")["http.conf"], "general")
    assert "bindaddr = 127.0.0.1" in section(
        fill(pbx, KESKUS_WEBSOCKET_BIND="127.0.0.1")["http.conf"], "general"
    )


def front(tmp_path: Path, **variables: str) -> tuple[int, str]:
    """The front's entry point with a Caddy that tells what it was given: its exit status, and what was said."""
    program(tmp_path, "caddy", 'echo "$FRONT_NAME: $FRONT_TLS"')
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "FRONT_FOLDER": str(tmp_path), **variables}
    done = subprocess.run(
        [ROOT / "docker" / "front" / "entrypoint.sh"],
        env=environment,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode, " ".join(done.stdout.split())


@pytest.mark.parametrize(
    ("authority", "told"),
    [
        ("", ""),
        ("internal", "tls internal"),
        ("https://ca.example/acme/directory", "tls { ca https://ca.example/acme/directory }"),
    ],
)
def test_the_front_has_its_certificate_from_whom_it_is_told(
    tmp_path: Path, authority: str, told: str
) -> None:
    done = front(tmp_path, KESKUS_SITE="centre.example", KESKUS_SITE_AUTHORITY=authority)
    assert done == (0, f"centre.example: {told}".strip())


def test_the_front_takes_a_certificate_that_it_can_read(tmp_path: Path) -> None:
    (tmp_path / "crt").touch()
    said = {"KESKUS_SITE": "192.0.2.9", "KESKUS_SITE_CERTIFICATE": f"{tmp_path}/crt"}
    status, words = front(tmp_path, **said)
    assert status != 0
    assert "KESKUS_SITE_KEY must name the key" in words
    status, words = front(tmp_path, **said, KESKUS_SITE_KEY=f"{tmp_path}/key")
    assert status == 2
    assert f"{tmp_path}/key cannot be read in the container" in words
    (tmp_path / "key").touch()
    done = front(tmp_path, **said, KESKUS_SITE_KEY=f"{tmp_path}/key")
    assert done == (0, f"192.0.2.9: tls {tmp_path}/crt {tmp_path}/key")


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"KESKUS_SITE": "https://centre.example"},
        {"KESKUS_SITE": "centre.example:8443"},
        {"KESKUS_SITE": "centre.example { respond }"},
        {"KESKUS_SITE": "centre.example", "KESKUS_SITE_AUTHORITY": "lets-encrypt"},
    ],
)
def test_the_front_names_the_variable_that_is_not_right(tmp_path: Path, said: dict[str, str]) -> None:
    status, words = front(tmp_path, **said)
    assert status == 2
    assert words.startswith("KESKUS_SITE_AUTHORITY must be" if len(said) == 2 else "KESKUS_SITE must be")


def test_secrets_are_for_asterisk_alone_and_are_read_anew(pbx: Path) -> None:
    assert "secret = s3cret" in fill(pbx)["manager.conf"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in (pbx / "etc").iterdir())
    (pbx / "secret").write_text("n3w")
    told = fill(pbx, "reload")
    assert "secret = n3w" in told["manager.conf"]
    assert not any("s3cret" in text for text in told.values())
    started, *reloads = (pbx / "asterisk.log").read_text().splitlines()
    assert started.endswith("asterisk.conf -f")
    assert [line.partition("-rx ")[2] for line in reloads] == [
        "manager reload", "module reload res_config_pgsql.so", "module reload cel_pgsql.so",
    ]  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the script of the secrets, and a docker that tells what it was asked."""
    (tmp_path / "docker").mkdir()
    shutil.copy(ROOT / "docker" / "secrets.sh", tmp_path / "docker")
    (tmp_path / "bin").mkdir()
    program(tmp_path / "bin", "docker", f'echo "$*" >> {tmp_path}/docker.log; test ! -e {tmp_path}/broken')
    return tmp_path


def secrets(project: Path, *words: str) -> int:
    environment = {**os.environ, "PATH": f"{project / 'bin'}:{os.environ['PATH']}"}
    return subprocess.run(
        [project / "docker" / "secrets.sh", *words], env=environment, check=False
    ).returncode


def kept(project: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in (project / "secrets").iterdir()}


def test_secrets_are_made_once(project: Path) -> None:
    (project / "secrets").mkdir()
    (project / "secrets" / "database_url").write_text("postgresql+asyncpg://keskus:old@postgres:5432/keskus")
    assert secrets(project) == 0
    first = kept(project)
    assert sorted(first) == sorted(SECRETS), "an older version's addresses hold the password, too"
    assert all(len(value) == 48 for value in first.values())
    assert secrets(project) == 0
    assert kept(project) == first


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_renewed_and_given(project: Path, name: str) -> None:
    secrets(project)
    before = kept(project)
    assert secrets(project, "renew", name) == 0
    after = kept(project)
    assert {one for one in SECRETS if after[one] != before[one]} == {name}
    assert not any(before[name] in value for value in after.values())
    asked = (project / "docker.log").read_text()
    assert after[name] not in asked, "a secret stands on no command line"
    told = {
        "admin_password": ["exec -T keskus keskus user password admin"],
        "ami_secret": ["exec -T asterisk keskus-asterisk reload", "restart keskus"],
        "asterisk_password": [
            "exec -T postgres keskus-postgres passwords",
            "exec -T asterisk keskus-asterisk reload",
        ],
        "database_password": ["exec -T postgres keskus-postgres passwords", "restart keskus"],
    }
    assert asked.splitlines() == [f"compose {words}" for words in told[name]]


def test_a_secret_that_nobody_takes_stays(project: Path) -> None:
    secrets(project)
    before = kept(project)
    (project / "broken").touch()
    assert secrets(project, "renew", "database_password") == 1
    assert secrets(project, "renew", "something") == 2
    assert kept(project) == before


def test_the_service_has_the_files_of_the_pbx_that_it_compares_with() -> None:
    text = "".join(path.read_text() for path in (ROOT / "app").rglob("*.py"))
    folders = set(re.findall(r'shipped\("(\w+)"\)', text))
    copied = set(
        re.findall(
            r"^COPY (\w+) /opt/keskus/src/app/_pbx/\1$", (ROOT / "Dockerfile").read_text(), re.MULTILINE
        )
    )
    assert folders == copied == {"asterisk", "dialplan"}


def test_bases_are_pinned() -> None:
    for name in (
        "Dockerfile",
        "asterisk/Dockerfile",
        "docker/postgres/Dockerfile",
        "docker/front/Dockerfile",
    ):
        text = (ROOT / name).read_text()
        assert set(re.findall(r"^FROM (\S+)", text, re.MULTILINE)) == {"${DEBIAN}"}
        assert re.search(r"^ARG DEBIAN=debian:\w+-\d{8}-slim@sha256:[0-9a-f]{64}$", text, re.MULTILINE)


def test_variables_of_compose_are_not_committed() -> None:
    ignored = subprocess.run(
        ["git", "check-ignore", ".env", "secrets/ami_secret"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    if ignored.returncode == 128:
        pytest.skip("not a git checkout")
    assert ignored.stdout.split() == [".env", "secrets/ami_secret"]


def test_no_variable_of_the_containers_is_taken_for_a_mistyped_setting() -> None:
    files = [
        "docker-compose.yml",
        "docker-compose.host.yml",
        *(str(one) for one in ROOT.glob("*/**/entrypoint.sh")),
    ]
    named = {
        name
        for file in [*files, "asterisk/entrypoint.sh"]
        for name in re.findall(r"\bKESKUS_([A-Z][A-Z_]*?)(?:_FILE)?\b", (ROOT / file).read_text())
    }
    assert named <= OTHERS
