"""Settings, from the environment: `KESKUS__SECTION__KEY`, or `KESKUS__SECTION__KEY_FILE` for a file with it.

Read by `main` and `cli` only. docs/administrators.md lists them all.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

_PREFIX = "KESKUS__"
_FILE_SUFFIX = "_FILE"


class _Section(BaseModel, extra="forbid"):
    """A name that is not known is a mistake, and is told."""


class DatabaseSettings(_Section):
    """Where the records are kept."""

    url: SecretStr = SecretStr("sqlite+aiosqlite:///keskus.sqlite")
    """`sqlite+aiosqlite:///path` or `postgresql+asyncpg://user:password@host/name`."""
    spool: Path | None = None
    """The file where facts are kept while the database is away.

    None: beside SQLite's file; with PostgreSQL `keskus.spool` in the working directory.
    """
    spool_mb: int = Field(1024, ge=1)
    """How large it may grow, in MiB."""


class ImportSettings(_Section):
    """Lists of leads from files."""

    folder: Path | None = None
    """Where files wait until they are in. None: beside SQLite's file; with PostgreSQL `keskus.imports` here."""
    mb: int = Field(256, ge=1)
    """How large a file may be, in MiB."""


class PbxSettings(_Section):
    """How to reach Asterisk."""

    host: str = "127.0.0.1"
    port: int = Field(5038, ge=1, le=65535)
    username: str = "keskus"
    secret: SecretStr = SecretStr("")
    softphones_url: SecretStr = SecretStr("")
    """The database Asterisk reads softphone accounts and routes from; empty leaves accounts to others."""
    event_log_url: SecretStr = SecretStr("")
    """The database with Asterisk's own event log (CEL); empty leaves records of what was not heard as they are."""
    sounds: Path | None = None
    """The folder Asterisk plays sound files from (its global variable `KESKUS_SOUNDS`), as the service sees it.

    None: none can be brought.
    """
    sip_address: str = "127.0.0.1:5060"
    """What an operator's phone is told to register with."""


class TrunkSettings(_Section):
    """What campaigns may place through one trunk."""

    channels: int = Field(30, ge=1, le=10_000)
    """Calls at one time."""
    calls_per_s: float = Field(5.0, gt=0, le=1000)


class DialingSettings(_Section):
    """What campaigns may place."""

    usual: TrunkSettings = TrunkSettings()
    """Through each trunk that is not named in `trunks`."""
    trunks: dict[str, TrunkSettings] = {}
    """By the name of the PJSIP endpoint, as JSON: `{"carrier": {"channels": 60, "calls_per_s": 10}}`."""


class HttpSettings(_Section):
    """Where the service listens."""

    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    """0 takes a free one."""
    origins: list[str] = []
    """Other origins whose pages may open the websocket, such as `https://crm.example`."""
    https: bool = False
    """Browsers reach the service by HTTPS (a proxy in front): cookies are marked Secure."""


class AdminSettings(_Section):
    """The first administrator, `admin`, made when there is no user."""

    password: SecretStr | None = None
    """At least 10 characters; without one, a password is generated and shown once."""


class FloorSettings(_Section):
    """Routing."""

    identify_s: float = Field(0.25, ge=0, le=5)
    """How long a call waits for the contact base to say who calls, in seconds."""
    region: str = Field("EE", min_length=2, max_length=2)
    """The country that numbers without a country code belong to."""


class LogSettings(_Section):
    """What is logged, on standard error."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    json_lines: bool = False


class Settings(BaseSettings):
    """All settings of the service."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, env_nested_delimiter="__", extra="forbid")

    database: DatabaseSettings = DatabaseSettings()
    pbx: PbxSettings = PbxSettings()
    http: HttpSettings = HttpSettings()
    admin: AdminSettings = AdminSettings()
    floor: FloorSettings = FloorSettings()
    imports: ImportSettings = ImportSettings()
    dialing: DialingSettings = DialingSettings()
    log: LogSettings = LogSettings()


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings.

    Raises:
        OSError: a file named by a `..._FILE` variable cannot be read.
        ValueError: a section is not known; `pydantic.ValidationError` for a value or a key.
    """
    variables = _with_files(environment)

    class FromEnvironment(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic-settings' own signature
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
            file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            assert isinstance(env_settings, EnvSettingsSource)
            env_settings.env_vars = variables
            return init_settings, env_settings

    return FromEnvironment()


def _with_files(environment: Mapping[str, str]) -> dict[str, str]:
    """Our variables in lower case, those that name a file replaced by what the file says."""
    variables: dict[str, str] = {}
    for name, value in environment.items():
        if not name.startswith(_PREFIX):
            continue
        section = name[len(_PREFIX) :].lower().partition("__")[0]
        if section not in Settings.model_fields:
            raise ValueError(f"{name}: there is no section {section}")
        if name.endswith(_FILE_SUFFIX):
            variables[name.removesuffix(_FILE_SUFFIX).lower()] = Path(value).read_text().strip()
        else:
            variables.setdefault(name.lower(), value)
    return variables
