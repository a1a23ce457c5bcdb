"""Asterisk's configuration files, read as Asterisk reads them: sections, templates, includes.

It only reads, and only as much as checking a `pjsip.conf` needs: `#exec` is not run but reported as an error.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

INCLUDES_MAX: Final = 16
"""The most levels of files that include each other."""
_HEADING: Final = re.compile(r"\[([^\]]+)\]\s*(?:\(([^)]*)\))?")
_INCLUDE: Final = re.compile(r'#(include|tryinclude|exec)\s+["<]?([^">]+)[">]?')


class ConfUnreadable(ValueError):  # noqa: N818 - named for what is so
    """A configuration file is missing or cannot be parsed; the message says which file and line."""


@dataclass
class Section:
    """One section, with the settings of its templates first, in order."""

    name: str
    template: bool = False
    settings: list[tuple[str, str]] = field(default_factory=list)

    def get(self, key: str, default: str = "") -> str:
        """The value that counts: the last one."""
        return next((value for name, value in reversed(self.settings) if name == key), default)

    def all(self, key: str) -> list[str]:
        """Every value of a key that may be repeated."""
        return [value for name, value in self.settings if name == key]


def read_sections(path: Path) -> list[Section]:
    """Give all sections of a file and of those it includes, without the templates.

    Raises:
        ConfUnreadable: a file is missing or malformed, or it includes a program's output (`#exec`).
    """
    sections: list[Section] = []
    for number, line in _lines(path, path.parent, 0):
        heading = _HEADING.match(line)
        if heading is not None:
            _begin(sections, heading.group(1).strip(), heading.group(2) or "")
        elif not sections:
            raise ConfUnreadable(f"{path}: a setting before the first section, in line {number}")
        else:
            key, separator, value = line.partition("=")
            if separator:
                sections[-1].settings.append((key.strip().lower(), value.removeprefix(">").strip()))
    return [section for section in sections if not section.template]


def _begin(sections: list[Section], name: str, options: str) -> None:
    """Begin a section, or continue an existing one (`+`)."""
    words = [word.strip() for word in options.split(",") if word.strip()]
    if any(word.startswith("+") for word in words):
        known = next((section for section in reversed(sections) if section.name == name), None)
        if known is not None:
            sections.remove(known)
            sections.append(known)
            return
    section = Section(name, template="!" in words)
    for word in words:
        parent = next((other for other in reversed(sections) if other.name == word), None)
        if parent is not None:
            section.settings += parent.settings
    sections.append(section)


def _lines(path: Path, folder: Path, depth: int) -> Iterator[tuple[int, str]]:
    if depth > INCLUDES_MAX:
        raise ConfUnreadable(f"{path}: files include each other without end")
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise ConfUnreadable(f"{path}: {error.strerror or error}") from error
    text = re.sub(r";--(?!-).*?--;", "", text, flags=re.DOTALL)
    for number, raw in enumerate(text.splitlines(), 1):
        line = re.sub(r"(?<!\\);.*", "", raw).strip()
        include = _INCLUDE.match(line)
        if include is None:
            if line:
                yield number, line
            continue
        how, named = include.group(1), include.group(2).strip()
        if how == "exec":
            raise ConfUnreadable(f"{path}: line {number} takes what a program prints (#exec)")
        found = sorted(folder.glob(named)) if not named.startswith("/") else [Path(named)]
        if not found and how == "include":
            raise ConfUnreadable(f"{path}: line {number} includes {named}, which is not there")
        for one in found:
            if one.is_file() or how == "include":
                yield from _lines(one, folder, depth + 1)
