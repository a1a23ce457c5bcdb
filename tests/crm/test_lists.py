import codecs
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crm.lists import LINE_MAX, ListError, read_list


async def read(content: bytes, piece: int = 7) -> list[tuple[int, str]]:
    async def come() -> AsyncIterator[bytes]:
        for first in range(0, len(content), piece):
            yield content[first : first + piece]

    return [(line.line, line.number) async for line in read_list(come())]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", []),
        ("1", [(1, "1")]),
        ("5550 0001\n+372 5550 0002", [(1, "5550 0001"), (2, "+372 5550 0002")]),
        ("55500001\r\n\r\n55500002\r\n", [(1, "55500001"), (3, "55500002")]),
        ("Nimi;Telefon;Märkus\nMari;5550 0001;ei soovi\nJüri;;\n", [(2, "5550 0001"), (3, "")]),
        ('name,phone\n"Tamm, Mari",55500001\n', [(2, "55500001")]),
        ("55500001\tMari\n55500002\tJüri\n", [(1, "55500001"), (2, "55500002")]),
        ("Имя;Номер\nАнна;55500001", [(2, "55500001")]),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
async def test_lists(text: str, numbers: list[tuple[int, str]], encoding: str) -> None:
    assert await read(text.encode(encoding)) == numbers


async def test_letters_of_another_code_do_no_harm() -> None:
    assert await read("Имя;Tel\nАнна;55500001".encode("cp1251")) == [(2, "55500001")]


@pytest.mark.parametrize(
    "content", [b"5" * (LINE_MAX + 8), b"5550\x000001\n", codecs.BOM_UTF16_LE + b"\x00\x00"]
)
async def test_what_is_no_list(content: bytes) -> None:
    with pytest.raises(ListError):
        await read(content)


@given(st.lists(st.from_regex(r"[0-9+][0-9 ]{0,12}[0-9]", fullmatch=True)), st.integers(1, 9))
async def test_pieces_make_no_difference(numbers: list[str], piece: int) -> None:
    text = "\n".join(numbers)
    assert await read(text.encode(), piece) == [(line + 1, number) for line, number in enumerate(numbers)]
