"""The floor and the domain speak the field's words: Asterisk's, and the dialplan's, stay in `app.pbx`."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import app

ROOT = Path(app.__file__).parent
ASTERISK = re.compile(
    r"(?i:asterisk|pjsip|keskus[-_]|dialplan|chan_|local/|\bami\b|uniqueid|\bamd\()|;[12]$|"
    r"^(?:Up|Down|Ring|Ringing|Dialing|Busy|Dial|Queue|Park|AMD|Read|Wait)$|"
    r"\b(?:BUSY|NOANSWER|CANCEL|ANSWER|CONGESTION|CHANUNAVAIL|DONTCALL|TORTURE|INVALIDARGS)\b"
)
MODULES = sorted(path for room in ("floor", "domain") for path in (ROOT / room).rglob("*.py"))


def texts(source: str) -> Iterator[tuple[int, str]]:
    """Every string of a module, documentation included."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


@pytest.mark.parametrize("path", MODULES, ids=[str(path.relative_to(ROOT)) for path in MODULES])
def test_a_pure_room_has_no_word_of_asterisks(path: Path) -> None:
    found = [(line, text) for line, text in texts(path.read_text(encoding="utf-8")) if ASTERISK.search(text)]
    assert found == []


@pytest.mark.parametrize(
    "word", ["keskus-hold", "KESKUS_QUEUE", "PJSIP/op1", "Up", "Ringing", "NOANSWER", "Local/s@x;1", "AMD"]
)
def test_words_of_asterisks_are_found(word: str) -> None:
    ((_, text),) = texts(repr(word))
    assert ASTERISK.search(text)
