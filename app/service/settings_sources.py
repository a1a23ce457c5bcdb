"""Where settings come from: variables, files that variables name, and a settings file. Variables win.

`KESKUS__SECTION__KEY`, or `KESKUS__SECTION__KEY_FILE` for a file with the value; the same in the settings file, in
TOML: `key` or `key_file` in a table `[section]`. An unknown name is refused, with the nearest known one.
"""

import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, NamedTuple, get_args, get_origin

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    InitSettingsSource,
    PydanticBaseSettingsSource,
)

from app.service.settings import PREFIX, Settings

FILE_VARIABLE: Final = "KESKUS_SETTINGS"
"""The variable that names the settings file."""
STANDARD_FILE: Final = Path("/etc/keskus/keskus.toml")
"""The settings file where none is named; it need not be there."""
OTHERS: Final = frozenset(
    (
        "AMI_BIND", "AMI_PERMIT", "AMI_SECRET", "DATABASE_PASSWORD", "DATABASE_PORT", "ETC", "ICE_URLS", "LOCAL_NET",
        "PG_HOST", "PG_PASSWORD", "PG_PORT", "POP_URL", "PUBLIC_ADDRESS", "RTP_FIRST", "RTP_LAST", "SETTINGS",
        "SIP_ADDRESS", "SIP_TRANSPORT", "SITE", "SITE_AUTHORITY", "SITE_CERTIFICATE", "SITE_KEY", "SYSTEM_NAME",
        "TEMPLATES", "TLS", "TLS_CERTIFICATE", "TLS_KEY", "TRUNK_HOST", "TRUNK_PORT", "WEBSOCKET_BIND",
        "WEBSOCKET_URL",
    )
)  # fmt: skip
"""Variables `KESKUS_...` of the containers, which are no settings of the service."""
RENAMED: Final = {"dialing.usual": "dialing.default"}
"""Sections by the names that earlier versions gave them: they are still read, and `keskus settings` tells today's."""
_SUFFIX: Final = "_file"
_ALIKE: Final = 0.85
"""How alike the name of a variable and that of a setting must be, 0..1, for the variable to count as mistyped."""


class SettingsUnfit(ValueError):  # noqa: N818 - named for what is so
    """Settings cannot be used; each line says which, and what is wrong."""


class Leaf(NamedTuple):
    """One setting."""

    path: str
    """The setting's path, as in the settings file: `http.port`."""
    info: FieldInfo

    @property
    def variable(self) -> str:
        """The setting's variable: `KESKUS__HTTP__PORT`."""
        return PREFIX + self.path.replace(".", "__").upper()

    @property
    def secret(self) -> bool:
        """Whether its value is not to be shown."""
        annotation = self.info.annotation
        return annotation is SecretStr or SecretStr in get_args(annotation)

    @property
    def is_json(self) -> bool:
        """Whether its variable holds JSON."""
        annotations = (self.info.annotation, *get_args(self.info.annotation))
        return bool({get_origin(one) for one in annotations} & {list, dict})


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings, and where each comes from."""

    settings: Settings
    file: Path | None
    """The settings file that was read."""
    origins: Mapping[str, str]
    """The variable or the file of each setting, by its path or the beginning of its path."""
    secret_files: list[Path] = field(default_factory=list)
    """Files with secrets that were read."""

    def origin(self, path: str) -> str:
        """Where the value of a setting comes from; `default` where nobody has set it."""
        return _origin(self.origins, path) or "default"


def leaves(model: type[BaseModel] = Settings, before: str = "") -> Iterator[Leaf]:
    """Every setting, in order."""
    for name, info in model.model_fields.items():
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            yield from leaves(info.annotation, f"{before}{name}.")
        else:
            yield Leaf(f"{before}{name}", info)


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; `load` also tells where each comes from.

    Raises:
        OSError, SettingsUnfit: as `load`.
    """
    return load(environment).settings


def load(environment: Mapping[str, str] = os.environ) -> Loaded:
    """Read the settings.

    Raises:
        OSError: a file that is named cannot be read.
        SettingsUnfit: a name is not known, or a value does not fit.
    """
    reading = _Reading()
    variables = reading.variables(environment)
    named = environment.get(FILE_VARIABLE, "")
    file = Path(named) if named else STANDARD_FILE if STANDARD_FILE.exists() else None
    table = reading.table(file) if file is not None else {}

    class FromSources(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic-settings' own signature
            file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            assert isinstance(env_settings, EnvSettingsSource)
            env_settings.env_vars = variables
            return init_settings, env_settings, InitSettingsSource(settings_cls, table)

    try:
        settings = FromSources()
    except ValidationError as error:
        raise SettingsUnfit("\n".join(_told(error, reading.origins))) from None
    return Loaded(settings, file, reading.origins, reading.secret_files)


class _Reading:
    """What has been read so far."""

    def __init__(self) -> None:
        self.origins: dict[str, str] = {}
        self.secret_files: list[Path] = []
        self._secrets = {leaf.path for leaf in leaves() if leaf.secret}
        self._paths = {leaf.path: leaf for leaf in leaves()}

    def variables(self, environment: Mapping[str, str]) -> dict[str, str]:
        """Our variables in lower case; a variable that names a file is replaced by the file's content."""
        found: dict[str, str] = {}
        for name, value in environment.items():
            if not name.startswith(PREFIX):
                _refuse_mistyped(name)
                continue
            path = name.removeprefix(PREFIX).lower().replace("__", ".")
            section = path.partition(".")[0]
            if section not in Settings.model_fields:
                raise SettingsUnfit(f"{name}: there is no section {section}{_nearest_variable(path)}")
            said, path = path, _today(path)
            if path != said:
                today = PREFIX + path.replace(".", "__").upper()
                if today in environment:
                    raise SettingsUnfit(
                        f"{name} is called {today} now, which is set, too: remove the old one"
                    )
                name = f"{name}, which is called {today} now"  # noqa: PLW2901 - where it comes from
            if path.endswith(_SUFFIX):
                path = path.removesuffix(_SUFFIX)
                found[PREFIX.lower() + path.replace(".", "__")] = self._content(path, Path(value))
                self.origins[path] = f"{value}, named by {name}"
            elif path not in self.origins:
                self._require_json(name, path, value)
                found[PREFIX.lower() + path.replace(".", "__")] = value
                self.origins[path] = name
        return found

    def table(self, file: Path) -> dict[str, Any]:
        """The values of the settings file; a key that names another file is replaced by that file's content."""
        try:
            said = tomllib.loads(file.read_text())
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsUnfit(f"{file} is not TOML: {error}") from None
        return self._inner(said, file, "")

    def _inner(self, said: dict[str, Any], file: Path, before: str) -> dict[str, Any]:
        whole: dict[str, Any] = {}
        for key, value in said.items():
            path = _today(f"{before}{key}")
            if path != f"{before}{key}":
                whole[path.removeprefix(before)] = self._inner(value, file, f"{path}.")
                continue
            named = path.removesuffix(_SUFFIX)
            if isinstance(value, dict) and path not in self._paths:
                whole[key] = self._inner(value, file, f"{path}.")
                continue
            origin = str(file)
            if path.endswith(_SUFFIX) and named in self._paths and isinstance(value, str):
                key, path = key.removesuffix(_SUFFIX), named  # noqa: PLW2901 - the setting it stands for
                origin = f"{value}, named in {file}"
                value = self._content(path, file.parent / value)  # noqa: PLW2901
            elif path in self._secrets and file not in self.secret_files:
                self.secret_files.append(file)
            whole[key] = value
            self.origins.setdefault(path, origin)
        return whole

    def _content(self, path: str, file: Path) -> str:
        text = file.read_text().strip()
        if path in self._secrets:
            self.secret_files.append(file)
        return text

    def _require_json(self, name: str, path: str, value: str) -> None:
        leaf = self._paths.get(path)
        if leaf is None or not leaf.is_json or not value:
            return
        try:
            json.loads(value)
        except ValueError:
            raise SettingsUnfit(f"{name}: this is no JSON, such as {_json_like(leaf)}") from None


def _today(path: str) -> str:
    """A setting's path as it is called today."""
    for old, new in RENAMED.items():
        if path == old or path.startswith(f"{old}."):
            return new + path.removeprefix(old)
    return path


def _json_like(leaf: Leaf) -> str:
    annotations = (leaf.info.annotation, *get_args(leaf.info.annotation))
    return (
        '["10.0.0.5"]'
        if list in {get_origin(one) for one in annotations}
        else '{"carrier": {"channels": 60}}'
    )


def _refuse_mistyped(name: str) -> None:
    """Refuse a variable that is nearly a setting's: one underscore for two, small letters, a slip in typing.

    Raises:
        SettingsUnfit: the variable is such a one; the text has the right name.
    """
    found = re.fullmatch(r"(?i)keskus_+(\w+?)(_+file)?", name)
    if found is None or (bare := _bare(found[1])) in OTHERS:
        return
    known = {_bare(leaf.path): leaf.variable for leaf in leaves()}
    section = bare.partition("_")[0].lower()
    near = get_close_matches(bare, known, 1, 0.6 if section in Settings.model_fields else _ALIKE)
    if near:
        right = known[near[0]] + ("_FILE" if found[2] else "")
        raise SettingsUnfit(f"{name}: there is no such setting; did you mean {right}?")


def _bare(name: str) -> str:
    return re.sub(r"[_.]+", "_", name).upper()


def _nearest_variable(path: str) -> str:
    return _nearest(path, {leaf.path: leaf.variable for leaf in leaves()})


def _nearest(path: str, names: Mapping[str, str]) -> str:
    near = get_close_matches(path, names, 1)
    return f"; did you mean {names[near[0]]}?" if near else "; 'keskus settings' lists all there are"


def _told(error: ValidationError, origins: Mapping[str, str]) -> Iterator[str]:
    for item in error.errors(include_input=False, include_url=False):
        path = ".".join(str(part) for part in item["loc"])
        origin = _origin(origins, path)
        by_variable = origin is None or PREFIX in origin
        name = PREFIX + path.replace(".", "__").upper() if by_variable else f"{origin}: {path}"
        if item["type"] == "extra_forbidden":
            names = {leaf.path: leaf.variable if by_variable else leaf.path for leaf in leaves()}
            names |= {} if by_variable else {section: section for section in Settings.model_fields}
            yield f"{name}: there is no such setting{_nearest(path, names)}"
        else:
            yield f"{name}: {item['msg']}"


def _origin(origins: Mapping[str, str], path: str) -> str | None:
    """The origin of this path, of the nearest path above it, or of one below it."""
    above = path
    while above:
        if above in origins:
            return origins[above]
        above = above.rpartition(".")[0]
    return next((origin for name, origin in origins.items() if name.startswith(f"{path}.")), None)
