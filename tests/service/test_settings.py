"""Settings come from the environment and from files named there; what is wrong is told by name."""

import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from app.service.settings_list import settings_lines
from app.service.settings_sources import SettingsUnfit, leaves, load, load_settings


def test_a_secret_comes_from_the_file_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("saladus\n")
    settings = load_settings(
        {
            "KESKUS__PBX__SECRET_FILE": str(tmp_path / "secret"),
            "KESKUS__PBX__HOST": "asterisk",
            "KESKUS__HTTP__ORIGINS": '["https://crm.example"]',
            "PATH": "/bin",
        }
    )
    assert settings.pbx.secret.get_secret_value() == "saladus"
    assert settings.pbx.host == "asterisk"
    assert settings.http.origins == ["https://crm.example"]
    assert "saladus" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [("KESKUS__HTTP__PORT", "viis"), ("KESKUS__HTTP__PROT", "8000"), ("KESKUS__HTPP__PORT", "8000")],
)
def test_a_wrong_setting_is_refused(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=r"(?i)port|prot"):
        load_settings({name: value})


@pytest.mark.parametrize("region", ["", "XX", "ee", "Eesti"])
def test_a_country_without_numbers_is_refused(region: str) -> None:
    with pytest.raises(ValueError, match="this is no country"):
        load_settings({"KESKUS__FLOOR__REGION": region})


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(OSError, match="no-such-file"):
        load_settings({"KESKUS__PBX__SECRET_FILE": "no-such-file"})


def told(variables: dict[str, str]) -> str:
    with pytest.raises(SettingsUnfit) as refusal:
        load(variables)
    return str(refusal.value)


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("KESKUS__HTTP__PROT", "KESKUS__HTTP__PORT"),
        ("KESKUS__HTPP__PORT", "KESKUS__HTTP__PORT"),
        ("KESKUS__PBX__SIP_ADRESS", "KESKUS__PBX__SIP_ADDRESS"),
        ("KESKUS_HTTP__PORT", "KESKUS__HTTP__PORT"),
        ("KESKUS__HTTP_PORT", "KESKUS__HTTP__PORT"),
        ("KESKUS_HTTP_PORT", "KESKUS__HTTP__PORT"),
        ("KESKUS_PBX_SECRET_FILE", "KESKUS__PBX__SECRET_FILE"),
        ("KESKUS_DATABASE_URI", "KESKUS__DATABASE__URL"),
        ("keskus__log__level", "KESKUS__LOG__LEVEL"),
        ("Keskus__Log__Level", "KESKUS__LOG__LEVEL"),
        ("KESKUS__OUTGOING__OPERATOR__COUNTRY", "KESKUS__OUTGOING__OPERATOR__COUNTRIES"),
    ],
)
def test_a_mistyped_variable_is_told_with_its_right_name(name: str, right: str) -> None:
    said = told({name: "1"})
    assert said.startswith(name)
    assert said.endswith(f"did you mean {right}?")


def test_variables_of_the_containers_are_not_taken_for_mistyped_ones() -> None:
    root = Path(__file__).parents[2]
    files = [
        root / "docker-compose.yml",
        *(root / "docker").rglob("*.sh"),
        root / "asterisk" / "entrypoint.sh",
    ]
    names = {name for file in files for name in re.findall(r"\bKESKUS_[A-Z]\w*", file.read_text())}
    assert len(names) > 10
    load(
        dict.fromkeys(names, "1") | {"KESKUS_SETTINGS": "", "KESKUS": "http://127.0.0.1:8000", "KESKUSE": "1"}
    )


def settings_file(folder: Path, text: str) -> dict[str, str]:
    (folder / "keskus.toml").write_text(text)
    return {"KESKUS_SETTINGS": str(folder / "keskus.toml")}


def test_variables_win_over_the_settings_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("saladus\n")
    named = settings_file(
        tmp_path,
        '[http]\nport = 8080\nhost = "::"\norigins = ["https://crm.example"]\n[pbx]\nsecret_file = "secret"\n'
        "[dialing.trunks.carrier]\nchannels = 60\n",
    )
    loaded = load(named | {"KESKUS__HTTP__PORT": "9000"})
    assert (loaded.settings.http.port, loaded.settings.http.host) == (9000, "::")
    assert loaded.settings.dialing.trunks["carrier"].channels == 60
    assert loaded.settings.pbx.secret.get_secret_value() == "saladus"
    assert loaded.origin("http.port") == "KESKUS__HTTP__PORT"
    assert loaded.origin("http.host") == str(tmp_path / "keskus.toml")
    assert loaded.origin("http.https") == "default"
    assert loaded.secret_files == [tmp_path / "secret"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[http]\nprot = 1\n", "http.prot: there is no such setting; did you mean http.port?"),
        ("[htpp]\nport = 1\n", "htpp: there is no such setting; did you mean http?"),
        ("[http]\nport = 70000\n", "http.port: Input should be less than or equal to 65535"),
        ("[http\n", "is not TOML"),
        ("http = 1\n", "http: Input should be"),
    ],
)
def test_a_settings_file_that_does_not_fit_is_told(tmp_path: Path, text: str, why: str) -> None:
    said = told(settings_file(tmp_path, text))
    assert why in said
    assert str(tmp_path / "keskus.toml") in said


def test_a_settings_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="none"):
        load({"KESKUS_SETTINGS": str(tmp_path / "none")})


def test_what_should_be_json_is_told(tmp_path: Path) -> None:
    assert told({"KESKUS__HTTP__PROXIES": "10.0.0.5"}).startswith(
        "KESKUS__HTTP__PROXIES: this is no JSON, such as ["
    )


def test_every_setting_says_what_it_is() -> None:
    assert not [leaf.path for leaf in leaves() if not leaf.info.description]
    assert len(list(leaves())) > 50


def test_the_manual_names_every_setting() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "administrators.md").read_text()
    assert not [leaf.path for leaf in leaves() if leaf.path.rpartition(".")[2].upper() not in manual]


def test_the_list_of_settings_is_a_settings_file_without_secrets(tmp_path: Path) -> None:
    secret = "saladus-a-b-c"
    url = f"postgresql+asyncpg://keskus:{secret}@db/keskus?password={secret}"
    variables = {
        "KESKUS__DATABASE__URL": url,
        "KESKUS__PBX__SOFTPHONES_URL": f"postgresql://u:{secret[:4]}@{secret}@db/asterisk",
        "KESKUS__PBX__SECRET": secret,
        "KESKUS__ADMIN__PASSWORD": secret,
        "KESKUS__HTTP__PROXIES": '["10.0.0.5"]',
        "KESKUS__OUTGOING__MONEY": "12.50",
        "KESKUS__DIALING__TRUNKS": '{"carrier": {"channels": 60}}',
    }
    lines = list(settings_lines(load(variables)))
    text = "\n".join(lines)
    assert secret not in text
    assert secret[4:] not in text
    assert '#url = "postgresql+asyncpg://keskus:***@db/keskus"' in lines
    assert 'proxies = ["10.0.0.5"]' in lines
    assert "; from KESKUS__HTTP__PROXIES" in text
    again = load(settings_file(tmp_path, text)).settings
    assert (again.http.proxies, again.outgoing.money) == (["10.0.0.5"], Decimal("12.50"))
    assert again.dialing.trunks["carrier"].channels == 60


def test_the_list_tells_each_name_and_default_without_values() -> None:
    text = "\n".join(settings_lines(None))
    assert all(leaf.variable in text for leaf in leaves())
    assert "KESKUS__HTTP__PORT, default 8000" in text


def keskus(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).parent / "keskus"), *command],
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
        env={"PATH": "/usr/bin:/bin", "COLUMNS": "200"} | variables,
    )


def test_the_commands_show_them(tmp_path: Path) -> None:
    settings_file(tmp_path, "[http]\nport = 8080\n")
    named = str(tmp_path / "keskus.toml")
    shown = keskus("--settings", named, "settings").stdout
    assert f"# Settings file: {named}" in shown
    assert "\nport = 8080\n" in shown
    helped = keskus("serve", "--help")
    assert helped.returncode == 0
    assert "# KESKUS__HTTP__PORT, default 8000" in helped.stdout
    refused = keskus("settings", KESKUS_HTTP_PORT="1")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "did you mean KESKUS__HTTP__PORT?" in refused.stderr


def test_a_setting_is_read_by_its_earlier_name_too(tmp_path: Path) -> None:
    old, new = "KESKUS__DIALING__USUAL__CHANNELS", "KESKUS__DIALING__DEFAULT__CHANNELS"
    loaded = load({old: "12"})
    assert loaded.settings.dialing.default.channels == 12
    assert loaded.origin("dialing.default.channels") == f"{old}, which is called {new} now"
    file = tmp_path / "keskus.toml"
    file.write_text("[dialing.usual]\nchannels = 13\n")
    assert load({"KESKUS_SETTINGS": str(file)}).settings.dialing.default.channels == 13
    with pytest.raises(SettingsUnfit, match="remove the old one"):
        load({old: "12", new: "13"})
