"""The language of templates' texts."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crm_template.errors import ExpressionUnfit
from app.crm_template.expressions import WORK_MOST, WRITTEN_MOST, Scope, Work, evaluate, holds
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
        "many": "[Agent]" * 500,
        "callstart": BEGAN,
        "span": timedelta(seconds=95),
        "count": 2,
        "linebreak": "\n",
    },
    parameters=frozenset({"enabled", "text", "key", "many"}),
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
    assert evaluate(text, replace(SCOPE, work=Work())) == becomes


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
    assert holds(condition, replace(SCOPE, work=Work())) is holds_


@pytest.mark.parametrize(
    "text",
    [
        "[[Number].Explode()]",
        "[IIf([Count]>0,True)]",
        "[[CallStart].AddDays(99999999999)]",
        "[" * 60 + "Number" + "]" * 60,
        "[[Number].Substring(x)]",
        "[IIf(" + "(" * 1500 + "a" + ")" * 1500 + ",b,c)]",
        "[[CallStart].AddDays(2913000).ToUniversalTime()]",
        "[Number]" + " " * WRITTEN_MOST,
        "[Many]" * 2000,
    ],
)
def test_what_cannot_be_evaluated(text: str) -> None:
    with pytest.raises(ExpressionUnfit):
        evaluate(text, replace(SCOPE, work=Work()))


@pytest.mark.parametrize("condition", ["(" * 1500 + "a" + ")" * 1500, "(" * 16_000, "x" * (WRITTEN_MOST + 1)])
def test_what_is_no_condition(condition: str) -> None:
    with pytest.raises(ExpressionUnfit):
        holds(condition, replace(SCOPE, work=Work()))


@pytest.mark.parametrize("evaluated", [evaluate, holds])
@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "]",
        "[[]",
        "(",
        "()",
        "[IIf(",
        "[IIf(a,b,c)]",
        '"',
        "=",
        ">",
        "&&",
        "||(",
        "[number]",
        "[a b]",
        "{{",
        "[[number].Trim",
        '[[number].Trim("',
        "[[number].Trim()]",
        "[" * 15 + "a b" + "]" * 15,
    ],
)
def test_work_grows_no_faster_than_the_text(evaluated: Callable[[str, Scope], object], piece: str) -> None:
    """Whatever a text repeats: four times the length is four times the work."""
    spent = []
    for length in (1500, 6000):
        scope = replace(SCOPE, work=Work(10 * WORK_MOST))
        with suppress(ExpressionUnfit):
            evaluated(piece * (length // len(piece)), scope)
        spent.append(10 * WORK_MOST - scope.work.left)
    assert spent[1] < 5 * spent[0], spent


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
    scope = replace(SCOPE, work=Work())
    try:
        evaluate(text, scope)
        holds(text, scope)
    except ExpressionUnfit:
        pass
