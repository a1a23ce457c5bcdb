"""Stems of words in Estonian, Russian and English, and words that say nothing about a subject."""

from functools import lru_cache
from typing import Final, Literal

import snowballstemmer

from app.retrieval.spelling import folded, is_cyrillic, words_of

Language = Literal["et", "ru", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("et", "ru", "en")
_STEMMERS: Final = {
    "et": snowballstemmer.stemmer("estonian"),
    "ru": snowballstemmer.stemmer("russian"),
    "en": snowballstemmer.stemmer("english"),
}
_SILENT: Final = frozenset(
    folded(word)
    for word in words_of(
        """
        a an and are as at be been but by can could did do does for from had has have he her him his how i if in into
        is it its just me my no of on or our out shall she should so some than that the their them then there they
        this to up us was we were what when where which who whom why will with would you your am get got want wants
        need needs please hello hi about any also tell know im ive dont doesnt id like customer client caller says
        ja ning või aga kui et ma mina mul mulle minu mind sa sina sul sulle sinu ta tema tal talle meie meil te teie
        teil nad nende see seda selle sellel need neid nende on oli olid olla olen oled oleme pole ole ei mitte ka veel
        juba siis siin seal mis mida mille millal kus kuhu kust kes keda kelle kuidas miks kas palju mitu milline
        millise missugune saab saan saaks saama saaksin tahan tahab tahaks tahaksin soovin soovib sooviks palun tere
        kõik nii nagu üks oma enda ise mu su pean peab peaks peaksin vaja teha teen teeb tegema klient kliendi kliendil
        helistaja küsib ütleb räägib mingi ainult üle alla peale kohta jaoks kaudu eest
        и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по только ее мне было вот от меня
        еще нет о из ему теперь когда даже ну ли если уже или ни быть был него до вас нибудь вам ведь там потом себя
        ничего ей может они тут где есть надо ней для мы тебя их чем была сам чтоб без будто чего раз тоже себе под
        будет ж тогда кто этот того потому этого какой ним здесь этом один почти мой тем чтобы нее были куда зачем всех
        можно при об другой хоть после над больше тот через эти нас про всего них какая много моя свою этой перед
        сколько почему какие какое нужно хочу хочет хотел хотела могу мочь можете скажите пожалуйста здравствуйте
        подскажите клиент клиента абонент говорит спрашивает это мои моей моего моем делать сделать
        """
    )
)


def is_silent(word: str) -> bool:
    """Whether a word says nothing about a subject, such as `how` or `palun`."""
    return folded(word) in _SILENT


@lru_cache(maxsize=131_072)
def stem(word: str, language: Language) -> str:
    """The stem of a word in a language, without accents.

    >>> stem("arvete", "et"), stem("договора", "ru"), stem("invoices", "en")
    ('arve', 'договор', 'invoic')
    """
    return folded(_STEMMERS[language].stemWord(word))


def stems(word: str) -> list[tuple[Language, str]]:
    """The stems that a word may have, by the languages of its alphabet."""
    if is_cyrillic(word):
        return [("ru", stem(word, "ru"))]
    return [("et", stem(word, "et")), ("en", stem(word, "en"))]
