"""Settings, from the environment: `KESKUS__SECTION__KEY`, or `KESKUS__SECTION__KEY_FILE` for a file with it.

Read by `main` and `cli` only. docs/administrators.md lists them all.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

_PREFIX = "KESKUS__"
_FILE_SUFFIX = "_FILE"


class DatabaseSettings(BaseModel):
    """Where the records are kept."""

    url: SecretStr = SecretStr("sqlite+aiosqlite:///keskus.sqlite")
    """`sqlite+aiosqlite:///path` or `postgresql+asyncpg://user:password@host/name`."""


class PbxSettings(BaseModel):
    """How to reach Asterisk."""

    host: str = "127.0.0.1"
    port: int = Field(5038, ge=1, le=65535)
    username: str = "keskus"
    secret: SecretStr = SecretStr("")
    softphones_url: SecretStr = SecretStr("")
    """The database Asterisk reads softphone accounts and routes from; empty leaves accounts to others."""
    sip_address: str = "127.0.0.1:5060"
    """What an operator's phone is told to register with."""


class HttpSettings(BaseModel):
    """Where the service listens."""

    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    """0 takes a free one."""
    origins: list[str] = []
    """Other origins whose pages may open the websocket, such as `https://crm.example`."""
    https: bool = False
    """Browsers reach the service by HTTPS (a proxy in front): cookies are marked Secure."""


class AdminSettings(BaseModel):
    """The first administrator, made when there is none."""

    username: str = "admin"
    password: SecretStr | None = None
    """At least 10 characters; without one, a password is generated and shown once."""


class FloorSettings(BaseModel):
    """Routing."""

    identify_s: float = Field(0.25, ge=0, le=5)
    """How long a call waits for the contact base to say who calls, in seconds."""
    region: str = Field("EE", min_length=2, max_length=2)
    """The country that numbers without a country code belong to."""


class LogSettings(BaseModel):
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
    log: LogSettings = LogSettings()


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings.

    Raises:
        OSError: a file named by a `..._FILE` variable cannot be read.
        pydantic.ValidationError: a value does not fit, or a name is not known.
    """
    from_files: dict[str, Any] = {}
    for name, path in environment.items():
        if not (name.startswith(_PREFIX) and name.endswith(_FILE_SUFFIX)):
            continue
        section, _, key = name[len(_PREFIX) : -len(_FILE_SUFFIX)].lower().partition("__")
        from_files.setdefault(section, {})[key] = Path(path).read_text().strip()
    return Settings(**from_files)
