"""Whatever `tests/order.py` names is there: a name that is no more orders nothing, and nobody would notice."""

from pathlib import Path

import pytest

from tests import order

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    "name", sorted({*order.LONG, *order.WAITING, *order.COMPUTING, *order.TIMED, *order.HEAVY})
)
def test_a_file_or_folder_that_is_named_is_there(name: str) -> None:
    assert (ROOT / name).is_dir() if name.endswith("/") else (ROOT / name).is_file()


def test_no_file_is_named_twice() -> None:
    assert len(set(order.LONG)) == len(order.LONG)
    assert len(set(order.HEAVY)) == len(order.HEAVY)


@pytest.mark.parametrize("name", order.BROUGHT)
def test_what_is_brought_has_a_name_that_some_test_imports(name: str) -> None:
    assert any(name in file.read_text() for file in (ROOT / "tests").glob("*/**/test_*.py"))


def test_what_only_computes_brings_nothing() -> None:
    files = [file for file in ROOT.glob("tests/*/**/test_*.py") if order.is_computing(file.relative_to(ROOT))]
    brought = [(file, name) for file in files for name in order.BROUGHT if name in file.read_text()]
    assert files
    assert not brought
