"""Reports over HTTP."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from pydantic import ConfigDict, JsonValue

from app.api.schemas import Shown
from app.reports.formulas import QUOTIENTS, Subject
from app.reports.queries import Found
from app.reports.service import PARTS, Asked, Line, Report
from app.reports.sources import MONEY, SOURCES, By, names_of

FILTERS = (By.QUEUE, By.OPERATOR, By.CAMPAIGN)
"""Groupings that every report may be narrowed to, besides its own."""
_LINE: dict[str, JsonValue] = {
    "key": "sales",
    "title": "Müük",
    "from_at": "2026-03-02T00:00:00+02:00",
    "to_at": "2026-03-03T00:00:00+02:00",
    "figures": {"offered": 120, "answered": 110, "answered_in_target": 96, "service_level": 0.8},
    "money": {},
    "rows": "/api/v1/reports/calls/rows?from_at=2026-03-02T00%3A00%3A00%2B02%3A00"
    "&to_at=2026-03-03T00%3A00%3A00%2B02%3A00&zone=Europe%2FTallinn&by=queue&value=sales",
}


class LineOut(Shown):
    """The figures of one group of rows, or of one part of the period."""

    model_config = ConfigDict(json_schema_extra={"examples": [_LINE]})

    key: str
    """The group's id; for a part of time its local beginning, its date, or weekday (1 is Monday) and hour. Empty: the
    rows that belong to no group, or all rows.
    """
    title: str
    """The group's name for people as it is now; empty where it has none."""
    from_at: datetime
    """When the group's part of the period begins."""
    to_at: datetime
    """When it ends; this moment is no part of it."""
    figures: dict[str, float | None]
    """The figures by name, plain ones and quotients. Null: a quotient whose divisor is 0."""
    money: dict[str, Decimal]
    """Sums of money by name."""
    rows: str
    """The address of the rows that are counted here; add `&figure=` with the name of a plain figure."""

    @classmethod
    def of(cls, line: Line, asked: Asked, by: By | None) -> "LineOut":
        """The line as the API shows it.

        Args:
            line: one line of a report.
            asked: what the report was asked for.
            by: what the line is a group of; None: all rows.
        """
        begins, ends = line.span
        params = {"from_at": begins.isoformat(), "to_at": ends.isoformat(), "zone": asked.zone}
        params |= {one.value: key for one, key in asked.groups if one in FILTERS}
        if by is not None and (by not in PARTS or by is By.HOUR_OF_WEEK):
            params |= {"by": by.value, "value": line.key}
        plain = {name: value for name, value in line.figures.items() if name not in MONEY}
        return cls(
            key=line.key,
            title=line.title,
            from_at=begins,
            to_at=ends,
            figures={**plain, **line.quotients},
            money={
                name: Decimal(int(value)).scaleb(-6) for name, value in line.figures.items() if name in MONEY
            },
            rows=f"/api/v1/reports/{asked.subject.value}/rows?{urlencode(params)}",
        )


class PeriodReport(Shown):
    """A report of a period."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "subject": "calls",
                    "by": "queue",
                    "zone": "Europe/Tallinn",
                    "lines": [_LINE],
                    "total": _LINE,
                }
            ]
        }
    )

    subject: Subject
    """What it is about."""
    by: By | None
    """What its lines are told apart by; null: it has none."""
    zone: str
    """The time zone whose clock says what a day and an hour are."""
    lines: list[LineOut]
    """The groups, by name; parts of time in their order, also those in which nothing happened."""
    total: LineOut
    """All rows together."""

    @classmethod
    def of(cls, report: Report) -> "PeriodReport":
        """The report as the API shows it."""
        asked = report.asked
        return cls(
            subject=asked.subject,
            by=asked.by,
            zone=asked.zone,
            lines=[LineOut.of(line, asked, asked.by) for line in report.lines],
            total=LineOut.of(report.total, asked, None),
        )


class QuotientOut(Shown):
    """A figure that is the quotient of others: the sum of `upper` divided by the sum of `lower` less that of `less`."""

    name: str
    """The figure's name."""
    upper: list[str]
    """Plain figures whose sum is divided."""
    lower: list[str]
    """Plain figures whose sum divides."""
    less: list[str]
    """Plain figures that are taken from the divisor."""


class SubjectOut(Shown):
    """A report that there is."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "subject": "orders",
                    "figures": ["placed", "cancelled", "returned", "net", "gross"],
                    "quotients": [
                        {"name": "cancelled_share", "upper": ["cancelled"], "lower": ["placed"], "less": []}
                    ],
                    "by": ["operator", "queue", "state", "15min", "30min", "60min", "day", "hour_of_week"],
                }
            ]
        }
    )

    subject: Subject
    """What it is about."""
    figures: list[str]
    """Its plain figures, each with rows of its own."""
    quotients: list[QuotientOut]
    """Its quotients."""
    by: list[By]
    """What its rows can be told apart by."""

    @classmethod
    def of(cls, subject: Subject) -> "SubjectOut":
        """The report as the API shows it."""
        groups = dict.fromkeys(by for source in SOURCES[subject] for by in source.groups)
        return cls(
            subject=subject,
            figures=names_of(subject),
            quotients=[
                QuotientOut(name=one.name, upper=list(one.upper), lower=list(one.lower), less=list(one.less))
                for one in QUOTIENTS[subject]
            ],
            by=[*groups, *PARTS],
        )


_ROW: dict[str, JsonValue] = {
    "key": "1764000000.1",
    "at": "2026-03-02T09:15:00Z",
    "value": 12.4,
    "call": "1764000000.1",
    "state": "abandoned",
    "reason": "",
    "queue": "sales",
    "operator": None,
    "operator_name": "",
    "campaign": None,
    "contact": 7,
}


class RowOut(Shown):
    """One row that a figure counts: a call, an interval of an operator, an offer, an attempt, an order, a complaint."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ROW]})

    key: str
    """The row's id; of an order or a complaint its id, of a call the call's."""
    at: datetime
    """When it counts."""
    value: float
    """What it adds to the figure: 1 where rows are counted, else seconds; of money, whole units."""
    call: str | None
    """The call that it belongs to; null: none."""
    state: str
    """How it came out, or the state; empty: not yet."""
    reason: str
    """The reason of a break; empty: it is none."""
    queue: str
    """The queue's short name; empty: none."""
    operator: int | None
    """The operator's id; null: none."""
    operator_name: str
    """That operator's name now; empty for none."""
    campaign: int | None
    """The campaign's id; null: none."""
    contact: int | None
    """The contact's id; null: none."""

    @classmethod
    def of(cls, found: Found, names: Mapping[int, str], *, money: bool) -> "RowOut":
        """The row as the API shows it.

        Args:
            found: the row.
            names: of operators, by id.
            money: its value is in millionths.
        """
        shown: dict[str, Any] = found.shows
        operator = shown.get("operator")
        return cls(
            key=found.key,
            at=found.at,
            value=float(found.value) / (1_000_000 if money else 1),
            call=shown.get("call"),
            state=shown.get("state") or "",
            reason=shown.get("reason") or "",
            queue=shown.get("queue") or "",
            operator=operator,
            operator_name=names.get(operator or 0, ""),
            campaign=shown.get("campaign"),
            contact=shown.get("contact"),
        )


class ReportRows(Shown):
    """A page of the rows that a figure counts, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_ROW], "next": None}]})

    items: list[RowOut]
    """The rows of this page."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""
