"""No slow work within a transaction that writes: on SQLite every other writer waits for its end."""

import ast
from collections.abc import Iterator
from pathlib import Path

import app

_ROOT = Path(app.__file__).parent
_SLOW = {
    "to_thread": "a thread's work",
    "run_in_executor": "a thread's work",
    "_in_thread": "a thread's work",
    "sleep": "waiting",
    "wait": "waiting",
    "hash_password": "hashing",
    "verify_password": "hashing",
    "authenticate": "hashing",
    "open": "a file",
    "read_text": "a file",
    "read_bytes": "a file",
    "write_text": "a file",
    "write_bytes": "a file",
    "unlink": "a file",
    "request": "the network",
    "stream": "the network",
}

_BRIEF = {
    "crm/consent_lists/service.py": {"to_thread"},  # both of the following
    "crm/contact_imports/work.py": {"to_thread"},  # as in `crm/imports/work.py`
    "crm/imports/desk.py": {"to_thread"},  # a rename: the row says that the file is there
    "crm/imports/work.py": {
        "_in_thread"
    },  # rejected rows of one batch: its counts say how long their file is
}
"""What is done within all the same, because it must come and go with what is written."""


def slow_calls(source: str) -> Iterator[tuple[int, str]]:
    """Line and name of each slow call in the text of a block that writes; what it calls elsewhere is not looked at."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.AsyncWith) and any("writing(" in ast.unparse(item) for item in node.items):
            for inner in (part for statement in node.body for part in ast.walk(statement)):
                if isinstance(inner, ast.Call):
                    name = ast.unparse(inner.func).rpartition(".")[2]
                    if name in _SLOW:
                        yield inner.lineno, f"{name}: {_SLOW[name]}"


def test_the_rule_sees_what_it_is_for() -> None:
    source = "async def f():\n async with other(), writing(e) as s:\n  await asyncio.to_thread(work)\n"
    assert list(slow_calls(source)) == [(3, "to_thread: a thread's work")]
    assert not list(slow_calls(source.replace("writing", "reading")))


def test_no_transaction_waits_for_anything_but_the_database() -> None:
    found = {}
    for file in _ROOT.rglob("*.py"):
        path, source = file.relative_to(_ROOT).as_posix(), file.read_text()
        slow = {what.partition(":")[0] for _, what in slow_calls(source)} if "writing(" in source else set()
        found[path] = slow - _BRIEF.get(path, set())
    assert len(found) > 400
    assert {path: slow for path, slow in found.items() if slow} == {}
