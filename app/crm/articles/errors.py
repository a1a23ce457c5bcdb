"""What is refused about articles."""

from app.domain.errors import Refusal, Texts


class ArticleUnknown(Refusal):
    """There is no such article, or it is not published and the user only reads."""

    code = "article.unknown"
    status = 404
    texts = Texts(
        en="there is no article {article} for you; choose one from the list of articles",
        et="artiklit {article} sinu jaoks ei ole; vali artikkel loendist",
        ru="статьи {article} для вас нет; выберите статью из списка",
    )
    article: int


class ArticleUntitled(Refusal, ValueError):
    """An article has a text in no language."""

    code = "article.untitled"
    status = 422
    texts = Texts(
        en="give the article's text in at least one language: et, ru or en",
        et="anna artikli tekst vähemalt ühes keeles: et, ru või en",
        ru="дайте текст статьи хотя бы на одном языке: et, ru или en",
    )


class ArticleEndsBefore(Refusal, ValueError):
    """An article's validity ends before it begins."""

    code = "article.ends_before_it_begins"
    status = 422
    texts = Texts(
        en="the article's validity ends before it begins: set valid_until after valid_from",
        et="artikli kehtivus lõpeb enne, kui algab: määra valid_until hilisemaks kui valid_from",
        ru="срок статьи кончается раньше, чем начинается: задайте valid_until позже valid_from",
    )


class TablesTooLarge(Refusal):
    """The tables of a text have too many cells."""

    code = "article.tables_too_large"
    status = 422
    texts = Texts(
        en="the tables of a text have more than {most} cells: divide it into several articles",
        et="teksti tabelites on rohkem kui {most} lahtrit: jaga tekst mitmeks artikliks",
        ru="в таблицах текста больше {most} ячеек: разделите текст на несколько статей",
    )
    most: int


class ArticleVersionUnknown(Refusal):
    """The article has no such version."""

    code = "article.version_unknown"
    status = 404
    texts = Texts(
        en="article {article} has no version {version}; choose one from its list of versions",
        et="artiklil {article} ei ole versiooni {version}; vali versioon loendist",
        ru="у статьи {article} нет версии {version}; выберите версию из списка",
    )
    article: int
    version: int


class UnansweredUnknown(Refusal):
    """There is no such unanswered search."""

    code = "article.unanswered_unknown"
    status = 404
    texts = Texts(
        en="there is no search {search} that found nothing; choose one from the list",
        et="tulemuseta otsingut {search} ei ole; vali otsing loendist",
        ru="поиска без результата {search} нет; выберите его из списка",
    )
    search: int


class SynonymsUnknown(Refusal):
    """There are no such synonyms."""

    code = "synonyms.unknown"
    status = 404
    texts = Texts(
        en="there are no synonyms {synonyms}; choose them from the list",
        et="sünonüüme {synonyms} ei ole; vali need loendist",
        ru="синонимов {synonyms} нет; выберите их из списка",
    )
    synonyms: int


class SynonymsTaken(Refusal):
    """Other synonyms have this code."""

    code = "synonyms.taken"
    texts = Texts(
        en="there are synonyms with the code {synonyms} already: change those",
        et="sünonüümid koodiga {synonyms} on juba olemas: muuda neid",
        ru="синонимы с кодом {synonyms} уже есть: измените их",
    )
    synonyms: str
