"""What screens show to users who may not read contacts: the same, without the names of contacts."""

import json
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import quote

from app.live.messages import encode

Shown = TypeVar("Shown")
_NAME = "contact_name"


def without_names(shown: Shown) -> Shown:
    """A view, a message, or a part of one, without the name of each contact in it.

    >>> without_names({"contact": 7, "contact_name": "Kask", "caller_name": "ANNA"})
    {'contact': 7, 'contact_name': '', 'caller_name': 'ANNA'}
    """
    told: Any = _without(shown)
    kept: Shown = told
    return kept


@lru_cache(maxsize=256)
def nameless(rest: str) -> str:
    """A message as the hub keeps it, JSON without the opening brace, without the names of contacts."""
    return encode(without_names(json.loads("{" + rest)))[1:] if _NAME in rest else rest


def _without(shown: Any) -> Any:
    if isinstance(shown, list):
        return [_without(one) for one in shown]
    if not isinstance(shown, dict):
        return shown
    name = shown.get(_NAME)
    told = {key: _without(value) for key, value in shown.items()}
    if name and shown.get("contact") is not None:
        told[_NAME] = ""
        if quote(name, safe="") in shown.get("pop_url", ""):
            told["pop_url"] = ""
    return told
