"""All settings as people read them: the lines of a settings file, each with its meaning, default and origin.

No secret is shown; of a database's address the password is left out.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple

from pydantic import BaseModel, SecretStr
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from app.service.settings import Settings
from app.service.settings_sources import Leaf, Loaded, leaves

_NOT_SHOWN = "(not shown)"


def settings_lines(loaded: Loaded | None) -> Iterator[str]:
    """Every setting.

    Args:
        loaded: the settings as they were read; None: show only meanings and defaults.
    """
    section = ""
    for leaf in leaves():
        above, _, key = leaf.path.rpartition(".")
        if above != section:
            section = above
            yield f"\n[{section}]"
        yield ""
        default = leaf.info.get_default(call_default_factory=True)
        for line in (leaf.info.description or "").splitlines():
            yield f"# {line.strip()}"
        named = f"# {leaf.variable}, default {_shown(leaf, default)}"
        if loaded is None:
            yield named
            continue
        origin, value = loaded.origin(leaf.path), _value(loaded.settings, leaf.path)
        yield f"{named}; from {origin}"
        comment = "#" if origin == "default" or leaf.secret or value is None else ""
        yield f"{comment}{key} = {_shown(leaf, value)}"


class Setting(NamedTuple):
    """A setting as it is now."""

    path: str
    """Its path, as in the settings file: `http.port`."""
    variable: str
    """Its variable."""
    about: str
    """What it means."""
    default: str
    """Its default, as TOML has it."""
    value: str
    """Its value, as TOML has it; secrets are not shown."""
    origin: str
    """The variable or the file that it comes from; `default` for neither."""


def settings_now(loaded: Loaded) -> list[Setting]:
    """Every setting, in order; no secrets."""
    return [
        Setting(
            path=leaf.path,
            variable=leaf.variable,
            about=" ".join((leaf.info.description or "").split()),
            default=_shown(leaf, leaf.info.get_default(call_default_factory=True)),
            value=_shown(leaf, _value(loaded.settings, leaf.path)),
            origin=loaded.origin(leaf.path),
        )
        for leaf in leaves()
    ]


def _value(settings: Settings, path: str) -> Any:
    value: Any = settings
    for part in path.split("."):
        value = getattr(value, part)
    return value


def _shown(leaf: Leaf, value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, SecretStr):
        return _of_secret(leaf, value.get_secret_value())
    return _toml(value)


def _of_secret(leaf: Leaf, value: str) -> str:
    if not value:
        return "none"
    if not leaf.path.endswith("url"):
        return _NOT_SHOWN
    try:
        shown = make_url(value).set(query={}).render_as_string(hide_password=True)
    except ArgumentError:
        return _NOT_SHOWN
    return json.dumps(shown) if shown.count("@") <= 1 else _NOT_SHOWN  # an @ in the password divides it


def _toml(value: Any) -> str:
    """A value as TOML has it, which is JSON but for tables."""
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(str(key))} = {_toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    if isinstance(value, Decimal):
        return str(value)
    return json.dumps(str(value.value if isinstance(value, Enum) else value), ensure_ascii=False)
