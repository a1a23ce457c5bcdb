"""Texts of scripts: variables are filled in, and what lacks is found."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.crm.scripts.texts import try_texts
from app.crm.scripts.wording import filled, read


@pytest.mark.parametrize(
    ("text", "values", "said"),
    [
        ("Tere, {contact.name|hea klient}!", {}, "Tere, hea klient!"),
        ("Tere, {contact.name|hea klient}!", {"contact.name": "Anna"}, "Tere, Anna!"),
        ("{ operator.name }", {"operator.name": "Jaan"}, "Jaan"),
        ("{contact.name|}.", {}, "."),
        ("{{x}} {lead.Leping nr|-}", {"lead.Leping nr": "A{1}"}, "{x} A{1}"),
        ("{contact.name|a}}", {}, "a}"),
    ],
)
def test_variables_are_filled_in(text: str, values: dict[str, str], said: str) -> None:
    assert filled(text, values) == said


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("ab{}|. "), max_size=30))
def test_every_text_is_filled_in_and_read(text: str) -> None:
    found = read(text)
    said = filled(text, {one.name: "v" for one in found.variables})
    assert said.count("v") == len(found.variables)
    if "{" not in text and "}" not in text:
        assert said == text
        assert not found.variables


def step(code: str = "a", question: Any = None, **texts: str) -> dict[str, Any]:
    return {"code": code, "texts": texts, "question": question}


@pytest.mark.parametrize(
    ("steps", "faults"),
    [
        ([step(et="Tere"), step("b", et="Head aega")], []),
        ([step(et="Tere", ru="Привет"), step("b", et="Head aega")], [("text_missing", "b", "ru")]),
        ([step()], [("text_missing", "a", "")]),
        ([step(et=" ")], [("text_missing", "a", "et")]),
        (
            [step(question={"choices": [{"code": "x", "texts": {}}]}, et="Mis?")],
            [("text_missing", "a", "et")],
        ),
        ([step(et="{contact.naem|x} {operator.name}")], [("variable_unknown", "a", "contact.naem")]),
        ([step(et="{contact.name}")], [("variable_without_fallback", "a", "contact.name")]),
        ([step(et="{fields.size|} {fields.sise|}")], [("variable_unknown", "a", "fields.sise")]),
        ([step(et="{contact.name|x")], [("braces_unpaired", "a", "")]),
    ],
)
def test_what_lacks_in_texts(steps: list[dict[str, Any]], faults: list[tuple[str, str, str]]) -> None:
    found = try_texts({"steps": steps}, {"fields.size"})
    assert [(one.kind.value, one.step, one.what) for one in found] == faults
