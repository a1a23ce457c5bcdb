"""What is held of a person as a page that people read: no script, nothing from elsewhere, every text escaped."""

import json
from collections.abc import Mapping
from html import escape
from typing import Any, Final

from app.crm.privacy.labels import COLUMNS, PAGE, TABLES

_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1b1b1b;"
    "background:#fff}h1{font-size:1.6rem}h2{font-size:1.15rem;margin:2rem 0 .5rem}div{overflow-x:auto}"
    "table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{border:1px solid #ccc;padding:.3rem .5rem;"
    "text-align:start;vertical-align:top;overflow-wrap:anywhere;min-width:5rem}th{background:#f3f3f3}"
)


def page(held: Mapping[str, Any], language: str) -> str:
    """The page.

    Args:
        held: of `gather`.
        language: `en`, `et` or `ru`.
    """
    parts = [
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">',
        f"<title>{_said(PAGE['title'], language)}: {escape(held['name'])}</title>",
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>',
        f"<h1>{_said(PAGE['title'], language)}: <span dir=auto>{escape(held['name'])}</span></h1>",
        f"<p>{_said(PAGE['made'], language)} {escape(held['at'][:16].replace('T', ' '))} (UTC)</p>",
    ]
    if held["numbers_shared_with_others"]:
        shared = ", ".join(held["numbers_shared_with_others"])
        parts.append(f"<p>{_said(PAGE['shared'], language)} {escape(shared)}</p>")
    for name, rows in held["held"].items():
        if rows:
            parts.append(f"<h2>{_said(TABLES[name], language)} ({len(rows)})</h2>")
            if name in held["cut"]:
                parts.append(f"<p>{_said(PAGE['cut'], language)}</p>")
            parts += ["<div><table><thead><tr>", *_head(rows[0], language), "</tr></thead><tbody>"]
            parts += ["<tr>" + "".join(map(_cell, row.values())) + "</tr>" for row in rows]
            parts.append("</tbody></table></div>")
    nothing = [name for name, rows in held["held"].items() if not rows]
    if nothing:
        names = "; ".join(_said(TABLES[name], language) for name in nothing)
        parts.append(f"<h2>{_said(PAGE['nothing'], language)}</h2><p>{names}</p>")
    return "\n".join((*parts, "</body></html>\n"))


def _head(row: Mapping[str, Any], language: str) -> list[str]:
    return [f'<th scope="col">{_said(COLUMNS[name], language)}</th>' for name in row]


def _cell(value: Any) -> str:
    if value is None:
        return "<td></td>"
    if isinstance(value, (dict, list)):
        value = json.dumps(value, ensure_ascii=False) if value else ""
    return f"<td dir=auto>{escape(str(value))}</td>"


def _said(texts: Any, language: str) -> str:
    return escape(getattr(texts, language))
