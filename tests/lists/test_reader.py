"""The process that reads files: its bounds, and what its end is to who asked."""

from pathlib import Path

import pytest

from app.lists.errors import ReadingUnfit
from app.lists.file_errors import FileTooLarge, FileUnreadable
from app.lists.reader import look_at, read
from app.lists.reading import Wish
from tests.attack.hostile_files import ods
from tests.lists.lists import write_list


async def test_a_process_that_dies_of_its_bound_is_a_refusal(tmp_path: Path) -> None:
    with pytest.raises(FileTooLarge, match="too large to be read"):
        await look_at(ods(tmp_path / "list.ods", columns=200, rows=400_000), "EE")


async def test_a_reader_that_is_left_ends(tmp_path: Path) -> None:
    file = write_list(tmp_path / "list.csv", 5_000)
    looked = await look_at(file, "EE")
    batches = read(file, looked.reading, "EE")
    first = await anext(batches)
    assert len(first.rows) <= 500
    assert 0 < first.progress < 1
    await batches.aclose()


async def test_what_is_wrong_is_told_in_words(tmp_path: Path) -> None:
    file = write_list(tmp_path / "list.csv", 5)
    with pytest.raises(ReadingUnfit, match="only a workbook"):
        await look_at(file, "EE", Wish(sheet="x"))
    file = write_list(tmp_path / "blank.csv", 0)
    file.write_text("\n \n")
    with pytest.raises(FileUnreadable, match="no rows"):
        await look_at(file, "EE")
