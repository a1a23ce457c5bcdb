"""Addresses that desktops open when a phone rings: a text with variables in braces."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlsplit

VARIABLES: Final = (
    "number", "name", "call", "queue", "dialed", "language", "contact", "operator", "campaign", "crm_name",
    "crm_company", "crm_id",
)  # fmt: skip
"""What may stand in braces."""
CRM_URL: Final = "{crm_url}"
"""The whole text may be this: the page of the caller in the CRM, as the CRM's look-up found it."""
_VARIABLE: Final = re.compile(r"\{([^{}]*)\}")


def fault_of(template: str) -> str:
    """What is wrong with a template: the variable that is unknown, the text where it is no address; empty: nothing.

    >>> fault_of("https://crm.example/find?phone={number}"), fault_of("https://crm.example/?x={secret}")
    ('', '{secret}')
    >>> fault_of("https://{name}.example/"), fault_of("https://crm.example@127.0.0.1/")
    ('https://{name}.example/', 'https://crm.example@127.0.0.1/')
    """
    if template in {"", CRM_URL}:
        return ""
    for match in _VARIABLE.finditer(template):
        if match[1] not in VARIABLES:
            return match[0]
    try:
        parts = urlsplit(template)
        host = parts.hostname or ""
        fits = parts.scheme in {"http", "https"} and bool(host) and not set("{@") & set(parts.netloc)
        fits = fits and (parts.port is None or parts.port > 0) and not re.search(r"\s", template)
    except ValueError:
        fits = False
    return "" if fits and template.isprintable() else template


def fill(template: str, values: Mapping[str, str]) -> str:
    """The address, each value encoded so that it stays one value; empty where there is no template.

    >>> fill("https://crm.example/find?phone={number}", {"number": "+37255500123"})
    'https://crm.example/find?phone=%2B37255500123'
    """
    if template == CRM_URL:
        return values.get("crm_url", "")
    return _VARIABLE.sub(lambda match: quote(values.get(match[1], ""), safe=""), template)
