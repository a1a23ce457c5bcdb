"""What a service must know to be at work on a sandbox: as settings, and as variables of its process."""

from typing import Any

from pydantic import SecretStr

from app.sandbox.sandbox import Sandbox
from app.service.settings import PbxSettings


def settings_of(sandbox: Sandbox, **said: Any) -> PbxSettings:
    """The settings of a service on this PBX, with others besides or instead."""
    layout = sandbox.layout
    settings = PbxSettings(
        host=layout.host,
        port=layout.ami_port,
        username=layout.ami_username,
        secret=SecretStr(layout.ami_secret),
        softphones_url=SecretStr(sandbox.softphones_url),
        event_log_url=SecretStr(sandbox.event_log_url),
        sip_address=f"{layout.host}:{layout.sip_port}",
        websocket_url=layout.websocket_url,
    )
    return settings.model_copy(update=said)


def variables_of(sandbox: Sandbox, *, ami_port: int | None = None) -> dict[str, str]:
    """The same as variables.

    Args:
        sandbox: the PBX.
        ami_port: where its AMI is found: a proxy's.
    """
    settings = settings_of(sandbox, **({} if ami_port is None else {"port": ami_port}))
    said = settings.model_dump(include=settings.model_fields_set)
    return {
        f"KESKUS__PBX__{name.upper()}": value.get_secret_value()
        if isinstance(value, SecretStr)
        else str(value)
        for name, value in said.items()
    }
