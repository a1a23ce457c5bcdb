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
from markdown_it.token import Token

from app.records.engine import refuse_in_transaction

_TAGS: Final = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code"),
    *("strong", "em", "s", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES: Final = {"a": {"href", "title"}, "ol": {"start"}}
_ENDS: Final = re.compile(r"</(?:td|th)>|<br>")
"""Where words would run together without marks; other blocks end with a line."""
_SCHEMES: Final = {"http", "https", "mailto", "tel"}


class Rendered(NamedTuple):
    """A text as it is shown, and as it is searched."""

    html: str
    plain: str


def render(markdown: str) -> Rendered:
    """Render a text of Markdown (CommonMark, tables, strikethrough).

    Args:
        markdown: up to 20,000 characters.
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
        SlowInTransaction: this task has an open transaction that writes.
    """
    refuse_in_transaction("an article is rendered")
    return await asyncio.to_thread(lambda: {language: render(text) for language, text in texts.items()})


def _image(_: RendererHTML, tokens: Sequence[Token], at: int, *__: Any) -> str:
    return html.escape(tokens[at].content)


_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_MARKDOWN.add_render_rule("image", _image)
