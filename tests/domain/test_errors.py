"""Refusals: a code, parameters and texts each."""

import pickle
import re

import pytest

import app.service.application
import app.service.subject_routers  # noqa: F401 - every refusal of the interface is registered by these two
from app.api.errors import KeyUnfit
from app.domain.errors import REFUSALS, Refusal, Texts, placeholders


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_each_has_its_texts(code: str) -> None:
    kind = REFUSALS[code]
    assert re.fullmatch(r"[a-z_]+\.[a-z_]+", code)
    for text in kind.texts:
        assert text.strip() == text != ""
        assert placeholders(text) == placeholders(kind.texts.en), "each language names the same parameters"
    assert placeholders(kind.texts.en) <= set(kind.names())
    assert 400 <= kind.status <= 599
    assert not (kind.__doc__ or kind.__name__).startswith(kind.__name__), "OpenAPI says what it is"


def test_one_code_has_one_class() -> None:
    with pytest.raises(ValueError, match="KeyUnfit"):
        type("Other", (Refusal,), {"code": KeyUnfit.code, "texts": KeyUnfit.texts})
    assert REFUSALS[KeyUnfit.code] is KeyUnfit


def test_it_is_said_in_each_language() -> None:
    refusal = KeyUnfit(characters=255)
    assert str(refusal) == "an Idempotency-Key has 1 to 255 characters"
    assert "1 kuni 255" in refusal.said("et")
    assert "от 1 до 255" in refusal.said("ru")
    assert refusal.params == {"characters": 255}


def test_it_comes_whole_from_another_process() -> None:
    refusal = KeyUnfit(characters=255)
    again = pickle.loads(pickle.dumps(refusal))
    assert again == refusal
    assert again != KeyUnfit(characters=1)


def test_a_parameter_cannot_be_left_out() -> None:
    with pytest.raises(TypeError, match="characters"):
        KeyUnfit()  # type: ignore[call-arg]
    assert isinstance(KeyUnfit.texts, Texts)
