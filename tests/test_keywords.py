"""Long records are built with keywords: of two numbers side by side nobody sees that they were changed."""

import ast
import importlib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Final, NamedTuple

LONG: Final = 5
"""A record with more fields is long."""
BEGINS: Final = 2
"""So many may be said by their place: who it is about."""
ROOTS: Final = ("app", "bench", "tests")


class Built(NamedTuple):
    """A record that is built."""

    call: ast.Call
    names: tuple[str, ...]
    """Of its fields, in their order."""


def field_names(class_: object) -> tuple[str, ...]:
    """Those that a record is built of; empty where it is none."""
    if not isinstance(class_, type):
        return ()
    if is_dataclass(class_):
        return tuple(one.name for one in fields(class_) if one.init and not one.kw_only)
    return tuple(getattr(class_, "_fields", ())) if issubclass(class_, tuple) else ()


def built(tree: ast.Module, module: str) -> Iterator[Built]:
    """Every long record that a file builds, where its class is imported, of the file, or `cls`."""
    known = dict(_imported(tree))
    own = importlib.import_module(module) if module.startswith("app.") else None
    within: dict[ast.AST, str] = {}
    for outer in ast.walk(tree):
        if isinstance(outer, ast.ClassDef):
            if own is not None:
                known.setdefault(outer.name, getattr(own, outer.name, None))
            within |= dict.fromkeys(ast.walk(outer), outer.name)
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
            name = within.get(call, "") if call.func.id == "cls" else call.func.id
            names = field_names(known.get(name))
            if len(names) > LONG:
                yield Built(call, names)


def _imported(tree: ast.Module) -> Iterator[tuple[str, object]]:
    for one in ast.walk(tree):
        if isinstance(one, ast.ImportFrom) and (one.module or "").startswith("app"):
            module = importlib.import_module(one.module or "")
            for name in one.names:
                yield name.asname or name.name, getattr(module, name.name, None)


def files(*roots: str) -> Mapping[Path, str]:
    """Every file, with the name of its module."""
    here = Path(__file__).parents[1]
    found = [path for root in roots for path in sorted((here / root).rglob("*.py"))]
    modules = {path: path.relative_to(here).with_suffix("").parts for path in found}
    return {
        path: ".".join(parts).removesuffix(".__init__")
        for path, parts in modules.items()
        if "migrations" not in parts and parts[-1] != "__main__"
    }


def test_long_records_are_built_with_keywords() -> None:
    by_place = [
        f"{path}:{one.call.lineno} {ast.unparse(one.call.func)}"
        for path, module in files(*ROOTS).items()
        for one in built(ast.parse(path.read_text()), module)
        if len(one.call.args) > BEGINS
    ]
    assert not by_place, "say the fields by name"
