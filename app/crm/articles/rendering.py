"""Markdown becomes HTML that is safe to show, and plain text that is searched.

Raw HTML is shown as it was typed, never obeyed. Images are not loaded: their text is shown. Links do not tell
where they were followed (`rel="noopener noreferrer"`).
"""

import asyncio
import html
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock, table
from markdown_it.token import Token

from app.crm.articles.errors import TablesTooLarge
from app.records.engine import refuse_in_transaction

_TAGS: Final = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code"),
    *("strong", "em", "s", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES: Final = {"a": {"href", "title"}, "ol": {"start"}}
_ENDS: Final = re.compile(r"</(?:td|th)>|<br>")
"""Where words would run together without marks; other blocks end with a line."""
CELLS_MOST: Final = 4000
"""The most cells of all tables in a text: one letter in a row makes a cell for each column, so some thousand letters
would become hundreds of thousands of cells."""
_UNDER_HEADINGS: Final = re.compile(r"[-:|\s]+")
_CELLS: Final = "cells"
_SCHEMES: Final = {"http", "https", "mailto", "tel"}


class Rendered(NamedTuple):
    """A text as it is shown, and as it is searched."""

    html: str
    plain: str


def render(markdown: str) -> Rendered:
    """Render a text of Markdown (CommonMark, tables, strikethrough).

    The worst text of 20,000 characters that we know takes half a second.

    Args:
        markdown: up to 20,000 characters.

    Raises:
        TablesTooLarge: its tables have more than `CELLS_MOST` cells.
    """
    shown = nh3.clean(
        _MARKDOWN.render(markdown),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
    )
    parted = _ENDS.sub(r"\g<0> ", shown)
    return Rendered(shown, " ".join(html.unescape(nh3.clean(parted, tags=set())).split()))


async def render_all(texts: Mapping[str, str]) -> dict[str, Rendered]:
    """Render texts by language, in a thread and outside of transactions.

    Raises:
        TablesTooLarge: the tables of a text have more than `CELLS_MOST` cells.
        SlowInTransaction: this task has an open transaction that writes.
    """
    refuse_in_transaction("an article is rendered")
    return await asyncio.to_thread(lambda: {language: render(text) for language, text in texts.items()})


def _image(_: RendererHTML, tokens: Sequence[Token], at: int, *__: Any) -> str:
    return html.escape(tokens[at].content)


def _table(state: StateBlock, begin: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - as the parser calls it
    """A table, if it has not too many cells."""
    if not silent and begin + 1 < end:
        under = state.src[state.bMarks[begin + 1] + state.tShift[begin + 1] : state.eMarks[begin + 1]]
        if _UNDER_HEADINGS.fullmatch(under):
            rows = next((line for line in range(begin, end) if state.isEmpty(line)), end) - begin
            cells = state.env[_CELLS] = state.env.get(_CELLS, 0) + rows * (under.count("|") + 1)
            if cells > CELLS_MOST:
                raise TablesTooLarge(most=CELLS_MOST)
    return table(state, begin, end, silent)


_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_MARKDOWN.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
_MARKDOWN.add_render_rule("image", _image)
