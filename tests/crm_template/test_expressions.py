"""The language of templates' texts."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crm_template.errors import ExpressionUnfit
from app.crm_template.expressions import Scope, evaluate, holds
from app.crm_template.formats import time_text

BEGAN = datetime(2026, 3, 2, 9, 5, 7, tzinfo=ZoneInfo("Europe/Tallinn"))
SCOPE = Scope(
    {
        "number": "+37255500123",
        "calltype": "Inbound",
        "enabled": "True",
        "text": '[[CallStart].ToString("t")]: from [Number]{{x}}',
        "key": "a[b]c",
        "evil": "[Key]",
        "callstart": BEGAN,
        "span": timedelta(seconds=95),
        "count": 2,
        "linebreak": "\n",
    },
    parameters=frozenset({"enabled", "text", "key"}),
    known=frozenset({"number", "calltype", "agent", "entityid"}),
)


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("plain", "plain"),
        ("call from [Number]", "call from +37255500123"),
        ("[number]", "+37255500123"),
        ("[Agent]", ""),  # known, without a value
        ("[Nobody]", "[Nobody]"),  # unknown: it stands for itself
        ("{{a}} ^^b^^", '[a] "b"'),
        ("a[LineBreak]b", "a\nb"),
        ("[1, 2]", "[1, 2]"),
        ("[open", "[open"),
        ("[[Text]]", "09:05: from +37255500123[x]"),
        ("[Text]", "09:05: from +37255500123[x]"),
        ("[Key]", "a[b]c"),
        ("[Evil] [[Evil]]", "[Key] [Key]"),  # what is no parameter is never evaluated
        ('[[CallStart].ToString("yyyy-MM-ddTHH:mm:ssZ")]', "2026-03-02T09:05:07Z"),
        ('[[CallStart].ToUniversalTime().ToString("HH:mm")]', "07:05"),
        ("[[CallStart].AddMinutes(5).ToString(HH:mm)]", "09:10"),
        ("[Span]", "00:01:35"),
        ('[[[Span].get_TotalMinutes()].ToString("F0")]', "2"),
        ("[[Span].TotalSeconds]", "95"),
        ("[Number.Substring(1,3)]", "372"),
        ('[[Number].Replace("+","00")]', "0037255500123"),
        ("[[Number].Length]", "12"),
        ("[IIf([CallType]==Inbound||[CallType]==Missed,in,out)]", "in"),
        ("[IIf([Count]>2,many,[IIf([Count]>=2,two,few)])]", "two"),
        ('[IIf([EntityId]=="",nobody,[EntityId])]', "nobody"),
        ('[IIf([EntityId]=="","a, b",c)]', "a, b"),
    ],
)
def test_texts(text: str, becomes: str) -> None:
    assert evaluate(text, SCOPE) == becomes


@pytest.mark.parametrize(
    ("condition", "holds_"),
    [
        ("", False),
        ("[Enabled]!=True", False),
        ("[Enabled]!=true", False),
        ('[Enabled]!=True||[EntityId]==""', True),
        ('[Enabled]==True&&[EntityId]!=""', False),
        ("[IIf([Count]>0,True,False)]", True),
        ("([Count]<1||[Count]>1)&&[CallType]==Inbound", True),
        ("[Nobody]!=True", True),
    ],
)
def test_conditions(condition: str, holds_: bool) -> None:
    assert holds(condition, SCOPE) is holds_


@pytest.mark.parametrize(
    "text",
    [
        "[[Number].Explode()]",
        "[IIf([Count]>0,True)]",
        "[[CallStart].AddDays(99999999999)]",
        "[" * 60 + "Number" + "]" * 60,
        "[[Number].Substring(x)]",
    ],
)
def test_what_cannot_be_evaluated(text: str) -> None:
    with pytest.raises(ExpressionUnfit):
        evaluate(text, SCOPE)


def test_values_are_written_as_whoever_asks_wants() -> None:
    scope = Scope({"a": "x&y", "b": "1"}, written=lambda _, value: value.replace("&", "%26"))
    assert evaluate("?q=[A]&[IIf([A]==x&y,[A],no)]&[[A].ToUpper()]", scope) == "?q=x%26y&x%26y&X%26Y"


def test_times_of_every_form() -> None:
    assert time_text(BEGAN, "yyyy-MM-ddTHH:mm:sszzz") == "2026-03-02T09:05:07+02:00"
    assert time_text(BEGAN, "d MMM yy h:mm tt") == "2 Mar 26 9:05 AM"
    assert time_text(BEGAN.astimezone(UTC), "o") == "2026-03-02T07:05:07.000Z"
    assert time_text(BEGAN, "dddd 'at' HH") == "Monday at 09"


@given(st.text(alphabet='[](){}^"ab.,=!<>|&I f', max_size=80))
def test_no_text_is_a_bug(text: str) -> None:
    try:
        evaluate(text, SCOPE)
        holds(text, SCOPE)
    except ExpressionUnfit:
        pass
