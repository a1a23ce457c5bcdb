"""Settings come from the environment and from files named there; what is wrong is told by name."""

from pathlib import Path

import pytest

from app.settings import load_settings


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
