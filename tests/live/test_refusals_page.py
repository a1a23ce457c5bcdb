"""What the service refuses is said by the page in the reader's language."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_type_hints

from playwright.async_api import expect

from app.domain.errors import REFUSALS, Refusal

from .test_page import browsing, live_house

LANGUAGES = ("et", "ru", "en")
SAY = """async ([language, problems]) => {
  const texts = await import("/page/texts.js");
  texts.speak(language);
  const { wordsOf } = await import("/page/asking.js");
  return Promise.all(problems.map(wordsOf));
}"""


def params(kind: type[Refusal]) -> dict[str, Any]:
    """Values of the kinds that it names."""
    hints = get_type_hints(kind)
    made: Mapping[Any, Any] = {int: 1234, float: 2.5, str: "x"}
    return {name: made.get(hints[name], ["a", "b"]) for name in kind.names()}


def words(kind: type[Refusal], language: str) -> str:
    """What the service would say in a language."""
    shown = {name: ", ".join(one) if isinstance(one, list) else one for name, one in params(kind).items()}
    text: str = getattr(kind.texts, language)
    return text.format(**shown)


async def test_the_page_says_every_refusal_in_three_languages(tmp_path: Path) -> None:
    kinds = [REFUSALS[code] for code in sorted(REFUSALS)]
    problems = [{"code": one.code, "params": params(one), "detail": "in English"} for one in kinds]
    async with live_house(tmp_path) as (_, url), browsing(url, "operator") as page:
        for language in LANGUAGES:
            said = await page.evaluate(SAY, [language, problems])
            assert said == [words(one, language) for one in kinds]
        fields = [{"where": "body.name", "what": "in English", "code": "field.missing", "params": {}}]
        unfit = {"code": "request.unfit", "detail": "in English", "errors": fields}
        assert await page.evaluate(SAY, ["ru", [unfit]]) == ["запрос не подходит; это нужно указать"]
        unknown = {"code": "not.known", "detail": "in English"}
        assert await page.evaluate(SAY, ["et", [unknown]]) == ["in English"], "of a newer service"


async def test_a_log_in_that_is_refused_is_told_in_three_languages(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (_, url), browsing(url, "operator") as page:
        await page.click("#log-out")
        for language, said in (
            ("et", "Kasutajanimi või parool on vale."),
            ("ru", "Имя пользователя или пароль неверны."),
            ("en", "The username or the password is wrong."),
        ):
            await page.select_option("#language", language)
            await page.fill("#username", "operator")
            await page.fill("#password", "wrong password")
            await page.click("#login-form button")
            await expect(page.locator("#login-error")).to_have_text(said)
