"""The dry run of a script's texts: each language whole, and variables that there are. No I/O."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from app.crm.scripts.trial import Fault, FaultKind
from app.crm.scripts.wording import NEVER_EMPTY, is_known, read

LANGUAGES: Final = ("et", "ru", "en")


def languages_of(content: Mapping[str, Any]) -> tuple[str, ...]:
    """The languages that a script has texts in, in the order of `LANGUAGES`."""
    found = {language for step in content["steps"] for language in step["texts"]}
    return tuple(one for one in LANGUAGES if one in found)


def try_texts(content: Mapping[str, Any], known: Collection[str]) -> list[Fault]:
    """All faults of a script's texts; none: they hold.

    Args:
        content: of the script, as it is stored.
        known: variables that it has beside those of every script.
    """
    languages = languages_of(content)
    return [fault for step in content["steps"] for fault in _of_step(step, languages, known)]


def _of_step(step: Mapping[str, Any], languages: Collection[str], known: Collection[str]) -> Iterator[Fault]:
    code = step["code"]
    texts = [step["texts"], *(one["texts"] for one in (step.get("question") or {}).get("choices", ()))]
    lacking = [one for one in languages if any(not of.get(one, "").strip() for of in texts)]
    for language in lacking or ([] if languages else [""]):
        yield Fault(FaultKind.TEXT_MISSING, code, language)
    told = set[tuple[FaultKind, str]]()
    for text in (text for of in texts for text in of.values()):
        found = read(text)
        if found.unpaired:
            told.add((FaultKind.BRACES_UNPAIRED, ""))
        for one in found.variables:
            if not is_known(one.name, known):
                told.add((FaultKind.VARIABLE_UNKNOWN, one.name))
            elif one.fallback is None and one.name not in NEVER_EMPTY:
                told.add((FaultKind.VARIABLE_WITHOUT_FALLBACK, one.name))
    for kind, what in sorted(told):
        yield Fault(kind, code, what)


def preferred(wanted: Collection[str], there: Collection[str]) -> str:
    """The language to speak: the first that is wanted and there, else the first that is there.

    >>> preferred(["fi", "ru", "et"], ["et", "ru"]), preferred(["fi"], ["et", "ru"])
    ('ru', 'et')
    """
    return next((one for one in wanted if one in there), next(iter(there), "et"))
